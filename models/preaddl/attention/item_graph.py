"""What ties items to each other? Co-occurrence edges and categories, and first embeddings made from the edges.

    w(i, j) = Σ over owners, over places p < q of at most `window` distance that hold {i, j}, of 1 / (q - p),  i ≠ j
    n(i, j) = w(i, j) / √(w(i) · w(j)),   w(i) = Σ_j w(i, j)

FastRP over these edges is the embedding that the graph computes over users and items; where a graph is at hand, its
own embeddings can be taken instead.

Source of FastRP: Chen, Sultan, Tian, Chen, Skiena, "Fast and Accurate Network Embeddings via Very Sparse Random
Projection" (2019), section 4.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
from jaxtyping import Float, Int
from numba import njit
from numpy import ndarray
from scipy.sparse import coo_array, csr_array, diags_array

from kartograph.models.data import NONE, Histories, Ids, TrainingData

if TYPE_CHECKING:
    from kartograph.graph.connection import Graph

WINDOW = 10
ITERATION_WEIGHTS = (0.5, 1.0, 1.0)
"""Of the neighbours at distance 1, 2, 3."""
LIGHT_GCN_LAYERS = 2


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


@dataclass(frozen=True)
class ItemKnowledge:
    """What is known of items beside the events; rows are item rows of the training data."""

    embeddings: Float[ndarray, "items size"] | None = None
    """First embeddings; a row of NaN where an item has none."""
    categories: Int[ndarray, " items"] | None = None
    """Numbers of the items' categories, `NONE` where unknown."""


def knowledge_of_graph(graph: "Graph", items: Ids) -> ItemKnowledge:
    """Embeddings and categories as the snapshot of the graph has them, in the order of `items`.

    Raises `NothingThere`, which names the step of the enrichment, where items have no embeddings.
    """
    snapshot = graph.snapshot(parts=("categories", "embeddings"))
    category = np.full(len(snapshot.item_ids), NONE)
    category[snapshot.categories.item] = snapshot.categories.category
    rows = Ids(snapshot.item_ids.index).rows(items.external)
    known = rows != NONE
    embeddings = np.where(known[:, None], snapshot.embeddings[rows], np.nan).astype(np.float32)
    return ItemKnowledge(embeddings, np.where(known, category[rows], NONE))


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


def light_gcn(data: TrainingData, size: int, steps: int, seed: int) -> Float[ndarray, "items size"]:
    """Unit vectors of a LightGCN over owners and items, trained full batch with BPR.

    Source: He, Deng, Wang, Li, Zhang, Wang, "LightGCN: Simplifying and Powering Graph Convolution Network for
    Recommendation" (2020); the layers are PyTorch Geometric's.
    """
    import torch
    from torch_geometric.nn.models import LightGCN

    histories, items = data.histories, len(data.items)
    matrix = histories.matrix(items).tocoo()
    owner, item = (torch.from_numpy(index.astype(np.int64)) for index in (matrix.row, matrix.col))
    edges = torch.stack([torch.cat([owner + items, item]), torch.cat([item, owner + items])])
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = LightGCN(items + len(histories), size, LIGHT_GCN_LAYERS)
        optimiser = torch.optim.Adam(model.parameters(), lr=0.05)
        for _ in range(steps):
            vectors = model.get_embedding(edges)
            wrong = torch.randint(items, (len(item),))
            positive = (vectors[owner + items] * vectors[item]).sum(1)
            negative = (vectors[owner + items] * vectors[wrong]).sum(1)
            loss = -torch.nn.functional.logsigmoid(positive - negative).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        with torch.no_grad():
            return _unit(model.get_embedding(edges)[:items].numpy())


def edges_between(
    matrix: csr_array, candidates: Int[ndarray, "n candidates"], history: Int[ndarray, "n length"]
) -> Float[ndarray, "n candidates length"]:
    """The stored value from each history item to each candidate, 0 where there is no edge or the place is empty."""
    found = np.zeros((*candidates.shape, history.shape[1]), dtype=np.float32)
    _edges_between(matrix.indptr, matrix.indices, matrix.data, candidates, history, found)
    return found


@njit(cache=True)
def _edges_between(indptr, indices, data, candidates, history, found):  # pragma: no cover - compiled
    place = np.full(len(indptr) - 1, -1, dtype=np.int32)
    for row in range(len(candidates)):
        for column in range(candidates.shape[1]):
            place[candidates[row, column]] = column
        for step in range(history.shape[1]):
            item = history[row, step]
            if item < 0 or item >= len(indptr) - 1:
                continue
            for entry in range(indptr[item], indptr[item + 1]):
                column = place[indices[entry]]
                if column >= 0:
                    found[row, column, step] = data[entry]
        for column in range(candidates.shape[1]):
            place[candidates[row, column]] = -1


def _unit(rows: ndarray) -> ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
