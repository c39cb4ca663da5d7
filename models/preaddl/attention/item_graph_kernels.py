"""Compiled: the weights of the edges between candidates and the items of a history."""

import numpy as np
from numba import njit


@njit(cache=True)
def fill_edges(indptr, indices, data, candidates, history, edges):  # pragma: no cover - compiled
    """Write into `edges[row, column, step]` the weight of the edge from a candidate to a step of the history."""
    position = np.full(len(indptr) - 1, -1, dtype=np.int32)
    for row in range(len(candidates)):
        for column in range(candidates.shape[1]):
            position[candidates[row, column]] = column
        for step in range(history.shape[1]):
            item = history[row, step]
            if item < 0 or item >= len(indptr) - 1:
                continue
            for entry in range(indptr[item], indptr[item + 1]):
                column = position[indices[entry]]
                if column >= 0:
                    edges[row, column, step] = data[entry]
        for column in range(candidates.shape[1]):
            position[candidates[row, column]] = -1
