"""Charts of a classifier: ROC and precision-recall curves, confusion matrix, calibration.

`labels` are 0 or 1 (or booleans), `scores` any numbers that grow with the chance of 1; calibration needs probabilities.
Curves, areas and bins are scikit-learn's.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float, Int, Shaped
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter
from numpy import ndarray
from sklearn.calibration import calibration_curve
from sklearn.metrics import auc, average_precision_score, precision_recall_curve, roc_curve

from kartograph.evaluation.report.charts.common import ACCENT, GREY, INK, LINES, MARKERS, colours_of, new_figure, styled

Answers = Mapping[str, tuple[Shaped[ndarray, " cases"], Float[ndarray, " cases"]]]
"""Model → (labels, scores)."""


@styled
def roc_curves(answers: Answers, title: str = "ROC curve") -> Figure:
    """True positive rate against false positive rate; the dashed line is chance, the legend has the areas."""
    figure, axes = new_figure(title, height=4.6)
    for position, (name, colour) in enumerate(colours_of(list(answers)).items()):
        labels, scores = answers[name]
        false_positives, true_positives, _ = roc_curve(labels, scores)
        area = auc(false_positives, true_positives)
        label = f"{name}, area {area:.3f}"
        axes.plot(false_positives, true_positives, LINES[position % len(LINES)], color=colour, label=label)
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, linestyle=(0, (4, 4)), label="chance")
    axes.set_xlabel("False positive rate")
    axes.set_ylabel("True positive rate")
    axes.legend(loc="lower right")
    _unit_square(axes)
    return figure


@styled
def precision_recall_curves(answers: Answers, title: str = "Precision and recall") -> Figure:
    """Precision against recall; dashed is the share of positives, what always-yes has; the legend has the AP."""
    figure, axes = new_figure(title, height=4.6)
    for position, (name, colour) in enumerate(colours_of(list(answers)).items()):
        labels, scores = answers[name]
        precision, recall, _ = precision_recall_curve(labels, scores)
        label = f"{name}, AP {average_precision_score(labels, scores):.3f}"
        axes.plot(recall, precision, LINES[position % len(LINES)], color=colour, label=label, drawstyle="steps-post")
    shares = sorted({round(float(np.mean(labels)), 6) for labels, _ in answers.values()})
    for position, share in enumerate(shares):
        label = "share of positives" if position == 0 else None
        axes.axhline(share, color=GREY, linewidth=0.8, linestyle=(0, (4, 4)), label=label)
    axes.set_xlabel("Recall")
    axes.set_ylabel("Precision")
    axes.legend(loc="lower left")
    _unit_square(axes)
    return figure


@styled
def confusion_matrix(
    counts: Int[ndarray, "classes classes"] | Sequence[Sequence[int]],
    classes: Sequence[str] = ("no", "yes"),
    title: str = "Confusion matrix",
) -> Figure:
    """Counts with their share of the true class: rows are the truth, columns the prediction."""
    matrix = np.asarray(counts)
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    figure, axes = new_figure(title, height=1.4 + 0.95 * len(classes), width=1.8 + 1.3 * len(classes))
    axes.imshow(shares, cmap=LinearSegmentedColormap.from_list("accent", ["white", ACCENT]), vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(matrix):
        colour = "white" if shares[row, column] > 0.55 else INK
        text = f"{count:,}\n{shares[row, column]:.1%}"
        axes.text(column, row, text, ha="center", va="center", color=colour)
    axes.set_xticks(range(len(classes)), classes)
    axes.set_yticks(range(len(classes)), classes)
    axes.set_xlabel("Predicted")
    axes.set_ylabel("True")
    axes.grid(visible=False)
    return figure


@styled
def calibration(answers: Answers, bins: int = 10, title: str = "Calibration") -> Figure:
    """Share of positives against the mean probability, in `bins` bins of equally many cases; dashed is perfect."""
    figure, axes = new_figure(title, height=4.6)
    for position, (name, colour) in enumerate(colours_of(list(answers)).items()):
        labels, probabilities = answers[name]
        share, predicted = calibration_curve(labels, probabilities, n_bins=bins, strategy="quantile")
        axes.plot(
            predicted, share, "-", marker=MARKERS[position % len(MARKERS)], markersize=4, color=colour, label=name
        )
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, linestyle=(0, (4, 4)), label="perfect")
    axes.set_xlabel("Mean predicted probability")
    axes.set_ylabel("Share of positives")
    axes.legend(loc="upper left")
    _unit_square(axes)
    return figure


def _unit_square(axes: Axes) -> None:
    axes.set_xlim(-0.01, 1.01)
    axes.set_ylim(-0.01, 1.01)
    axes.set_aspect("equal")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1, decimals=0))
