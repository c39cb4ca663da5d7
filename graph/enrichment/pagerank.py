"""Which items and categories random walks pass most often: PageRank, global and from chosen items."""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.enrichment.projection import projected, refuse_too_large
from kartograph.tables.errors import BadInput, NothingThere

EXACT = 1e-10
"""Tolerance on the graph of users and categories, whose scores are compared with walks and with tables."""


@dataclass(frozen=True)
class PageRankOptions:
    """How far and how exactly the walks go."""

    damping: float = 0.85
    """Probability to go on at each step, to a neighbour chosen by edge weight."""
    iterations: int = 200
    """Most iterations; the library's own default of 20 leaves a visible error on bipartite graphs."""
    tolerance: float = 1e-7
    """Iterating ends when no score changes by more."""
    concurrency: int = 4
    """Threads of the server; the open edition of the library allows 4."""


def write_pagerank(graph: Graph, kind: Literal["item", "category"], options: PageRankOptions | None = None) -> int:
    """Write `pagerank` on every item that has events, or on every category; returns how many nodes were written.

    `PR(v) = (1-d) + d · Σ_u w(u,v) / Σ_x w(u,x) · PR(u)`: the library's scale, on which a node without edges has 1-d.
    Items are joined by their co-occurrence edges, categories by the users who prefer them (`PREFERS`, by frequency).
    Raises as `projected` does, and `NothingThere` where no user prefers a category.

    Source: Page, Brin, Motwani, Winograd 1999, The PageRank Citation Ranking; for categories Almu and Ainu 2025,
    section 3.3.
    """
    options = options or PageRankOptions()
    with projected(graph, "item_co_occurrence" if kind == "item" else "user_categories") as projection:
        work = {
            "damping_factor": options.damping,
            "max_iterations": options.iterations,
            "tolerance": options.tolerance,
            "relationship_weight_property": "weight",
            "concurrency": options.concurrency,
        }
        refuse_too_large(graph, f"PageRank of {kind}s", graph.gds.page_rank.estimate(projection, **work))
        if kind == "item":
            return graph.gds.page_rank.write(projection, "pagerank", **work, log_progress=False).node_properties_written
        if not projection.relationship_count():
            raise NothingThere("no user prefers a category: run `kartograph enrich --steps preferences` first")
        written = graph.query(
            queries.load("enrich/category_pagerank"),
            write=True,
            projection=projection.name(),
            damping=options.damping,
            iterations=options.iterations,
            tolerance=min(options.tolerance, EXACT),
            concurrency=options.concurrency,
        )
        return int(written["written"][0])


def personalised_pagerank(
    graph: Graph, items: list[str], k: int = 10, options: PageRankOptions | None = None
) -> pd.DataFrame:
    """The k items that walks starting at the given items visit most often, the given ones left out.

    Returns `item_id, score`, the best first, ties by id; fewer rows where the walks reach fewer items. Raises
    `BadInput` where the graph knows none of the items.
    """
    options = options or PageRankOptions()
    with projected(graph, "item_co_occurrence") as projection:
        return visited_from(graph, projection.name(), items, k, options)


def visited_from(graph: Graph, projection: str, items: list[str], k: int, options: PageRankOptions) -> pd.DataFrame:
    """`personalised_pagerank` on a projection that stands already, so that many can share it."""
    visited = graph.query(
        queries.load("enrich/personalised_pagerank"),
        projection=projection,
        items=items,
        k=k,
        damping=options.damping,
        iterations=options.iterations,
        tolerance=options.tolerance,
        concurrency=options.concurrency,
    )
    if visited.empty and graph.query(queries.load("explore/items_by_id"), items=items).empty:
        raise BadInput(f"the graph knows none of the items {', '.join(items[:5])}: give ids of items that it holds")
    return visited
