"""How much a graph holds, from the database's own counters, which take no time to read."""

from kartograph import queries
from kartograph.graph.connection import Graph


def counts_of(graph: Graph) -> dict[str, int]:
    """How many nodes of each label and relationships of each type there are; what there is none of has no entry."""
    rows = graph.query(queries.load("operate/counts"))
    return {name: int(count) for name, count in zip(rows["name"], rows["count"], strict=True)}
