"""Which items lie nearest to each other in the space of the embeddings."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.enrichment.changes import SHARE, take_stale_neighbours
from kartograph.graph.enrichment.kept import keep, kept_before
from kartograph.graph.enrichment.similar.embedded import Embedded, read_embedded, read_embedded_again
from kartograph.graph.enrichment.similar.links import Links, change_links, read_links, read_links_of
from kartograph.graph.schema import AWAIT_SECONDS
from kartograph.tables.report import counted

STEP = "neighbours"
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
) -> tuple[int, str, bool]:
    """Write `(:Item)-[:SIMILAR {measure: "embedding", score, run}]->(:Item)`; returns how many edges, with a note, and
    whether the neighbours of all items were looked up.

    `score(i, j) = cos(e_i, e_j)`, from -1 to 1; the search misses none, and of equals takes the first by id. With
    `partly` it is made only for items whose nearest may be others since embeddings that are marked were written
    (`_concerned`), and the others' embeddings are those that the run before kept. Edges that are the same stay as they
    are. Raises `NothingThere` where no item has an embedding.
    """
    from kartograph.graph.enrichment.similar.nearest import nearest  # numba takes half a second to import

    options = options or Neighbours()
    marked = take_stale_neighbours(graph)
    embedded = _embedded(graph, run, marked, partly)
    items, vectors = embedded.items.index, embedded.vectors
    rows, kept = _compared(graph, items, options), 0
    whole = not partly or len(marked) > SHARE * len(items)
    if not whole:
        held = _held(graph, marked)
        concerned = _concerned(rows, held, items, vectors, marked, options.top)
        stay = items[rows[~concerned]]
        kept = int(held["links"][held.index.isin(stay)].sum())
        changing = held.index.difference(stay).to_list()
        rows, former = rows[concerned], read_links_of(graph, MEASURE, items, changing)
    else:
        former = read_links(graph, MEASURE, items)
    links = Links.of_rows(former.items, rows, *nearest(vectors, rows, options.top))
    changed = change_links(graph, run, MEASURE, former, links)
    keep(graph, STEP, run, embedded.arrays())
    graph.query(queries.load("operate/await_indexes"), seconds=AWAIT_SECONDS)  # who asks next asks the index
    return kept + len(links), f"looked up for {counted(len(rows), 'item')}; {counted(changed, 'edge')} changed", whole


def _embedded(graph: Graph, run: str, marked: Sequence[str], partly: bool) -> Embedded:
    """The items and their embeddings, all but the marked ones from the run before where that kept them."""
    former = kept_before(graph, STEP, run) if partly else None
    again = read_embedded_again(graph, Embedded.kept(former), marked) if former else None
    return again or read_embedded(graph)


def _compared(graph: Graph, items: pd.Index, options: Neighbours) -> Int[ndarray, " m"]:
    """Which items get neighbours, as rows in their order."""
    if len(items) <= options.most_items:
        return np.arange(len(items))
    packed = graph.query(queries.load("enrich/items_to_compare"), most_items=options.most_items)["items"][0]
    return np.sort(items.get_indexer(pd.Index(packed)))


def _held(graph: Graph, marked: Sequence[str]) -> pd.DataFrame:
    """What the graph holds of each item that has links: `links, least, beside`, by item."""
    packed = graph.query(queries.load("enrich/links_held"), exact=True, measure=MEASURE).iloc[0]
    columns = {"links": packed["links"], "least": packed["least"]}
    held = pd.DataFrame(columns, pd.Index(packed["items"], dtype=object), dtype=float)
    beside = graph.query(queries.load("enrich/linked_to_moved"), measure=MEASURE, moved=list(marked))["items"][0]
    return held.assign(beside=held.index.isin(beside))


def _concerned(
    rows: Int[ndarray, " m"],
    held: pd.DataFrame,
    items: pd.Index,
    vectors: Float[ndarray, "n d"],
    marked: Sequence[str],
    top: int,
) -> Bool[ndarray, " m"]:
    """Which of the items in `rows` may have other neighbours since the marked ones got another embedding.

    These are the marked ones, those next to which one of them was or comes, and those with fewer neighbours than they
    could have: everybody else's neighbours are where they were, and nobody came between.
    """
    from kartograph.graph.enrichment.similar.nearest import STEP, closest

    moved = items.get_indexer(pd.Index(list(marked)))
    moved = moved[moved >= 0]  # one may have been deleted
    of_item = held.reindex(items[rows])
    concerned = of_item["links"].to_numpy() != min(top, len(items) - 1)  # NaN as well
    concerned |= np.isin(rows, moved)
    concerned |= of_item["beside"].eq(True).to_numpy()
    return concerned | (closest(vectors, rows, moved) >= of_item["least"].fillna(np.inf).to_numpy() - 2 * STEP)
