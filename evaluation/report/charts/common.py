"""What all charts share: one look, one accent, one way to become a PNG.

Every chart function takes plain numbers and gives a `Figure`, which needs neither a screen nor pyplot; matplotlib's
settings are as before when it returns. Equal input gives equal bytes.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from io import BytesIO
from pathlib import Path
from typing import Any, ParamSpec

import matplotlib
import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.figure import Figure

ACCENT = "#0b6e99"
INK, GREY, LIGHT = "#22272e", "#8a929b", "#dfe3e8"
PALETTE = (ACCENT, "#c2571a", "#5b7f2b", "#8b5a9f", "#b8860b", "#4c5b6b", "#b03a5b", "#3a9188")
"""Colours of several models in one chart, the accent first; each goes with a marker and a line style of its own."""
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
LINES = ("-", "--", "-.", ":")
WIDTH = 5.0
"""Inches: wide enough for a desktop in two columns, with letters that can still be read on a telephone."""
DOTS_PER_INCH = 160
STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 10,
    "axes.labelsize": 9,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": LIGHT,
    "grid.linewidth": 0.7,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "hatch.linewidth": 0.8,
    "text.parse_math": False,
    "figure.constrained_layout.use": True,
    "svg.hashsalt": "kartograph",
}

Parameters = ParamSpec("Parameters")


def styled(draw: Callable[Parameters, Figure]) -> Callable[Parameters, Figure]:
    """Draw in the common look, whatever the caller's matplotlib is set to."""

    @wraps(draw)
    def in_style(*arguments: Parameters.args, **named: Parameters.kwargs) -> Figure:
        with matplotlib.style.context("default"), matplotlib.rc_context(STYLE):
            return draw(*arguments, **named)

    return in_style


def new_figure(title: str, height: float = 3.2, width: float = WIDTH) -> tuple[Figure, Axes]:
    """An empty figure of `width` × `height` inches with one pair of axes."""
    figure = Figure(figsize=(width, height))
    axes = figure.add_subplot()
    axes.set_title(title)
    return figure, axes


def colours_of(names: Sequence[str]) -> dict[str, str]:
    """One colour for each name, by its place; the palette begins again after its last colour."""
    return {name: PALETTE[position % len(PALETTE)] for position, name in enumerate(names)}


def png(figure: Figure) -> bytes:
    """The figure as PNG, without the name and version of the program that drew it."""
    buffer = BytesIO()
    with matplotlib.rc_context(STYLE):
        figure.savefig(buffer, format="png", dpi=DOTS_PER_INCH, facecolor="white", metadata={"Software": None})
    return buffer.getvalue()


def save(figure: Figure, path: Path) -> None:
    """Write the figure as PNG."""
    path.write_bytes(png(figure))
