"""The k largest scores of every row, ties by the smaller column, for dense and for sparse scores."""

import numpy as np
from jaxtyping import Float, Int
from numba import njit
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.models.groups import groups_of


def top_k_of_dense(
    scores: Float[ndarray, "n items"], k: int, masked: csr_array | None = None
) -> tuple[Int[ndarray, "n k"], Float[ndarray, "n k"]]:
    """Columns and values of the k largest entries per row, best first; -inf is never picked, masked entries neither.

    Places that stay empty hold column -1 and value -inf. `scores` is overwritten where `masked` has entries.
    """
    scores = np.ascontiguousarray(scores, dtype=np.float32)
    if masked is not None:
        rows = groups_of(masked.indptr)
        scores[rows, masked.indices] = -np.inf
    columns, values = _empty(len(scores), k)
    _pick_dense(scores, columns, values)
    return columns, values


def top_k_of_sparse(
    scores: csr_array, k: int, masked: csr_array | None = None
) -> tuple[Int[ndarray, "n k"], Float[ndarray, "n k"]]:
    """Like `top_k_of_dense`, among the stored entries only: an item without an entry is never picked."""
    scores = csr_array(scores)
    scores.sort_indices()
    values_in = scores.data.astype(np.float32)
    if masked is not None:
        masked = csr_array(masked)
        masked.sort_indices()
        _mask_sparse(scores.indptr, scores.indices, values_in, masked.indptr, masked.indices)
    columns, values = _empty(scores.shape[0], k)
    _pick_sparse(scores.indptr, scores.indices, values_in, columns, values)
    return columns, values


def _empty(n: int, k: int) -> tuple[ndarray, ndarray]:
    return np.full((n, k), -1, dtype=np.int64), np.full((n, k), -np.inf, dtype=np.float32)


@njit(cache=True)
def _insert(columns, values, column, value):  # pragma: no cover - compiled
    """Put one entry into a sorted list of k; entries come by rising column, so an equal value stays behind."""
    place = len(values) - 1
    while place > 0 and values[place - 1] < value:
        values[place] = values[place - 1]
        columns[place] = columns[place - 1]
        place -= 1
    values[place] = value
    columns[place] = column


@njit(cache=True)
def _pick_dense(scores, columns, values):  # pragma: no cover - compiled
    last = columns.shape[1] - 1
    for row in range(scores.shape[0]):
        for column in range(scores.shape[1]):
            if scores[row, column] > values[row, last]:
                _insert(columns[row], values[row], column, scores[row, column])


@njit(cache=True)
def _pick_sparse(indptr, indices, data, columns, values):  # pragma: no cover - compiled
    last = columns.shape[1] - 1
    for row in range(len(indptr) - 1):
        for entry in range(indptr[row], indptr[row + 1]):
            if data[entry] > values[row, last]:
                _insert(columns[row], values[row], indices[entry], data[entry])


@njit(cache=True)
def _mask_sparse(indptr, indices, data, masked_indptr, masked_indices):  # pragma: no cover - compiled
    for row in range(len(indptr) - 1):
        other, end = masked_indptr[row], masked_indptr[row + 1]
        for entry in range(indptr[row], indptr[row + 1]):
            while other < end and masked_indices[other] < indices[entry]:
                other += 1
            if other < end and masked_indices[other] == indices[entry]:
                data[entry] = -np.inf
