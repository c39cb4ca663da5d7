"""Compiled reading of sparse matrices."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def entry(indptr, indices, values, row, column):  # pragma: no cover - compiled
    """The entry of a matrix of float32 with sorted columns, 0 where it has none."""
    low, high = indptr[row], indptr[row + 1]
    while low < high:
        middle = (low + high) // 2
        if indices[middle] < column:
            low = middle + 1
        else:
            high = middle
    return values[low] if low < indptr[row + 1] and indices[low] == column else np.float32(0)
