import pytest

from kartograph.evaluation.report.numbers import (
    MISSING,
    bounds,
    count,
    is_accuracy,
    measured,
    milliseconds,
    moment,
    percent,
    seconds,
)


@pytest.mark.parametrize(
    ("measure", "value", "text"),
    [
        ("HR@20", 0.56169, "56.17"),
        ("cold HR@20", 0.5, "50.00"),
        ("success@3", 0.44, "44.00"),
        ("roc_auc", 0.75, "75.00"),
        ("ColdUsersServed", 1, "100.00"),
        ("Coverage@20", 0, "0.00"),
        ("Novelty@20", 12.3456, "12.35"),
        ("Popularity@20", 1234.5, "1,234"),
        ("cases", 15132, "15,132"),
        ("true_positives", 1929, "1,929"),
        ("MRR@20", None, MISSING),
        ("MRR@20", float("nan"), MISSING),
    ],
)
def test_a_measure_is_written_by_its_kind(measure, value, text):
    assert measured(measure, value) == text


def test_only_measures_of_how_right_a_model_is_are_accuracy():
    assert [name for name in ("HR@5", "F1", "Coverage@5", "Gini@5", "served") if is_accuracy(name)] == ["HR@5", "F1"]


def test_shares_and_counts():
    assert (percent(7000 / 22457, 0), percent(0.00835), count(2733644)) == ("31", "0.83", "2,733,644")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.84, "3.8 s"),
        (38.2, "38 s"),
        (120, "2 min 00 s"),
        (379, "6 min 19 s"),
        (6000, "100 min 00 s"),
        (27780, "7 h 43 min"),
    ],
)
def test_durations_have_the_unit_that_suits_them(value, text):
    assert seconds(value) == text


@pytest.mark.parametrize(("value", "text"), [(0.114, "0.11"), (48.61, "48.6"), (1234.5, "1,234")])
def test_milliseconds_have_three_digits(value, text):
    assert milliseconds(value) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(2, 2, "2"), (3, 5, "3–5"), (6, None, "6 and more"), (None, 5, "up to 5"), (None, None, "all")],
)
def test_buckets_are_named_by_their_borders(low, high, text):
    assert bounds(low, high) == text


def test_times_are_utc():
    assert moment(1_433_193_132_535) == "2015-06-01 21:12"
