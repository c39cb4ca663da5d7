"""Tests of picking the best columns of each row."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kartograph.ontology.best import best


def test_ties_go_to_the_smaller_column_and_nan_comes_last():
    assert best(np.array([[0.5, np.nan, 0.9, 0.5, 0.9]]), 4).tolist() == [[2, 4, 0, 3]]
    assert best(np.array([[np.nan, 0.2, np.nan]]), 3).tolist() == [[1, 0, 2]]


def test_scores_that_differ_by_less_than_a_millionth_are_equal():
    assert best(np.array([[0.3, 0.3 + 4e-7, 0.3 + 2e-6]]), 3).tolist() == [[2, 0, 1]]


@pytest.mark.parametrize("shape", [(0, 3), (2, 0)])
def test_nothing_is_best_of_nothing(shape):
    assert best(np.zeros(shape), 2).shape == (shape[0], min(2, shape[1]))


# Few values, so that there are ties.
SCORES = st.sampled_from([np.nan, 0.0, 0.25, 0.25 + 1e-7, 0.5, 1.0, 1.75])


@settings(deadline=None)
@given(arrays(np.float32, st.tuples(st.integers(1, 4), st.integers(1, 30)), elements=SCORES), st.integers(1, 12))
def test_sorting_whole_rows_gives_the_same(scores, k):
    keys = np.round(np.nan_to_num(scores, nan=-1.0).astype(np.float64) * 1e6)
    assert best(scores, k).tolist() == np.argsort(-keys, axis=1, kind="stable")[:, :k].tolist()
