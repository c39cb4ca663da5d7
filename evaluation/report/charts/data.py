"""Charts of a shop's data: those that the PRE-ADDL paper draws, in its order."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

from kartograph.evaluation.report.charts.common import ACCENT, GREY, LIGHT, new_figure, styled
from kartograph.evaluation.report.numbers import count

THOUSANDS = FuncFormatter(lambda value, _: count(value))


@styled
def counted_bars(
    counts: Sequence[tuple[str, int]], title: str, value_label: str, highlight: frozenset[str] = frozenset()
) -> Figure:
    """One bar a name, in the order given, with its count beside it; names in `highlight` stand out."""
    figure, axes = new_figure(title, height=0.95 + 0.21 * max(len(counts), 3))
    names = [name for name, _ in counts]
    colours = [ACCENT if not highlight or name in highlight else GREY for name in names]
    axes.barh(range(len(names)), [number for _, number in counts], 0.72, color=colours)
    for position, (_, number) in enumerate(counts):
        axes.annotate(count(number), (number, position), (3, 0), textcoords="offset points", va="center", fontsize=7.5)
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(max(len(names), 3) - 0.4, -0.6)
    axes.grid(axis="y", visible=False)
    axes.spines["left"].set_color(LIGHT)
    axes.margins(x=0.12)
    axes.set_xlabel(value_label)
    _whole(axes, "x")
    return figure


@styled
def purchase_histogram(users_by_purchases: Mapping[int, int], title: str) -> Figure:
    """Users against the number of their purchases, both on a log scale."""
    figure, axes = new_figure(title)
    numbers = sorted(users_by_purchases)
    axes.loglog(
        numbers, [users_by_purchases[number] for number in numbers], "o", markersize=4, color=ACCENT, clip_on=False
    )
    axes.set_ylim(bottom=0.8)
    axes.set_xlim(0.9, 1.3 * max(10, *numbers))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(THOUSANDS)
        axis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("Purchases of a user (log scale)")
    axes.set_ylabel("Users (log scale)")
    return figure


@styled
def purchases_by_hour(counts: Sequence[int], title: str) -> Figure:
    """Purchases in each hour of the day, the peak in the accent."""
    figure, axes = new_figure(title)
    peak = max(counts, default=0)
    axes.bar(range(len(counts)), counts, 0.8, color=[ACCENT if number == peak else GREY for number in counts])
    axes.set_xticks(range(0, 24, 3), [f"{hour:02d}" for hour in range(0, 24, 3)])
    axes.grid(axis="x", visible=False)
    axes.set_xlabel("Hour of the day (UTC)")
    axes.set_ylabel("Purchases")
    _whole(axes, "y")
    return figure


def _whole(axes: Axes, which: str) -> None:
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(MaxNLocator(5, integer=True))
    axis.set_major_formatter(THOUSANDS)
