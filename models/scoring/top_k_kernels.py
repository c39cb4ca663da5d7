"""Compiled: the k largest entries of every row in one pass over them."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def insert(columns, values, column, value, ties):  # pragma: no cover - compiled
    """Put one entry in place of the last one of a sorted list of k."""
    position = len(values) - 1
    while position > 0 and (
        values[position - 1] < value or (values[position - 1] == value and ties[columns[position - 1]] > ties[column])
    ):
        values[position] = values[position - 1]
        columns[position] = columns[position - 1]
        position -= 1
    values[position] = value
    columns[position] = column


@njit(cache=True, nogil=True)
def pick_dense(scores, columns, values, ties):  # pragma: no cover - compiled
    """Of each row of an array."""
    last = columns.shape[1] - 1
    for row in range(scores.shape[0]):
        lowest, position = -np.inf, -1
        for column in range(scores.shape[1]):
            score = scores[row, column]
            if score > lowest or (score == lowest and ties[column] < position):
                insert(columns[row], values[row], column, score, ties)
                lowest = values[row, last]
                position = ties[columns[row, last]] if columns[row, last] >= 0 else -1


@njit(cache=True, nogil=True)
def pick_sparse(indptr, indices, data, columns, values, ties):  # pragma: no cover - compiled
    """Of each row of a sparse matrix, among its entries."""
    last = columns.shape[1] - 1
    for row in range(len(indptr) - 1):
        lowest, position = -np.inf, -1
        for entry in range(indptr[row], indptr[row + 1]):
            score, column = data[entry], indices[entry]
            if score > lowest or (score == lowest and ties[column] < position):
                insert(columns[row], values[row], column, score, ties)
                lowest = values[row, last]
                position = ties[columns[row, last]] if columns[row, last] >= 0 else -1


@njit(cache=True, nogil=True)
def mask_sparse(indptr, indices, data, masked_indptr, masked_indices):  # pragma: no cover - compiled
    """Give the entries that a second matrix has as well -inf; the columns of both are sorted within rows."""
    for row in range(len(indptr) - 1):
        other, end = masked_indptr[row], masked_indptr[row + 1]
        for entry in range(indptr[row], indptr[row + 1]):
            while other < end and masked_indices[other] < indices[entry]:
                other += 1
            if other < end and masked_indices[other] == indices[entry]:
                data[entry] = -np.inf
