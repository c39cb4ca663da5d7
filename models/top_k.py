"""The k largest scores of every row, ties by the order given or else by the smaller column, dense and sparse scores."""

import numpy as np
import pandas as pd
from jaxtyping import Float, Int
from numba import njit
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.models.groups import groups_of

TIE_KEY = "ties000000024243"
"""The seed of `hashed_order`: one for all models and machines, so that served and measured lists agree. With it the
single letters a to h keep the order of the alphabet, which lets a reader follow small examples."""


def hashed_order(ids: pd.Index) -> Int[ndarray, " items"]:
    """The rank of each id by a keyed hash of its text; ids of equal hash by their text.

    Equal scores are common: items with one view each, all items of one rule. An order that stems from a file would
    let the file decide who is shown, and let an evaluation ask for items that stand first in it.
    """
    text = np.asarray(ids.astype(str), dtype=object)
    hashes = pd.util.hash_array(text, hash_key=TIE_KEY, categorize=False)
    order = np.argsort(hashes, kind="stable")
    twins = np.flatnonzero(np.diff(hashes[order]) == 0)
    if len(twins):
        order = pd.DataFrame({"hash": hashes, "text": text}).sort_values(["hash", "text"]).index.to_numpy()
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(len(order))
    return ranks


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
    columns, values = _empty(len(scores), k)
    _pick_dense(scores, columns, values, np.arange(scores.shape[1]) if ties is None else ties)
    return columns, values


def top_k_of_sparse(
    scores: csr_array, k: int, masked: csr_array | None = None, ties: Int[ndarray, " items"] | None = None
) -> tuple[Int[ndarray, "n k"], Float[ndarray, "n k"]]:
    """Like `top_k_of_dense`, among the stored entries only: an item without an entry is never picked."""
    scores = csr_array(scores)
    values_in = scores.data.astype(np.float32)
    if masked is not None:
        scores.sort_indices()
        values_in = scores.data.astype(np.float32)
        masked = csr_array(masked)
        masked.sort_indices()
        _mask_sparse(scores.indptr, scores.indices, values_in, masked.indptr, masked.indices)
    columns, values = _empty(scores.shape[0], k)
    order = np.arange(scores.shape[1]) if ties is None else ties
    _pick_sparse(scores.indptr, scores.indices, values_in, columns, values, order)
    return columns, values


def _empty(n: int, k: int) -> tuple[ndarray, ndarray]:
    return np.full((n, k), -1, dtype=np.int64), np.full((n, k), -np.inf, dtype=np.float32)


@njit(cache=True, nogil=True)
def insert(columns, values, column, value, ties):  # pragma: no cover - compiled
    """Put one entry in place of the last one of a sorted list of k."""
    place = len(values) - 1
    while place > 0 and (
        values[place - 1] < value or (values[place - 1] == value and ties[columns[place - 1]] > ties[column])
    ):
        values[place] = values[place - 1]
        columns[place] = columns[place - 1]
        place -= 1
    values[place] = value
    columns[place] = column


@njit(cache=True, nogil=True)
def _pick_dense(scores, columns, values, ties):  # pragma: no cover - compiled
    last = columns.shape[1] - 1
    for row in range(scores.shape[0]):
        lowest, place = -np.inf, -1
        for column in range(scores.shape[1]):
            score = scores[row, column]
            if score > lowest or (score == lowest and ties[column] < place):
                insert(columns[row], values[row], column, score, ties)
                lowest = values[row, last]
                place = ties[columns[row, last]] if columns[row, last] >= 0 else -1


@njit(cache=True, nogil=True)
def _pick_sparse(indptr, indices, data, columns, values, ties):  # pragma: no cover - compiled
    last = columns.shape[1] - 1
    for row in range(len(indptr) - 1):
        lowest, place = -np.inf, -1
        for entry in range(indptr[row], indptr[row + 1]):
            score, column = data[entry], indices[entry]
            if score > lowest or (score == lowest and ties[column] < place):
                insert(columns[row], values[row], column, score, ties)
                lowest = values[row, last]
                place = ties[columns[row, last]] if columns[row, last] >= 0 else -1


@njit(cache=True, nogil=True)
def _mask_sparse(indptr, indices, data, masked_indptr, masked_indices):  # pragma: no cover - compiled
    for row in range(len(indptr) - 1):
        other, end = masked_indptr[row], masked_indptr[row + 1]
        for entry in range(indptr[row], indptr[row + 1]):
            while other < end and masked_indices[other] < indices[entry]:
                other += 1
            if other < end and masked_indices[other] == indices[entry]:
                data[entry] = -np.inf
