"""Clocks of 12 hours that do not say AM or PM: the afternoon is read as the morning."""

import pandas as pd

from kartograph.tables.engine import Rows, count_rows
from kartograph.tables.report import Report
from kartograph.tables.times import TimeRule

LEAST_ROWS = 50
"""Fewer rows may well all lie before one in the afternoon."""
LEAST_DAYS = 3
_QUARTER = 900_000
"""Zones lie whole quarters of an hour from UTC."""
_CLOCK = r"(?:^|[T\s])\d{1,2}:\d{2}"
_CERTAIN = r"(?i)\d\s*[ap]\.?\s?m\b|(?:Z|[A-Z]{3,4}|[+-]\d{2}:?\d{2})\]?$"
"""What says the half of the day, or the zone, which only programs write that know 24 hours."""


def bare_clock(texts: pd.Series) -> str | None:
    """One of the first times of a column, where all of them have clocks that say neither half of the day nor zone."""
    if texts.empty or not texts.str.contains(_CLOCK).all() or texts.str.contains(_CERTAIN).any():
        return None
    return texts.iloc[0]


def tell_half_days(example: str, rows: Rows, rule: TimeRule, report: Report) -> None:
    """Remark where times such as `example` lie on several days, and none of them before 1 or from 13 o'clock on."""
    known = rows.filter(rows.timestamp.notnull())
    quarters = known.select(at=(known.timestamp // _QUARTER).cast("int64")).distinct().to_pyarrow()["at"].to_pandas()
    local = pd.to_datetime(quarters * _QUARTER, unit="ms", utc=True).dt.tz_convert(rule.zone_info)
    count = count_rows(known)
    if count < LEAST_ROWS or local.dt.date.nunique() < LEAST_DAYS or not local.dt.hour.between(1, 12).all():
        return
    words = (
        f"all clocks lie between 1:00 and 12:59, as {example!r}: an export with 12 hours that has lost AM and PM shows "
        "the afternoon as the morning. If that is so, export 24 hours, or AM and PM"
    )
    report.remark(words, count)
