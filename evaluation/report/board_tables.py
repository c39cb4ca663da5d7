"""Further tables of a leaderboard: beyond accuracy, cost, calls, folds, parts of the cases, cold starts."""

from collections.abc import Callable, Mapping, Sequence

from kartograph.evaluation.report.leaderboard import (
    Cell,
    Row,
    Table,
    heading_of,
    measures_of,
    ranked,
)
from kartograph.evaluation.report.numbers import MISSING, bounds, count, is_accuracy, measured, milliseconds, seconds
from kartograph.evaluation.report.record_file import BESIDES, CONFUSION
from kartograph.evaluation.report.records import Leaderboard

COSTS: dict[str, tuple[str, Callable[[float], str]]] = {
    "fit_s": ("Fitting", seconds),
    "ms_p50": ("ms, median", milliseconds),
    "ms_p99": ("ms, 99 %", milliseconds),
    "ms_batch": ("ms, in a batch", milliseconds),
    "epochs": ("Epochs", count),
    "test_s": ("Test", seconds),
    "response_s": ("Response", seconds),
    "peak_mib": ("Peak MiB", count),
    "cases": ("Cases", count),
    "pairs": ("Pairs", count),
    "unserved": ("Unserved", count),
}
"""What a model costs, by the records' names, as headings and how each is written."""


def beyond_table(board: Leaderboard) -> Table:
    """What lists are like besides right or wrong: every measure that is none of accuracy."""
    names = [name for name in measures_of(board) if not is_accuracy(name)]
    rows = [
        Row(model, tuple(Cell(measured(n, board.figures[model].get(n))) for n in names), ()) for model in ranked(board)
    ]
    return Table(tuple(heading_of(name) for name in names), (), tuple(rows) if names else ())


def cost_table(board: Leaderboard) -> Table:
    """What each model costs: fitting, one answer, many answers, memory; cases and how many got no answer.

    Columns that no record tells are left out.
    """
    models = ranked(board)
    costs = {model: {**board.figures[model], **board.part("timings").get(model, {})} for model in models}
    shown = [name for name in COSTS if any(name in values for values in costs.values())]
    rows = []
    for model in models:
        texts = (COSTS[name][1](costs[model][name]) if name in costs[model] else MISSING for name in shown)
        rows.append(Row(model, tuple(Cell(text) for text in texts), ()))
    return Table(tuple(COSTS[name][0] for name in shown), (), tuple(rows))


def confusion_table(board: Leaderboard) -> Table:
    """How many pairs each model called right and wrong; empty where no record of pairs is among the board's."""
    counted = board.part("confusion")
    rows = []
    for model in ranked(board):
        counts = counted.get(model, board.figures[model])
        if all(name in counts for name in CONFUSION):
            rows.append(Row(model, tuple(Cell(count(counts[name])) for name in CONFUSION), ()))
    return Table(tuple(heading_of(name) for name in CONFUSION), (), tuple(rows))


def splits_table(board: Leaderboard) -> Table:
    """The deciding measure in every window or fold, where there are several."""
    splits = board.part("splits")
    name = next(
        (name for name in measures_of(board) for rows in splits.values() if any(name in row for row in rows)), ""
    )
    rows = tuple(
        Row(model, tuple(Cell(measured(name, split.get(name))) for split in splits[model]), ())
        for model in ranked(board)
        if model in splits and name
    )
    longest = max((len(row.cells) for row in rows), default=0)
    return Table(tuple(f"{heading_of(name)} {number}" for number in range(1, longest + 1)), (), rows)


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
    """Each model's share of served cases and its deciding measure in each kind of cold start, kinds side by side."""
    cold, measures = board.part("cold"), measures_of(board)
    kinds = list(dict.fromkeys(kind for cases in cold.values() for kind in cases))
    shown = {kind: _cold_measures([cases.get(kind, {}) for cases in cold.values()], measures) for kind in kinds}
    groups = []
    for kind in kinds:
        cases = next((of_model[kind]["cases"] for of_model in cold.values() if "cases" in of_model.get(kind, {})), None)
        groups.append((kind if cases is None else f"{kind} ({count(cases)})", len(shown[kind])))
    headings = tuple(heading_of(name) for kind in kinds for name in shown[kind])
    rows = []
    for model in ranked(board):
        if model in cold:
            texts = (measured(name, cold[model].get(kind, {}).get(name)) for kind in kinds for name in shown[kind])
            rows.append(Row(model, tuple(Cell(text) for text in texts), ()))
    return Table(headings, (), tuple(rows), tuple(groups))


def _cold_measures(cases: Sequence[Mapping[str, float]], measures: Sequence[str]) -> list[str]:
    """`served` and the first measure, in the order of importance, that a kind of cold start has."""
    there = list(dict.fromkeys(name for case in cases for name in case))
    first = [name for name in [*measures, *there] if name in there and name not in ("served", *BESIDES)]
    return [name for name in ("served", *first[:1]) if name in there]
