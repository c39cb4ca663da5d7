"""Charts of evaluation records: latency, buckets of cases, learning curves."""

from collections.abc import Mapping, Sequence
from math import log10

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

from kartograph.evaluation.report.charts.common import ACCENT, GREY, INK, LINES, MARKERS, colours_of, new_figure, styled
from kartograph.evaluation.report.numbers import milliseconds

LABEL_HEIGHT, LABEL_WIDTH = 0.06, 0.22
"""Room that a model's name takes, as shares of the chart's height and width."""


@styled
def accuracy_against_latency(points: Mapping[str, tuple[float, float, float]], title: str, value_label: str) -> Figure:
    """Each model at (median ms, value), with a line to its 99th percentile; `points` are (p50 ms, p99 ms, value).

    Models that nothing beats in both are drawn in the accent: the frontier.
    """
    figure, axes = new_figure(title, height=3.8)
    front = {
        name
        for name, (p50, _, value) in points.items()
        if not any(
            (other[0] <= p50 and other[2] >= value) and (other[0], other[2]) != (p50, value)
            for other in points.values()
        )
    }
    for name, (p50, p99, value) in points.items():
        colour = ACCENT if name in front else GREY
        axes.plot([p50, max(p99, p50)], [value, value], color=colour, linewidth=1, alpha=0.6)
        axes.plot(p50, value, "o", markersize=5.5, color=colour)
    axes.set_xscale("log")
    axes.margins(x=0.18, y=0.1)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: milliseconds(value)))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("Milliseconds for one answer, median to 99th percentile (log scale)")
    axes.set_ylabel(value_label)
    labelled(axes, {name: (p50, value) for name, (p50, _, value) in points.items()}, front)
    return figure


@styled
def by_bucket(
    series: Mapping[str, Mapping[str, float]], buckets: Sequence[str], title: str, axis_label: str, value_label: str
) -> Figure:
    """One line a model over buckets of cases: `series` is model → bucket → value; the legend is in order of values."""
    figure, axes = new_figure(title, height=3.6)
    for position, (name, colour) in enumerate(colours_of(list(series)).items()):
        x = [n for n, bucket in enumerate(buckets) if bucket in series[name]]
        y = [series[name][buckets[n]] for n in x]
        axes.plot(x, y, _look(position), color=colour, label=name, markersize=4.5, linewidth=1.3)
    axes.set_xticks(range(len(buckets)), [bucket.replace(" and more", "+") for bucket in buckets])
    axes.set_xlabel(axis_label)
    axes.set_ylabel(value_label)
    axes.set_ylim(bottom=0)
    figure.legend(loc="outside lower left", ncols=3)
    return figure


@styled
def learning_curves(curves: Mapping[str, Sequence[tuple[float, float]]], title: str, value_label: str) -> Figure:
    """One line a model through its (epoch, value) points, in the order given."""
    figure, axes = new_figure(title, height=3.2)
    for position, (name, colour) in enumerate(colours_of(list(curves)).items()):
        x, y = zip(*curves[name], strict=True)
        axes.plot(x, y, _look(position), color=colour, label=name, markersize=4.5, linewidth=1.3)
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    axes.set_xlabel("Epoch")
    axes.set_ylabel(value_label)
    figure.legend(loc="outside lower left", ncols=3)
    return figure


def _look(position: int) -> str:
    return MARKERS[position % len(MARKERS)] + LINES[position // len(MARKERS) % len(LINES)]


def labelled(axes: Axes, points: Mapping[str, tuple[float, float]], strong: set[str]) -> None:
    """Write each name above its point, moved up where another one is in the way; x is logarithmic."""
    low, high = axes.get_ylim()
    left, right = (log10(limit) for limit in axes.get_xlim())
    gap, width = LABEL_HEIGHT * (high - low), LABEL_WIDTH * (right - left)
    placed: list[tuple[float, float]] = []
    for name, (x, y) in sorted(points.items(), key=lambda point: (point[1][1], point[0])):
        height = y
        while any(abs(log10(x) - at) < width and abs(height - there) < gap for at, there in placed):
            height += gap / 4
        placed.append((log10(x), height))
        axes.annotate(
            name,
            (x, height),
            (0, 5),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=7.5,
            color=INK if name in strong else GREY,
            path_effects=[withStroke(linewidth=2.5, foreground="white")],  # readable where another line passes
        )
