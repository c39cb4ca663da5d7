"""Bars of several measures for several models, with what others reported hatched beside ours."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from kartograph.evaluation.report.charts.common import GREY, INK, LIGHT, PALETTE, new_figure, styled

Figures = Mapping[str, Mapping[str, float]]
"""Model → measure → value; a measure that a model lacks is left out of its group."""
Intervals = Mapping[str, Mapping[str, Sequence[float]]]
"""Model → measure → [low, high]."""


GAP = 0.8
"""Room between the bars of two models, in bars."""


@styled
def grouped_bars(
    figures: Figures,
    title: str,
    value_label: str,
    reported: Figures | None = None,
    intervals: Intervals | None = None,
    limits: tuple[float, float] | None = None,
) -> Figure:
    """One group of bars a model, one bar a measure; `reported` values stand hatched beside the measured ones.

    A model may stand in `figures`, in `reported` or in both. `intervals` are drawn on the measured bars. `limits` are
    those of the values' axis; by default it begins at 0. The figure grows with the number of bars.
    """
    reported, intervals = reported or {}, intervals or {}
    models = list(dict.fromkeys([*figures, *reported]))
    rows = [row for values in (figures, reported) for row in values.values()]
    measures = list(dict.fromkeys(measure for row in rows for measure in row))
    bars = [(model, measure, source) for model in models for measure in measures for source in (figures, reported)]
    bars = [(model, measure, source) for model, measure, source in bars if measure in source.get(model, {})]
    places = [position + GAP * models.index(model) for position, (model, _, _) in enumerate(bars)]
    figure, axes = new_figure(title, height=1.1 + 0.17 * (len(bars) + GAP * len(models)))
    for y, (model, measure, source) in zip(places, bars, strict=True):
        value, colour = source[model][measure], PALETTE[measures.index(measure) % len(PALETTE)]
        hatch, face = ("////", "white") if source is reported else (None, colour)
        axes.barh(y, value, 0.86, facecolor=face, edgecolor=colour, hatch=hatch)
        low, high = value, value
        if source is figures and measure in intervals.get(model, {}):
            low, high = intervals[model][measure]
            axes.errorbar(value, y, xerr=[[value - low], [high - value]], color=INK, linewidth=1, capsize=2)
        axes.annotate(f"{value:.4g}", (high, y), (3, 0), textcoords="offset points", va="center", fontsize=7)
    _models_axis(axes, models, [_middle(places, bars, model) for model in models], max(places, default=0))
    axes.set_xlabel(value_label)
    if limits:
        axes.set_xlim(*limits)
    handles = [Patch(facecolor=PALETTE[n % len(PALETTE)], label=measure) for n, measure in enumerate(measures)]
    if reported:
        handles.append(Patch(facecolor="white", edgecolor=GREY, hatch="////", label="reported"))
    figure.legend(handles=handles, loc="outside lower left", ncols=3)
    return figure


@styled
def interval_dots(
    values: Mapping[str, float],
    title: str,
    value_label: str,
    intervals: Mapping[str, Sequence[float]] | None = None,
    reported: Mapping[str, float] | None = None,
) -> Figure:
    """One row a model, best on top: a dot at its value with its interval; reported values as hollow diamonds."""
    intervals, reported = intervals or {}, reported or {}
    everything = {**{name: (value, False) for name, value in values.items()}}
    everything |= {f"{name} *": (value, True) for name, value in reported.items()}
    names = sorted(everything, key=lambda name: (-everything[name][0], name))
    figure, axes = new_figure(title, height=0.9 + 0.24 * max(len(names), 2))
    best = max(values.values(), default=None)
    for position, name in enumerate(names):
        value, is_reported = everything[name]
        if is_reported:
            axes.plot(value, position, "D", markersize=5, markerfacecolor="white", markeredgecolor=GREY)
            continue
        colour = PALETTE[0] if value == best else INK
        if name in intervals:
            axes.plot(list(intervals[name]), [position, position], color=colour, linewidth=2.5, solid_capstyle="butt")
        axes.plot(value, position, "o", markersize=4.5, color=colour)
    _models_axis(axes, names, range(len(names)), len(names) - 1)
    axes.set_xlabel(value_label + ("   (◇ and * reported by others)" if reported else ""))
    return figure


def _middle(places: Sequence[float], bars: Sequence[tuple], model: str) -> float:
    own = [position for position, bar in zip(places, bars, strict=True) if bar[0] == model]
    return sum(own) / len(own) if own else 0


def _models_axis(axes: Axes, models: Sequence[str], places: Sequence[float], last: float) -> None:
    axes.set_yticks(places, models)
    axes.set_ylim(last + 0.6, -0.6)
    axes.grid(axis="y", visible=False)
    axes.margins(x=0.12)
    axes.spines["left"].set_color(LIGHT)
