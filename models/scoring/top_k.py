"""The k largest scores of every row, ties by the order given or else by the smaller column, dense and sparse scores."""

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.models import compiled
from kartograph.models.groups import groups_of

FEW = 50_000
"""Entries up to which rows are sorted where compiled code is not loaded yet."""


def top_k_of_dense(
    scores: Float[ndarray, "n items"],
    k: int,
    masked: csr_array | None = None,
    ties: Int[ndarray, " items"] | None = None,
) -> tuple[Int[ndarray, "n k"], Float[ndarray, "n k"]]:
    """Columns and values of the k largest entries per row, best first; -inf is never picked, masked entries neither.

    Of equal entries that with the smaller place in `ties` comes first. Places that stay empty hold column -1 and value
    -inf. `scores` is overwritten where `masked` has entries.
    """
    scores = np.ascontiguousarray(scores, dtype=np.float32)
    if masked is not None:
        rows = groups_of(masked.indptr)
        scores[rows, masked.indices] = -np.inf
    order = np.arange(scores.shape[1]) if ties is None else ties
    if scores.size <= FEW and scores.shape[1] and not compiled.is_loaded():
        last = min(k, scores.shape[1]) - 1
        lowest = -np.partition(-scores, last, axis=1)[:, last]  # not a number where there are fewer numbers than k
        rows, columns = np.nonzero(~(scores < lowest[:, None]) & (scores > -np.inf))
        return _pick_few(rows, columns, scores[rows, columns], len(scores), k, order)
    from kartograph.models.scoring.top_k_kernels import pick_dense

    columns, values = _empty(len(scores), k)
    pick_dense(scores, columns, values, order)
    return columns, values


def top_k_of_sparse(
    scores: csr_array, k: int, masked: csr_array | None = None, ties: Int[ndarray, " items"] | None = None
) -> tuple[Int[ndarray, "n k"], Float[ndarray, "n k"]]:
    """Like `top_k_of_dense`, among the stored entries only: an item without an entry is never picked."""
    order = np.arange(scores.shape[1]) if ties is None else ties
    if scores.nnz <= FEW and not compiled.is_loaded():
        rows, columns, values_in = groups_of(scores.indptr), scores.indices, scores.data.astype(np.float32)
        kept = values_in > -np.inf
        if masked is not None:
            left_out = groups_of(masked.indptr) * scores.shape[1] + masked.indices
            kept &= ~np.isin(rows * scores.shape[1] + columns, left_out)
        return _pick_few(rows[kept], columns[kept], values_in[kept], scores.shape[0], k, order)
    from kartograph.models.scoring.top_k_kernels import mask_sparse, pick_sparse

    if masked is not None:
        scores.sort_indices()
        masked = csr_array(masked)
        masked.sort_indices()
    values_in = scores.data.astype(np.float32)
    if masked is not None:
        mask_sparse(scores.indptr, scores.indices, values_in, masked.indptr, masked.indices)
    columns, values = _empty(scores.shape[0], k)
    pick_sparse(scores.indptr, scores.indices, values_in, columns, values, order)
    return columns, values


def _pick_few(
    rows: Int[ndarray, " entries"],
    columns: Int[ndarray, " entries"],
    values: Float[ndarray, " entries"],
    count: int,
    k: int,
    ties: Int[ndarray, " items"],
) -> tuple[Int[ndarray, "n k"], Float[ndarray, "n k"]]:
    """The same by sorting: what is asked for one user answers before compiled code would be loaded."""
    order = np.lexsort((ties[columns], -values, rows))
    rows, columns, values = rows[order], columns[order], values[order]
    position = np.arange(len(rows)) - np.searchsorted(rows, rows)
    kept = position < k
    best, of_best = _empty(count, k)
    best[rows[kept], position[kept]] = columns[kept]
    of_best[rows[kept], position[kept]] = values[kept]
    return best, of_best


def _empty(n: int, k: int) -> tuple[ndarray, ndarray]:
    return np.full((n, k), -1, dtype=np.int64), np.full((n, k), -np.inf, dtype=np.float32)
