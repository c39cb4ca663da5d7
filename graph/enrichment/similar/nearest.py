"""The nearest vectors of some, by their cosines: an exact search in blocks that stay in the processor's cache."""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from threadpoolctl import threadpool_limits

from kartograph.graph.enrichment.similar.nearest_kernels import keep_nearest

QUERIES, VECTORS = 256, 2048
"""A block of cosines has 2 MiB."""
STEP = 1e-6
"""Cosines that differ by less count as equal: float32 is no finer."""


def nearest(
    vectors: Float[ndarray, "n d"], rows: Int[ndarray, " m"], k: int
) -> tuple[Int[ndarray, "m k"], Float[ndarray, "m k"]]:
    """The k vectors with the largest `cos(v, w) = v·w / (|v| |w|)` to each of those in `rows`, itself left out.

    Returns their rows, -1 where there are fewer than k others, and the cosines, NaN there. The nearest come first,
    equals (to 1e-6) by row. A vector of zeros has the cosine 0 to all. It takes m · n · d products, on all cores.
    """
    units = _units(vectors)
    neighbours = np.full((len(rows), k), -1, np.int64)

    def search(begin: int) -> None:
        own = rows[begin : begin + QUERIES]
        scores = np.full((len(own), k), -2 / STEP)
        for first in range(0, len(units), VECTORS):
            cosines = units[own] @ units[first : first + VECTORS].T
            keep_nearest(cosines, first, own, STEP, scores, neighbours[begin : begin + QUERIES])

    if k:
        with threadpool_limits(1), ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(search, range(0, len(rows), QUERIES)))
    cosines = np.einsum("md,mkd->mk", units[rows], units[neighbours], dtype=np.float64)
    return neighbours, np.where(neighbours < 0, np.nan, cosines)


def closest(vectors: Float[ndarray, "n d"], rows: Int[ndarray, " m"], some: Int[ndarray, " k"]) -> Float[ndarray, " m"]:
    """The largest cosine of each vector in `rows` to those in the rows `some`; below -1 where there are none."""
    units = _units(vectors[rows])
    chosen = _units(vectors[some]).T
    parts = [
        (units[begin : begin + QUERIES] @ chosen).max(axis=1, initial=-2) for begin in range(0, len(units), QUERIES)
    ]
    return np.concatenate([np.empty(0, np.float32), *parts])


def _units(vectors: Float[ndarray, "n d"]) -> Float[ndarray, "n d"]:
    """The vectors at length 1, zeros as they are."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)
