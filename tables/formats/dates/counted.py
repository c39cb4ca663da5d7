"""Times that are numbers: what programs count, and from when."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

DAY = 86_400_000
"""Milliseconds of a day."""
_EXCEL_EPOCH = 25_569
"""1970-01-01 as a serial number of Excel, days since 1899-12-30."""
_FIRST_YEAR = 366 * DAY
"""Numbers that are smaller than that are plausible in no count: small ones are serial numbers of days."""
_CHANGED_CALENDAR = 1_462
"""Days by which the serial numbers of older workbooks of a Mac are smaller, which count from 1904."""


@dataclass(frozen=True)
class Count:
    """A way of counting."""

    unit: float
    """Milliseconds of one."""
    start: int = 0
    """Where it begins, in milliseconds since 1970."""

    def milliseconds(self, numbers: Any) -> Any:
        """The numbers as milliseconds since 1970; a series or an expression of a table."""
        return numbers * self.unit + self.start


EPOCHS = {
    "epoch-s": Count(1_000.0),
    "epoch-ms": Count(1.0),
    "epoch-us": Count(1e-3),
    "epoch-ns": Count(1e-6),
    "epoch-days": Count(DAY),
    "ticks": Count(1e-4, -62_135_596_800_000),
    "filetime": Count(1e-4, -11_644_473_600_000),
    "webkit": Count(1e-3, -11_644_473_600_000),
    "cocoa": Count(1_000.0, 978_307_200_000),
    "julian": Count(DAY, -210_866_760_000_000),
}
"""Counts of instants: of Unix; of .NET, 100 ns since year 1; of Windows, 100 ns since 1601; of Chrome and WebKit, µs
since 1601; of Apple, seconds since 2001; of astronomers and SQLite, days since noon of 4714 BC."""
SERIALS = {"excel": Count(DAY, -_EXCEL_EPOCH * DAY), "excel-1904": Count(DAY, (_CHANGED_CALENDAR - _EXCEL_EPOCH) * DAY)}
"""Counts of local days, of spreadsheets."""
COUNTS = EPOCHS | SERIALS


def ways(numbers: "pd.Series", first: int, last: int, but: str | None) -> dict[str, tuple[datetime, datetime]]:
    """The counts but one by which all numbers lie between two times: the earliest and the latest by each."""
    found = {}
    for name, count in COUNTS.items():
        values = count.milliseconds(numbers)
        if name != but and values.between(max(first, count.start + _FIRST_YEAR), last).all():
            found[name] = (_moment(values.min()), _moment(values.max()))
    return found


def _moment(milliseconds: float) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
