"""What the nodes of one label look like as arrays: ids, numeric features and embeddings."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.export.numbering import Numbering
from kartograph.tables.errors import BadInput

BLOCK = 2_000
"""Database numbers per packed list: some ten thousand values in a row of the answer."""


PARTS = 2
"""Connections that read side by side: the server writes the numbers of one answer with one thread, and slowly."""


@dataclass(frozen=True)
class NodeSet:
    """Which nodes are exported, and what of them."""

    label: str
    """Label of the nodes: "Item"."""
    properties: tuple[str, ...] = ()
    """Numeric or boolean properties that become features, a column each."""
    embedding: str | None = None
    """Property that holds a list of numbers of one length."""
    key: str = "id"
    """Property that identifies a node: `iri` for what an ontology declares, `url` for pages."""


@dataclass(frozen=True)
class Nodes:
    """The exported nodes of one label; row r of every array is the node `numbering.ids[r]`."""

    numbering: Numbering
    properties: tuple[str, ...]
    """Names of the features' columns."""
    features: NDArray[np.float64]
    """(nodes, properties); true is 1, false is 0, NaN where the node lacks the property."""
    embeddings: NDArray[np.float32] | None
    """(nodes, size); a row of NaN where the node has none. None where no embedding was asked for."""
    numbers: NDArray[np.int64]
    """(nodes,) the database's own numbers: they mean nothing beyond this export."""

    def frame(self) -> pd.DataFrame:
        """Return the features with the ids as index."""
        index = pd.Index(self.numbering.ids, dtype="str", name=f"{self.numbering.label.lower()}_id")
        return pd.DataFrame(self.features, index=index, columns=list(self.properties))

    def embedding_frame(self) -> pd.DataFrame:
        """Return the embeddings of the nodes that have one, with the ids as index and a column per dimension."""
        if self.embeddings is None:
            raise BadInput(
                f"no embedding of {self.numbering.label} was exported; name its property: "
                f'NodeSet("{self.numbering.label}", embedding="embedding")'
            )
        known = ~np.isnan(self.embeddings).any(axis=1)
        index = pd.Index(
            self.numbering.ids_of(np.flatnonzero(known)), dtype="str", name=f"{self.numbering.label.lower()}_id"
        )
        return pd.DataFrame(self.embeddings[known], index=index)


def read_nodes(graph: Graph, projection: str, node_set: NodeSet) -> Nodes:
    """Read the nodes of a label from a projection that holds them, sorted by id.

    Raises `BadInput` where a node has no id or two have the same, and where a property is neither number nor boolean.
    """
    names = [*node_set.properties, *([node_set.embedding] if node_set.embedding else [])]

    def part(number: int) -> list[_Block]:
        return graph.read(
            queries.load("export/nodes"),
            lambda rows: [_block(node_set, *row) for row in rows],
            projection=projection,
            label=node_set.label,
            key=node_set.key,
            properties=names,
            block=BLOCK,
            parts=PARTS,
            part=number,
        )

    with ThreadPoolExecutor(PARTS) as pool:
        blocks = [block for read in pool.map(part, range(PARTS)) for block in read]
    ids = [id_ for block in blocks for id_ in block.ids]
    order = _order(ids, node_set)
    return Nodes(
        numbering=Numbering(node_set.label, tuple(ids[position] for position in order)),
        properties=node_set.properties,
        features=np.concatenate([np.empty((0, len(node_set.properties))), *(block.features for block in blocks)])[
            order
        ],
        embeddings=_joined(blocks, node_set)[order] if node_set.embedding else None,
        numbers=np.concatenate([np.empty(0, np.int64), *(block.numbers for block in blocks)])[order],
    )


@dataclass(frozen=True)
class _Block:
    """A row of the answer as arrays: many times smaller than the Python objects that it comes as."""

    numbers: NDArray[np.int64]
    ids: list[Any]
    features: NDArray[np.float64]
    embeddings: NDArray[np.float32] | None


def _block(node_set: NodeSet, numbers: list[int], ids: list[Any], columns: list[list[Any]]) -> _Block:
    features = np.empty((len(ids), len(node_set.properties)))
    for position, name in enumerate(node_set.properties):
        features[:, position] = _feature(columns[position], node_set.label, name)
    embeddings = _matrix(columns[-1], node_set) if node_set.embedding else None
    return _Block(np.array(numbers, np.int64), ids, features, embeddings)


def _joined(blocks: list[_Block], node_set: NodeSet) -> NDArray[np.float32]:
    """Return the embeddings of all blocks; a block without any has width 0 and becomes rows of NaN."""
    parts = [block.embeddings for block in blocks if block.embeddings is not None]
    sizes = {part.shape[1] for part in parts} - {0}
    if len(sizes) > 1:
        raise BadInput(_several_sizes(sizes, node_set))
    size = sizes.pop() if sizes else 0
    joined = np.full((sum(len(part) for part in parts), size), np.nan, dtype=np.float32)
    start = 0
    for part in parts:
        if part.shape[1]:
            joined[start : start + len(part)] = part
        start += len(part)
    return joined


def _several_sizes(sizes: set[int], node_set: NodeSet) -> str:
    return (
        f"{node_set.label}.{node_set.embedding} holds lists of {', '.join(map(str, sorted(sizes)))} numbers, but an "
        "embedding has one length: compute it again for all (`kartograph enrich`)"
    )


def _order(ids: list[Any], node_set: NodeSet) -> NDArray[np.int64]:
    """Return the places that sort the ids by their UTF-8 bytes."""
    if wrong := [id_ for id_ in ids if not isinstance(id_, str)]:
        raise BadInput(
            f"{len(wrong):,} of {len(ids):,} {node_set.label} nodes have no text in the property {node_set.key} "
            f"({wrong[0]!r}, say); name the property that identifies them: "
            f'NodeSet("{node_set.label}", key="…"), "iri" for what an ontology declares'
        )
    # The order of Python's texts is that of their UTF-8 bytes.
    order = sorted(range(len(ids)), key=ids.__getitem__)
    if len(set(ids)) < len(ids):
        repeated = next(ids[one] for one, other in pairwise(order) if ids[one] == ids[other])
        raise BadInput(
            f'two {node_set.label} nodes have the {node_set.key} "{repeated}"; the constraints of the graph '
            "(`queries/schema/`) keep that out: remove one of them"
        )
    return np.array(order, dtype=np.int64)


def _feature(values: list[Any], label: str, name: str) -> NDArray[np.float64]:
    """Return a property as numbers, NaN for null."""
    try:
        column = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    except (TypeError, ValueError):
        column = None
    if column is None or column.ndim != 1 or any(isinstance(value, str) for value in values):
        odd = next(value for value in values if isinstance(value, str | list | dict) or not _is_number(value))
        raise BadInput(
            f"{label}.{name} is no number: {_shown(odd)}, say; features are numbers and booleans. A list of numbers "
            f'is exported as NodeSet("{label}", embedding="{name}"), a text by graph.query'
        )
    return column


def _is_number(value: Any) -> bool:
    return value is None or isinstance(value, int | float)


def _matrix(values: Sequence[Any], node_set: NodeSet) -> NDArray[np.float32]:
    """Return lists of numbers as rows, NaN where there is none."""
    known = np.array([value is not None for value in values], dtype=bool)
    lists = [value for value in values if value is not None]
    if odd := [value for value in lists if not isinstance(value, list)]:
        raise BadInput(
            f"{node_set.label}.{node_set.embedding} is no list of numbers: {_shown(odd[0])}, say; a single number is "
            f'exported as NodeSet("{node_set.label}", properties=("{node_set.embedding}",))'
        )
    sizes = {len(value) for value in lists}
    if len(sizes) > 1:
        raise BadInput(_several_sizes(sizes, node_set))
    matrix = np.full((len(values), sizes.pop() if sizes else 0), np.nan, dtype=np.float32)
    if lists:
        try:
            matrix[known] = np.array(lists, dtype=np.float32)
        except (TypeError, ValueError) as error:
            raise BadInput(
                f"{node_set.label}.{node_set.embedding} holds lists with something that is no number: "
                f"{_shown(lists[0])}, say"
            ) from error
    return matrix


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
