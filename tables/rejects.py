"""Rejected rows: the file they go to, and the limit above which a load refuses."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from kartograph.tables.errors import BadInput, OptionNeeded
from kartograph.tables.report import counted
from kartograph.tables.whole import make_private

COLUMNS = ("file", "line", "column", "value", "reason")
_NAMED = 3
_SHOWN = 80


@dataclass(frozen=True)
class Reject:
    """One bad row."""

    file: Path
    line: int
    """Physical line of the file, 1 is the first (CSV), the row from 1 (Parquet), or its `iloc` (data frame)."""
    column: str
    """The column at fault; empty where the whole line is."""
    value: str
    """What stood there: the value, or the line where the whole line is at fault."""
    reason: str
    is_frame: bool = False
    """Whether the row is one of a data frame."""

    def __str__(self) -> str:
        """The row in words, cut to a length that fits a message."""
        value = self.value if len(self.value) <= _SHOWN else self.value[:_SHOWN] + "…"
        position = f"iloc[{self.line}] of {self.file}" if self.is_frame else f"{self.file.name} line {self.line}"
        return f"{position}: {self.reason} ({value!r})" if value else f"{position}: {self.reason}"


@dataclass(frozen=True)
class RejectLimit:
    """How many bad rows a load bears before it refuses."""

    share: float | None = 0.1
    """Highest share of bad rows in any one table that is read, from 0 to 1; None for no such limit."""
    rows: int | None = None
    """Highest number of bad rows in all tables together; None for no such limit."""

    def __post_init__(self) -> None:
        """Refuse limits outside their range."""
        if self.share is not None and not 0 <= self.share <= 1:
            raise BadInput(f"The highest share of rejected rows is {self.share}, allowed is 0 to 1.")
        if self.rows is not None and self.rows < 0:
            raise BadInput(f"The highest number of rejected rows is {self.rows}, allowed is 0 or more.")

    def passed(self, name: str, rejected: int, rows: int, total: int) -> str | None:
        """In words that `rejected` of `rows` of table `name`, or `total` of all tables, pass the limit; else None."""
        if self.share is not None and rejected > self.share * rows:
            allowed = f"{self.share:.1%} of its rows"
        elif self.rows is not None and total > self.rows:
            allowed = counted(self.rows, "row")
        else:
            return None
        return f"{rejected} of {rows} rows of {name} are bad; the limit is {allowed}."

    @classmethod
    def parse(cls, text: str) -> "RejectLimit":
        """Read `10%` as a share and `500` as a number of rows."""
        try:
            if text.strip().endswith("%"):
                return cls(share=float(text.strip()[:-1]) / 100)
            return cls(share=None, rows=int(text))
        except ValueError:
            raise BadInput(
                f"{text!r} is no limit for rejected rows. Give a share such as 10% or a number of rows such as 500."
            ) from None


class Rejects:
    """Writes bad rows to a CSV file, which is made with the first of them, and remembers the first few."""

    def __init__(self, path: Path, limit: RejectLimit) -> None:
        """Bad rows go to `path`; a file of an earlier load is removed."""
        self.path = path
        self.limit = limit
        self.count = 0
        self.first: list[Reject] = []
        try:
            make_private(path.parent)
            path.unlink(missing_ok=True)
        except OSError as error:
            raise BadInput(f"Rejected rows cannot be written to {path}: {error}. Name another file.") from error

    def add(self, rejects: Iterable[Reject]) -> None:
        """Write more bad rows; none of them leaves no file."""
        rejects = iter(rejects)
        first = next(rejects, None)
        if first is None:
            return
        with self.path.open("a", encoding="utf-8", newline="") as file:
            write = csv.writer(file)
            for reject in chain([first], rejects):
                if self.count == 0:
                    write.writerow(COLUMNS)
                if len(self.first) < _NAMED:
                    self.first.append(reject)
                self.count += 1
                write.writerow((reject.file, reject.line, reject.column, reject.value, reject.reason))

    def check(self, name: str, rejected: int, rows: int) -> None:
        """Refuse the load where `rejected` of the `rows` of table `name`, or all so far, pass the limit."""
        passed = self.limit.passed(name, rejected, rows, self.count)
        if passed is None:
            return
        named = "; ".join(map(str, self.first))
        raise OptionNeeded(
            f"{passed} The first: {named}. All of them stand in {self.path}. Correct the file, or raise the limit of "
            "rejected rows (--max-rejects)."
        )
