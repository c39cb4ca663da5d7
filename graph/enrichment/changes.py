"""What live loads changed since a step of the enrichment ran: they mark it by labels, which go when a step takes them.

`(:Session:PairsStale)` became longer, is new, or has an event that is in another category by now; `(:Item:PairsStale)`
was in a session that was taken apart or put in another order; `(:User:PreferencesStale:SimilarityStale:EmbeddingStale)`
did something, a mark for each of three steps; `(:Session:EmbeddingStale)` belongs to no user and did. The step
"embedding" marks for "neighbours" in the same way: `(:Item:NeighboursStale)` got another embedding. A step that takes
its marks and does not come to its end runs on the whole shop the next time (`freshness`), so no change is lost.
"""

from dataclasses import dataclass

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.counts import counts_of

SHARE = 0.2
"""Where more than this share of the sessions, or users, is marked, the whole shop is counted anew."""


@dataclass(frozen=True)
class StalePairs:
    """Of which items and sessions co-occurrence has changed."""

    items: list[str]
    """Any of whose pairs may have become weaker: all of them are counted anew."""
    sessions: list[str]
    """Whose pairs became stronger."""


def take_stale_pairs(graph: Graph) -> StalePairs | None:
    """Take the marks of changed pairs off the graph; None where there are too many to work on them alone."""
    taken = graph.query(queries.load("enrich/take_stale_pairs"), write=True).iloc[0]
    stale = StalePairs(taken["items"], taken["sessions"])
    return None if _many(graph, Session=len(stale.sessions), Item=len(stale.items)) else stale


def take_stale_preferences(graph: Graph) -> list[str] | None:
    """Take the marks of users off the graph, and return their ids; None where there are too many."""
    users = graph.query(queries.load("enrich/take_stale_preferences"), write=True)["users"][0]
    return None if _many(graph, User=len(users)) else users


def take_stale_similarity(graph: Graph) -> list[str] | None:
    """Take the marks of users who saw something off the graph, and return their ids; None where there are too many."""
    users = graph.query(queries.load("enrich/take_stale_similarity"), write=True)["users"][0]
    return None if _many(graph, User=len(users)) else users


def take_items_to_embed(graph: Graph, least_items: int) -> list[str]:
    """Take the marks of the step "embedding" off; returns the items without an embedding that were seen."""
    return graph.query(queries.load("enrich/take_items_to_embed"), write=True, least_items=least_items)["items"][0]


def take_stale_neighbours(graph: Graph) -> list[str]:
    """Take the marks of items with another embedding off, and return their ids."""
    return graph.query(queries.load("enrich/take_stale_neighbours"), write=True)["items"][0]


def _many(graph: Graph, **marked: int) -> bool:
    """Whether those that are marked are more than `SHARE` of the nodes of a label."""
    held = counts_of(graph)
    return any(number > SHARE * held.get(label, 0) for label, number in marked.items())
