"""Times as numbers that may count from another moment than 1970: Apple's count from 2001, 31 years later."""

import pandas as pd

from kartograph.tables.formats.dates.counted import ways
from kartograph.tables.report import Report
from kartograph.tables.times import TimeRule

_FEWEST_DIGITS = 9
"""Shorter numbers are days and years."""


def tell_counts(texts: pd.Series, rule: TimeRule, report: Report) -> None:
    """Remark where the first times of a column are numbers that another count makes plausible as well."""
    if (
        rule.format is not None
        or texts.empty
        or not texts.str.fullmatch(rf"[0-9]{{{_FEWEST_DIGITS},10}}(\.[0-9]+)?").all()
    ):
        return
    numbers = pd.to_numeric(texts).astype("float64")
    fitting = ways(numbers, rule.first, rule.last, None)
    usual = fitting.pop("epoch-s", None)
    if usual is None or not fitting:
        return
    words = ", ".join(f"as {name} {low:%Y-%m-%d} to {high:%Y-%m-%d}" for name, (low, high) in fitting.items())
    report.remark(
        f"times that are read as seconds since 1970, {usual[0]:%Y-%m-%d} to {usual[1]:%Y-%m-%d} in the first rows; "
        f"they would be {words}: if that is right, say --time-format {next(iter(fitting))}",
        len(numbers),
    )
