"""Item-kNN: items like those of the history, by who touched them.

`score(q, j) = Σ_{i ∈ q} decay^age(i) · sim(i, j)`, where `sim` is the cosine of the items' columns in the matrix of
owners × items, kept for the K most similar items of each; the columns may be weighted first (TF-IDF, BM25). An item
counts by the age of its last occurrence.

Source: Deshpande and Karypis, "Item-Based Top-N Recommendation Algorithms" (2004), section 4; the similarities are
those of the package implicit.
"""

import warnings
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from numpy import ndarray
from scipy.sparse import csr_array, csr_matrix

from kartograph.models.array_model import SessionOptions
from kartograph.models.data import TrainingData
from kartograph.models.registry import model
from kartograph.models.scoring.linear import LinearModel
from kartograph.tables.progress import Progress, silent


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
        from implicit.nearest_neighbours import BM25Recommender, CosineRecommender, TFIDFRecommender
        from implicit.utils import ParameterWarning

        self.items = data.items
        kinds = {"tfidf": TFIDFRecommender, "cosine": CosineRecommender, "bm25": BM25Recommender}
        neighbours = kinds[self.options.weighting](K=self.options.neighbours, num_threads=1)
        with warnings.catch_warnings():
            # implicit hands its own weighting's COO matrix on and then warns of it.
            warnings.simplefilter("ignore", ParameterWarning)
            neighbours.fit(csr_matrix(data.histories.matrix(len(data.items))), show_progress=False)
        self.matrix = csr_array(neighbours.similarity).astype(np.float32)
        return self

    def weights(self, ages: ndarray) -> ndarray:
        """The later, the more."""
        return self.options.decay**ages
