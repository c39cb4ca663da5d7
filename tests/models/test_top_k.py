import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from kartograph.models.top_k import top_k_of_dense, top_k_of_sparse

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


@given(st.lists(st.lists(st.integers(-3, 3), min_size=6, max_size=6), min_size=1, max_size=4), st.integers(1, 8))
def test_dense_and_sparse_agree_with_a_full_sort(rows, k):
    scores = np.array(rows, dtype=np.float32)
    entries = csr_array((scores.ravel(), np.tile(np.arange(6), len(rows)), np.arange(0, 6 * len(rows) + 1, 6)))

    dense, sparse = top_k_of_dense(scores.copy(), k)[0], top_k_of_sparse(entries, k)[0]

    for row, expected in enumerate(np.argsort(-scores, axis=1, kind="stable")[:, :k].tolist()):
        assert dense[row].tolist() == expected + [-1] * (k - len(expected))
        assert sparse[row].tolist() == dense[row].tolist()
