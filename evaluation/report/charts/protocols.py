"""Chooses a leaderboard's charts: figures with intervals, latency, pairs, parts of the cases, learning curves."""

import re
from dataclasses import dataclass

import numpy as np

from kartograph.evaluation.report.board_tables import bucket_series, bucket_table
from kartograph.evaluation.report.charts.chart import Chart
from kartograph.evaluation.report.charts.clusters import cluster_scatter
from kartograph.evaluation.report.charts.leaderboard import accuracy_against_latency, by_bucket, learning_curves
from kartograph.evaluation.report.charts.models import grouped_bars, interval_dots
from kartograph.evaluation.report.leaderboard import Table, comparable, reported_for
from kartograph.evaluation.report.numbers import is_share
from kartograph.evaluation.report.records import Leaderboard

MOST_LINES = 6
"""Models in a chart of lines: the best ones; the table below it has all."""
LONGEST_NAME = 20
"""Of a cluster in a legend, after its most central item; longer ones end in three dots."""
PAIR_MEASURES = ("accuracy", "precision", "recall", "F1")
"""The four figures of the papers on pairs; a board that has them gets bars with the reported ones beside."""
BUCKETS = {
    "by_length": ("Accuracy by length of the session", "Clicks before the answer"),
    "by_popularity": ("Accuracy by popularity of the right item", "Events on the right item in training"),
}


@dataclass(frozen=True)
class Buckets:
    """Accuracy on parts of the cases: a chart of the best models and a table of all."""

    title: str
    chart: Chart
    table: Table


def slug_of(text: str) -> str:
    """A text as a part of file names and anchors: small letters, digits and single hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "unnamed"


def leaderboard_charts(board: Leaderboard, slug: str, models: list[str], measures: list[str]) -> tuple[Chart, ...]:
    """The first two measures with intervals, the papers' four figures of pairs, accuracy against latency, clusters.

    What the records do not tell is left out.
    """
    intervals, timings, charts = board.part("intervals"), board.part("timings"), []
    theirs = [row for table in reported_for(board) if comparable(board, table) for row in table.rows]
    of_pairs = all(name in measures for name in PAIR_MEASURES)
    for name in measures[: 1 if of_pairs else 2]:
        scale = 100 if is_share(name) else 1
        values = {model: scale * board.figures[model][name] for model in models if name in board.figures[model]}
        known = {
            model: [scale * limit for limit in interval[:2]]
            for model in values
            if (interval := intervals.get(model, {}).get(name))
        }
        reported = {row.model: scale * row.figures[name] for row in theirs if name in row.figures}
        label = f"{name}, %" if scale == 100 else name
        chart = interval_dots(values, f"{name} by model", label, known, reported)
        text = f"{name} of {len(values)} models with their intervals; the values stand in the leaderboard."
        charts.append(Chart.of(f"{slug}-{slug_of(name)}", chart, text))
    if of_pairs:
        charts.append(_pair_chart(board, slug, models))
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
        charts.append(Chart.of(f"{slug}-latency", chart, text))
    return tuple(charts + _cluster_charts(board, slug))


def _cluster_charts(board: Leaderboard, slug: str) -> list[Chart]:
    """The clusters of the items in a plane where what is alike lies close, for each record that tells it."""
    charts = []
    for position, record in enumerate(board.records):
        if plane := record.part("layout"):
            points = np.array(plane["points"])
            names = [name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…" for name in plane["names"]]
            title = f"Clusters of the items: {plane.get('division', 'agglomerative')}"
            chart = cluster_scatter(points, np.array(plane["clusters"]), title, names, plane["medoids"])
            text = f"{len(points):,} items in {len(names)} clusters, by two dimensions of their distances."
            charts.append(Chart.of(f"{slug}-clusters-{position}", chart, text))
    return charts


def _pair_chart(board: Leaderboard, slug: str, models: list[str]) -> Chart:
    """The papers' four figures of every model, the reported ones hatched beside them."""
    figures = {
        model: {n: 100 * board.figures[model][n] for n in PAIR_MEASURES if n in board.figures[model]}
        for model in models
    }
    reported = {
        row.ours if row.ours in figures else f"{row.model} *": {n: 100 * value for n, value in row.figures.items()}
        for table in reported_for(board)
        for row in table.rows
        if row.ours
    }
    chart = grouped_bars(figures, "Pairs classified", "Percent", reported, limits=(0, 115))
    return Chart.of(f"{slug}-pairs", chart, "Accuracy, precision, recall and F1 by model, reported figures hatched.")


def bucket_parts(board: Leaderboard, slug: str, part: str, measures: list[str]) -> Buckets | None:
    """The first measure that a part of `BUCKETS` tells, of the best models; None where it tells none."""
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
            return Buckets(title, Chart.of(file, chart, text), bucket_table(board, part, measure))
    return None


def learning_charts(board: Leaderboard, slug: str) -> tuple[Chart, ...]:
    """One chart for the loss and one for each measure that the epochs tell, at most three."""
    by_model = board.part("learning")
    measures = list(dict.fromkeys(name for epochs in by_model.values() for epoch in epochs for name in epoch))
    charts = []
    for name in [name for name in measures if name != "epoch"][:3]:
        scale = 100 if is_share(name) else 1
        curves = {
            model: [(epoch["epoch"], scale * epoch[name]) for epoch in epochs if name in epoch and "epoch" in epoch]
            for model, epochs in by_model.items()
        }
        curves = {model: points for model, points in curves.items() if points}
        if curves:
            label = f"{name}, %" if scale == 100 else name
            chart = learning_curves(curves, f"Learning curve: {name}", label)
            text = f"{name} by epoch of {', '.join(curves)}."
            charts.append(Chart.of(f"{slug}-learning-{slug_of(name)}", chart, text))
    return tuple(charts)
