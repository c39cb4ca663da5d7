"""Groups items by similarity, and measures what searching only the nearest group saves."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import cut_tree, linkage
from scipy.spatial.distance import squareform

from kartograph.ontology.compare.kinds import Matrix
from kartograph.tables.errors import BadInput

Linkage = Literal["average", "single", "complete"]


@dataclass(frozen=True)
class Clusters:
    """Items in groups, each with its most central item."""

    labels: NDArray[np.int64]
    """Per item the number of its cluster."""
    medoids: NDArray[np.int64]
    """Per cluster the row of the item with the smallest mean distance to the others of the cluster."""

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Number of items of each cluster."""
        return np.bincount(self.labels, minlength=len(self.medoids))

    def nearest(self, similarities: Matrix) -> NDArray[np.int64]:
        """The cluster whose medoid is most similar, for each row of similarities to all items."""
        return np.nan_to_num(similarities[:, self.medoids], nan=-1.0).argmax(axis=1)

    def within(self, similarities: Matrix) -> Matrix:
        """The same similarities with NaN for everything outside of each row's nearest cluster."""
        inside = self.labels[None, :] == self.nearest(similarities)[:, None]
        return np.where(inside, similarities, np.nan)

    def reduction(self, similarities: Matrix) -> float:
        """Share of the catalogue that is not searched: 1 less the mean size of the nearest clusters over its size."""
        return float(1 - self.sizes[self.nearest(similarities)].mean() / len(self.labels))


def distances_of(similarity: Matrix) -> Matrix:
    """`1 - similarity`; 1 where items cannot be compared (NaN, or below 0), 0 on the diagonal."""
    distance = 1 - np.maximum(np.nan_to_num(similarity, nan=0.0), 0)
    np.fill_diagonal(distance, 0)
    return np.maximum(distance, distance.T)


def agglomerative(distance: Matrix, k: int, *, method: Linkage = "average") -> Clusters:
    """`k` clusters by merging the two nearest again and again (average linkage: the paper's tool does the same).

    Memory: 8 bytes × items²/2; 6,000 items take 145 MB and a few seconds.
    """
    return cut(distance, tree(distance, method=method), k)


def tree(distance: Matrix, *, method: Linkage = "average") -> NDArray[np.float64]:
    """The merges in SciPy's form; kept apart so that several numbers of clusters are cut from one tree.

    A single item makes no merge.
    """
    if len(distance) < 2:
        return np.zeros((0, 4))
    return linkage(squareform(distance, checks=False), method=method)


def cut(distance: Matrix, merges: NDArray[np.float64], k: int) -> Clusters:
    """`k` clusters of a tree of merges."""
    _check(k, len(distance))
    labels = cut_tree(merges, n_clusters=[k])[:, 0].astype(np.int64) if len(merges) else np.zeros(1, dtype=np.int64)
    return Clusters(labels, medoids_of(distance, labels))


def medoids_of(distance: Matrix, labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Per cluster the row with the smallest summed distance to its cluster; ties go to the smaller row."""
    members = np.eye(labels.max() + 1, dtype=distance.dtype)[labels]
    sums = np.where(members.T > 0, (distance @ members).T, np.inf)
    return sums.argmin(axis=1)


def k_medoids(distance: Matrix, k: int, *, seed: int = 0, rounds: int = 100) -> Clusters:
    """`k` clusters around medoids: assign to the nearest medoid, choose the medoids anew, until nothing moves.

    The first medoids are drawn apart from one another (k-means++ on distances: Arthur and Vassilvitskii 2007).
    The alternation is Park and Jun's (2009).
    """
    _check(k, len(distance))
    rng = np.random.default_rng(seed)
    medoids = [int(rng.integers(len(distance)))]
    while len(medoids) < k:
        nearest = distance[:, medoids].min(axis=1).astype(np.float64) ** 2
        nearest[medoids] = 0
        if nearest.sum() == 0:  # fewer different items than clusters: any that is not yet a medoid
            nearest = np.ones(len(distance))
            nearest[medoids] = 0
        medoids.append(int(rng.choice(len(distance), p=nearest / nearest.sum())))
    chosen = np.array(medoids)
    for _ in range(rounds):
        labels = _assign(distance, chosen)
        moved = medoids_of(distance, labels)
        if np.array_equal(moved, chosen):
            break
        chosen = moved
    return Clusters(_assign(distance, chosen), chosen)


def best_k(distance: Matrix, ks: Iterable[int], *, method: Linkage = "average") -> tuple[int, dict[int, float]]:
    """The number of clusters with the highest mean silhouette (Rousseeuw 1987), and the silhouettes of all tried.

    Raises
    ------
    BadInput
        Fewer than three items, for which there is no silhouette, or no number from 2 to one less than the items.
    """
    from sklearn.metrics import silhouette_score  # takes seconds to import, and only this function needs it

    items = len(distance)
    if items < 3:
        raise BadInput(
            f"received {items} item{'' if items == 1 else 's'} and no number of clusters; choosing it takes three "
            "items or more: give it with --k"
        )
    merges = tree(distance, method=method)
    tried = [k for k in ks if 2 <= k < items]
    scores = {
        k: float(silhouette_score(distance, cut(distance, merges, k).labels, metric="precomputed")) for k in tried
    }
    if not scores:
        raise BadInput(f"no number of clusters was given to choose from; give some from 2 to {items - 1}")
    return max(scores, key=lambda k: (scores[k], -k)), scores


def _assign(distance: Matrix, medoids: NDArray[np.int64]) -> NDArray[np.int64]:
    labels = distance[:, medoids].argmin(axis=1)
    labels[medoids] = np.arange(len(medoids))  # items at distance 0 of two medoids would leave one cluster empty
    return labels


def _check(k: int, items: int) -> None:
    if not 1 <= k <= items:
        raise BadInput(f"{k} clusters of {items} items cannot be made; give a number from 1 to {items}")
