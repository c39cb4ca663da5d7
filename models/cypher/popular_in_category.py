"""What to recommend to users of whom little or nothing is known: what is popular where they looked, then overall."""

import pandas as pd

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.models.base import USER
from kartograph.models.cypher.asking import GraphRecommender, filled_up, with_evidence


class PopularInCategory(GraphRecommender):
    """What is popular in the category of the user's last item, then in the whole shop; serves everybody.

    `score(u, j) = popularity(j) / Σ_i popularity(i)` over the items i of that category. A user without events, or
    unknown to the graph, gets what has most events in the shop.
    """

    name = "popular-in-category"

    def __init__(self, new_only: bool = True) -> None:
        """`new_only` leaves out items that the user met."""
        self.new_only = new_only

    def candidates(self, users: list[str], k: int) -> pd.DataFrame:
        """Fill the popular items of the category up with those of the shop."""
        shared = {"new_only": self.new_only, "k": k}
        in_category = self.graph.query(queries.load("recommend/batch_popular_in_category"), users=users, **shared)
        best = with_evidence(in_category, "category")
        short = _lacking(best, users, k)
        if not short:
            return best
        # At most k of an answer of 2k can be among the user's own k already.
        overall = self.graph.query(
            queries.load("recommend/batch_popular"), users=short, new_only=self.new_only, k=2 * k
        )
        return filled_up(best, with_evidence(overall, "popular"), k)


def filled_with_popular(graph: Graph, best: pd.DataFrame, users: list[str], k: int, new_only: bool) -> pd.DataFrame:
    """Fill users that have fewer than k candidates up with popular items."""
    short = _lacking(best, users, k)
    if not short:
        return best
    return filled_up(best, PopularInCategory(new_only).fit(graph).candidates(short, 2 * k), k)


def _lacking(found: pd.DataFrame, users: list[str], k: int) -> list[str]:
    counts = found[USER].value_counts()
    return [user for user in users if counts.get(user, 0) < k]
