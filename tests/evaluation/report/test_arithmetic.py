import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartograph.evaluation.report.arithmetic import always_yes_f1, f1, implied, implied_positives, implied_range

COUNTS = st.integers(1, 10_000)


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_the_share_of_positives_comes_back_from_the_figures_of_any_confusion_matrix(tp, fp, fn, tn):
    total = tp + fp + fn + tn
    share = implied_positives((tp + tn) / total, tp / (tp + fp), tp / (tp + fn))

    assert share == pytest.approx((tp + fn) / total)


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


def test_a_row_is_worked_out_with_the_precision_that_is_given():
    row = implied("PRE-ADDL", {"accuracy": 0.9665, "F1": 0.983, "precision": 0.1, "recall": 0.9665}, precision=1.0)

    assert row.positives == pytest.approx(1)
    assert row.f1_computed == pytest.approx(2 * 0.9665 / 1.9665)
    assert row.f1_reported == 0.983
