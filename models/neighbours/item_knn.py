"""Item-kNN: items like those of the history, by who touched them.

`score(q, j) = Σ_{i ∈ q} decay^age(i) · sim(i, j)`, where `sim` is the cosine of the items' columns in the matrix of
owners × items, kept for the K most similar items of each; the columns may be weighted first (TF-IDF, BM25). An item
counts by the age of its last occurrence.

Source: Deshpande and Karypis, "Item-Based Top-N Recommendation Algorithms" (2004), section 4; the weights are those of
the package implicit, whose neighbours these are, but for equal similarities, which `Ids.tie_order` cuts here.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from numpy import ndarray
from scipy.sparse import coo_matrix, csr_array

from kartograph.models.array_model import SessionOptions
from kartograph.models.data import NONE, TrainingData
from kartograph.models.registry import model
from kartograph.models.scoring.linear import EVERYTHING, NOTHING, LinearModel
from kartograph.tables.progress import Progress, silent

ITEMS_AT_ONCE = 4_096
"""Items whose neighbours are found in one go by a thread."""


@dataclass(frozen=True)
class ItemKNNOptions(SessionOptions):
    """What makes items alike and how the history counts."""

    weighting: Literal["tfidf", "cosine", "bm25"] = "tfidf"
    """How the matrix is weighted before the cosine."""
    neighbours: int = 200
    """K, similar items kept for each item."""
    decay: float = 1.0
    """Weight of a click relative to the one after it; 1 makes all clicks alike."""


@model("item-knn-tfidf", "similar items, untuned TF-IDF of implicit, K 200")
@model("item-knn", "similar items, late clicks count more", tuned_for="sequences", options=ItemKNNOptions(decay=0.75))
class ItemKNN(LinearModel):
    """Item neighbours; an item is its own neighbour, so that repeats are recommended unless they are masked."""

    Options = ItemKNNOptions

    def learn(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Compute the similarities."""
        self.items = data.items
        weighted = self._weighted(coo_matrix(data.histories.matrix(len(data.items)).T))
        self.matrix = _best_products(csr_array(weighted.T), self.options.neighbours, data.items.tie_order, progress)
        return self

    def _weighted(self, counts: coo_matrix) -> coo_matrix:
        """Items × owners, weighted so that products of two rows are their similarity."""
        from implicit.nearest_neighbours import bm25_weight, normalize, tfidf_weight

        if self.options.weighting == "bm25":
            return bm25_weight(counts, K1=1.2, B=0.75)  # pyright: ignore[reportArgumentType] - fractions are meant
        # Where all weights of an item are 0 its similarities are not a number, and none is kept.
        with np.errstate(invalid="ignore"):
            return normalize(tfidf_weight(counts) if self.options.weighting == "tfidf" else counts)

    def weights(self, ages: ndarray) -> ndarray:
        """The later, the more."""
        return self.options.decay**ages


def _best_products(weighted: csr_array, k: int, ties: ndarray, progress: Progress) -> csr_array:
    """The k largest entries of each row of WᵀW, for W (owners × items); `ITEMS_AT_ONCE` rows are held at a time.

    Sums are made in double precision, so that similarities that are equal stay equal and ids decide between them.
    """
    from kartograph.models.scoring.linear_kernels import best_sums

    weighted = weighted.astype(np.float64)
    of_items = csr_array(weighted.T.tocsr())
    count = of_items.shape[0]

    def best(start: int) -> tuple[ndarray, ndarray, ndarray]:
        offsets = of_items.indptr[start : min(start + ITEMS_AT_ONCE, count) + 1].astype(np.int64)
        entries = slice(offsets[0], offsets[-1])
        columns = np.full((len(offsets) - 1, k), NONE, dtype=np.int64)
        values = np.full(columns.shape, -np.inf, dtype=np.float32)
        best_sums(
            *(offsets - offsets[0], of_items.indices[entries].astype(np.int64), of_items.data[entries]),
            *(weighted.indptr, weighted.indices, weighted.data),
            *(NOTHING, NOTHING, EVERYTHING, ties, columns, values),
        )
        there = columns != NONE
        return there.sum(axis=1), columns[there].astype(np.int32), values[there]

    starts = range(0, count, ITEMS_AT_ONCE)
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # what is compiled runs without the interpreter's lock
        parts = []
        for start, part in zip(starts, pool.map(best, starts), strict=True):
            progress("Comparing items", start, count)
            parts.append(part)
    sizes, columns, values = (np.concatenate(some) for some in zip(*parts, strict=True))
    return csr_array((values, columns, np.r_[0, np.cumsum(sizes)]), shape=(count, count))
