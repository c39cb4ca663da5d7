"""What goes with the items that a user met lately: co-occurrence edges of the graph."""

import pandas as pd

from kartograph import queries
from kartograph.models.cypher.asking import GraphRecommender, with_evidence
from kartograph.models.cypher.popular_in_category import filled_with_popular


class CoOccurrence(GraphRecommender):
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
        return filled_with_popular(self.graph, with_evidence(found, "sessions"), users, k, self.new_only)
