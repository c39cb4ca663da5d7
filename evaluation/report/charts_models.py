"""How do models compare? Bars of several measures, with what others reported hatched beside ours."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from kartograph.evaluation.report.charts import GREY, INK, LIGHT, PALETTE, new_figure, styled

Figures = Mapping[str, Mapping[str, float]]
"""Model → measure → value; a measure that a model lacks is left out of its group."""
Intervals = Mapping[str, Mapping[str, Sequence[float]]]
"""Model → measure → [low, high]."""


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
    measures = list(
        dict.fromkeys(measure for values in (figures, reported) for row in values.values() for measure in row)
    )
    slots = [
        (measure, kind)
        for measure in measures
        for kind in (False, True)
        if _any(reported if kind else figures, measure)
    ]
    figure, axes = new_figure(title, height=1.0 + 0.22 * max(len(slots), 1) * max(len(models), 1) + 0.12 * len(models))
    thickness = 0.84 / max(len(slots), 1)
    for slot, (measure, is_reported) in enumerate(slots):
        colour = PALETTE[measures.index(measure) % len(PALETTE)]
        for place, model in enumerate(models):
            value = (reported if is_reported else figures).get(model, {}).get(measure)
            if value is None:
                continue
            y = place - 0.42 + (slot + 0.5) * thickness
            hatch = "////" if is_reported else None
            face = "white" if is_reported else colour
            axes.barh(y, value, 0.88 * thickness, facecolor=face, edgecolor=colour, hatch=hatch)
            low, high = intervals.get(model, {}).get(measure, (value, value)) if not is_reported else (value, value)
            if high > low:
                axes.errorbar(value, y, xerr=[[value - low], [high - value]], color=INK, linewidth=1, capsize=2)
            axes.annotate(
                f"{value:.4g}", (max(value, high), y), (3, 0), textcoords="offset points", va="center", fontsize=7.5
            )
    _models_axis(axes, models)
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
    for place, name in enumerate(names):
        value, is_reported = everything[name]
        if is_reported:
            axes.plot(value, place, "D", markersize=5, markerfacecolor="white", markeredgecolor=GREY)
            continue
        colour = PALETTE[0] if value == best else INK
        if name in intervals:
            axes.plot(list(intervals[name]), [place, place], color=colour, linewidth=2.5, solid_capstyle="butt")
        axes.plot(value, place, "o", markersize=4.5, color=colour)
    _models_axis(axes, names)
    axes.set_xlabel(value_label + ("   (◇ and * reported by others)" if reported else ""))
    return figure


def _any(values: Figures, measure: str) -> bool:
    return any(measure in row for row in values.values())


def _models_axis(axes: Axes, models: Sequence[str]) -> None:
    axes.set_yticks(np.arange(len(models)), models)
    axes.set_ylim(len(models) - 0.45, -0.55)
    axes.grid(axis="y", visible=False)
    axes.margins(x=0.12)
    axes.spines["left"].set_color(LIGHT)
