"""W3C extended logs, as IIS and CloudFront write them: a line `#Fields:` names the columns of those after it.

Source: W3C working draft WD-logfile-960323; Microsoft, IIS W3C logging; AWS, CloudFront standard logs.
"""

import re
from urllib.parse import unquote

from kartograph.loaders.access_log.clients import addresses_in, first_address
from kartograph.loaders.access_log.requests import Parse, Request, text_of
from kartograph.loaders.access_log.times import time_of
from kartograph.tables.errors import BadInput

_NEEDED = ("date", "time", "cs-uri-stem", "sc-status", "c-ip")
_FORWARDED = ("x-forwarded-for", "cs(x-forwarded-for)")
_VALUE = re.compile(r'"((?:[^"]|"")*)"|(\S+)')


def w3c(fields: bytes, date: str | None = None) -> Parse:
    """The parser of lines that have these `#Fields:`; `date` is the day where no field has it, of `#Date:`.

    Raises
    ------
    BadInput
        Fields are missing without which a line says nothing of a session.
    """
    names = text_of(fields).partition(":")[2].lower().split()
    missing = [name for name in _NEEDED if name not in names and not (name == "date" and date)]
    if missing:
        raise BadInput(
            f"the log has the fields {' '.join(names)[:300]}; it lacks {', '.join(missing)}: "
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
    url = at["cs-uri-stem"] + (f"?{query}" if query not in ("", "-") else "")
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


def _words(value: str) -> str:
    """A value with its spaces: IIS writes `+` for them, CloudFront `%20`, or `%2520` where it was escaped twice."""
    return unquote(unquote(value.replace("+", " ")))


def _values(line: str) -> list[str]:
    """The values of a line, between tabs where it has them; a value in quotes may hold spaces."""
    if "\t" in line:
        return line.split("\t")
    if '"' in line:
        return [found[1] if found[1] is not None else found[2] for found in _VALUE.finditer(line)]
    return line.split()
