"""Counts which item follows which, and how far behind: the pairs of rules and Markov chains."""

from collections.abc import Iterator

import numpy as np
from jaxtyping import Int
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.models.data import NONE, Histories


def pairs_at_gap(histories: Histories, gap: int) -> tuple[Int[ndarray, " pairs"], Int[ndarray, " pairs"]]:
    """Event numbers (i, j) of the same owner, where j lies `gap` events after i."""
    first = np.flatnonzero(histories.ages >= gap)
    return first, first + gap


def following(histories: Histories, items: int, weights: Iterator[float]) -> csr_array:
    """Items × items: Σ over pairs x … y of the weight of their gap; the first weight is for neighbours, gap 1."""
    total = csr_array((items, items), dtype=np.float32)
    for gap, weight in enumerate(weights, start=1):
        first, second = pairs_at_gap(histories, gap)
        if len(first) == 0:
            break
        values = np.full(len(first), weight, dtype=np.float32)
        total = total + csr_array((values, (histories.items[first], histories.items[second])), shape=(items, items))
    return csr_array(total, shape=(items, items))


def item_at_age(histories: Histories, age: int) -> Int[ndarray, " owners"]:
    """The item of each owner that lies `age` events before the last; `NONE` where the history is shorter."""
    position = histories.offsets[1:] - 1 - age
    present = position >= histories.offsets[:-1]
    return np.where(present, histories.items[np.where(present, position, 0)] if len(histories.items) else NONE, NONE)


def rows_of(matrix: csr_array, rows: Int[ndarray, " n"]) -> csr_array:
    """The rows of a matrix in this order, without entries where the row is `NONE`."""
    there, first = rows != NONE, np.where(rows == NONE, 0, rows)
    starts = matrix.indptr[first]
    lengths = np.where(there, matrix.indptr[first + 1] - starts, 0)
    offsets = np.r_[0, np.cumsum(lengths)]
    entries = np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], lengths)
    return csr_array((matrix.data[entries], matrix.indices[entries], offsets), shape=(len(rows), matrix.shape[1]))
