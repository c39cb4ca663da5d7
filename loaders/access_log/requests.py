"""What does one line of a log say? Apache's common and combined formats, and W3C extended.

Source: Apache HTTP Server, mod_log_config; W3C working draft WD-logfile-960323.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from urllib.parse import unquote

from kartograph.tables.errors import BadInput

_QUOTED = rb'"((?:[^"\\]|\\.)*+)"'
_APACHE = re.compile(
    rb"(\S++) \S++ [^\[\n]{0,256}\[([^\]]{20,40})\] "
    + _QUOTED
    + rb" (\d{3}) (?:\d++|-)(?: "
    + _QUOTED
    + rb" "
    + _QUOTED
    + rb")?"
)
_REQUEST = re.compile(rb"([A-Z]{3,20}) (\S++)(?: HTTP/[\d.]++)?")
_DATE = re.compile(rb"(\d\d)/([A-Z][a-z]{2})/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)")
_MONTHS = {name: number for number, name in enumerate(b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
_NEEDED = ("date", "time", "cs-uri-stem", "sc-status", "c-ip")


@dataclass(frozen=True, slots=True)
class Request:
    """One request, as far as sessions need it."""

    address: str
    """The client."""
    time: int
    """Milliseconds since 1970-01-01 UTC."""
    method: str
    url: str
    """Path and query, as the client sent them."""
    status: int
    browser: str | None
    """None where the format has no browser."""


Parse = Callable[[bytes], Request | None]
"""From a line to its request; None where the line does not parse."""


class LineReader:
    """Parses lines one after the other; `#Fields:` of W3C extended logs changes how the following ones are read."""

    def __init__(self) -> None:
        """Begin with Apache's formats."""
        self._parse: Parse = apache

    def __call__(self, line: bytes) -> Request | bool | None:
        """The request of a line, None where it does not parse, True for a directive that says nothing of a request."""
        if line.startswith(b"#"):
            if line.lower().startswith(b"#fields:"):
                self._parse = w3c(line)
            return True
        return self._parse(line)


def apache(line: bytes) -> Request | None:
    """A line in the common or the combined format."""
    found = _APACHE.match(line)
    if found is None:
        return None
    address, date, request, status, _referrer, browser = found.groups()
    sent, time = _REQUEST.fullmatch(request), _apache_time(date)
    if sent is None or time is None:
        return None
    name = None if browser is None else _text(browser)
    return Request(_text(address), time, _text(sent[1]), _text(sent[2]), int(status), name)


def w3c(fields: bytes) -> Parse:
    """The parser of lines that have these `#Fields:`.

    Raises
    ------
    BadInput
        Fields are missing without which a line says nothing of a session.
    """
    names = fields.partition(b":")[2].decode("ascii", "replace").lower().split()
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise BadInput(
            f"the log has the fields {' '.join(names)[:300]}; it lacks {', '.join(missing)}: "
            "let the server log date, time, c-ip, cs-uri-stem and sc-status, and cs(user-agent) if it can"
        )
    place = {name: number for number, name in enumerate(names)}

    def parse(line: bytes) -> Request | None:
        parts = line.split()
        if len(parts) != len(names):
            return None
        at = {name: _text(parts[number]) for name, number in place.items()}
        time = _w3c_time(f"{at['date']} {at['time']}")
        if time is None or not at["sc-status"].isdecimal():
            return None
        query = at.get("cs-uri-query", "-")
        url = at["cs-uri-stem"] + (f"?{query}" if query != "-" else "")
        browser = at.get("cs(user-agent)")
        name = None if browser is None else unquote(browser.replace("+", " "))
        return Request(at["c-ip"], time, at.get("cs-method", "GET"), url, int(at["sc-status"]), name)

    return parse


def _text(raw: bytes) -> str:
    """UTF-8 where it is, else one character per byte: a wrong encoding loses no line."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


@lru_cache(maxsize=4096)
def _apache_time(raw: bytes) -> int | None:
    found = _DATE.fullmatch(raw)
    if found is None or found[2] not in _MONTHS:
        return None
    day, year, hour, minute, second = (int(found[n]) for n in (1, 3, 4, 5, 6))
    offset = timedelta(hours=int(found[8]), minutes=int(found[9]))
    try:
        zone = timezone(-offset if found[7] == b"-" else offset)
        return int(
            datetime(year, _MONTHS[found[2]], day, hour, minute, min(second, 59), tzinfo=zone).timestamp() * 1000
        )
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _w3c_time(text: str) -> int | None:
    try:
        return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)
    except ValueError:
        return None
