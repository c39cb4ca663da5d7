"""Item vectors from graph neural networks of PyTorch Geometric, which the attention model begins with.

`hgt`: relation-wise attention over users, sessions, items and categories. Items and categories have vectors of their
own; users and sessions begin with one vector for all of their kind and become what they are tied to. Two items that the
same owner saw one after the other are to be alike, against the other items of the batch:

    loss = -log softmax_j (z_i · z_j / τ),     z = unit vectors of the last layer

`lightgcn`: two layers of averaging over owners and items, trained with BPR on the edges.

Both learn the full graph at once while it is small. Else owners are divided at random into parts, and a step sees one
part with the edges that it induces. `hgt` sees the part's items alone and averages the vectors of the parts, weighted
by the edges that an item has in each: its memory follows the part (NeighborLoader needs packages that no registry has).

Sources: Hu, Dong, Wang, Sun, "Heterogeneous Graph Transformer" (2020), equations 1 to 5; He, Deng, Wang, Li, Zhang,
Wang, "LightGCN: Simplifying and Powering Graph Convolution Network for Recommendation" (2020).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from numpy import ndarray
from torch import Tensor, nn
from torch.nn import functional
from torch_geometric.data import HeteroData
from torch_geometric.nn import HGTConv
from torch_geometric.nn.models import LightGCN

from kartograph.models.data import Histories, TrainingData
from kartograph.models.preaddl.attention.hetero import CATEGORY, ITEM, part_of, partition

LAYERS = 2
HEADS = 2
STEPS = 60
EDGES_AT_ONCE = 200_000
"""Of one direction, in a part."""
PAIRS_AT_ONCE = 4096
TEMPERATURE = 0.1
RATE = 0.01
LIGHT_GCN_RATE = 0.05


class HeteroEncoder(nn.Module):
    """Unit vectors of the items of a heterogeneous graph."""

    def __init__(self, data: HeteroData, size: int) -> None:
        """Take labels, types and the numbers of items and categories from the graph."""
        super().__init__()
        self.own = nn.ModuleDict()
        self.shared = nn.ParameterDict()
        for label in data.node_types:
            if label in (ITEM, CATEGORY):
                self.own[label] = nn.Embedding(int(data[label].num_nodes or 0), size)
                nn.init.normal_(self.own[label].weight, std=size**-0.5)  # pyright: ignore[reportArgumentType]
            else:
                self.shared[label] = nn.Parameter(torch.randn(size) * size**-0.5)
        self.layers = nn.ModuleList(HGTConv(size, size, data.metadata(), HEADS) for _ in range(LAYERS))

    def forward(self, data: HeteroData) -> Float[Tensor, "items size"]:
        """The vectors of the items; `data` is the graph, or a part of it whose items are those at its `rows`."""
        vectors: dict[str, Any] = {label: one.weight for label, one in self.own.items()}
        if "rows" in data[ITEM]:
            vectors[ITEM] = vectors[ITEM][data[ITEM].rows]
        vectors |= {label: one.expand(int(data[label].num_nodes or 0), -1) for label, one in self.shared.items()}
        for layer in self.layers:
            vectors = layer(vectors, data.edge_index_dict)
        return functional.normalize(vectors[ITEM], dim=1)


def hgt(
    data: HeteroData,
    histories: Histories,
    size: int,
    seed: int,
    steps: int = STEPS,
    at_once: int = EDGES_AT_ONCE,
    device: str = "cpu",
) -> Float[ndarray, "items size"]:
    """Unit vectors of the items, learned from which items follow each other in the histories."""
    pairs = torch.from_numpy(following(histories)).to(device)
    items = int(data[ITEM].num_nodes or 0)
    count, numbers = partition(data, at_once, seed)
    parts = [part_of(data, numbers, number).to(device) for number in range(count)]
    random = np.random.default_rng(seed)
    with _seeded(seed, device):
        model = HeteroEncoder(data, size).to(device)
        optimiser = torch.optim.Adam(model.parameters(), lr=RATE)
        for step in range(steps):
            part = parts[step % count]
            inside = _inside(pairs, part[ITEM].rows, items)
            if not inside.shape[1]:
                continue
            vectors = model(part)
            chosen = random.integers(inside.shape[1], size=min(PAIRS_AT_ONCE, inside.shape[1]))
            some = inside[:, torch.from_numpy(chosen).to(device)]
            logits = vectors[some[0]] @ vectors[some[1]].T / TEMPERATURE
            # The same item at another place of the batch is no wrong answer.
            places = torch.arange(some.shape[1], device=device)
            twice = (some[1][:, None] == some[1]) & (places[:, None] != places)
            loss = functional.cross_entropy(logits.masked_fill(twice, -torch.inf), places)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            total = torch.zeros(items, size, device=device)
            for part in parts:
                total[part[ITEM].rows] += model(part) * (_edges_of_items(part) + 1e-3)[:, None]
            return functional.normalize(total, dim=1).cpu().numpy()


def light_gcn(
    data: TrainingData,
    size: int,
    seed: int,
    steps: int = STEPS,
    at_once: int = EDGES_AT_ONCE,
    device: str = "cpu",
) -> Float[ndarray, "items size"]:
    """Unit vectors of a LightGCN over owners and items."""
    items = len(data.items)
    matrix = data.histories.matrix(items).tocoo()
    owner, item = (torch.from_numpy(index.astype(np.int64)).to(device) for index in (matrix.row, matrix.col))
    count = max(-(-len(item) // at_once), 1)
    part = torch.from_numpy(np.random.default_rng(seed).integers(count, size=len(data.owners))).to(device)[owner]
    every = _both_ways(owner + items, item)
    with _seeded(seed, device):
        model = LightGCN(items + len(data.owners), size, LAYERS).to(device)
        optimiser = torch.optim.Adam(model.parameters(), lr=LIGHT_GCN_RATE)
        for step in range(steps):
            chosen = part == step % count
            who, what = owner[chosen] + items, item[chosen]
            vectors = model.get_embedding(every if count == 1 else _both_ways(who, what))
            wrong = torch.randint(items, (len(what),), device=device)
            right = (vectors[who] * vectors[what]).sum(1)
            loss = -functional.logsigmoid(right - (vectors[who] * vectors[wrong]).sum(1)).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        with torch.no_grad():
            return functional.normalize(model.get_embedding(every)[:items], dim=1).cpu().numpy()


@contextmanager
def _seeded(seed: int, device: str) -> Iterator[None]:
    """PyTorch with this seed; its own state is put back afterwards."""
    with torch.random.fork_rng(devices=[device] if device.startswith("cuda") else []):
        torch.manual_seed(seed)
        yield


def _inside(pairs: Int[Tensor, "2 pairs"], rows: Int[Tensor, " part"], items: int) -> Int[Tensor, "2 pairs_inside"]:
    """The pairs whose two items are at these rows of all `items`, as places among the rows."""
    places = torch.full((items,), -1, device=rows.device)
    places[rows] = torch.arange(len(rows), device=rows.device)
    inside = places[pairs]
    return inside[:, (inside >= 0).all(0)]


def following(histories: Histories) -> Int[ndarray, "2 pairs"]:
    """The items that one owner saw one after the other, other ones each time, in both orders."""
    left, right = histories.items[:-1], histories.items[1:]
    kept = (histories.owners[:-1] == histories.owners[1:]) & (left != right)
    return np.hstack([np.stack([left[kept], right[kept]]), np.stack([right[kept], left[kept]])])


def _both_ways(owners: Tensor, items: Tensor) -> Int[Tensor, "2 edges"]:
    return torch.stack([torch.cat([owners, items]), torch.cat([items, owners])])


def _edges_of_items(data: HeteroData) -> Float[Tensor, " items"]:
    """How many edges lead to each item."""
    targets = [data[triple].edge_index[1] for triple in data.edge_types if triple[2] == ITEM]
    return torch.cat(targets).bincount(minlength=int(data[ITEM].num_nodes or 0)).float()
