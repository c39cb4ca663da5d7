"""The features of candidates that compare them with the last items of the history, in one compiled pass."""

import numpy as np
from numba import njit

from kartograph.models.scoring.sparse_kernels import entry

OF_PAIR = (
    *("like history", "like last", "with last", "cosine last", "share last"),
    *("with second", "cosine second"),
)
FADING = np.float32(0.7)
"""Weight of an event of the history relative to the one after it."""
FADED = np.float32(1e-3)
"""Weight from which on events count no more."""


@njit(cache=True, nogil=True, fastmath=True)
def _dot(one, other):  # pragma: no cover - compiled
    total = np.float32(0)
    for position in range(len(one)):
        total += one[position] * other[position]
    return total


@njit(cache=True, nogil=True)
def fill_pair_features(  # pragma: no cover - compiled
    features, first, starts, items, offsets, history, vectors, indptr, indices, counts, owners
):
    """Write the features of `OF_PAIR` into the columns from `first` on.

    `starts` are the offsets of the queries' candidates, `offsets` those of their histories; `indptr`, `indices` and
    `counts` are the matrix of pairs.
    """
    mean = np.zeros(vectors.shape[1], dtype=np.float32)
    for query in range(len(starts) - 1):
        start, stop = offsets[query], offsets[query + 1]
        if start == stop:
            continue
        last = history[stop - 1]
        second = history[stop - 2] if stop - start > 1 else -1
        mean[:] = 0
        weight, event = np.float32(1), stop - 1
        while event >= start and weight > FADED:
            mean += weight * vectors[history[event]]
            weight *= FADING
            event -= 1
        mean /= max(np.sqrt(_dot(mean, mean)), np.float32(1e-12))
        for row in range(starts[query], starts[query + 1]):
            item = items[row]
            both = entry(indptr, indices, counts, last, item)
            features[row, first] = _dot(vectors[item], mean)
            features[row, first + 1] = _dot(vectors[item], vectors[last])
            features[row, first + 2] = np.log1p(both)
            features[row, first + 3] = both / np.sqrt(max(owners[last] * owners[item], 1))
            features[row, first + 4] = both / max(owners[last], 1)
            if second >= 0:
                both = entry(indptr, indices, counts, second, item)
                features[row, first + 5] = np.log1p(both)
                features[row, first + 6] = both / np.sqrt(max(owners[second] * owners[item], 1))
