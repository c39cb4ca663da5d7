"""What goes with the items that a user met lately: co-occurrence edges of the graph, with fallbacks for the rest."""

import pandas as pd

from kartograph import queries
from kartograph.models.base import USER
from kartograph.models.graph_recommender import GraphRecommender, filled_up, with_evidence


class PopularRecommender(GraphRecommender):
    """What is popular in the category of the user's last item, then in the whole shop; serves everybody.

    A user without events, or unknown to the graph, gets what is popular in the shop.
    """

    name = "popular-in-category"

    def __init__(self, new_only: bool = True) -> None:
        """`new_only` leaves out items that the user met."""
        self.new_only = new_only

    def candidates(self, users: list[str], k: int) -> pd.DataFrame:
        """Fill the popular items of the category up with those of the shop."""
        shared = {"users": users, "new_only": self.new_only, "k": k}
        in_category = self.graph.query(queries.load("recommend/batch_popular_in_category"), **shared)
        best = with_evidence(in_category, "category")
        short = lacking(best, users, k)
        if not short:
            return best
        # An item may come from both, so k more are asked for.
        overall = self.graph.query(queries.load("recommend/batch_popular"), **{**shared, "users": short, "k": 2 * k})
        return filled_up(best, with_evidence(overall, "popular"), k)


class CoOccurrenceRecommender(GraphRecommender):
    """Items that occur in the same sessions as those the user met lately.

    `score(u, j) = Σ_i w(i, j) / (age(u, i) + 1) / √popularity(j)` over the user's latest items i, age 0 being the last
    one and w the weight of the co-occurrence edge. Users with fewer than k such items get popular ones behind them.

    Source: item-based collaborative filtering, Sarwar, Karypis, Konstan, Riedl 2001; the damping by popularity is that
    of the cosine.
    """

    name = "co-occurrence"

    def __init__(self, recent: int = 10, new_only: bool = True) -> None:
        """`recent` items are started from; `new_only` leaves out items that the user met."""
        self.recent = recent
        self.new_only = new_only

    def candidates(self, users: list[str], k: int) -> pd.DataFrame:
        """Co-occurring items, filled up with popular ones."""
        found = self.graph.query(
            queries.load("recommend/batch_by_co_occurrence"),
            users=users,
            recent=self.recent,
            new_only=self.new_only,
            k=k,
        )
        return with_popular(self, with_evidence(found, "sessions"), users, k)

    def popular(self) -> PopularRecommender:
        """The fallback on the same graph."""
        return PopularRecommender(self.new_only).fit(self.graph)


def with_popular(model: "CoOccurrenceRecommender", best: pd.DataFrame, users: list[str], k: int) -> pd.DataFrame:
    """Fill users that have fewer than k items up with popular ones."""
    short = lacking(best, users, k)
    if not short:
        return best
    return filled_up(best, model.popular().candidates(short, 2 * k), k)


def lacking(found: pd.DataFrame, users: list[str], k: int) -> list[str]:
    """Users with fewer than k rows."""
    counts = found[USER].value_counts()
    return [user for user in users if counts.get(user, 0) < k]
