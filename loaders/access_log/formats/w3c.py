"""W3C extended logs, as IIS and CloudFront write them: a line `#Fields:` names the columns of those after it.

Source: W3C working draft WD-logfile-960323; Microsoft, IIS W3C logging; AWS, CloudFront standard logs;
Apache Tomcat, extended access log valve; Oracle, WebLogic extended logging.
"""

import re
from urllib.parse import unquote

from kartograph.loaders.access_log.clients import addresses_in, first_address
from kartograph.loaders.access_log.requests import Parse, Request, text_of
from kartograph.loaders.access_log.times import MONTHS, time_of
from kartograph.tables.errors import BadInput

_NEEDED = ("date", "time", "cs-uri-stem", "sc-status", "c-ip")
_OTHERS = {"cs-uri-path": "cs-uri-stem", "cs-uri": "cs-uri-stem", "cs-status": "sc-status", "c-ipaddr": "c-ip"}
"""Fields of other servers, and the one for which they stand where it is missing: Tomcat, WebLogic, proxies."""
_FORWARDED = ("x-forwarded-for", "cs(x-forwarded-for)")
_TWICE = re.compile(r"%25([0-9A-Fa-f]{2})")
"""What CloudFront makes of an escape in an address; IIS writes paths without escapes, and queries as they came."""
_EDGE = "x-edge-"
"""What the names of CloudFront's own fields begin with."""
_DAY = re.compile(r"(\d{1,2})-([A-Z][a-z]{2})-(\d{4})")
_VALUE = re.compile(r'"((?:[^"]|"")*)"|(\S+)')


def w3c(fields: bytes, date: str | None = None) -> Parse:
    """The parser of lines that have these `#Fields:`; `date` is the day where no field has it, of `#Date:`.

    Raises
    ------
    BadInput
        Fields are missing without which a line says nothing of a session.
    """
    said = text_of(fields).partition(":")[2].lower().split()
    names = [_OTHERS[name] if name in _OTHERS and _OTHERS[name] not in said else name for name in said]
    missing = [name for name in _NEEDED if name not in names and not (name == "date" and date)]
    if missing:
        raise BadInput(
            f"the log has the fields {' '.join(said)[:300]}; it lacks {', '.join(missing)}: "
            "let the server log date, time, c-ip, cs-uri-stem and sc-status, and cs(user-agent) if it can"
        )

    def parse(line: bytes) -> Request | None:
        values = _values(text_of(line))
        if len(values) != len(names):
            return None
        return request_of(dict(zip(names, values, strict=True)), date)

    return parse


def request_of(at: dict[str, str], date: str | None = None) -> Request | None:
    """The request of values by the names of their fields in lower case."""
    time = time_of(f"{at.get('date', date)} {at['time']}")
    if time is None or not at["sc-status"].isdecimal() or at["c-ip"] == "-":
        return None
    query = at.get("cs-uri-query", "-")
    url = _TWICE.sub(r"%\1", at["cs-uri-stem"])
    if any(name.startswith(_EDGE) for name in at):
        query = _TWICE.sub(r"%\1", query)
    if query not in ("", "-") and "?" not in url:
        url += "?" + query.removeprefix("?")
    browser = at.get("cs(user-agent)")
    passed_on = next((known for name in _FORWARDED if (known := addresses_in(_words(at.get(name, ""))))), None)
    return Request(
        first_address(at["c-ip"]),
        time,
        at.get("cs-method", "GET"),
        url,
        int(at["sc-status"]),
        None if browser is None else _words(browser),
        passed_on[0] if passed_on else None,
    )


def day_of(value: str) -> str:
    """The day of a `#Date:` directive, also of `20-Feb-2016`, as the draft writes it."""
    match = _DAY.match(value)
    return f"{match[3]}-{MONTHS.get(match[2], 0):02}-{int(match[1]):02}" if match else value


def _words(value: str) -> str:
    """A value with its spaces: IIS writes `+` for them, CloudFront `%20`, or `%2520` where it was escaped twice."""
    return unquote(unquote(value.replace("+", " ")))


def _values(line: str) -> list[str]:
    """The values of a line, between tabs where it has them; a value in quotes may hold spaces."""
    if "\t" in line:
        return line.split("\t")
    if '"' in line:
        return [match[1] if match[1] is not None else match[2] for match in _VALUE.finditer(line)]
    return line.split()
