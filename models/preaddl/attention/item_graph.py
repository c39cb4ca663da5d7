"""What ties items to each other: co-occurrence edges, and first embeddings made from them.

    w(i, j) = Σ over owners, over places p < q of at most `window` distance that hold {i, j}, of 1 / (q - p),  i ≠ j
    n(i, j) = w(i, j) / √(w(i) · w(j)),   w(i) = Σ_j w(i, j)

FastRP over these edges is for files: a graph has computed its own over users and items, and those are taken.

Source of FastRP: Chen, Sultan, Tian, Chen, Skiena, "Fast and Accurate Network Embeddings via Very Sparse Random
Projection" (2019), section 4.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.sparse import coo_array, csr_array, diags_array

from kartograph.models.data import Histories
from kartograph.models.preaddl.attention.item_graph_kernels import fill_edges

WINDOW = 10
ITERATION_WEIGHTS = (0.5, 1.0, 1.0)
"""Of the neighbours at distance 1, 2, 3."""


@dataclass(frozen=True)
class ItemGraph:
    """Edges between items, rows and columns are item rows; no item is its own neighbour."""

    weights: csr_array
    """w."""
    cosine: csr_array
    """n, stored at the same places as w."""

    @classmethod
    def of(cls, histories: Histories, items: int, window: int = WINDOW) -> Self:
        """Count what occurs together in the histories."""
        total = csr_array((items, items), dtype=np.float32)
        for distance in range(1, window + 1):
            left, right = histories.items[:-distance], histories.items[distance:]
            owners = histories.owners
            kept = (owners[:-distance] == owners[distance:]) & (left != right)
            value = np.full(int(kept.sum()), 1 / distance, dtype=np.float32)
            total = total + coo_array((value, (left[kept], right[kept])), shape=(items, items)).tocsr()
        return cls._normalised(csr_array(total + total.T, shape=(items, items)))

    @classmethod
    def _normalised(cls, weights: csr_array) -> Self:
        weights.sort_indices()
        strength = np.maximum(np.asarray(weights.sum(axis=1)).ravel(), 1e-9)
        scale = diags_array((1 / np.sqrt(strength)).astype(np.float32))
        cosine = csr_array(scale @ weights @ scale)
        cosine.sort_indices()
        return cls(weights, cosine)


def fast_rp(graph: ItemGraph, size: int, seed: int) -> Float[ndarray, "items size"]:
    """Unit vectors from random projections of the neighbours at distance 1, 2 and 3; zero for items without edges."""
    random = np.random.default_rng(seed)
    items = graph.cosine.shape[0]
    signs = random.choice(np.array([-1, 0, 1], dtype=np.float32), p=[1 / 6, 2 / 3, 1 / 6], size=(items, size))
    power, total = signs * np.sqrt(3 / size), np.zeros((items, size), dtype=np.float32)
    for weight in ITERATION_WEIGHTS:
        power = _unit(graph.cosine @ power)
        total += np.float32(weight) * power
    return _unit(total)


def edges_between(
    matrix: csr_array, candidates: Int[ndarray, "n candidates"], history: Int[ndarray, "n length"]
) -> Float[ndarray, "n candidates length"]:
    """The stored value from each history item to each candidate, 0 where there is no edge or the place is empty."""
    edges = np.zeros((*candidates.shape, history.shape[1]), dtype=np.float32)
    fill_edges(matrix.indptr, matrix.indices, matrix.data, candidates, history, edges)
    return edges


def _unit(rows: ndarray) -> ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
