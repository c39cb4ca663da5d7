"""The shop as a heterogeneous graph of PyTorch Geometric: from training data, or as `graph.export` has it.

Both have the same labels and types, so one encoder takes either:

    (:User)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(:Item)       (:Session)-[:INCLUDES]->(:Item)
    (:Item)-[:IN_CATEGORY]->(:Category)-[:CHILD_OF]->(:Category)       (:User)-[:HAD]->(:Session), from a graph only

Every type is there in both directions, for messages run along edges.
"""

from typing import TYPE_CHECKING

import numpy as np
import torch
from jaxtyping import Int
from numpy import ndarray
from torch_geometric.data import HeteroData

from kartograph import queries
from kartograph.models.data import NONE, Histories, Ids, TrainingData
from kartograph.models.groups import groups_of
from kartograph.tables.events import RELATIONSHIP_OF_EVENT
from kartograph.tables.progress import Progress, silent

if TYPE_CHECKING:
    from kartograph.graph.connection import Graph

USER, SESSION, ITEM, CATEGORY = "User", "Session", "Item", "Category"
BACK = "REV_"
"""How the type of an edge in the other direction begins."""


def hetero_of(data: TrainingData) -> HeteroData:
    """The events, categories and tree of training data; row r of `Item` is the item r.

    Sessions are there where the data knows them, beside the users or in their place.
    """
    hetero = HeteroData()
    hetero[ITEM].num_nodes = len(data.items)
    for part in (data, data.other):
        if part is not None:
            label = USER if part.kind == "users" else SESSION
            hetero[label].num_nodes = len(part.owners)
            for name, edges in _of_histories(part.histories, label).items():
                _connect(hetero, (label, name, ITEM), edges)
    known = data.categories
    if known is not None and not known.derived:
        hetero[CATEGORY].num_nodes = len(known)
        _connect(hetero, (ITEM, "IN_CATEGORY", CATEGORY), (groups_of(known.matrix.indptr), known.matrix.indices))
        child = np.flatnonzero(known.parents != NONE)
        _connect(hetero, (CATEGORY, "CHILD_OF", CATEGORY), (child, known.parents[child]))
    return hetero


def hetero_of_graph(graph: "Graph", items: Ids, progress: Progress = silent) -> HeteroData:
    """The graph's own export, its items in the order of `items`."""
    from kartograph.graph.export.edges import EdgeSet
    from kartograph.graph.export.exported import export
    from kartograph.graph.export.hetero import hetero_data
    from kartograph.graph.export.nodes import NodeSet

    known = graph.query(queries.load("export/names")).iloc[0]
    labels, types = ({one["name"] for one in known[kind] if one["count"]} for kind in ("labels", "types"))
    triples = [
        *((USER, name, ITEM) for name in RELATIONSHIP_OF_EVENT.values()),
        *((USER, "HAD", SESSION), (SESSION, "INCLUDES", ITEM)),
        *((ITEM, "IN_CATEGORY", CATEGORY), (CATEGORY, "CHILD_OF", CATEGORY)),
    ]
    there = [one for one in triples if one[1] in types and {one[0], one[2]} <= labels]
    nodes = [NodeSet(label) for label in (USER, SESSION, ITEM, CATEGORY) if label in labels]
    exported = export(graph, nodes, [EdgeSet(*one) for one in there], progress)
    raw, order = hetero_data(exported), items.rows(list(exported.nodes[ITEM].numbering.ids))
    hetero = HeteroData()
    for label in raw.node_types:
        hetero[label].num_nodes = len(items) if label == ITEM else raw[label].num_nodes
    for triple in raw.edge_types:
        source, target = raw[triple].edge_index.numpy()
        source, target = (
            order[rows] if label == ITEM else rows for rows, label in ((source, triple[0]), (target, triple[2]))
        )
        kept = (source != NONE) & (target != NONE)
        _connect(hetero, triple, (source[kept], target[kept]))
    return hetero


def part_of(data: HeteroData, parts: dict[str, Int[ndarray, " nodes"]], number: int) -> HeteroData:
    """One part of a `partition`, with the edges that it induces.

    It has the users and sessions whose part is `number`, the items that they have seen and those given to it, and all
    categories. `rows` of its items are their numbers in the whole.
    """
    chosen = {label: of == number for label, of in parts.items()}
    for source, name, target in data.edge_types:
        if target == ITEM and source in chosen:
            owners, items = data[source, name, target].edge_index.numpy()
            chosen[ITEM][items[chosen[source][owners]]] = True
    rows = {label: torch.from_numpy(np.flatnonzero(those)) for label, those in chosen.items()}
    part = data.subgraph(rows)
    part[ITEM].rows = rows[ITEM]
    return part


def partition(data: HeteroData, edges_at_once: int, seed: int) -> tuple[int, dict[str, ndarray]]:
    """How many parts the users and sessions are divided into at random, and each one's part.

    So many that a part has about `edges_at_once` edges in each direction. Items go with the owners who have seen them,
    into several parts; those that nobody has seen are divided at random as well, the others are `NONE`.
    """
    edges = sum(data[triple].edge_index.shape[1] for triple in data.edge_types) // 2
    count = max(-(-edges // edges_at_once), 1)
    random = np.random.default_rng(seed)
    labels = [label for label in data.node_types if label in (USER, SESSION)]
    parts = {label: random.integers(count, size=data[label].num_nodes) for label in labels}
    kept_items = np.zeros(data[ITEM].num_nodes, dtype=bool)
    for source, name, target in data.edge_types:
        if target == ITEM and source in parts:
            kept_items[data[source, name, target].edge_index[1].numpy()] = True
    return count, parts | {ITEM: np.where(kept_items, NONE, random.integers(count, size=len(kept_items)))}


def _of_histories(histories: Histories, label: str) -> dict[str, tuple[ndarray, ndarray]]:
    """Each pair of owner and item once: by event for users, all events alike for sessions."""
    stores = {}
    for number, name in enumerate(RELATIONSHIP_OF_EVENT.values()):
        chosen = histories.events == number if label == USER else np.ones(len(histories.items), dtype=bool)
        if chosen.any():
            pairs = np.unique(np.stack([histories.owners[chosen], histories.items[chosen]]), axis=1)
            stores[name if label == USER else "INCLUDES"] = pairs[0], pairs[1]
    return stores


def _connect(data: HeteroData, triple: tuple[str, str, str], edges: tuple[ndarray, ndarray]) -> None:
    """Add the edges in both directions; a type without any is left out."""
    if not len(edges[0]):
        return
    there = torch.from_numpy(np.stack(edges).astype(np.int64))
    source, name, target = triple
    data[triple].edge_index = there
    data[target, BACK + name, source].edge_index = there.flip(0)
