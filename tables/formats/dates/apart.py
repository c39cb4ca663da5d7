"""Times whose parts stand in columns of their own: a day and its clock, or year, month, day and hour.

The parts become one text, which is read as any other. How a clock is written holds for its whole column.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import pandas as pd

from kartograph.tables.engine import Expression, Rows

CLOCK, DOTS, SHORT, LONG, FRACTION, HOUR = "10:15", "10.15", "1015", "101500", "0.427", "10"
"""Kinds of clocks by an example: with colons; with dots; four or six digits; a part of a day; a whole hour."""
_ZERO_DAY = r"^(?:1899-12-3[01]|1900-01-0[01]|1970-01-01|0001-01-01|0 days)[T ]+"
"""What databases and spreadsheets write before a time of day that has no day."""
_HALF = r"[AaPp]\.?\s?[Mm]\.?"
_SHAPES = {
    CLOCK: rf"(?:{_ZERO_DAY[1:]}|T)?\d{{1,2}}([:h]\d{{2}}(:\d{{2}}([.,]\d+)?)?(\s*{_HALF})?|\s*{_HALF})"
    r"\s*(Z|UTC|[+-]\d{2}:?\d{2})?",
    FRACTION: r"0?[.,]\d+|0|\d([.,]\d+)?[eE]-\d+",
    DOTS: r"([01]\d|2[0-3])\.[0-5]\d(\.[0-5]\d)?",
    SHORT: r"([01]\d|2[0-3])[0-5]\d",
    LONG: r"(([01]?\d|2[0-3])[0-5]\d|[0-5]?\d)[0-5]\d|[0-5]?\d",
    HOUR: r"([01]?\d|2[0-3])(\.0)?",
}
_MOST = 0.5
_MIDNIGHT = r"[T ]+(?:0?0:00(?::00(?:[.,]0+)?)?(?:\s*[Aa][Mm])?|12:00(?::00)?\s*[Aa][Mm])\s*"
_NO_OFFSET = r"(?:Z|UTC|GMT|[+-]00:?00)?$"
_OFFSET = r"([+-][0-9]{2}:?[0-9]{2})$"
_SECONDS = 86_400
_NONE = "no clock: "


def clock_kind(texts: pd.Series, hours: bool = False) -> str | None:
    """How the clocks of a column are written, None where most of them are none; hours alone count with `hours`."""
    bare = texts.dropna().astype("string").str.strip()
    if bare.empty:
        return None
    if bare.str.fullmatch(_SHAPES[CLOCK]).mean() > _MOST:
        return CLOCK
    if hours and bare.str.fullmatch(_SHAPES[HOUR]).mean() > _MOST:
        return HOUR
    for kind in (FRACTION, DOTS, SHORT, LONG):
        shows = bare.str.contains(r"[.,]").any() if kind == FRACTION else kind != LONG or (bare.str.len() == 6).any()
        if shows and bare.str.fullmatch(_SHAPES[kind]).all():
            return kind
    return None


def holds_days(texts: pd.Series) -> bool:
    """Whether most texts of a column of times are days: without a clock, or always at midnight."""
    bare = (
        texts.dropna()
        .astype("string")
        .str.strip()
        .str.replace(f"{_MIDNIGHT}(?:{_NO_OFFSET}|{_OFFSET})", "", regex=True)
    )
    return bool((~bare.str.contains(r"\d[:h]\d\d|^[+-]?\d{9,}")).mean() > _MOST) if len(bare) else False


@dataclass(frozen=True)
class Apart:
    """The columns of one time."""

    day: tuple[str, ...]
    """The one of days, or those of years, months and days."""
    clock: tuple[str, ...] = ()
    """The one of clocks, or those of hours, minutes and seconds, as far as there are any."""
    kind: str = CLOCK

    @property
    def columns(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.day, *self.clock)

    @property
    def needed(self) -> tuple[str, ...]:
        """All of them: a part of a time is none."""
        return self.columns

    def text(self, rows: Rows) -> Expression:
        """Day and clock in rows as one text; the day alone where there is no clock."""
        parts = [rows[column].strip() for column in self.day]
        day = parts[0] if len(parts) == 1 else _joined_day(*parts)
        if not self.clock:
            return day
        clock = _clock([rows[column].strip() for column in self.clock], self.kind)
        offset = day.re_extract(_MIDNIGHT + _OFFSET, 1)
        bare = day.re_replace(_MIDNIGHT + _NO_OFFSET, "").re_replace(_MIDNIGHT + _OFFSET, "")
        whole: Expression = ibis.ifelse(offset.re_search("[1-9]"), offset, "")
        return ibis.ifelse(clock.isnull(), day, bare + " " + clock + whole)


def _joined_day(year: Expression, month: Expression, day: Expression) -> Expression:
    year, month, day = (one.re_replace(r"\.0+$", "") for one in (year, month, day))
    year = ibis.ifelse(year.length() == 2, ibis.literal("20") + year, year)
    numbers = year + "-" + month.lpad(2, "0") + "-" + day.lpad(2, "0")
    return ibis.ifelse(month.re_search(r"^\d{1,2}$"), numbers, day + " " + month + " " + year)


def _clock(parts: Sequence[Expression], kind: str) -> Expression:
    """A clock with colons; what is none says so, that no other reading makes a time of it."""
    first = parts[0]
    if kind == CLOCK:
        bare = first.re_replace(f"{_ZERO_DAY}(.*?)Z?$", r"\1").re_replace("^T", "")
        return ibis.ifelse(first.re_search(f"^(?:{_SHAPES[FRACTION]})$"), ibis.literal(_NONE) + first, bare)
    is_one = first.re_search(f"^(?:{_SHAPES[kind]})$")
    if kind == HOUR:
        whole = [one.re_replace(r"\.0$", "").lpad(2, "0").fill_null("00") for one in parts[1:]]
        clock = first.re_replace(r"\.0$", "").lpad(2, "0")
        for one in whole or [ibis.literal("00")]:
            clock = clock + ":" + one
    elif kind == FRACTION:
        # A spreadsheet shows a few digits of the part of the day: they tell the second, not more.
        seconds = (first.replace(",", ".").try_cast("float64") * _SECONDS).round().cast("int64")
        clock = _two(seconds // 3600) + ":" + _two(seconds // 60 % 60) + ":" + _two(seconds % 60)
    elif kind == DOTS:
        clock = first.replace(".", ":")
    else:
        digits = first.lpad(4 if kind == SHORT else 6, "0")
        clock = digits.left(2) + ":" + digits.substr(2, 2)
        clock = clock if kind == SHORT else clock + ":" + digits.substr(4, 2)
    return ibis.ifelse(is_one, clock, ibis.literal(_NONE) + first)


def _two(number: Expression) -> Expression:
    return number.cast("int64").cast("string").lpad(2, "0")
