"""Times as people and programs write them become milliseconds since 1970-01-01 UTC.

Common shapes (numbers, ISO 8601, `20191001`) are read by expressions in `fields.time`. What those leave over is
understood here: the distinct texts, all at once. A text is understood whole or not at all.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from difflib import get_close_matches
from functools import cached_property
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pandas as pd

from kartograph.tables.errors import BadInput
from kartograph.tables.formats.dates.calendars import other_calendar
from kartograph.tables.formats.dates.counted import COUNTS, DAY, SERIALS, ways
from kartograph.tables.formats.dates.days import by_dateutil, by_pattern, days_of, milliseconds
from kartograph.tables.formats.dates.month_names import in_english

FORMATS = tuple(COUNTS)
EARLIEST = "1995-01-01"
EARLIEST_MS = pd.Timestamp(EARLIEST, tz="UTC").value // 1_000_000
"""The first day that is plausible, as text and in milliseconds: a time before it was most likely given in seconds."""
OFFSETS = {
    "Z": 0, "UTC": 0, "GMT": 0, "UT": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "MET": 1, "MEZ": 1, "CEST": 2,
    "MEST": 2, "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7,
    "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10, "JST": 9, "KST": 9, "SGT": 8, "HKT": 8,
    "AWST": 8, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip
"""Hours east of UTC of names that stand beside times; those of e-mail (RFC 5322) where a name has several meanings."""
OTHER_OFFSETS = {
    "CST": (8.0, "Asia/Shanghai"), "BST": (6.0, "Asia/Dhaka"), "EST": (10.0, "Australia/Brisbane"),
    "EDT": (11.0, "Australia/Sydney"), "MST": (8.0, "Asia/Kuala_Lumpur"), "PST": (8.0, "Asia/Manila"),
    "IST": (5.5, "Asia/Kolkata"), "AST": (-4.0, "America/Halifax"),
}  # fmt: skip
"""What names of several meanings mean too, in hours east of UTC, and a zone where they do. A name that is not in
`OFFSETS` as well is read where the zone of the rule is such a one alone."""
FARTHEST_HOURS = 15
"""No zone lies farther from UTC."""
_MOST_FOR_DATEUTIL = 100_000
_OFFSET = re.compile(
    r"^(?P<body>.*(?:\d:\d\d|T\d{4,6}|[AP]M\b|^\d{4}-\d\d-\d\d(?=[+-]\d\d:\d\d$)).*?)\s*(?P<zone>(?:UTC|GMT)?\s*[+-]\d{1,2}(?::?\d{2})?(?::\d\d)?)(?:\s+[A-Z]{2,5}|\s*[(\[].*[)\]])?$",
    re.IGNORECASE,
)
_YEAR_LAST = re.compile(
    r"^(?:[A-Za-z]{3},? )?(?P<day>[A-Za-z]{3} +\d{1,2}) (?P<clock>\d{1,2}:\d{2}:\d{2}) "
    r"(?P<zone>[A-Z]{1,5}|[+-]\d{2}:?\d{2}) (?P<year>\d{4})$"
)
_UTC_TWICE = r"(?i)(\dZ)\s*\[[A-Z/]+\]$"
"""How Java writes UTC: `10:15:30Z[UTC]`."""
_NAMED = re.compile(
    r"^(?P<body>.*?\d\s*(?:[AP]\.?M\b\.?)?)\s*[(\[]?(?P<zone>Z|[A-Z]{2,5}|[A-Z]+(?:/[A-Z0-9_+-]+)+)[)\]]?$",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"^(?P<date>.*?)"
    r"(?:(?:^|[ T]+)(?P<h>\d{1,2})(?:[:.](?P<m>\d{2})(?:[:.](?P<s>\d{2})(?P<f>\.\d{1,9})?)?)?\s*(?P<half>[AP]M)?)?$"
)


@dataclass(frozen=True)
class TimeRule:
    """What is said of the times of a source."""

    zone: str | None = None
    """The zone of times that name none, as `Europe/Berlin`; UTC by default."""
    format: str | None = None
    """One of `FORMATS`, or a pattern of `strptime` as `%d.%m.%Y %H:%M`; all usual shapes by default."""
    earliest: str = EARLIEST
    """The first day that is plausible; the last one is tomorrow."""

    def __post_init__(self) -> None:
        """Refuse zones, formats and days that do not exist."""
        if self.zone is not None and _offset_of(self.zone) is None and self.zone not in available_timezones():
            close = get_close_matches(self.zone, available_timezones(), n=3)
            raise BadInput(
                f"{self.zone!r} is no time zone. Name one as Europe/Berlin or +02:00"
                + (f"; near are {', '.join(close)}." if close else ".")
            )
        if self.format is not None and self.format not in FORMATS and "%" not in self.format:
            raise BadInput(
                f"{self.format!r} is no format of times. Allowed are {', '.join(FORMATS)}, or a pattern such as "
                "'%d.%m.%Y %H:%M'."
            )
        if self.format is not None and "%" in self.format:
            try:
                datetime.strptime(datetime.now(UTC).strftime(self.format), self.format)
            except ValueError as error:
                raise BadInput(f"{self.format!r} is no pattern of times: {error}.") from None
            # With %H a PM is read and forgotten, and %I without %p tells morning from afternoon for nobody.
            if {"%p", "%I"} & (parts := set(re.findall("%.", self.format))) and not {"%p", "%I"} <= parts:
                raise BadInput(
                    f"{self.format!r} is no clock of 12 hours: it needs both %I (the hour) and %p (AM or PM). A clock "
                    "of 24 hours has %H and no %p."
                )
        _ = self.first

    @property
    def zone_info(self) -> tzinfo:
        """The zone of times that name none."""
        name = self.zone or "UTC"
        offset = _offset_of(name)
        return ZoneInfo(name) if offset is None else timezone(timedelta(minutes=offset))

    @cached_property
    def first(self) -> int:
        """The earliest plausible time, in milliseconds."""
        for shape in ("%Y-%m-%d", "%Y-%m", "%Y"):
            try:
                return int((datetime.strptime(self.earliest, shape) - datetime(1970, 1, 1)) / timedelta(milliseconds=1))
            except ValueError:
                continue
        raise BadInput(f"{self.earliest!r} is no day. Say the earliest plausible one as 1919-11-17, 1919-11 or 1919.")

    @cached_property
    def last(self) -> int:
        """The latest plausible time: a day from now, in milliseconds."""
        return int(datetime.now(UTC).timestamp() * 1000) + DAY


USUAL = TimeRule()


_PLAIN_LETTERS = {
    **{at: str(digit) for at in range(128, 1 << 16) if (digit := unicodedata.decimal(chr(at), None)) is not None},
    **{ord("\u2212"): "-", ord("／"): "/", ord("－"): "-", ord("："): ":", ord("．"): ".", ord("\u3000"): " "},
}
"""Digits of all scripts, the minus sign and signs as wide as a Chinese letter, each with the plain one."""
_HALF_BEFORE = r"(?:(上午|午前|오전)|下午|午後|오후)\s*(\d{1,2}(?::\d\d){1,2}(?:\.\d+)?)"
"""Halves of the day as East Asian programs write them, before the clock: the first group is the morning."""
_NET = r"^\\?/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\\?/$"
"""How .NET writes an instant in JSON: milliseconds since 1970."""
_WEEKDAY = r"(?i)^((?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)\.?,?\s+"
_CLOCK_WORD = r"(?i)(:\d\d(?::\d\d)?)\s*(?:uhr|hs?|hrs?)$"
"""What people write after a clock."""
_BEFORE_CLOCK = r"(?i)(?<=[\w.])(?:,?\s+(?:at|um|à|às|alle|a las|klo|kl\.?|o)|\s+[@-])\s+(?=\d{1,2}[:.h]\d\d)"
"""What people write between a day and its clock."""
ROUNDED = r"^[0-9](([.,][0-9]{1,6})?[eE]\+?0?9|([.,][0-9]{1,8})?[eE]\+?1[0-9])$"
"""Numbers as a spreadsheet shows long ones, `1.70447E+12`, which may be any time of three hours, and as numbers of 32
bits are written."""


def understand(texts: pd.Series, rule: TimeRule = USUAL) -> pd.DataFrame:
    """What distinct texts mean: `text, value, remark` for each that is understood.

    `value` is in milliseconds since 1970 UTC. `remark` says in words what was decided: month or day first, a local time
    that a clock change skips or repeats.
    """
    frame = pd.DataFrame({"text": texts.astype("string")}).dropna()
    # A word alone is no time; pandas would take "now" for one.
    frame = frame[frame["text"].str.contains(r"\d")].reset_index(drop=True)
    frame["remark"] = pd.Series(pd.NA, index=frame.index, dtype="string")
    frame["zone"] = pd.Series(pd.NA, index=frame.index, dtype="string")
    body = frame["text"].str.strip().str.replace(r"^\[([^\[\]]+)\]$", r"\1", regex=True)
    body = body.str.translate(_PLAIN_LETTERS)
    if rule.format in SERIALS:
        serial = pd.to_numeric(body.str.replace(",", "."), errors="coerce").astype("float64")
        # A column of a workbook may hold dates beside serial numbers; these come as ISO 8601.
        frame["local"] = SERIALS[rule.format].milliseconds(serial).round().fillna(by_pattern(body, "ISO8601"))
    elif rule.format is not None:
        if "%z" in rule.format.lower():
            frame["zone"] = "UTC"
        frame["local"] = by_pattern(body, rule.format)
    else:
        instant = pd.to_numeric(body.str.extract(_NET, expand=False), errors="coerce").astype("float64")
        rounded = body.str.fullmatch(ROUNDED)
        instant = instant.fillna(_by_size(body.where(rounded).str.replace(",", ".")))
        body, frame["zone"] = _split_zone(body.where(~rounded, "").str.replace(_CLOCK_WORD, r"\1", regex=True))
        frame["local"], frame["remark"] = _usual(body)
        frame.loc[rounded, "remark"] = "times such as 1.70447E+12, whose last digits a spreadsheet may have dropped"
        frame["local"] = instant.fillna(frame["local"])
        frame.loc[instant.notna(), "zone"] = "UTC"
    frame = frame[frame["local"].notna() & (frame["local"].abs() < 1e15)]
    frame["value"] = frame["local"].astype("int64")
    parts = [_to_utc(part.copy(), str(name), rule) for name, part in frame.groupby(frame["zone"].fillna(""), sort=True)]
    known = pd.concat(parts) if parts else frame
    return known.loc[known["value"].notna(), ["text", "value", "remark"]].astype({"value": "int64"})


def doubts(texts: list[str], column: str, rule: TimeRule) -> str:
    """A sentence on implausible times, with the way of reading them that makes them plausible."""
    first = datetime.fromtimestamp(rule.first / 1000, UTC).date()
    words = f"the times of {column} ({', '.join(texts[:3])} …) lie before {first} or after tomorrow"
    numbers = pd.to_numeric(pd.Series(texts).str.replace(",", "."), errors="coerce")
    found = ways(numbers, rule.first, rule.last, rule.format) if numbers.notna().all() else {}
    if found:
        read = ", ".join(
            f"as {name} {low:%Y-%m-%d %H:%M} to {high:%Y-%m-%d %H:%M}" for name, (low, high) in found.items()
        )
        say = " or ".join(f"--time-format {name}" for name in found)
        return f"{words}. They would be {read}: if that is right, say {say}."
    if other := other_calendar(texts, rule.first, rule.last):
        return f"{words}. {other}"
    return f"{words}. Say how they are written with --time-format, or the first plausible day with --earliest."


def _by_size(numbers: pd.Series) -> pd.Series:
    """Milliseconds of numbers that count seconds, milliseconds, microseconds or nanoseconds, by their size."""
    values = pd.to_numeric(numbers).astype("float64")
    return values * np.select([values < 1e11, values < 1e14, values < 1e17], [1e3, 1.0, 1e-3], 1e-6)


def _split_zone(body: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Take a zone off the end: `+02:00`, `UTC+2`, `CET`, `Europe/Berlin`, `[Europe/Berlin]` after an offset.

    Unix and Java write the year last, `Sun Mar 31 14:30:00 CEST 2024`: there the zone stands before it.
    """
    body = body.str.replace(_YEAR_LAST, r"\g<day> \g<year> \g<clock> \g<zone>", regex=True)
    body = body.str.replace(_UTC_TWICE, r"\1", regex=True)
    offset = body.str.extract(_OFFSET)
    named = body.str.extract(_NAMED)
    is_half = named["zone"].str.upper().isin(["AM", "PM"])
    is_month = named["body"].str.fullmatch(r"\d{1,2}\s*").fillna(False)
    named = named.where(~(is_half.fillna(False) | is_month))
    zone = offset["zone"].fillna(named["zone"])
    bare = offset["body"].fillna(named["body"]).fillna(body)
    return bare.str.strip(), zone


def _usual(body: pd.Series, translate: bool = True) -> tuple[pd.Series, pd.Series]:
    """Local milliseconds of texts in usual shapes, nan where they are none, and remarks.

    With `translate` months may have names of other languages.
    """
    text = (
        body.str.replace(_HALF_BEFORE, lambda half: f"{half[2]} {'AM' if half[1] else 'PM'}", regex=True)
        .str.replace(r"(?<=\d)\.\s+(?=\d{1,2}:\d\d)", " ", regex=True)
        .str.replace(r"(?<=:\d\d),(?=\d)", ".", regex=True)
        .str.replace(r"\b(\d{1,2})[hH](\d\d)\b", r"\1:\2", regex=True)
        .str.replace(_BEFORE_CLOCK, " ", regex=True)
        .str.replace(r":(\d)(?=:|\s|$)", r":0\1", regex=True)
        .str.replace(r"'(?=\d\d$)", "", regex=True)
        .str.replace(
            r"^(\d{1,4})(?:(\.) +| ?([/-]) ?)(\d{1,2})(?:\. +| ?[/-] ?)(\d{1,4})", r"\1\2\3\4\2\3\5", regex=True
        )
        .str.replace(r"^(\d+([/.-])\d+\2\d+) (\d\d)(\d\d)(\d\d)?$", r"\1 \3:\4:\5", regex=True)
        .str.replace(r"(?<![A-Za-z])([AaPp])\.?\s?[Mm]\b\.?", lambda half_day: half_day[1].upper() + "M", regex=True)
        .str.replace(_WEEKDAY, "", regex=True)
        .str.replace(r"^(\d{1,2}([/-]?)[A-Za-z]{3}\2\d{4}):", r"\1 ", regex=True)
        .str.replace(r"(?<=\d)(?:st|nd|rd|th)\b", "", regex=True)
        .str.replace(r"[年月]", "-", regex=True)
        .str.replace("日", "", regex=False)
        .str.replace(r"^([A-Za-z]{3,9}\.? +\d{1,2}) +(\d{1,2}:\d{2}(?::\d{2})?) +(\d{4})$", r"\1 \3 \2", regex=True)
        .str.replace(r"^(\d{1,2}:\d{2}(?::\d{2})?(?: ?[AP]M)?),? +(.*[/.\-].*)$", r"\2 \1", regex=True)
        .str.replace(r"^(\d{8})T?(\d{2})(\d{2})(\d{2})?$", r"\1 \2:\3:\4", regex=True)
        .str.replace(r"^(\d{4}-?W\d{2})(?=$|[T ])", r"\1-1", regex=True)  # a week stands for its Monday
        .str.replace(r"^(\d{4})(W\d{2})-1", r"\1-\2-1", regex=True)
        .str.replace(r"^(\d{4}-\d{2}-\d{2})[T ](\d{2})$", r"\1 \2:00", regex=True)
        .str.replace(r":$", ":00", regex=True)
        .str.replace(r"[,\s]+", " ", regex=True)
        .str.replace(r"(?<=[a-z])\.(?= )", "", regex=True)
        .str.strip()
    )
    parts = text.str.extract(_CLOCK)
    clock, date = _clock(parts), parts["date"].str.strip()
    # A date alone may end like a clock: 01.10.2019.
    whole = clock.isna() | ~date.str.contains(r"\d", na=False)
    weekday = body.str.extract(_WEEKDAY, expand=False).str[:3].str.title()
    days, remark = days_of(date.where(~whole, text), weekday)
    local = days + clock.where(~whole, 0.0)
    rest = local.isna()
    if rest.any() and translate:
        foreign = in_english(body[rest]).dropna()
        if len(foreign):
            local[foreign.index], remark[foreign.index] = _usual(foreign, translate=False)
            rest = local.isna()
    if 0 < rest.sum() <= _MOST_FOR_DATEUTIL:
        local[rest] = [by_dateutil(one) for one in text[rest]]
    return local, remark.where(local.notna())


def _clock(parts: pd.DataFrame) -> pd.Series:
    """Milliseconds of the day, nan where there is no clock or none that exists; without minutes only with AM or PM."""
    hour, minute, second, fraction = (pd.to_numeric(parts[name]).astype("float64") for name in ("h", "m", "s", "f"))
    half = parts["half"]
    hour = hour.where(half.isna() | (hour <= 12))
    hour = hour.where(half.isna() | (hour < 12), hour - 12) + (half == "PM").fillna(False).astype("float64") * 12
    good = (hour < 24) & ~(minute >= 60) & ~(second > 60) & (minute.notna() | half.notna())
    total = ((hour * 60 + minute.fillna(0)) * 60 + second.fillna(0) + fraction.fillna(0)) * 1000
    return total.where(good).round()


def _to_utc(part: pd.DataFrame, zone: str, rule: TimeRule) -> pd.DataFrame:
    """Turn local times of one zone into UTC; without a zone that of the rule holds."""
    name = zone or rule.zone or "UTC"
    other = OTHER_OFFSETS.get(zone.upper())
    if other is not None and rule.zone is not None and _may_be(rule, other[0]):
        name, other = rule.zone, None
    offset = _offset_of(name)
    if offset is not None:
        part["value"] = part["value"] - offset * 60_000
        if other is not None:
            words = f"times in {zone}, read as UTC{offset // 60:+d}: --timezone {other[1]} if they are from there"
            part["remark"] = part["remark"].fillna(words)
        return part
    known = {one.lower(): one for one in available_timezones()}.get(name.lower())
    if known is None:
        part["value"] = pd.NA
        return part
    local = part["value"].astype("int64").astype("datetime64[ms]")
    first = np.ones(len(local), dtype=bool)
    moments = local.dt.tz_localize(known, ambiguous=first, nonexistent="shift_forward")
    skipped = local.dt.tz_localize(known, ambiguous=first, nonexistent="NaT").isna()
    twice = local.dt.tz_localize(known, ambiguous="NaT", nonexistent="shift_forward").isna()
    part["value"] = milliseconds(moments).round().astype("int64")
    part.loc[skipped, "remark"] = f"times that a clock change of {known} skips, read as the first moment after it"
    part.loc[twice, "remark"] = f"times that come twice at a clock change of {known}, read as the first"
    return part


def _may_be(rule: TimeRule, hours: float) -> bool:
    """Whether the zone of a rule lies so many hours east of UTC, in winter or in summer."""
    return any(
        datetime(2024, month, 1, tzinfo=rule.zone_info).utcoffset() == timedelta(hours=hours) for month in (1, 7)
    )


def _offset_of(zone: str) -> int | None:
    """Minutes east of UTC of an offset or a known abbreviation, None for other names."""
    if zone.upper() in OFFSETS:
        return OFFSETS[zone.upper()] * 60
    match = re.fullmatch(r"(?:UTC|GMT)?\s*([+-])(\d{1,2})(?::?(\d{2}))?(?::\d\d)?", zone.strip(), re.IGNORECASE)
    if match is None or int(match[2]) > FARTHEST_HOURS or int(match[3] or 0) > 59:
        return None
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    return minutes if match[1] == "+" else -minutes
