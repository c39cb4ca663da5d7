"""Which items lie nearest to each other in the space of the embeddings."""

from dataclasses import dataclass

import pandas as pd

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.schema import AWAIT_SECONDS
from kartograph.graph.snapshot.embeddings import ITEMS, STATEMENT, read_embeddings
from kartograph.graph.snapshot.pages import pages
from kartograph.tables.errors import NothingThere
from kartograph.tables.progress import silent

MEASURE = "embedding"
WRITTEN = 10_000
"""Items in a message to the server."""


@dataclass(frozen=True)
class Neighbours:
    """For which items neighbours are looked up, and how many."""

    top: int = 10
    """Neighbours per item, the nearest first."""
    most_items: int = 50_000
    """Only so many items get neighbours, the most popular first; every item with an embedding can be one."""


def write_neighbours(graph: Graph, run: str, options: Neighbours | None = None) -> int:
    """Write `(:Item)-[:SIMILAR {measure: "embedding", score, run}]->(:Item)`; returns how many edges.

    `score(i, j) = cos(e_i, e_j)`, from -1 to 1; the search misses none, and of equals takes the first by id. Former
    edges of the measure go once the new ones are there. Raises `NothingThere` where no item has an embedding.
    """
    from kartograph.graph.enrichment.nearest import nearest  # numba takes half a second to import

    options = options or Neighbours()
    compared = graph.query(queries.load("enrich/items_to_compare"), most_items=options.most_items)["item"]
    if not len(compared):
        raise NothingThere("no item has an embedding to compare: run the step embedding first (`kartograph enrich`)")
    read = read_embeddings(pages(graph, STATEMENT, ITEMS, silent, "", 0))
    assert read is not None
    items, vectors = pd.Index(read[0].to_numpy(zero_copy_only=False)), read[1]
    found, scores = nearest(vectors, items.get_indexer(pd.Index(compared)), options.top)
    names, written = items.to_numpy(object), 0
    for begin in range(0, len(compared), WRITTEN):
        some = slice(begin, begin + WRITTEN)
        rows = [
            {"item": item, "near": names[places[places >= 0]].tolist(), "scores": cosines[places >= 0].tolist()}
            for item, places, cosines in zip(compared[some], found[some], scores[some], strict=True)
        ]
        linked = graph.query(queries.load("enrich/link_near_items"), write=True, rows=rows, measure=MEASURE, run=run)
        written += int(linked["similar"][0])
    graph.query(queries.load("enrich/delete_old_similar_items"), write=True, measure=MEASURE, run=run)
    graph.query(queries.load("operate/await_indexes"), seconds=AWAIT_SECONDS)  # who asks next asks the index
    return written
