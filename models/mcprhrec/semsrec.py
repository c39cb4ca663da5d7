"""SEMSRec: items are alike by the company they keep and by what follows them.

    similarity(i, j) = share · cos(v_i, v_j) + (1 - share) · after(i, j) / Σ_x after(i, x)
    score(q, j)      = Σ_{i ∈ q} decay^age(i) · similarity(i, j)

`after(i, j)` counts how often j comes at most `window` events after i in a history; v are item vectors from these
contexts: the singular vectors of the positive pointwise mutual information of items that stand near each other, which
is what skip-gram embeddings of sequences approximate. Only items that stood near each other are compared.

Sources: Nasir and Ezeife, "Semantics Embedded Sequential Recommendation for E-Commerce Products" (2020); Levy and
Goldberg, "Neural Word Embedding as Implicit Matrix Factorization" (2014).
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy import ndarray
from scipy.sparse import coo_array, csr_array, csr_matrix

from kartograph.models.array_model import ArrayModel
from kartograph.models.data import Histories, TrainingData
from kartograph.models.neighbours.voting import last_occurrences
from kartograph.models.registry import model
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent


@dataclass(frozen=True)
class SEMSRecOptions:
    """How the two similarities mix."""

    share: float = 0.5
    """Of the vectors' cosine; the rest is what follows."""
    window: int = 5
    """Events further apart than this are not near."""
    dimensions: int = 64
    decay: float = 0.9
    """Weight of an item relative to the one after it in the history that asks."""
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse shares and sizes that mean nothing."""
        if not 0 <= self.share <= 1 or self.window < 1 or self.dimensions < 1:
            raise BadInput(
                f"share {self.share}, window {self.window}, dimensions {self.dimensions}: the share lies between 0 and "
                "1, the others are at least 1"
            )


@model("semsrec", "SEMSRec: item vectors from contexts, and what follows")
class SEMSRec(ArrayModel):
    """Item similarities; an item is never its own neighbour."""

    Options = SEMSRecOptions
    trained_on = "users"

    def learn(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Count what follows what, and compare."""
        self.items = data.items
        size = len(data.items)
        after = followers(data.histories, size, self.options.window)
        near = csr_array(after + after.T)
        vectors = _vectors(near, self.options.dimensions, self.options.seed)
        pairs = coo_array(near)
        rows, columns = pairs.coords
        cosine = np.maximum((vectors[rows] * vectors[columns]).sum(axis=1), 0)
        share = self.options.share
        alike = csr_array((share * cosine, (rows, columns)), shape=(size, size))
        sums = np.repeat(np.asarray(after.sum(axis=1)).ravel(), np.diff(after.indptr))
        follows = csr_array(((1 - share) * after.data / sums, after.indices, after.indptr), shape=(size, size))
        self.similarity = csr_array(alike + follows).astype(np.float32)
        return self

    def scores(self, queries: Histories, owners: ndarray) -> csr_array:
        """Summed similarities to the history."""
        query = last_occurrences(queries)
        return query.matrix(self.options.decay**query.ages, len(self.items)) @ self.similarity


def followers(histories: Histories, items: int, window: int) -> csr_array:
    """Items × items: how often the second comes at most `window` events after the first; not after itself."""
    counts = csr_array((items, items), dtype=np.float64)
    owners, events = histories.owners, histories.items
    for distance in range(1, window + 1):
        pair = (owners[distance:] == owners[:-distance]) & (events[distance:] != events[:-distance])
        first, second = events[:-distance][pair], events[distance:][pair]
        counts = csr_array(counts + csr_array((np.ones(len(first)), (first, second)), shape=(items, items)))
    return counts


def _vectors(near: csr_array, dimensions: int, seed: int) -> ndarray:
    """Rows of length 1, or 0 for an item that stands alone."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    sums = np.asarray(near.sum(axis=1)).ravel()
    rows = np.repeat(np.arange(near.shape[0]), np.diff(near.indptr))
    information = np.log(near.data * sums.sum() / (sums[rows] * sums[near.indices])) if near.nnz else near.data
    matrix = csr_matrix((np.maximum(information, 0), near.indices, near.indptr), shape=(near.shape[0], near.shape[1]))
    matrix.eliminate_zeros()
    rank = min(dimensions, near.shape[0] - 1)
    if rank < 1 or matrix.nnz == 0:
        return np.zeros((near.shape[0], 1))
    return np.asarray(normalize(TruncatedSVD(rank, random_state=seed).fit_transform(matrix)))
