"""What the relationships of one type look like as arrays, as a frame and as a sparse matrix."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.export.nodes import BLOCK, Nodes
from kartograph.graph.export.numbering import Numbering
from kartograph.tables.errors import BadInput


@dataclass(frozen=True)
class EdgeSet:
    """Which relationships are exported, and what of them."""

    source: str
    """Label of the nodes from which they start; it is among the exported nodes."""
    type: str
    """"BOUGHT", say."""
    target: str
    """Label of the nodes to which they lead; it is among the exported nodes."""
    properties: tuple[str, ...] = ()
    """Numeric properties; NaN where a relationship lacks one."""

    @property
    def triple(self) -> tuple[str, str, str]:
        """Source, type and target: the name of the edges in an export."""
        return (self.source, self.type, self.target)


@dataclass(frozen=True)
class Edges:
    """The exported relationships of one type, sorted by source row, target row and properties."""

    sources: Numbering
    type: str
    targets: Numbering
    source_rows: NDArray[np.int64]
    """(edges,) row numbers of `sources`."""
    target_rows: NDArray[np.int64]
    """(edges,) row numbers of `targets`."""
    properties: tuple[str, ...]
    values: NDArray[np.float64]
    """(edges, properties)."""

    def __len__(self) -> int:
        """Return how many edges there are."""
        return len(self.source_rows)

    def property(self, name: str) -> NDArray[np.float64]:
        """Return one property of all edges; raises `BadInput` for one that was not exported."""
        if name not in self.properties:
            raise BadInput(
                f'"{name}" of {self.type} was not exported; there is {", ".join(self.properties) or "no property"}: '
                f'EdgeSet("{self.sources.label}", "{self.type}", "{self.targets.label}", properties=("{name}",))'
            )
        return self.values[:, self.properties.index(name)]

    def frame(self) -> pd.DataFrame:
        """Return the edges with ids: the columns source_id, target_id, and one per property."""
        ids = {"source_id": self.sources.ids_of(self.source_rows), "target_id": self.targets.ids_of(self.target_rows)}
        columns = {name: self.values[:, position] for position, name in enumerate(self.properties)}
        return pd.DataFrame({**{name: pd.array(column, dtype="str") for name, column in ids.items()}, **columns})

    def csr(self, weight: str | None = None) -> csr_array:
        """Return the matrix sources × targets of a property, or of the number of edges where none is named.

        Parallel edges add up. Raises `BadInput` where an edge lacks the property: a NaN would spread into every
        product.
        """
        data = np.ones(len(self)) if weight is None else self.property(weight)
        if np.isnan(data).any():
            raise BadInput(
                f"{int(np.isnan(data).sum()):,} of {len(self):,} {self.type} edges have no {weight}; a matrix needs a "
                "number for each: choose another property, or none to count edges"
            )
        shape = (len(self.sources), len(self.targets))
        matrix = csr_array((data, (self.source_rows, self.target_rows)), shape=shape)
        matrix.sum_duplicates()
        return matrix


def read_edges(graph: Graph, projection: str, edge_set: EdgeSet, sources: Nodes, targets: Nodes) -> Edges:
    """Read the relationships of a type between nodes that were read from the same projection."""
    if edge_set.properties:
        from_, to, values = _with_properties(graph, projection, edge_set)
    else:
        blocks = graph.read(
            queries.load("export/edges"),
            lambda rows: [(np.array(one, np.int64), np.array(other, np.int64)) for one, other in rows],
            projection=projection,
            type=edge_set.type,
            block=BLOCK,
        )
        from_, to = (_joined([block[end] for block in blocks], np.int64) for end in (0, 1))
        values = np.empty((len(from_), 0))
    source_rows, target_rows = _rows(from_, sources), _rows(to, targets)
    # The type may join other labels as well: items and categories both co-occur.
    inside = (source_rows >= 0) & (target_rows >= 0)
    source_rows, target_rows, values = source_rows[inside], target_rows[inside], values[inside]
    order = np.lexsort((*values.T[::-1], target_rows, source_rows))
    return Edges(
        sources=sources.numbering,
        type=edge_set.type,
        targets=targets.numbering,
        source_rows=source_rows[order],
        target_rows=target_rows[order],
        properties=edge_set.properties,
        values=values[order],
    )


def _with_properties(
    graph: Graph, projection: str, edge_set: EdgeSet
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    blocks = graph.read(
        queries.load("export/edge_properties"),
        lambda rows: [
            (name, np.array(one, np.int64), np.array(other, np.int64), np.array(values, np.float64))
            for name, one, other, values in rows
        ],
        projection=projection,
        type=edge_set.type,
        properties=list(edge_set.properties),
        block=BLOCK,
    )
    parts = [[block for block in blocks if block[0] == name] for name in edge_set.properties]
    from_, to = (_joined([block[end] for block in parts[0]], np.int64) for end in (1, 2))
    for part in parts[1:]:
        # Each property comes with its own ends, so that a changed order cannot pass unseen.
        if not (
            np.array_equal(_joined([block[1] for block in part], np.int64), from_)
            and np.array_equal(_joined([block[2] for block in part], np.int64), to)
        ):
            raise AssertionError("the properties of the relationships came in different orders")
    values = [_joined([block[3] for block in part], np.float64) for part in parts]
    return from_, to, np.column_stack(values)


def _joined(arrays: list[NDArray], dtype: type) -> NDArray:
    return np.concatenate([np.empty(0, dtype), *arrays])


def _rows(numbers: NDArray[np.int64], nodes: Nodes) -> NDArray[np.int64]:
    """Return the row of each database number among the nodes, -1 where it is none of them."""
    if not len(nodes.numbers):
        return np.full(len(numbers), -1)
    order = np.argsort(nodes.numbers)
    places = np.minimum(np.searchsorted(nodes.numbers, numbers, sorter=order), len(order) - 1)
    rows = order[places]
    return np.where(nodes.numbers[rows] == numbers, rows, -1)
