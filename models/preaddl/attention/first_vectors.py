"""What the embeddings of the model on the graph begin as: the graph's, FastRP of the edges, an encoder's, or chance."""

from typing import TYPE_CHECKING

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from kartograph.models.data import TrainingData
from kartograph.models.preaddl.attention.item_graph import ItemGraph, fast_rp
from kartograph.models.preaddl.training import Training
from kartograph.tables.errors import BadInput

if TYPE_CHECKING:
    from torch_geometric.data import HeteroData

FIRST_LENGTH = 0.8
"""Length of the first embeddings; the smaller, the faster a step of Adam's size turns one."""


def begins_with(init: str, size: int, data: TrainingData) -> str:
    """Which first embeddings `init` comes to with this data; raises `BadInput` where it asks for what is not there."""
    known = data.computed
    if init not in ("auto", "graph"):
        return init
    if known is not None and known.embeddings is not None:
        size_in_graph = known.embeddings.shape[1]
        if size_in_graph != size:
            raise BadInput(f"The graph's embeddings have {size_in_graph} numbers, size is {size}: make them equal.")
        return "graph"
    if init == "graph":
        raise BadInput(
            'init is "graph", but no embeddings are given: fit on a graph that has them, or take init "fastrp"'
        )
    return "fastrp"


def first_vectors(
    init: str,
    size: int,
    data: TrainingData,
    training: Training,
    edges: ItemGraph,
    exported: "HeteroData | None",
    held_out: bool,
) -> Float[Tensor, "items size"]:
    """The first embeddings of `size` numbers; by chance where an item has none.

    `init` is what `begins_with` says; where something is `held_out`, the graph's are those that do not know it;
    `exported` is the graph's own export, which knows what is held out: without it `hetero` makes one of the data.
    """
    count, seed = len(data.items), training.seed
    chance = torch.randn(count, size, generator=torch.Generator().manual_seed(seed)) / size**0.5
    if init == "random":
        return chance * FIRST_LENGTH
    if init in ("fastrp", "shuffled"):
        first = fast_rp(edges, size, seed)
        if init == "shuffled":
            first = np.random.default_rng(seed).permutation(first)
    elif init == "graph":
        assert data.computed is not None and data.computed.embeddings is not None  # `begins_with` has seen them
        of_rest = data.computed.embeddings_of_rest
        from_graph = data.computed.embeddings if of_rest is None or not held_out else of_rest
        first = from_graph / np.maximum(np.linalg.norm(from_graph, axis=1, keepdims=True), 1e-12)
    else:
        from kartograph.models.preaddl.attention import encoders, hetero

        if init == "lightgcn":
            first = encoders.light_gcn(data, size, seed, device=training.device)
        else:
            nodes = hetero.hetero_of(data) if exported is None else exported
            first = encoders.hgt(nodes, data.histories, size, seed, device=training.device)
    vectors = torch.from_numpy(np.nan_to_num(first).astype(np.float32))
    # A little chance apart from the projection keeps items with the same neighbours distinct.
    return torch.where(vectors.norm(dim=1, keepdim=True) > 0, vectors + 0.1 * chance, chance) * FIRST_LENGTH
