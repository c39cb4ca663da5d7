import matplotlib
import numpy as np
import pytest
from matplotlib.patches import Rectangle
from PIL import Image

from kartograph.evaluation.report.charts.classifier import (
    calibration,
    confusion_matrix,
    precision_recall_curves,
    roc_curves,
)
from kartograph.evaluation.report.charts.clusters import cluster_scatter
from kartograph.evaluation.report.charts.common import DOTS_PER_INCH, colours_of, new_figure, png, save, styled
from kartograph.evaluation.report.charts.models import grouped_bars, interval_dots

LABELS, SCORES = np.array([0, 0, 1, 1]), np.array([0.1, 0.6, 0.4, 0.9])
# Of the 2 × 2 pairs of a yes and a no, three are in order: (0.4, 0.1), (0.9, 0.1), (0.9, 0.6).
AREA = 3 / 4


def _texts(figure) -> list[str]:
    legends = [*figure.legends, *(axes.get_legend() for axes in figure.axes if axes.get_legend())]
    return [text.get_text() for legend in legends for text in legend.get_texts()] + [
        text.get_text() for axes in figure.axes for text in (axes.texts + axes.get_yticklabels())
    ]


def test_equal_figures_are_equal_bytes_and_have_the_size_that_was_asked_for(tmp_path):
    draw = styled(lambda: new_figure("Title", height=2, width=3)[0])
    save(draw(), tmp_path / "a.png")

    assert (tmp_path / "a.png").read_bytes() == png(draw())
    with Image.open(tmp_path / "a.png") as image:
        assert image.size == (3 * DOTS_PER_INCH, 2 * DOTS_PER_INCH)
        assert "Software" not in image.info


def test_the_settings_of_the_caller_stay_as_they_were():
    before = matplotlib.rcParams["font.size"]
    png(interval_dots({"a": 0.5}, "Title", "HR@20"))

    assert matplotlib.rcParams["font.size"] == before


def test_colours_begin_again_after_the_last():
    colours = colours_of([str(n) for n in range(9)])

    assert colours["8"] == colours["0"] != colours["1"]


def test_bars_stand_for_what_was_measured_and_hatched_ones_for_what_was_reported():
    figure = grouped_bars(
        {"ours": {"accuracy": 0.9}},
        "Title",
        "share",
        reported={"ours": {"accuracy": 0.9445}, "theirs": {"accuracy": 0.94}},
        intervals={"ours": {"accuracy": [0.88, 0.92]}},
    )
    bars = [bar for bar in figure.axes[0].patches if isinstance(bar, Rectangle)]

    assert sorted((bar.get_width(), bar.get_hatch()) for bar in bars) == [(0.9, None), (0.94, "////"), (0.9445, "////")]
    assert {"0.9", "0.9445", "0.94", "accuracy", "reported"} <= set(_texts(figure))


def test_bars_that_nobody_measured_take_no_room():
    figure = grouped_bars({"a": {"F1": 0.5}, "b": {"F1": 0.4, "AUC": 0.6}}, "Title", "share", {"b": {"F1": 0.7}})
    bars = [bar for bar in figure.axes[0].patches if isinstance(bar, Rectangle)]
    centres = [bar.get_y() + bar.get_height() / 2 for bar in bars]

    # a, then a gap of 0.8 bars, then b: measured F1, reported F1, AUC; the names stand in the middle of their bars.
    assert centres == pytest.approx([0, 1.8, 2.8, 3.8])
    assert list(figure.axes[0].get_yticks()) == pytest.approx([0, 2.8])


def test_dots_are_in_order_with_reported_values_marked():
    figure = interval_dots({"worse": 0.1, "better": 0.3}, "Title", "HR@20", {"better": [0.2, 0.4]}, {"paper": 0.2})

    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["better", "paper *", "worse"]


def test_the_roc_curve_names_its_area():
    assert f"model, area {AREA:.3f}" in _texts(roc_curves({"model": (LABELS, SCORES)}))


def test_the_precision_recall_curve_names_its_average_precision():
    # By falling score the labels are 1, 0, 1, 0: precision at the two positives is 1 and 2 / 3.
    figure = precision_recall_curves({"model": (LABELS, SCORES)})

    assert f"model, AP {(1 + 2 / 3) / 2:.3f}" in _texts(figure)


def test_the_confusion_matrix_shows_counts_and_shares_of_the_true_class():
    assert {"3\n75.0%", "1\n25.0%", "0\n0.0%", "1,000\n100.0%"} <= set(_texts(confusion_matrix([[3, 1], [0, 1000]])))


def test_calibration_has_a_point_for_each_bin():
    figure = calibration({"model": (LABELS, SCORES)}, bins=2)

    points = figure.axes[0].lines[0].get_xydata()
    assert points == pytest.approx(np.array([[(0.1 + 0.4) / 2, 1 / 2], [(0.6 + 0.9) / 2, 1 / 2]]))


def test_the_scatter_counts_each_cluster():
    figure = cluster_scatter(np.arange(6.0).reshape(3, 2), np.array([0, 1, 0]), "Books", ["poems", "novels"], [1])

    assert {"poems (2)", "novels (1)", "medoid"} <= set(_texts(figure))
