"""Compiled: alias tables of a weighted graph in rows.

Source: Vose, "A Linear Algorithm For Generating Random Numbers With a Given Distribution" (1991).
"""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def alias_tables(indptr, indices, weights):  # pragma: no cover - compiled
    """For each edge the share in 32 bits of its own target, that target, and the target of the rest."""
    edges = np.empty((len(indices), 3), dtype=np.int32)
    max_degree = 0
    for node in range(len(indptr) - 1):
        max_degree = max(max_degree, indptr[node + 1] - indptr[node])
    share = np.empty(max_degree)
    small, large = np.empty(max_degree, dtype=np.int64), np.empty(max_degree, dtype=np.int64)
    for node in range(len(indptr) - 1):
        start, degree = indptr[node], indptr[node + 1] - indptr[node]
        total = 0.0
        for edge in range(degree):
            total += weights[start + edge]
        few = many = 0
        for edge in range(degree):
            share[edge] = weights[start + edge] * degree / total
            if share[edge] < 1.0:
                small[few] = edge
                few += 1
            else:
                large[many] = edge
                many += 1
        while few and many:
            few -= 1
            low, high = small[few], large[many - 1]
            edges[start + low, 0] = _bits(share[low])
            edges[start + low, 1] = indices[start + low]
            edges[start + low, 2] = indices[start + high]
            share[high] -= 1.0 - share[low]
            if share[high] < 1.0:
                many -= 1
                small[few] = high
                few += 1
        # What is left has share 1 but for rounding.
        for position in range(few):
            _sure(edges, start + small[position], indices[start + small[position]])
        for position in range(many):
            _sure(edges, start + large[position], indices[start + large[position]])
    return edges


@njit(cache=True, nogil=True)
def _bits(share):  # pragma: no cover - compiled
    """A share in [0, 1] as 32 bits, kept in a signed number."""
    value = min(np.int64(share * 4294967296.0), np.int64(4294967295))
    return np.int32(value - 4294967296 if value >= 2147483648 else value)


@njit(cache=True, nogil=True)
def _sure(edges, edge, target):  # pragma: no cover - compiled
    edges[edge, 0] = np.int32(-1)
    edges[edge, 1] = target
    edges[edge, 2] = target
