"""Accuracy and cost of the models, read from `measured.csv`, which `benchmarks/model_figures.py` writes.

A row is a model on a cut of a public data set: HR@20 and MRR@20 of next clicks, or Recall@20 and NDCG@20 of last
purchases, each from 0 to 1; `fit_s` seconds; `ms_p50` milliseconds of a question, half of them are faster; the machine,
the date, and the command that gives the row again. Timings that nobody measured are empty; a model that the protocol
does not suit has no figures, but the reason.
"""

import csv
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

FILE = Path(__file__).with_name("measured.csv")
MEASURES = {"sequences": ("HR@20", "MRR@20"), "interactions": ("Recall@20", "NDCG@20")}
"""The two measures of a row, by its protocol."""
Row = TypeVar("Row")
_READ: dict[Any, Callable[[str], Any]] = {
    str: str,
    int: int,
    float: float,
    float | None: lambda text: float(text) if text else None,
}
"""How a field of each type is read."""


@dataclass(frozen=True)
class Measured:
    """A model on a data set; the fields are the columns of the file."""

    model: str
    data: str
    protocol: str
    cases: int
    first: float | None
    second: float | None
    fit_s: float | None
    ms_p50: float | None
    machine: str
    date: str
    command: str
    reason: str = ""
    """Why there are no figures; empty where there are."""

    @property
    def accuracy(self) -> str:
        """Both measures in percent on one line, or `n/a`."""
        if self.first is None or self.second is None:
            return "n/a"
        return f"{100 * self.first:.1f}\u00a0/\u00a0{100 * self.second:.1f}"


@cache
def measured() -> dict[tuple[str, str], Measured]:
    """All rows by model and data set."""
    return {(row.model, row.data): row for row in read_rows(FILE, Measured)}


def data_sets() -> dict[str, str]:
    """The names of the data sets with their protocols, in the order of the file."""
    return {row.data: row.protocol for row in measured().values()}


def keep(rows: list[Measured]) -> None:
    """Write rows into the file, in place of those of the same model and data set; sorted by data set and model."""
    standing = measured() if FILE.exists() else {}
    known = {**standing, **{(row.model, row.data): row for row in rows}}
    order = sorted(known.values(), key=lambda row: (row.protocol != "sequences", row.data, row.model))
    write_rows(FILE, Measured, order)
    measured.cache_clear()


def read_rows(file: Path, row: type[Row]) -> list[Row]:
    """The rows of a CSV file whose columns are the fields of the data class `row`."""
    reads = {name: _READ[kind] for name, kind in get_type_hints(row).items()}
    with file.open(encoding="utf-8", newline="") as opened:
        return [row(**{name: reads[name](text) for name, text in one.items()}) for one in csv.DictReader(opened)]


def write_rows(file: Path, row: Any, rows: Iterable[Any]) -> None:
    """Write rows of the data class `row` as `read_rows` reads them; None is an empty field."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(one.name for one in fields(row))
        writer.writerows(map(astuple, rows))


def number(value: float | None) -> str:
    """A timing with two digits, thousands apart; `–` where nobody measured it."""
    return "–" if value is None else f"{value:,.0f}" if value >= 10 else f"{value:.2g}"
