"""HCR: collaborative filtering in a reduced space, within the classes of an ontology.

    score(q, j) = Σ_{i ∈ q, class(i) = class(j)} weight(i) · cos(v_i, v_j), over the K most similar items j of each i

v are the items' vectors from a singular value decomposition of the users × items matrix; the classes are the shop's
categories, or derived ones where it has none. Comparing within a class keeps the work linear in the catalogue for
classes of bounded size.

Source: the system HCR as the paper of MCPRHRec reviews it: ontology for accuracy, SVD "to find the most similar items
and users in each cluster".
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy import ndarray
from scipy.sparse import csc_array, csr_array, csr_matrix

from kartograph.models.array_model import ArrayModel
from kartograph.models.data import Histories, TrainingData
from kartograph.models.item_categories import with_derived_categories
from kartograph.models.neighbours.voting import last_occurrences
from kartograph.models.registry import model
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

AT_ONCE = 2_000
"""Rows of a class that are compared with all of it at once."""


@dataclass(frozen=True)
class HCROptions:
    """How far the space is reduced and how many neighbours an item has."""

    dimensions: int = 64
    neighbours: int = 50
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse sizes that hold nothing."""
        if min(self.dimensions, self.neighbours) < 1:
            raise BadInput(f"dimensions {self.dimensions}, neighbours {self.neighbours}: both have to be at least 1")


@model("hcr", "HCR: SVD within the shop's categories")
class HCR(ArrayModel):
    """Item neighbours within classes."""

    Options = HCROptions
    trained_on = "users"

    def learn(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Decompose, then compare the items of each class."""
        from sklearn.decomposition import TruncatedSVD
        from sklearn.preprocessing import normalize

        if data.categories is None:
            data = with_derived_categories(data, seed=self.options.seed)
        assert data.categories is not None
        self.items = data.items
        size = len(data.items)
        seen = csr_matrix(data.histories.matrix(size).T)
        dimensions = min(self.options.dimensions, min(seen.shape) - 1)
        if dimensions < 1:
            raise BadInput(f"{seen.shape[1]} users and {size} items cannot be decomposed: two of each are needed")
        vectors = np.asarray(normalize(TruncatedSVD(dimensions, random_state=self.options.seed).fit_transform(seen)))
        members = csc_array(data.categories.matrix)
        parts = []
        for category in range(members.shape[1]):
            progress("Comparing within classes", category, members.shape[1])
            parts += _nearest(
                members.indices[members.indptr[category] : members.indptr[category + 1]],
                vectors,
                self.options.neighbours,
            )
        rows, columns, values = (np.concatenate(lists) for lists in zip(*parts, strict=True))
        # An item of several classes meets another more than once: the mean of equal numbers is the number.
        total = csr_array((values, (rows, columns)), shape=(size, size))
        times = csr_array((np.ones(len(values)), (rows, columns)), shape=(size, size))
        total.data = (total.data / times.data).astype(np.float32)
        self.similarity = total
        return self

    def scores(self, queries: Histories, owners: ndarray) -> csr_array:
        """Summed similarities to the history; an item without a class has no neighbours."""
        query = last_occurrences(queries)
        return query.matrix(np.ones(len(query.items)), len(self.items)) @ self.similarity


def _nearest(items: ndarray, vectors: ndarray, count: int) -> list[tuple[ndarray, ndarray, ndarray]]:
    nearest = [(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))]
    for start in range(0, len(items), AT_ONCE):
        batch = items[start : start + AT_ONCE]
        cosine = vectors[batch] @ vectors[items].T
        cosine[batch[:, None] == items[None, :]] = -1
        kept = min(count, len(items))
        best = np.argpartition(-cosine, kept - 1, axis=1)[:, :kept]
        values = np.take_along_axis(cosine, best, axis=1)
        rows, places = np.nonzero(values > 0)
        nearest.append((batch[rows], items[best[rows, places]], values[rows, places]))
    return nearest
