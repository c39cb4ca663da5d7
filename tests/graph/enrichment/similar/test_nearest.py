"""Tests of the exact search for nearest vectors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kartograph.graph.enrichment.similar import nearest as searched
from kartograph.graph.enrichment.similar.nearest import closest, nearest

VECTORS = np.array([[1, 0], [0, 2], [3, 3], [1, 0], [-1, 0]], np.float32)


def test_the_nearest_come_first_and_equals_by_row():
    result, cosines = nearest(VECTORS, np.array([2, 0]), 3)
    assert result.tolist() == [[0, 1, 3], [3, 2, 1]]
    half = 2**-0.5  # of a right angle
    assert cosines == pytest.approx(np.array([[half, half, half], [1, half, 0]]))


def test_where_there_are_fewer_others_than_asked_for_the_rest_is_empty():
    result, cosines = nearest(VECTORS[:2], np.array([1]), 3)
    assert result.tolist() == [[0, -1, -1]]
    np.testing.assert_equal(cosines, [[0, np.nan, np.nan]])


def test_a_vector_of_zeros_is_at_a_right_angle_to_all():
    result, cosines = nearest(np.array([[0, 0], [1, 0]], np.float32), np.array([0]), 1)
    assert (result.tolist(), cosines.tolist()) == ([[1]], [[0]])


@given(arrays(np.int8, st.tuples(st.integers(1, 40), st.integers(1, 4))), st.integers(1, 6))
def test_blocks_give_what_all_cosines_at_once_give(numbers, k):
    vectors = numbers.astype(np.float32)
    rows = np.arange(len(vectors))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searched, "QUERIES", 7)
        patch.setattr(searched, "VECTORS", 5)
        result, cosines = nearest(vectors, rows, k)
    lengths = np.linalg.norm(vectors.astype(float), axis=1, keepdims=True)
    units = vectors / np.where(lengths > 0, lengths, 1)
    every = units @ units.T
    np.fill_diagonal(every, -np.inf)
    expected = np.take_along_axis(every, np.argsort(-every, axis=1, kind="stable"), axis=1)[:, : min(k, len(rows) - 1)]
    assert np.nan_to_num(cosines[:, : expected.shape[1]]) == pytest.approx(expected, abs=2e-6)
    assert (np.diff(np.sort(result, axis=1), axis=1)[np.sort(result, axis=1)[:, :-1] >= 0] > 0).all()  # each once
    assert not (result == rows[:, None]).any()


def test_the_closest_of_some_vectors():
    half = 2**-0.5
    every = np.arange(5)
    assert closest(VECTORS, every, np.array([0, 1])) == pytest.approx([1, 1, half, 1, 0])
    assert closest(VECTORS, np.array([4, 2]), np.array([0, 1])) == pytest.approx([0, half])
    assert (closest(VECTORS, every, np.array([], int)) < -1).all()
