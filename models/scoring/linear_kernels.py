"""The best items of a sum of rows, without building the sums of all queries first."""

import numpy as np
from numba import njit

from kartograph.models.scoring.top_k_kernels import insert


@njit(cache=True, nogil=True)
def _add_row(item, weight, indptr, indices, data, sums, touched, summed, count):  # pragma: no cover - compiled
    """Add `weight · row of item` to the sums and list the columns that had no entry; returns how many are listed."""
    for position in range(indptr[item], indptr[item + 1]):
        column = indices[position]
        sums[column] += weight * data[position]
        if not touched[column]:
            touched[column] = True
            summed[count] = column
            count += 1
    return count


@njit(cache=True, nogil=True)
def sums_of_rows(items, weights, indptr, indices, data, sums, touched, summed):  # pragma: no cover - compiled
    """`Σ weight · row of item` of one query: the columns with an entry, and their sums.

    The last three arguments are those of `scratch.of_items`.
    """
    count = 0
    for entry in range(len(items)):
        count = _add_row(items[entry], weights[entry], indptr, indices, data, sums, touched, summed, count)
    columns, values = summed[:count].copy(), np.empty(count, dtype=np.float32)
    for position in range(count):
        column = columns[position]
        values[position] = sums[column]
        sums[column], touched[column] = 0, False
    return columns, values


@njit(cache=True, nogil=True)
def best_sums(  # pragma: no cover - compiled
    offsets, items, weights, indptr, indices, data, masked_offsets, masked, allowed, ties, columns, values
):
    """Fill `columns` and `values` with the k largest entries of `Σ weight · row of item` of each query.

    `masked` items of a query and items that are not `allowed` are left out; empty arrays leave nothing out. Places that
    stay empty are not touched. Sums are as precise as the weights, and compared in single precision.
    """
    catalogue, last = len(ties), columns.shape[1] - 1
    sums, touched = np.zeros(catalogue, dtype=weights.dtype), np.zeros(catalogue, dtype=np.bool_)
    summed = np.empty(catalogue, dtype=np.int32)
    for query in range(len(offsets) - 1):
        count = 0
        for entry in range(offsets[query], offsets[query + 1]):
            if weights[entry] != 0:
                count = _add_row(items[entry], weights[entry], indptr, indices, data, sums, touched, summed, count)
        if len(masked_offsets):
            for position in range(masked_offsets[query], masked_offsets[query + 1]):
                sums[masked[position]] = -np.inf
        lowest, rank = -np.inf, -1
        for position in range(count):
            column = summed[position]
            score = np.float32(sums[column])
            sums[column], touched[column] = 0, False
            if score == -np.inf or (len(allowed) and not allowed[column]):
                continue
            if score > lowest or (score == lowest and ties[column] < rank):
                insert(columns[query], values[query], column, score, ties)
                lowest = values[query, last]
                rank = ties[columns[query, last]] if columns[query, last] >= 0 else -1
        if len(masked_offsets):
            for position in range(masked_offsets[query], masked_offsets[query + 1]):
                sums[masked[position]] = 0
