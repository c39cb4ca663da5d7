"""The times of log lines, in milliseconds since 1970-01-01 UTC.

Read are Apache's `10/Oct/2000:13:55:36 -0700`, Unix's `Tue Oct 10 13:55:36 2000`, ISO 8601, all of them UTC without
a zone, and seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

_APACHE = re.compile(
    r"(\d\d)/([A-Z][a-z]{2})/(\d{4})[: ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?: ?([+-])(\d\d):?(\d\d)| ?Z)?"
)
_APACHE_LENGTH = len("10/Oct/2000:13:55:36 -0700")
_LEAP = 60
_ISO = re.compile(r"\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d.*")
_UNIX = re.compile(r"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}")
_NUMBER = re.compile(r"\d{9,19}(\.\d{1,9})?")
MONTHS = {
    "Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6, "Jul": 7, "Aug": 8, "Sep": 9, "Oct": 10, "Nov": 11,
    "Dec": 12,
}  # fmt: skip
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS = ((1e11, 1e3), (1e14, 1.0), (1e17, 1e-3), (float("inf"), 1e-6))
"""Numbers below the bound are multiplied by the factor: seconds until the year 5138, then ms, µs and ns."""
_LONG = {"T": "%H:%M:%S", "F": "%Y-%m-%d", "R": "%H:%M", "D": "%m/%d/%y", "e": "%d", "h": "%b"}
"""Letters of strftime that strptime lacks."""


def time_of(text: str) -> int | None:
    """The instant that a text names in any of the notations; None where it names none."""
    if len(text) == _APACHE_LENGTH and text[2] == "/" and text[18:20].isdecimal():  # quick: most lines share a minute
        minute, second = _other_time(f"{text[:18]}00{text[20:]}"), int(text[18:20])
        return None if minute is None or second > _LEAP else minute + 1000 * min(second, 59)
    return _other_time(text)


@lru_cache(maxsize=4096)
def _other_time(text: str) -> int | None:
    match = _APACHE.fullmatch(text)
    if match is not None:
        return _apache(match)
    try:
        if _ISO.fullmatch(text):
            return _milliseconds(datetime.fromisoformat(text.replace("/", "-").replace(" +", "+").replace(" -", "-")))
        if _UNIX.fullmatch(text):
            return _milliseconds(datetime.strptime(text, "%a %b %d %H:%M:%S %Y"))
        return epoch(float(text)) if _NUMBER.fullmatch(text) else None
    except ValueError:
        return None


def epoch(number: float) -> int | None:
    """The instant of a count since 1970; None before September 2001, or where it is no number."""
    if not 1e9 <= number < float("inf"):
        return None
    return round(number * next(factor for bound, factor in _MILLISECONDS if number < bound))


def strptime(pattern: str) -> Callable[[str], int | None]:
    """The reader of times that `strftime` wrote with a pattern; without a zone in it they are UTC."""
    pattern = re.sub("%([TFRDeh])", lambda letter: _LONG[letter[1]], pattern)
    if pattern == "%s":
        return time_of

    @lru_cache(maxsize=4096)
    def read(text: str) -> int | None:
        try:
            return _milliseconds(datetime.strptime(text, pattern))
        except ValueError:
            return None

    return read


def _apache(match: re.Match[str]) -> int | None:
    day, year, hour, minute, second = (int(match[n]) for n in (1, 3, 4, 5, 6))
    if match[2] not in MONTHS or second > _LEAP:
        return None
    offset = timedelta(hours=int(match[9] or 0), minutes=int(match[10] or 0))
    try:
        zone = timezone(-offset if match[8] == "-" else offset)
        whole = _milliseconds(datetime(year, MONTHS[match[2]], day, hour, minute, min(second, 59), tzinfo=zone))
    except (ValueError, OverflowError):
        return None
    return whole + int((match[7] or "0").ljust(3, "0")[:3])


def _milliseconds(at: datetime) -> int:
    return ((at if at.tzinfo is not None else at.replace(tzinfo=UTC)) - _EPOCH) // timedelta(milliseconds=1)
