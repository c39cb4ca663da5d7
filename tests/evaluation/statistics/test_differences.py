"""Differences of models on the same cases, and what their intervals say."""

import numpy as np
import pandas as pd
import pytest

from kartograph.evaluation.statistics.differences import differences, differences_of_cases

UNITS = np.arange(40)


def test_a_model_that_is_better_on_every_case_is_better_by_the_mean_of_its_differences():
    base = np.tile([0.0, 1.0], 20)
    result = differences({"base": base, "other": base + np.tile([0.1, 0.3], 20)}, "base", UNITS)
    assert list(result.index) == ["other"]
    assert result.at["other", "difference"] == pytest.approx((0.1 + 0.3) / 2)
    low, high = result["low"].to_numpy()[0], result["high"].to_numpy()[0]
    assert 0.1 < low < 0.2 < high < 0.3
    assert result.at["other", "verdict"] == "better"


def test_a_model_that_wins_as_often_as_it_loses_makes_no_difference_and_one_that_only_loses_is_worse():
    base = np.zeros(40)
    result = differences({"base": base, "even": np.tile([1.0, -1.0], 20), "less": base - 0.5}, "base", UNITS)
    assert result["verdict"].to_dict() == {"even": "no difference", "less": "worse"}


def test_a_base_alone_has_no_rows():
    assert differences({"base": np.zeros(3)}, "base", np.arange(3)).empty


def test_tasks_count_alike_whatever_their_number_of_cases():
    """Three cases with a difference of 1 in one task, one case with none in the other: (1 + 0) / 2, not 3 / 4."""
    rows = [
        {"model": model, "task": task, "case": case, "unit": case, "HR@2": float(model == "other" and task == 0)}
        for model in ("base", "other")
        for task, case in [(0, 0), (0, 1), (0, 2), (1, 0)]
    ]
    result = differences_of_cases(pd.DataFrame(rows), "base", "HR@2")
    assert result.at["other", "difference"] == pytest.approx((1 + 0) / 2)
