"""How does a leaderboard look as a table? Texts in rows, best first; reported figures in columns of their own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kartograph.evaluation.report.numbers import (
    MISSING,
    bounds,
    count,
    is_accuracy,
    is_share,
    measured,
    milliseconds,
    seconds,
)
from kartograph.evaluation.report.records import Leaderboard
from kartograph.evaluation.report.reported import ReportedRow, ReportedTable, tables_of

FIRST_MEASURES = {
    "interactions": ("Recall@", "NDCG@"),
    "last": ("Recall@", "MRR@"),
    "mcprhrec": ("F1", "HR@"),
    "preaddl": ("F1", "accuracy"),
}
"""Measures that decide the order under a protocol whose name holds the word; HR, then MRR, elsewhere."""
_DECIDING = ("HR@", "Recall@", "NDCG@", "F1", "accuracy", "success")
_BESIDES = ("cases", "unserved")


@dataclass(frozen=True)
class Cell:
    """One value of a table."""

    text: str
    interval: str = ""
    """"low–high", empty where it is not known."""
    best: bool = False
    group: str = ""
    """Letters of the significance groups: models that share one cannot be told apart."""


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


def measures_of(board: Leaderboard) -> list[str]:
    """The measures that any model has, the deciding one first, counts last."""
    there = list(dict.fromkeys(name for figures in board.figures.values() for name in figures))
    words = next((found for word, found in FIRST_MEASURES.items() if word in _plain(board.protocol)), ())
    first = [name for start in (*words, *_DECIDING) for name in there if name.startswith(start)]
    ordered = list(dict.fromkeys([*first[:1], *there]))
    return [name for name in ordered if name not in _BESIDES]


def accuracy_of(board: Leaderboard) -> tuple[list[str], list[tuple[str, str]]]:
    """The measures of the leaderboard, and those left out with the one that they equal in every model.

    With one right answer a case, HR and Recall are the same: one column says it.
    """
    kept: list[str] = []
    same: list[tuple[str, str]] = []
    for name in (measure for measure in measures_of(board) if is_accuracy(measure)):
        twin = next((other for other in kept if _column(board, other) == _column(board, name)), None)
        if twin is None:
            kept.append(name)
        else:
            same.append((name, twin))
    return kept or measures_of(board)[:1], same


def _column(board: Leaderboard, measure: str) -> list[float | None]:
    return [row.get(measure) for row in board.figures.values()]


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
    """The reported tables that stand beside a board."""
    return tables_of(board.protocol)


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
    return Table(tuple(_heading(name) for name in measures), tuple(_heading(name) for name in beside), tuple(rows))


def beyond_table(board: Leaderboard) -> Table:
    """What lists are like besides right or wrong: every measure that is none of accuracy."""
    names = [name for name in measures_of(board) if not is_accuracy(name)]
    rows = [
        Row(model, tuple(Cell(measured(n, board.figures[model].get(n))) for n in names), ()) for model in ranked(board)
    ]
    return Table(tuple(_heading(name) for name in names), (), tuple(rows) if names else ())


def cost_table(board: Leaderboard) -> Table:
    """What each model costs: fitting, one answer, many answers, memory; cases and how many got no answer."""
    timings, figures = board.part("timings"), board.figures
    rows = []
    for model in ranked(board):
        cost = timings.get(model, {})
        texts = [
            _as(seconds, cost.get("fit_s")),
            *(_as(milliseconds, cost.get(name)) for name in ("ms_p50", "ms_p99", "ms_batch")),
            _as(count, cost.get("peak_mib")),
            _as(count, figures[model].get("cases")),
            _as(count, figures[model].get("unserved")),
        ]
        rows.append(Row(model, tuple(Cell(text) for text in texts), ()))
    headings = ("Fitting", "ms, median", "ms, 99 %", "ms, in a batch", "Peak MiB", "Cases", "Unserved")
    return Table(headings, (), tuple(rows))


def bucket_series(board: Leaderboard, part: str, measure: str) -> tuple[dict[str, dict[str, float]], list[str]]:
    """Model → bucket → value of a measure, and the buckets in order; models without buckets are left out."""
    series: dict[str, dict[str, float]] = {}
    order: dict[str, float] = {}
    for model in ranked(board):
        for bucket in board.part(part).get(model, []):
            if measure not in bucket:
                continue
            low, high = bucket.get("from"), bucket.get("to")
            name = bounds(low, high)
            order[name] = float("-inf") if low is None else low
            series.setdefault(model, {})[name] = bucket[measure]
    return series, sorted(order, key=lambda name: order[name])


def bucket_table(board: Leaderboard, part: str, measure: str) -> Table:
    """The same as a table, with the cases of each bucket in its heading."""
    series, buckets = bucket_series(board, part, measure)
    cases = {
        bounds(bucket.get("from"), bucket.get("to")): bucket.get("cases")
        for rows in board.part(part).values()
        for bucket in rows
    }
    headings = tuple(f"{name} ({count(cases[name])} cases)" if cases.get(name) else name for name in buckets)
    rows = tuple(
        Row(model, tuple(Cell(measured(measure, values.get(name))) for name in buckets), ())
        for model, values in series.items()
    )
    return Table(headings, (), rows)


def cold_table(board: Leaderboard) -> Table:
    """Each model's share of served cases and its deciding measure in each kind of cold start."""
    cold, measures = board.part("cold"), measures_of(board)
    kinds = list(dict.fromkeys(kind for cases in cold.values() for kind in cases))
    shown = {kind: _cold_measures([cases.get(kind, {}) for cases in cold.values()], measures) for kind in kinds}
    headings = tuple(f"{kind}: {_heading(name)}" for kind in kinds for name in shown[kind])
    rows = []
    for model in ranked(board):
        if model in cold:
            texts = (measured(name, cold[model].get(kind, {}).get(name)) for kind in kinds for name in shown[kind])
            rows.append(Row(model, tuple(Cell(text) for text in texts), ()))
    return Table(headings, (), tuple(rows))


def reported_table(table: ReportedTable) -> Table:
    """A reported table as it was printed, in the order of its source."""
    names = list(dict.fromkeys(name for row in table.rows for name in row.figures))
    rows = tuple(Row(row.model, (), _beside(row, names), is_reported=True) for row in table.rows)
    return Table((), tuple(_heading(name) for name in names), rows)


def _cold_measures(cases: Sequence[Mapping[str, float]], measures: Sequence[str]) -> list[str]:
    """`served` and the first measure, in the order of importance, that a kind of cold start has."""
    there = list(dict.fromkeys(name for case in cases for name in case))
    first = [name for name in [*measures, *there] if name in there and name not in ("served", *_BESIDES)]
    return [name for name in ("served", *first[:1]) if name in there]


def _groups(board: Leaderboard) -> dict[str, dict[str, str]]:
    """Measure → model → letters; where several records bring their own, the record's number stands in front."""
    telling = [record for record in board.records if record.part("significance")]
    found: dict[str, dict[str, str]] = {name: {} for name in measures_of(board)}
    for model in board.figures:
        record, own = board.record_of(model)
        for name, tests in record.part("significance").items():
            letters = tests.get("groups", {}).get(own, "")
            number = str(telling.index(record) + 1) if len(telling) > 1 and letters else ""
            found.setdefault(name, {})[model] = number + letters
    return found


def _beside(row: ReportedRow | None, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(measured(name, row.figures[name]) if row and name in row.figures else "" for name in names)


def _heading(name: str) -> str:
    return f"{name.replace('_', ' ')},\u00a0%" if is_share(name) else name.replace("_", " ")


def _as(write: Callable[[float], str], value: float | None) -> str:
    return MISSING if value is None else write(value)


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
