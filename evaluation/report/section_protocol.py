"""What does the page say about one protocol? Leaderboard, cost, buckets of cases, cold starts, learning, provenance."""

import json
import re
from dataclasses import dataclass
from typing import Any

from kartograph.evaluation.report.charts_leaderboard import accuracy_against_latency, by_bucket, learning_curves
from kartograph.evaluation.report.charts_models import interval_dots
from kartograph.evaluation.report.drawn import Drawn
from kartograph.evaluation.report.leaderboard import (
    Table,
    accuracy_of,
    beyond_table,
    bucket_series,
    bucket_table,
    cold_table,
    comparable,
    cost_table,
    leaderboard_table,
    ranked,
    reported_for,
)
from kartograph.evaluation.report.numbers import count, is_share
from kartograph.evaluation.report.records import PARTS, Leaderboard

MOST_LINES = 6
"""Models in a chart of lines: the best ones; the table below it has all."""
TITLES = {
    "sequences": "Next click in a session",
    "interactions": "Next item of a user",
}
BUCKETS = {
    "by_length": ("Accuracy by length of the session", "Clicks before the answer"),
    "by_popularity": ("Accuracy by popularity of the right item", "Events on the right item in training"),
}


@dataclass(frozen=True)
class Buckets:
    """Accuracy on parts of the cases: a chart of the best models and a table of all."""

    title: str
    chart: Drawn
    table: Table


@dataclass(frozen=True)
class ProtocolSection:
    """What the template shows of one leaderboard."""

    slug: str
    title: str
    protocol: str
    cases: str
    facts: tuple[tuple[str, str], ...]
    best: tuple[str, str, str]
    """The first model, the deciding measure and its value."""
    remarks: tuple[str, ...]
    """What a reader has to know about the reported figures beside ours."""
    table: Table
    same: tuple[tuple[str, str], ...]
    """Measures without a column, each with the one that it equals."""
    beyond: Table
    cost: Table
    charts: tuple[Drawn, ...]
    buckets: tuple[Buckets, ...]
    cold: Table
    learning: tuple[Drawn, ...]
    missing: tuple[tuple[str, str], ...]
    """Parts that the records lack, with whom they lack them for."""
    correction: str
    """How the significance groups were found, empty where there are none."""
    provenance: tuple[tuple[str, str], ...]
    """Record → its options, versions and data as JSON."""


def protocol_section(board: Leaderboard, slug: str) -> ProtocolSection:
    """Draw and fill everything that the records of one leaderboard tell."""
    models, (measures, same) = ranked(board), accuracy_of(board)
    table = leaderboard_table(board)
    cases = sorted({int(row["cases"]) for row in board.figures.values() if "cases" in row}, reverse=True)
    first = next(row for row in table.rows if not row.is_reported)
    return ProtocolSection(
        slug=slug,
        title=TITLES.get(board.protocol, board.protocol),
        protocol=board.protocol,
        cases=" or ".join(count(number) for number in cases) or "unknown number of",
        facts=tuple((name.replace("_", " "), _value(value)) for name, value in board.options.items()),
        best=(models[0], measures[0], first.cells[0].text + (" %" if is_share(measures[0]) else "")),
        remarks=_remarks(board),
        table=table,
        same=tuple(same),
        beyond=beyond_table(board),
        cost=cost_table(board),
        charts=_charts(board, slug, models, measures),
        buckets=tuple(found for part in BUCKETS if (found := _buckets(board, slug, part, measures)) is not None),
        cold=cold_table(board),
        learning=_learning(board, slug),
        missing=_missing(board),
        correction=_correction(board),
        provenance=tuple((record.name, _provenance(record.content)) for record in board.records),
    )


def slug_of(text: str) -> str:
    """A text as a part of file names and anchors: small letters, digits and single hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "unnamed"


def _charts(board: Leaderboard, slug: str, models: list[str], measures: list[str]) -> tuple[Drawn, ...]:
    intervals, timings, drawn = board.part("intervals"), board.part("timings"), []
    theirs = [row for table in reported_for(board) if comparable(board, table) for row in table.rows]
    for name in measures[:2]:
        scale = 100 if is_share(name) else 1
        values = {model: scale * board.figures[model][name] for model in models if name in board.figures[model]}
        known = {
            model: [scale * limit for limit in found[:2]]
            for model in values
            if (found := intervals.get(model, {}).get(name))
        }
        reported = {row.model: scale * row.figures[name] for row in theirs if name in row.figures}
        label = f"{name}, %" if scale == 100 else name
        chart = interval_dots(values, f"{name} by model", label, known, reported)
        text = f"{name} of {len(values)} models with their intervals; the values stand in the leaderboard."
        drawn.append(Drawn.of(f"{slug}-{slug_of(name)}", chart, text))
    points = {
        model: (timings[model]["ms_p50"], timings[model].get("ms_p99", timings[model]["ms_p50"]), value * scale)
        for model in models
        if timings.get(model, {}).get("ms_p50")
        and (value := board.figures[model].get(measures[0])) is not None
        and (scale := 100 if is_share(measures[0]) else 1)
    }
    if points:
        label = f"{measures[0]}, %" if is_share(measures[0]) else measures[0]
        chart = accuracy_against_latency(points, f"{measures[0]} against latency", label)
        text = f"{measures[0]} against the time of one answer, {len(points)} models; see the table of costs."
        drawn.append(Drawn.of(f"{slug}-latency", chart, text))
    return tuple(drawn)


def _buckets(board: Leaderboard, slug: str, part: str, measures: list[str]) -> Buckets | None:
    title, axis = BUCKETS[part]
    for measure in measures:
        series, names = bucket_series(board, part, measure)
        if series:
            scale = 100 if is_share(measure) else 1
            best = dict(list(series.items())[:MOST_LINES])
            scaled = {model: {name: scale * value for name, value in row.items()} for model, row in best.items()}
            chart = by_bucket(scaled, names, title, axis, f"{measure}, %" if scale == 100 else measure)
            text = f"{measure} of the {len(best)} best models, {axis.lower()}; the table has all models."
            file = f"{slug}-{slug_of(part)}"
            return Buckets(title, Drawn.of(file, chart, text), bucket_table(board, part, measure))
    return None


def _learning(board: Leaderboard, slug: str) -> tuple[Drawn, ...]:
    """One chart for the loss and one for each measure that the epochs tell, at most three."""
    told = board.part("learning")
    measures = list(dict.fromkeys(name for epochs in told.values() for epoch in epochs for name in epoch))
    drawn = []
    for name in [name for name in measures if name != "epoch"][:3]:
        scale = 100 if is_share(name) else 1
        curves = {
            model: [(epoch["epoch"], scale * epoch[name]) for epoch in epochs if name in epoch and "epoch" in epoch]
            for model, epochs in told.items()
        }
        curves = {model: points for model, points in curves.items() if points}
        if curves:
            label = f"{name}, %" if scale == 100 else name
            chart = learning_curves(curves, f"Learning curve: {name}", label)
            text = f"{name} by epoch of {', '.join(curves)}."
            drawn.append(Drawn.of(f"{slug}-learning-{slug_of(name)}", chart, text))
    return tuple(drawn)


def _remarks(board: Leaderboard) -> tuple[str, ...]:
    remarks = []
    for table in reported_for(board):
        where = f"{table.title}: {table.source}."
        if comparable(board, table):
            remarks.append(f"{where} This leaderboard has as many cases under the same options. {table.note}")
        else:
            known = f"on {count(table.cases)} cases" if table.cases else "on a test part of their own"
            remarks.append(f"{where} Measured by others {known}, not on this test part: no comparison. {table.note}")
    return tuple(remarks)


def _missing(board: Leaderboard) -> tuple[tuple[str, str], ...]:
    everyone, gaps = len(board.figures), board.missing
    if len(gaps.get("learning", [])) < everyone:
        gaps.pop("learning", None)  # only models that learn in epochs have one
    if everyone == 1:
        gaps.pop("significance", None)
    return tuple(
        (PARTS[part], "every model" if len(models) == everyone else ", ".join(models)) for part, models in gaps.items()
    )


def _correction(board: Leaderboard) -> str:
    tests = [test for record in board.records for test in record.part("significance").values()]
    said = dict.fromkeys(
        f"paired tests (alpha {test['alpha']:g}, corrected after {str(test.get('correction', '?')).capitalize()})"
        for test in tests
        if "alpha" in test
    )
    return "; ".join(said)


def _provenance(content: dict[str, Any]) -> str:
    told = {name: content[name] for name in ("seed", "data", "versions", "options") if name in content}
    return json.dumps(told, indent=2, sort_keys=True, ensure_ascii=False)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)
