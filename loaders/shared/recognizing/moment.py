"""Where the time of a row stands when its parts have columns of their own: days, clocks, years, hours."""

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from kartograph.loaders.shared.recognizing.guess import USUAL, plain_names
from kartograph.tables.errors import OptionNeeded
from kartograph.tables.formats.dates.apart import CLOCK, HOUR, Apart, clock_kind, holds_days
from kartograph.tables.formats.prepare import TableFile
from kartograph.tables.formats.read import Reader
from kartograph.tables.report import Report

_DATES = (
    *USUAL["date"], "transactiondate", "transdate", "trandate", "visitdate", "logdate", "salesdate", "clickdate",
    "viewdate",
)  # fmt: skip
_CLOCKS = (
    "time", "ordertime", "eventtime", "purchasetime", "invoicetime", "transactiontime", "transtime", "trantime",
    "visittime", "saletime", "timeofday", "clock",
)  # fmt: skip
"""Names that are usual for times of day beside a column of days."""
_DAY = (("year", "yyyy"), ("month", "mon", "mm", "monthofyear"), ("day", "dd", "mday", "dayofmonth"))
_CLOCK = {
    "hour": ("hour", "hr", "hh", "hourofday"), "minute": ("minute", "mi", "min"), "second": ("second", "sec", "ss"),
}  # fmt: skip
_BEFORE_HOURS = ("", "order", "event", "purchase", "transaction", "invoice", "visit", "sale", "log")
_OF_OTHERS = re.compile(r"birth|born|release|expir|card|model|publi|signup|regist|join")
"""What stands before the year of something else than the event."""


def with_parts(reader: Reader, table: TableFile, columns: Mapping[str, str]) -> dict[str, str]:
    """The columns of each part, with those of the parts of a time: `date` and `time`, `year` … `day`, `hour` ….

    Whether a column holds days or clocks is seen in its first rows. Raises `BadInput` where clocks have no day.
    """
    present, columns = table.layout.columns, dict(columns)
    if "date" in columns:
        return columns
    time, years = columns.get("time"), _year_month_day(present, columns)
    if time is None or time in years.values():
        columns.pop("time", None)
        if not years:
            return columns if time is None else columns | {"time": time}
        return columns | years | _hours(reader, table, columns, years)
    texts = reader.peek(table, [time])[time]
    if kind := clock_kind(texts):
        dates = [date for date in _free(_DATES, present, columns) if date not in years.values()]
        if dates and holds_days(reader.peek(table, dates[:1])[dates[0]]):
            return columns | {"date": dates[0]}
        if years:
            return columns | years
        if dates and kind == CLOCK:  # it has its own clock
            return columns | {"time": dates[0]}
        if kind == CLOCK:
            raise OptionNeeded(
                f"Column {time!r} of {table.shown} holds times of day, such as {texts.dropna().iloc[0]!r}, and no "
                "column has a usual name for days. Name it with --date."
            )
        return columns
    if holds_days(texts):
        for clock in _free(_CLOCKS, present, columns):
            if clock_kind(reader.peek(table, [clock])[clock]):
                return columns | {"date": time, "time": clock}
        if hours := _hours(reader, table, columns, {}):
            return {part: column for part, column in columns.items() if part != "time"} | {"date": time} | hours
    return columns


def moment_of(reader: Reader, table: TableFile, columns: Mapping[str, str]) -> str | Apart | None:
    """The column of times, or those of their parts, None where there is none."""
    day = tuple(columns[part] for part in ("year", "month", "day") if part in columns)
    day = day or ((columns["date"],) if "date" in columns else ())
    if not day:
        return columns.get("time")
    if "time" not in columns:
        return Apart(day, tuple(columns[part] for part in _CLOCK if part in columns), HOUR)
    texts = reader.peek(table, [columns["time"]])[columns["time"]]
    return Apart(day, (columns["time"],), clock_kind(texts, hours=True) or CLOCK)


def first_times(reader: Reader, table: TableFile, column: str | None) -> pd.Series:
    """The first texts of a column of times, without blanks around them; none without a column."""
    texts = pd.Series(dtype="string") if column is None else reader.peek(table, [column])[column]
    return texts.dropna().astype("string").str.strip()


def tell_clocks(moment: str | Apart | None, report: Report, rows: int, without: int) -> None:
    """Note how clocks are read that are only digits, and rows that have a day and no clock."""
    if not isinstance(moment, Apart) or not moment.clock:
        return
    if moment.kind not in (CLOCK, HOUR):
        report.note(f"values of {moment.clock[0]!r} that are clocks, written as {moment.kind}", rows - without)
    report.note(f"rows without {moment.clock[0]}, read as midnight", without)


def _year_month_day(present: Sequence[str], taken: Mapping[str, str]) -> dict[str, str]:
    """The columns of years, months and days whose names have the same beginning, the shortest one first."""
    used = set(taken.values()) - {taken.get("time")}
    plain = {name: column for name, column in plain_names(present).items() if column not in used}
    starts = sorted({name.removesuffix(end) for name in plain for end in _DAY[0] if name.endswith(end)}, key=len)
    for start in starts:
        parts = [next((plain[start + end] for end in ends if start + end in plain), None) for ends in _DAY]
        if not _OF_OTHERS.search(start) and None not in parts:
            return {part: column for part, column in zip(("year", "month", "day"), parts, strict=True) if column}
    return {}


def _hours(reader: Reader, table: TableFile, taken: Mapping[str, str], years: Mapping[str, str]) -> dict[str, str]:
    """The columns of hours, and of minutes and seconds beside them; one of clocks that is called hour is a time."""
    used = {*taken.values(), *years.values()}
    plain = {name: column for name, column in plain_names(table.layout.columns).items() if column not in used}
    for start in _BEFORE_HOURS:
        parts = {
            part: next((plain[start + end] for end in ends if start + end in plain), None)
            for part, ends in _CLOCK.items()
        }
        if hour := parts["hour"]:
            kind = clock_kind(reader.peek(table, [hour])[hour], hours=True)
            if kind != HOUR:
                return {"time": hour} if kind else {}
            finer = ("minute", "second") if parts["minute"] else ()
            return {"hour": hour} | {part: column for part in finer if (column := parts[part])}
    return {}


def _free(names: Sequence[str], columns: Sequence[str], taken: Mapping[str, str]) -> list[str]:
    plain = plain_names(columns)
    return list(dict.fromkeys(plain[name] for name in names if name in plain and plain[name] not in taken.values()))
