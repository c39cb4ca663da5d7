import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from kartograph.models import compiled
from kartograph.models.scoring.top_k import top_k_of_dense, top_k_of_sparse

INF = np.inf


def test_the_largest_come_first_and_equals_by_the_smaller_column():
    columns, values = top_k_of_dense(np.array([[1.0, 3.0, 2.0, 3.0]]), 3)

    assert columns.tolist() == [[1, 3, 2]]
    assert values.tolist() == [[3, 3, 2]]


def test_minus_infinity_is_never_picked_and_empty_places_say_so():
    columns, values = top_k_of_dense(np.array([[-INF, 5.0, -INF]]), 2)

    assert columns.tolist() == [[1, -1]]
    assert values.tolist() == [[5, -INF]]


def test_masked_entries_are_left_out_of_dense_and_sparse_scores():
    scores = np.array([[4.0, 3.0, 2.0], [4.0, 3.0, 2.0]])
    masked = csr_array(np.array([[1, 0, 0], [0, 1, 1]]))

    assert top_k_of_dense(scores.copy(), 2, masked)[0].tolist() == [[1, 2], [0, -1]]
    assert top_k_of_sparse(csr_array(scores), 2, masked)[0].tolist() == [[1, 2], [0, -1]]


def test_an_item_without_an_entry_is_never_picked_but_a_negative_entry_is():
    columns, _ = top_k_of_sparse(csr_array(([-1.0], ([0], [2])), shape=(1, 4)), 2)

    assert columns.tolist() == [[2, -1]]


def test_equal_scores_come_in_the_order_of_ties():
    scores = np.array([[1.0, 3.0, 1.0, 1.0]])

    for ties, expected in (([0, 1, 2, 3], [1, 0, 2]), ([3, 0, 2, 1], [1, 3, 2]), ([1, 3, 0, 2], [1, 2, 0])):
        for top in (top_k_of_dense(scores.copy(), 3, None, np.array(ties)),
                    top_k_of_sparse(csr_array(scores), 3, None, np.array(ties))):  # fmt: skip
            assert top[0].tolist() == [expected]


@given(st.lists(st.lists(st.integers(-3, 3), min_size=6, max_size=6), min_size=1, max_size=4), st.integers(1, 8))
def test_dense_and_sparse_agree_with_a_full_sort(rows, k):
    scores = np.array(rows, dtype=np.float32)
    entries = csr_array((scores.ravel(), np.tile(np.arange(6), len(rows)), np.arange(0, 6 * len(rows) + 1, 6)))

    for ties in (np.arange(6), np.array([4, 0, 5, 2, 1, 3])):
        dense, sparse = top_k_of_dense(scores.copy(), k, None, ties)[0], top_k_of_sparse(entries, k, None, ties)[0]
        for row, values in enumerate(scores):
            expected = np.lexsort((ties, -values))[:k].tolist()
            assert dense[row].tolist() == expected + [-1] * (k - len(expected))
            assert sparse[row].tolist() == dense[row].tolist()


@given(
    st.integers(1, 4),
    st.integers(1, 7),
    st.lists(st.sampled_from([-INF, np.nan, 0.0, 1.0, 2.0, -1.0]), min_size=28, max_size=28),
    st.lists(st.booleans(), min_size=28, max_size=28),
    st.permutations(range(7)),
)
def test_few_entries_are_sorted_into_what_compiled_code_picks(rows, k, values, hidden, ties):
    scores = np.array(values[: rows * 7]).reshape(rows, 7)
    masked, order = csr_array(np.array(hidden[: rows * 7]).reshape(rows, 7)), np.array(ties)
    sparse = csr_array(np.where(np.isnan(scores), 3.0, scores))
    sorted_, picked = [], []
    for is_loaded, result in ((False, sorted_), (True, picked)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(compiled, "is_loaded", lambda is_loaded=is_loaded: is_loaded)
            result += [top_k_of_dense(scores.copy(), k, masked, order), top_k_of_sparse(sparse, k, masked, order)]

    for one, other in zip(sorted_, picked, strict=True):
        np.testing.assert_array_equal(one[0], other[0])
        np.testing.assert_array_equal(one[1], other[1])
