"""Accuracy and cost of the models, read from `measured.csv`, which `benchmarks/model_figures.py` writes.

A row is a model on a cut of a public data set: HR@20 and MRR@20 of next clicks, or Recall@20 and NDCG@20 of last
purchases, each from 0 to 1; `fit_s` seconds; `ms_p50` milliseconds of a question, half of them are faster; the machine,
the date, and the command that gives the row again. Timings that nobody measured are empty; a model that the protocol
does not suit has no figures, but the reason.
"""

import csv
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("measured.csv")
MEASURES = {"sequences": ("HR@20", "MRR@20"), "interactions": ("Recall@20", "NDCG@20")}
"""The two measures of a row, by its protocol."""


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
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = [_typed(row) for row in csv.DictReader(file)]
    return {(row.model, row.data): row for row in rows}


def data_sets() -> dict[str, str]:
    """The names of the data sets with their protocols, in the order of the file."""
    return {row.data: row.protocol for row in measured().values()}


def keep(rows: list[Measured]) -> None:
    """Write rows into the file, in place of those of the same model and data set; sorted by data set and model."""
    standing = measured() if FILE.exists() else {}
    known = {**standing, **{(row.model, row.data): row for row in rows}}
    order = sorted(known.values(), key=lambda row: (row.protocol != "sequences", row.data, row.model))
    names = [one.name for one in fields(Measured)]
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(["" if (value := getattr(row, name)) is None else value for name in names] for row in order)
    measured.cache_clear()


def _typed(row: dict[str, str]) -> Measured:
    numbers = {name: float(row[name]) if row[name] else None for name in ("first", "second", "fit_s", "ms_p50")}
    return Measured(**{**row, **numbers, "cases": int(row["cases"])})  # pyright: ignore[reportArgumentType]


def number(value: float | None) -> str:
    """A timing with two digits, thousands apart; `–` where nobody measured it."""
    return "–" if value is None else f"{value:,.0f}" if value >= 10 else f"{value:.2g}"
