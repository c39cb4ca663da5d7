"""Other calendars than the Gregorian one, told by years that are implausible in it. They are named, not read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pandas as pd

_YEAR = r"^(\d{4})(?=\d{4}$)|(?<!\d)(\d{4})(?!\d)"
"""The year of a day: the first four of eight digits, or four digits by themselves."""


@dataclass(frozen=True)
class _Calendar:
    name: str
    behind: int
    """Years that it is behind the Gregorian calendar around `of`."""
    of: int = 0
    length: float = 1.0
    """Of its year, in Gregorian years."""

    def gregorian(self, years: pd.Series) -> pd.Series:
        """The Gregorian years in which these begin, or nearly so."""
        return (years - self.of) * self.length + self.of + self.behind


_CALENDARS = (
    _Calendar("Buddhist (Thai)", -543),
    _Calendar("Persian (solar Hijri)", 621),
    _Calendar("Islamic (lunar Hijri)", 579, of=1421, length=354.367 / 365.2425),
)


def other_calendar(texts: Sequence[str], first: int, last: int) -> str:
    """A sentence on the calendar in which all days lie between two moments (ms UTC); empty where there is none."""
    years = pd.to_numeric(pd.Series(list(texts), dtype="string").str.extract(_YEAR).bfill(axis=1)[0])
    if years.empty or years.isna().any():
        return ""
    least, most = (datetime.fromtimestamp(at / 1000, UTC).year for at in (first, last))
    for calendar in _CALENDARS:
        gregorian = calendar.gregorian(years.astype("float64")).round()
        if gregorian.between(least - 1, most).all():
            return (
                f"As years of the {calendar.name} calendar they would be about {gregorian.min():.0f} to "
                f"{gregorian.max():.0f}. Days are read in the Gregorian one: write them in it, as 2024-03-05."
            )
    return ""
