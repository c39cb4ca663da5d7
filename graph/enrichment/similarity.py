"""Which items are met by the same users: node similarity, written as `:SIMILAR` edges."""

from dataclasses import dataclass

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.enrichment.projection import projected, refuse_too_large


@dataclass(frozen=True)
class Similarity:
    """Which items are compared, and how many neighbours each keeps."""

    top: int = 10
    """Neighbours kept per item, the most similar first."""
    cutoff: float = 0.01
    """Pairs below this similarity are left out."""
    least_users: int = 2
    """Items met by fewer users are not compared."""
    least_items: int = 2
    """Users who met fewer items link nothing and are not counted."""
    most_items: int = 10_000
    """Where more items have enough users, `least_users` is raised until so many remain: comparing is quadratic."""
    concurrency: int = 4
    """Threads of the server; the open edition of the library allows 4."""


MEASURE = "jaccard"


def write_similarity(graph: Graph, run: str, options: Similarity | None = None) -> int:
    """Write `(:Item)-[:SIMILAR {measure: "jaccard", score, run}]->(:Item)`; returns how many edges.

    `J(i, j) = |U_i ∩ U_j| / |U_i ∪ U_j|` with U the users who met an item, counting users of `least_items` or more.
    Edges go from an item to its `top` neighbours, so they need not be symmetric; former ones go once the new ones are
    there. Raises as `projected` does.
    """
    options = options or Similarity()
    with projected(graph, "item_users", least_items=options.least_items) as projection:
        degree = least_degree(graph, options)
        estimate = graph.gds.node_similarity.estimate(
            projection, top_k=options.top, degree_cutoff=degree, concurrency=options.concurrency
        )
        refuse_too_large(graph, "node similarity of items", estimate)
        found = graph.query(
            queries.load("enrich/similar_items"),
            write=True,
            projection=projection.name(),
            top=options.top,
            cutoff=options.cutoff,
            degree_cutoff=degree,
            concurrency=options.concurrency,
            measure=MEASURE,
            run=run,
        )
    graph.query(queries.load("enrich/delete_old_similar_items"), write=True, measure=MEASURE, run=run)
    return int(found["similar"][0])


def least_degree(graph: Graph, options: Similarity) -> int:
    """The least number of users that leaves at most `most_items` items, never below `least_users`."""
    found = graph.query(
        queries.load("enrich/item_degrees"), least_items=options.least_items, least_users=options.least_users
    )
    items_with_at_least = found["items"][::-1].cumsum()[::-1]
    fitting = found["users"][items_with_at_least <= options.most_items]
    if len(fitting):
        return int(fitting.min())
    return int(found["users"].max()) + 1 if len(found) else options.least_users
