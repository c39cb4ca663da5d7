"""Who asked: the client's address among the columns of a line, the addresses that proxies passed on, and a log in which
a proxy stands for the visitors.
"""

import re
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

import ibis

from kartograph.loaders.access_log.requests import text_of
from kartograph.tables.engine import Rows, count_rows
from kartograph.tables.report import Report

_BRACKETED = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::\d+)?")
_PORT = re.compile(r"([\d.]+):\d+")
_OF_SERVERS = ("80", "443", "8080", "8443")
"""Ports on which servers listen, and no client calls from: an address with one is a virtual host."""
_FORWARDED = re.compile(r'for="?(\[[0-9A-Fa-f:.]+\]|[\w.:]+)', re.I)
_LEAST_VISITS = 20
"""Fewer may well be of one visitor within the network."""
_LEAST_SHARE = 0.5


@lru_cache(maxsize=100_000)
def ip_in(text: str) -> str | None:
    """The IP address that a text is, without brackets and port; None where it is none.

    Servers that listen for both versions write `::ffff:1.2.3.4` for `1.2.3.4`.
    """
    bracketed, port = _BRACKETED.fullmatch(text), _PORT.fullmatch(text)
    plain = bracketed[1] if bracketed else port[1] if port else text
    try:
        address = ip_address(plain)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return plain if mapped is None else str(mapped)


def addresses_in(text: str) -> list[str]:
    """The addresses of an `X-Forwarded-For` list, or of a `Forwarded` header (RFC 7239); empty where it is neither."""
    named = _FORWARDED.findall(text)
    addresses = [ip_in(part.strip()) for part in named or text.split(",") if part.strip() not in ("", "unknown", "-")]
    known = [address for address in addresses if address is not None]
    return known if len(known) == len(addresses) else []


def first_address(text: str) -> str:
    """The client of a column: the first of a list, without its port; a name stays as it is."""
    known = addresses_in(text)
    return known[0] if known else text


@lru_cache(maxsize=100_000)
def client_of(before: bytes) -> tuple[str, str | None] | None:
    """The client, and the address passed on where there is one, of what stands before the time of a line.

    `host ident user` in Apache's formats. A virtual host, the name of a container or a syslog header may stand before
    it, so of more than three columns the first IP address is the client; without any, the column before the ident `-`.
    """
    columns = re.sub(r",\s+", ",", text_of(before).strip()).split()
    if not columns:
        return None
    lists = [addresses_in(column) for column in columns]
    host, _, port = columns[0].rpartition(":")
    if len(columns) > 3 and lists[1] and port in _OF_SERVERS and (":" not in host or host.endswith("]")):
        return lists[1][0], None
    if lists[0]:
        passed_on = lists[1][0] if len(columns) > 3 and lists[1] else None
        return lists[0][0], passed_on
    if len(columns) > 3:
        known = [addresses[0] for addresses in lists if addresses]
        if known:
            return known[0], None
        dash = columns.index("-", 1) if "-" in columns[1:] else 1
        return columns[dash - 1], None
    return columns[0], None


def tell_proxy(visits: Rows, report: Report) -> None:
    """Remark where most visits come from one client that is no address of the Internet: `10.0.0.1`, `unix:`, `-`."""
    client = visits.user_id.split(" ")[0]
    clients: Rows = visits.group_by(client=client).agg(visits=ibis._.count())
    [most] = clients.order_by(ibis.desc("visits"), "client").limit(1).to_pyarrow().to_pylist()
    if most["visits"] < max(_LEAST_VISITS, _LEAST_SHARE * count_rows(visits)) or _is_public(most["client"]):
        return
    report.remark(
        f"visits from {most['client']!r}, no address of the Internet: if that is a proxy, all who visit with one kind "
        "of browser are one visitor. Let the server log X-Forwarded-For, and say --client forwarded",
        most["visits"],
    )


def _is_public(client: str) -> bool:
    """Whether a client may be a visitor from elsewhere; a name may be."""
    try:
        return ip_address(client).is_global
    except ValueError:
        return client not in ("-", "unknown", "localhost") and not client.startswith("unix")
