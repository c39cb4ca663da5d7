"""Writes every number of the page and its charts, so that all are written alike.

Shares are percent with two decimals and no sign, as tables of recommenders have them ("56.17"); the heading says so.
"""

import math
import re
from datetime import UTC, datetime

MISSING = "–"
"""What stands where there is no number."""
_ACCURACY = r"HR|MRR|NDCG|Recall|Precision|MAP|AP|((ROC|PR)[ -]?)?AUC|accuracy|F1|success"
_OTHER_SHARES = r"Coverage|(Category)?Diversity|Cold(Users|Items)Served|served|share"
_COUNTS = frozenset(
    {"cases", "unserved", "pairs", "positives", "negatives", "epoch", "events", "users", "items", "sessions"}
)


def is_share(measure: str) -> bool:
    """Whether a measure lies between 0 and 1 and is written in percent."""
    return bool(re.search(rf"\b({_ACCURACY}|{_OTHER_SHARES})\b", measure.replace("_", " "), re.IGNORECASE))


def is_accuracy(measure: str) -> bool:
    """Whether a measure says how right a model is: more is better."""
    return bool(re.search(rf"\b({_ACCURACY})\b", measure.replace("_", " "), re.IGNORECASE))


def is_count(measure: str) -> bool:
    """Whether a measure counts things."""
    return measure.replace("_", " ").rpartition(" ")[2] in _COUNTS


def measured(measure: str, value: float | int | None) -> str:
    """A measure's value: percent for shares, whole numbers for counts, four digits for others."""
    if not isinstance(value, int | float) or not math.isfinite(value):
        return MISSING
    if is_share(measure):
        return percent(value)
    return count(value) if is_count(measure) else f"{value:,.4g}"


def percent(share: float, digits: int = 2) -> str:
    """A share as a number of percent, without the sign: 0.5617 is "56.17"."""
    return f"{100 * share:.{digits}f}"


def count(number: float) -> str:
    """A whole number in groups of three digits."""
    return f"{number:,.0f}"


def milliseconds(value: float) -> str:
    """Milliseconds with two decimals below ten, one below a hundred, none above."""
    return f"{value:,.{2 if value < 10 else 1 if value < 100 else 0}f}"


def seconds(value: float) -> str:
    """Seconds below two minutes, then minutes and seconds, then hours and minutes."""
    if value < 120:
        return f"{value:.{1 if value < 9.95 else 0}f} s"
    whole = round(value)
    if whole < 7200:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def moment(milliseconds_utc: int) -> str:
    """A time in milliseconds since 1970 as date and minute, UTC."""
    return datetime.fromtimestamp(milliseconds_utc / 1000, UTC).strftime("%Y-%m-%d %H:%M")


def bounds(low: float | None, high: float | None) -> str:
    """The borders of a bucket: "2", "3–5", "6 and more"."""
    if low is None and high is None:
        return "all"
    if low is None:
        return f"up to {high:,.4g}"
    if high is None or math.isinf(high):
        return f"{low:,.4g} and more"
    return f"{low:,.4g}" if low == high else f"{low:,.4g}–{high:,.4g}"
