"""The number that a literal stands for: numbers as they are, dates as years, durations and times of day in seconds.

    date        year + (month - 1) / 12 + (day - 1) / 372
    duration    (12 · years + months) · 2629746 + 86400 · days + 3600 · hours + 60 · minutes + seconds
    time        3600 · hours + 60 · minutes + seconds

A month of a duration is the mean one of the Gregorian calendar (2629746 s). Zones are read and do not move a date: the
day stays the one that is written. Years before Christ are negative. The types are those of XML Schema 1.1, part 2.
"""

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable

from rdflib import Literal, Node
from rdflib.namespace import XSD

MONTH = 2_629_746
"""Seconds of a mean month: 400 years have 146,097 days."""
ZONE = r"(?:Z|[+-]\d\d:\d\d)?"
CLOCK = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d(?:\.\d+)?)"
DATE = re.compile(rf"(?P<year>-?\d{{4,6}})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?:[T ]{CLOCK})?)?)?{ZONE}", re.ASCII)
TIME = re.compile(CLOCK + ZONE, re.ASCII)
DURATION = re.compile(
    r"(?P<sign>-?)P(?=[\dT])(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?",
    re.ASCII,
)
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
DATES = frozenset(XSD[name] for name in ("date", "dateTime", "dateTimeStamp", "gYear", "gYearMonth"))
WITHOUT_YEAR = frozenset(XSD[name] for name in ("gMonth", "gDay", "gMonthDay"))

NUMBERS_AND_DATES, DURATIONS, CLOCKS = "numbers or dates", "durations", "times of day"


def literal_number(value: Literal) -> float | None:
    """The number that a literal holds; None where it holds none, where it is infinite, and for dates without a year."""
    return measured(value)[0]


def unit_of(value: Node) -> str:
    """In what a literal counts: NUMBERS_AND_DATES, DURATIONS or CLOCKS; empty where it holds no number."""
    return measured(value)[1]


def prevailing_unit(values: Iterable[Node]) -> str:
    """The unit of most values, of equally many the first by letters; empty where none is a number.

    A year beside a date is a date; seconds of durations or clocks beside either are another thing.
    """
    units = Counter(filter(None, map(unit_of, values)))
    return min(units, key=lambda unit: (-units[unit], unit), default="")


def measured(value: Node) -> tuple[float | None, str]:
    """The number that a literal holds and in what it counts; None and nothing where it holds none."""
    if not isinstance(value, Literal):
        return None, ""
    text = str(value).strip()
    if value.datatype in WITHOUT_YEAR:
        return None, ""
    number, unit = None, ""
    if value.datatype not in DATES and NUMBER.fullmatch(text):
        number, unit = float(text), NUMBERS_AND_DATES
    else:
        for pattern, read, kind in _READERS:
            if match := pattern.fullmatch(text):
                number, unit = read(match), kind
                break
    return (None, "") if number is None or abs(number) == float("inf") else (number, unit)


def _date(match: re.Match[str]) -> float | None:
    year, month, day = int(match["year"]), int(match["month"] or 1), int(match["day"] or 1)
    # The calendar repeats after 400 years, and Python's begins with the year 1.
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(year % 400 + 400, month)[1]:
        return None
    if match["hour"] and _time(match) is None:
        return None
    return year + (month - 1) / 12 + (day - 1) / 372


def _time(match: re.Match[str]) -> float | None:
    hour, minute, second = int(match["hour"]), int(match["minute"]), float(match["second"])
    seconds = 3600 * hour + 60 * minute + second
    return seconds if minute < 60 and second < 60 and seconds <= 86_400 else None


def _duration(match: re.Match[str]) -> float:
    years, months, days, hours, minutes = (
        int(match[name] or 0) for name in ("years", "months", "days", "hours", "minutes")
    )
    seconds = 3600 * hours + 60 * minutes + float(match["seconds"] or 0)
    total = (12 * years + months) * MONTH + 86_400 * days + seconds
    return -total if match["sign"] else total


_READERS = ((DATE, _date, NUMBERS_AND_DATES), (DURATION, _duration, DURATIONS), (TIME, _time, CLOCKS))
