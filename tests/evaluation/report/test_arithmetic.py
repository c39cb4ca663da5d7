from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartograph.evaluation.report.arithmetic import (
    always_yes_f1,
    f1,
    implied,
    implied_positives,
    implied_range,
    specificity,
)
from kartograph.evaluation.report.reported import MCPRHREC, PREADDL

COUNTS = st.integers(1, 10_000)


def exact(part: int, whole: int) -> Any:
    """A share without rounding: floats lose digits where nearly all is right."""
    return Fraction(part, whole)


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_the_share_of_positives_comes_back_from_the_figures_of_any_confusion_matrix(tp, fp, fn, tn):
    total = tp + fp + fn + tn
    share = implied_positives((tp + tn) / total, tp / (tp + fp), tp / (tp + fn))

    assert share == pytest.approx((tp + fn) / total)
    accuracy, precision, recall = exact(tp + tn, total), exact(tp, tp + fp), exact(tp, tp + fn)
    assert implied_positives(accuracy, precision, recall) == exact(tp + fn, total)
    assert specificity(exact(tp + fn, total), precision, recall) == exact(tn, tn + fp)


def test_precision_one_with_accuracy_equal_to_recall_leaves_no_negatives():
    assert implied_positives(0.9665, 1.0, 0.9665) == pytest.approx(1)


def test_rounded_figures_allow_a_range_that_holds_the_share():
    # 60 right of 63 called positive, 4 missed, 33 right negatives: rounded to four decimals.
    low, high = implied_range(0.93, 0.9524, 0.9375)

    assert low < 64 / 100 < high
    assert high - low < 0.005


def test_always_yes_has_precision_p_and_recall_one():
    assert always_yes_f1(0.8) == pytest.approx(f1(0.8, 1.0)) == pytest.approx(1.6 / 1.8)


def test_f1_of_nothing_is_zero():
    assert f1(0, 0) == 0


def test_figures_with_fewer_decimals_allow_a_wider_range():
    exact, rough = (implied_range(0.7956, 0.9742, 0.81, (4, 4, places)) for places in (4, 2))

    assert rough[0] < exact[0] < 0.9667 < exact[1] < rough[1]


def test_all_rows_of_pre_addl_imply_one_share_of_positives_that_of_the_views():
    shares = [round(implied(row).positives, 4) for row in PREADDL.rows]

    assert shares == [0.9665, 0.9667, 0.9665, 0.9683, 0.9664, 0.9665]
    assert round(2_664_312 / 2_756_101, 4) == 0.9667
    for row in PREADDL.rows:
        result = implied(row)
        assert result.f1_computed == pytest.approx(result.f1_reported, abs=1.5e-4)
        assert result.low < 0.9667 < result.high


def test_pre_addls_row_is_what_always_view_scores():
    result = implied(PREADDL.rows[0])

    assert (result.accuracy, result.recall) == (result.precision, 1.0)
    assert result.f1_reported == pytest.approx(result.f1_always_yes, abs=1e-4)
    assert result.specificity == pytest.approx(0, abs=1e-9)
    assert result.balanced_accuracy == pytest.approx(0.5)


def test_the_rows_of_mcprhrec_imply_the_share_of_views_among_views_and_carts():
    assert [round(implied(row).positives, 4) for row in MCPRHREC.rows] == [0.9365, 0.9375]
    assert round(793_748 / (793_748 + 54_035), 4) == 0.9363
