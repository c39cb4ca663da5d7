"""A leaderboard as a table: texts in rows, best first; reported figures in columns of their own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import isclose

from kartograph.evaluation.report.numbers import (
    is_accuracy,
    is_share,
    measured,
)
from kartograph.evaluation.report.record_file import BESIDES
from kartograph.evaluation.report.records import Leaderboard
from kartograph.evaluation.report.reported import ReportedRow, ReportedTable, benchmark_of, tables_of

FIRST_MEASURES = {
    "interactions": ("Recall@", "NDCG@"),
    "last": ("Recall@", "MRR@"),
    "mcprhrec": ("AUC",),
    "preaddl": ("AUC",),
    "books": ("success@3",),
}
"""Measures that decide the order under a protocol whose name holds the word: of pairs AUC, which the share of positives
leaves alone; HR, then Recall, elsewhere."""
_DECIDING = ("HR@", "Recall@", "NDCG@", "F1", "accuracy", "success")


@dataclass(frozen=True)
class Cell:
    """One value of a table."""

    text: str
    interval: str = ""
    """"low–high", empty where it is not known."""
    best: bool = False
    group: str = ""
    """Letters of the significance groups: models that share one do not differ significantly."""


@dataclass(frozen=True)
class Row:
    """One model."""

    model: str
    cells: tuple[Cell, ...]
    reported: tuple[str, ...]
    """Others' figures of this model for the reported measures, "" where there are none."""
    is_reported: bool = False
    """Whether only others have measured it."""


@dataclass(frozen=True)
class Table:
    """A table for the page; the first column is the model's."""

    headings: tuple[str, ...]
    reported: tuple[str, ...]
    """Headings of the reported columns."""
    rows: tuple[Row, ...]
    groups: tuple[tuple[str, int], ...] = ()
    """Headings above the headings, each with the number of columns below it."""


def measures_of(board: Leaderboard) -> list[str]:
    """The measures that any model has, the deciding one first, counts last."""
    there = list(dict.fromkeys(name for figures in board.figures.values() for name in figures))
    words = next((found for word, found in FIRST_MEASURES.items() if word in _plain(board.protocol)), ())
    first = [name for start in (*words, *_DECIDING) for name in there if name.startswith(start)]
    ordered = list(dict.fromkeys([*first[:1], *there]))
    return [name for name in ordered if name not in BESIDES]


def accuracy_of(board: Leaderboard) -> tuple[list[str], list[tuple[str, str]]]:
    """The measures of the leaderboard, and those left out, each with what it equals in every model.

    With one right answer a case, Recall is HR, MAP is MRR, and Precision is HR / k: one column says it.
    """
    kept: list[str] = []
    same: list[tuple[str, str]] = []
    for name in (measure for measure in measures_of(board) if is_accuracy(measure)):
        k = int(cut) if (cut := name.rpartition("@")[2]).isdigit() else 1
        for twin in kept:
            if _equal(board, name, twin, 1):
                same.append((name, twin))
                break
            if name.startswith("Precision") and _equal(board, name, twin, k):
                same.append((name, f"{twin} / {k}"))
                break
        else:
            kept.append(name)
    return kept or measures_of(board)[:1], same


def _equal(board: Leaderboard, one: str, other: str, factor: int) -> bool:
    pairs = [(row.get(one), row.get(other)) for row in board.figures.values()]
    return all(a is not None and b is not None and isclose(a * factor, b, abs_tol=1e-12) for a, b in pairs)


def ranked(board: Leaderboard) -> list[str]:
    """The models, best first by the deciding measure; ties by name, models without it last."""
    measures = measures_of(board)
    figures = board.figures
    return sorted(figures, key=lambda model: (-figures[model].get(measures[0], float("-inf")), model))


def comparable(board: Leaderboard, table: ReportedTable) -> bool:
    """Whether a reported table speaks of as many cases, under the same options, as the board."""
    cases = max((figures.get("cases", 0) for figures in board.figures.values()), default=0)
    options = {**board.options}
    return cases == table.cases and all(options.get(name) == value for name, value in table.options.items())


def reported_for(board: Leaderboard) -> list[ReportedTable]:
    """The reported tables of the data that a board was measured on; none where nobody says which it is."""
    known = (benchmark_of(record.content) for record in board.records)
    return tables_of(board.protocol, next((name for name in known if name), None))


def leaderboard_table(board: Leaderboard) -> Table:
    """The leaderboard: measures with intervals and groups, reported figures, models that only others measured last."""
    measures, models, figures = accuracy_of(board)[0], ranked(board), board.figures
    tables = reported_for(board)
    beside = [name for name in dict.fromkeys(n for table in tables for row in table.rows for n in row.figures)]
    beside = [name for name in beside if name in measures]
    best = {name: max((row[name] for row in figures.values() if name in row), default=None) for name in measures}
    theirs = {row.ours: row for table in tables for row in table.rows if row.ours in figures}
    intervals, groups = board.part("intervals"), _groups(board)
    rows = []
    for model in models:
        cells = []
        for name in measures:
            value = figures[model].get(name)
            low, high = (intervals.get(model, {}).get(name) or (None, None))[:2]
            interval = "" if low is None or high is None else f"{measured(name, low)}–{measured(name, high)}"
            cells.append(
                Cell(
                    measured(name, value),
                    interval,
                    value is not None and value == best[name],
                    groups[name].get(model, ""),
                )
            )
        rows.append(Row(model, tuple(cells), _beside(theirs.get(model), beside)))
    others = [row for table in tables for row in table.rows if row.ours not in figures]
    others.sort(key=lambda row: tuple(-row.figures.get(name, 0) for name in beside))
    rows += [Row(row.model, (), _beside(row, beside), is_reported=True) for row in others]
    return Table(tuple(heading_of(name) for name in measures), tuple(heading_of(name) for name in beside), tuple(rows))


def reported_table(table: ReportedTable) -> Table:
    """A reported table in the order of its source; a column printed under another name says so."""
    names = list(dict.fromkeys(name for row in table.rows for name in row.figures))
    rows = tuple(Row(row.model, (), _beside(row, names), is_reported=True) for row in table.rows)
    headings = (heading_of(name) + printed_as(table, name) for name in names)
    return Table((), tuple(headings), rows)


def printed_as(table: ReportedTable, name: str) -> str:
    """ " (printed as …)" for a measure whose column has another name in print, else nothing."""
    return f" (printed as {table.printed_as[name]})" if name in table.printed_as else ""


def _groups(board: Leaderboard) -> dict[str, dict[str, str]]:
    """Measure → model → letters; where several records bring their own, the record's number stands in front."""
    telling = [record for record in board.records if record.part("significance")]
    groups: dict[str, dict[str, str]] = {name: {} for name in measures_of(board)}
    for model in board.figures:
        record, own = board.record_of(model)
        for name, tests in record.part("significance").items():
            letters = tests.get("groups", {}).get(own, "")
            number = str(telling.index(record) + 1) if len(telling) > 1 and letters else ""
            groups.setdefault(name, {})[model] = number + letters
    return groups


def _beside(row: ReportedRow | None, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(measured(name, row.figures[name]) if row and name in row.figures else "" for name in names)


def heading_of(name: str) -> str:
    """A measure's name as a heading: words apart, with its unit."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", name.replace("_", " "))
    return f"{words},\u00a0%" if is_share(name) else words


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
