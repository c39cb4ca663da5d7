"""Which items lie nearest to each other in the space of the embeddings: neighbours found by the vector index."""

from dataclasses import dataclass

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.schema import AWAIT_SECONDS
from kartograph.tables.errors import NothingThere

MEASURE = "embedding"


@dataclass(frozen=True)
class Neighbours:
    """For which items neighbours are looked up, and how many."""

    top: int = 10
    """Neighbours per item, the nearest first."""
    most_items: int = 50_000
    """Only so many items get neighbours, the most popular first; every item with an embedding can be one."""


def write_neighbours(graph: Graph, run: str, options: Neighbours | None = None) -> int:
    """Write `(:Item)-[:SIMILAR {measure: "embedding", score, run}]->(:Item)`; returns how many edges.

    `score(i, j) = cos(e_i, e_j)`, from -1 to 1. The index of the embeddings finds them: an approximate search (HNSW),
    which may miss one. Former edges of the measure go once the new ones are there. Raises `NothingThere` where no
    item has an embedding.
    """
    options = options or Neighbours()
    graph.query(queries.load("enrich/item_embedding_index"), write=True)
    graph.query(queries.load("operate/await_indexes"), seconds=AWAIT_SECONDS)
    found = graph.query(
        queries.load("enrich/near_items"),
        write=True,
        top=options.top,
        most_items=options.most_items,
        measure=MEASURE,
        run=run,
    )
    if not found["items"][0]:
        raise NothingThere("no item has an embedding to compare: run the step embedding first (`kartograph enrich`)")
    graph.query(queries.load("enrich/delete_old_similar_items"), write=True, measure=MEASURE, run=run)
    return int(found["similar"][0])
