"""How a part of the graph is exported as it is at one moment, also while others write to it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from math import nan
from uuid import uuid4

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.enrichment.projection import refuse_too_large_projection
from kartograph.graph.export.edges import Edges, EdgeSet, read_edges
from kartograph.graph.export.nodes import Nodes, NodeSet, read_nodes
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent


@dataclass(frozen=True)
class Exported:
    """Nodes and edges of one moment."""

    nodes: dict[str, Nodes]
    """By label."""
    edges: dict[tuple[str, str, str], Edges]
    """By source label, type and target label."""


@dataclass(frozen=True)
class _Names:
    """What there is in a database."""

    labels: dict[str, int]
    """With the number of nodes."""
    types: dict[str, int]
    """With the number of relationships."""
    properties: frozenset[str]


def export(
    graph: Graph, nodes: Sequence[NodeSet], edges: Sequence[EdgeSet] = (), progress: Progress = silent
) -> Exported:
    """Export nodes and the edges between them.

    All of it is read from one projection of the Graph Data Science library, which is dropped at the end: what others
    write meanwhile changes neither which nodes nor which edges come out. Rows are sorted by id, edges by their rows,
    so the same graph gives the same arrays however it was loaded.

    Raises:
        BadInput: a label, type or property that the graph does not know, or an edge whose label is not exported.
        FeatureMissing: the server has no Graph Data Science library.
        TooLarge: the projection would not fit into the server's memory.
    """
    graph.need_gds()
    known = _names(graph)
    _check(known, nodes, edges)
    read: dict[str, Nodes] = {}
    linked: dict[tuple[str, str, str], Edges] = {}
    with _projected(graph, known, nodes, edges) as projection:
        for done, node_set in enumerate(nodes):
            progress(f"Exporting {node_set.label}", done, len(nodes) + len(edges))
            read[node_set.label] = read_nodes(graph, projection, node_set)
        for done, edge in enumerate(edges, len(nodes)):
            progress(f"Exporting {edge.type}", done, len(nodes) + len(edges))
            linked[edge.triple] = read_edges(graph, projection, edge, read[edge.source], read[edge.target])
    return Exported(read, linked)


@contextmanager
def _projected(graph: Graph, known: _Names, nodes: Sequence[NodeSet], edges: Sequence[EdgeSet]) -> Iterator[str]:
    """Project what is exported under a name of its own, and drop it at the end."""
    relationships = {
        type_: {"properties": {name: {"defaultValue": nan} for name in names}}
        for type_, names in _properties_by_type(edges).items()
    }
    if not relationships:
        # A projection must have a type: the rarest costs least. Where there are no relationships "*" costs nothing.
        rarest = min(known.types, key=lambda name: (known.types[name], name), default="*")
        relationships = {rarest: {"properties": {}}}
    labels = sorted({wanted.label for wanted in nodes})
    size = sum(known.labels[label] for label in labels), sum(known.types.get(name, 0) for name in relationships)
    refuse_too_large_projection(graph, " and ".join((", ".join(labels), ", ".join(relationships))), *size)
    projection = f"export-{uuid4().hex[:12]}"
    try:
        graph.query(queries.load("export/project"), projection=projection, labels=labels, relationships=relationships)
        yield projection
    finally:
        graph.query(queries.load("operate/drop_projection"), projection=projection)


def _properties_by_type(edges: Sequence[EdgeSet]) -> dict[str, list[str]]:
    return {
        type_: sorted({name for edge in edges if edge.type == type_ for name in edge.properties})
        for type_ in sorted({edge.type for edge in edges})
    }


def _names(graph: Graph) -> _Names:
    names = graph.query(queries.load("export/names")).iloc[0]
    return _Names(
        labels={one["name"]: one["count"] for one in names["labels"]},
        types={one["name"]: one["count"] for one in names["types"]},
        properties=frozenset(names["properties"]),
    )


def _check(known: _Names, nodes: Sequence[NodeSet], edges: Sequence[EdgeSet]) -> None:
    if not nodes:
        raise BadInput('nothing to export: name at least one label, export(graph, [NodeSet("Item")])')
    for node_set in nodes:
        if not known.labels.get(node_set.label):
            raise BadInput(_unknown("no node has the label", node_set.label, [n for n, c in known.labels.items() if c]))
        for name in (*node_set.properties, *([node_set.embedding] if node_set.embedding else [])):
            if name not in known.properties:
                raise BadInput(_unknown(f"no {node_set.label} has the property", name, known.properties))
    labels = [node_set.label for node_set in nodes]
    if repeated := sorted({label for label in labels if labels.count(label) > 1}):
        raise BadInput(f"{', '.join(repeated)} is asked for twice; put all its properties into one NodeSet")
    for edge in edges:
        if missing := [label for label in (edge.source, edge.target) if label not in labels]:
            raise BadInput(
                f"{edge.type} joins {edge.source} and {edge.target}, but {missing[0]} is not among the exported nodes "
                f'({", ".join(labels)}): add NodeSet("{missing[0]}")'
            )
        if edge.type not in known.types:
            raise BadInput(_unknown("there is no relationship of the type", edge.type, known.types))
        for name in edge.properties:
            if name not in known.properties:
                raise BadInput(_unknown(f"no {edge.type} has the property", name, known.properties))


def _unknown(what: str, name: str, known: Sequence[str] | frozenset[str] | dict[str, int]) -> str:
    close = get_close_matches(name, known, n=1, cutoff=0.6)
    there = f'did you mean "{close[0]}"?' if close else f"there is {', '.join(sorted(known)[:30]) or 'nothing'}"
    return f'{what} "{name}"; {there} (a shop is loaded by `kartograph load`)'
