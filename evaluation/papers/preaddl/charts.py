"""The figures of a comparison: ROC, precision-recall, calibration, confusion, training curves, times (figure 13)."""

from pathlib import Path

from kartograph.evaluation.papers.preaddl.compare import ALWAYS, Compared
from kartograph.evaluation.report.charts.classifier import (
    calibration,
    confusion_matrix,
    precision_recall_curves,
    roc_curves,
)
from kartograph.evaluation.report.charts.common import save
from kartograph.evaluation.report.charts.leaderboard import learning_curves
from kartograph.evaluation.report.charts.models import grouped_bars
from kartograph.models.preaddl.pairs import Prepared

REPORTED_SECONDS = {
    "preaddl": (6000, 3000, 180),
    "bert": (280_800, 172_800, 420),
    "svm": (27_780, 3420, 480),
    "knn": (12_720, 3300, 360),
    "naive-bayes": (19_320, 3600, 300),
    "decision-tree": (15_780, 3180, 240),
}
"""The times of the paper's Table 3 in seconds: training of an epoch, test, response."""


def save_charts(folder: Path, compared: dict[str, Compared], prepared: Prepared) -> list[Path]:
    """Write every chart as PNG into `folder`; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    labels = prepared.test.labels.astype(int)
    scored = {name: (labels, one.probabilities) for name, one in compared.items() if name not in ALWAYS.values()}
    charts = {
        "roc": roc_curves(scored),
        "precision_recall": precision_recall_curves(scored),
        "calibration": calibration(scored),
    }
    for name, one in compared.items():
        figures = one.figures
        counts = [[figures.true_negatives, figures.false_positives], [figures.false_negatives, figures.true_positives]]
        charts[f"confusion_{name.replace('-', '_')}"] = confusion_matrix(counts, title=f"Confusion matrix, {name}")
    course = compared["preaddl"].course if "preaddl" in compared else []
    if course:
        lines = {"training loss": [(row["epoch"] + 1, row["loss"]) for row in course]}
        if "validation_loss" in course[0]:
            lines["validation loss"] = [(row["epoch"] + 1, row["validation_loss"]) for row in course]
        charts["training"] = learning_curves(lines, "Training of PRE-ADDL", "Binary cross entropy")
    for position, what in enumerate(("training of an epoch", "test", "response")):
        ours = {
            name: {what: (one.fit_s / max(one.epochs, 1), one.test_s, one.response_s)[position]}
            for name, one in compared.items()
        }
        reported = {name: {what: seconds[position]} for name, seconds in REPORTED_SECONDS.items() if name in compared}
        chart = grouped_bars(ours, f"Figure 13: {what}", "Seconds, logarithmic", reported)
        chart.axes[0].set_xscale("log")
        charts[f"figure_13_{what.split()[0]}"] = chart
    paths = []
    for name, chart in charts.items():
        paths.append(folder / f"{name}.png")
        save(chart, paths[-1])
    return paths
