"""A log behind a proxy that names the proxy in place of the visitors."""

from ipaddress import ip_address

import ibis

from kartograph.tables.engine import Rows, count_rows
from kartograph.tables.report import Report

_LEAST_VISITS = 20
"""Fewer may well be of one visitor within the network."""
_LEAST_SHARE = 0.5


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
