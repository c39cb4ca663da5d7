"""Which items lie nearest to each other in the space of the embeddings."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float
from numpy import ndarray

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.enrichment.changes import take_stale_neighbours
from kartograph.graph.enrichment.similar.links import Links, change_links, read_links
from kartograph.graph.schema import AWAIT_SECONDS
from kartograph.graph.snapshot.embeddings import ITEMS, STATEMENT, read_embeddings
from kartograph.graph.snapshot.pages import pages
from kartograph.tables.errors import NothingThere
from kartograph.tables.progress import silent

MEASURE = "embedding"


@dataclass(frozen=True)
class Neighbours:
    """For which items neighbours are looked up, and how many."""

    top: int = 10
    """Neighbours per item, the nearest first."""
    most_items: int = 50_000
    """Only so many items get neighbours, the most popular first; every item with an embedding can be one."""


def write_neighbours(
    graph: Graph, run: str, options: Neighbours | None = None, partly: bool = False
) -> tuple[int, str]:
    """Write `(:Item)-[:SIMILAR {measure: "embedding", score, run}]->(:Item)`; returns how many edges, with a note.

    `score(i, j) = cos(e_i, e_j)`, from -1 to 1; the search misses none, and of equals takes the first by id. With
    `partly` it is made only for items whose nearest may be others since embeddings that are marked were written
    (`_concerned`). Edges that are the same stay as they are. Raises `NothingThere` where no item has an embedding.
    """
    from kartograph.graph.enrichment.similar.nearest import nearest  # numba takes half a second to import

    options = options or Neighbours()
    compared = graph.query(queries.load("enrich/items_to_compare"), most_items=options.most_items)["item"]
    if not len(compared):
        raise NothingThere("no item has an embedding to compare: run the step embedding first (`kartograph enrich`)")
    read = read_embeddings(pages(graph, STATEMENT, ITEMS, silent, "", 0))
    assert read is not None
    items, vectors = pd.Index(read[0].to_numpy(zero_copy_only=False)), read[1]
    rows, former = np.sort(items.get_indexer(pd.Index(compared))), read_links(graph, MEASURE, items)
    marked = take_stale_neighbours(graph, len(items))
    if partly and marked is not None:
        concerned = _concerned(former, vectors, marked, options.top)
        kept = former.where(np.isin(former.source, rows[~concerned[rows]]))
        rows = rows[concerned[rows]]
    else:
        kept = former.where(np.zeros(len(former), bool))
    links = kept.and_(Links.of_rows(items, rows, *nearest(vectors, rows, options.top)))
    changed = change_links(graph, run, MEASURE, former, links)
    graph.query(queries.load("operate/await_indexes"), seconds=AWAIT_SECONDS)  # who asks next asks the index
    return len(links), f"looked up of {len(rows):,} items; {changed:,} edges changed"


def _concerned(former: Links, vectors: Float[ndarray, "n d"], marked: Sequence[str], top: int) -> Bool[ndarray, " n"]:
    """Which items may have other neighbours since the marked ones got another embedding.

    These are the marked ones, those next to which one of them was or comes, and those with fewer neighbours than they
    could have: everybody else's neighbours are where they were, and nobody came between.
    """
    from kartograph.graph.enrichment.similar.nearest import STEP, closest

    count = len(vectors)
    moved = former.items.get_indexer(pd.Index(marked))
    left = np.ones(len(former.items), bool)
    left[:count] = False  # items further on have no embedding any more
    left[moved[moved >= 0]] = True
    farthest = np.full(len(former.items), np.inf)
    np.minimum.at(farthest, former.source, former.score)
    concerned = left[:count].copy()
    concerned |= np.bincount(former.source, minlength=count)[:count] != min(top, count - 1)
    concerned |= np.bincount(former.source[left[former.target]], minlength=count)[:count] > 0
    concerned |= closest(vectors, np.flatnonzero(left[:count])) >= farthest[:count] - 2 * STEP
    return concerned
