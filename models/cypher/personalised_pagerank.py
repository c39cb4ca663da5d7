"""What random walks from a user's items visit most: personalised PageRank on the co-occurrence edges of the graph."""

from collections.abc import Generator

import pandas as pd

from kartograph import queries
from kartograph.graph.enrichment.projection import projected
from kartograph.models.cypher.asking import GraphRecommender, with_evidence
from kartograph.models.cypher.popular_in_category import filled_with_popular


class PersonalisedPageRank(GraphRecommender):
    """Items by `π = (1-d)·s + d·πP`, with s the user's latest items and P the co-occurrence edges by weight.

    Walks reach items that no session joins with the user's. Each user costs a PageRank over all items (tenths of a
    second in a large shop), so this is for some users, not for all. Users whose items have no edges get popular items.

    Source: Page, Brin, Motwani, Winograd 1999, The PageRank Citation Ranking, section 6.
    """

    name = "pagerank"

    def __init__(self, recent: int = 10, damping: float = 0.85, iterations: int = 20, new_only: bool = True) -> None:
        """Walks start at `recent` items and go on with probability `damping`; `new_only` leaves out items met."""
        self.recent = recent
        self.damping = damping
        self.iterations = iterations
        self.new_only = new_only

    def portions(self, users: list[str], k: int) -> Generator[pd.DataFrame]:
        """As every recommender does, on one projection for all of them."""
        self._refuse_unfitted(k)
        with projected(self.graph, "item_co_occurrence") as projection:
            self._projection = projection.name()
            yield from super().portions(users, k)

    def candidates(self, users: list[str], k: int) -> pd.DataFrame:
        """Items that the walks visit, filled up with popular ones."""
        found = pd.concat([self._of(user, k) for user in users], ignore_index=True)
        return filled_with_popular(self.graph, with_evidence(found, "walk"), users, k, self.new_only)

    def _of(self, user: str, k: int) -> pd.DataFrame:
        return self.graph.query(
            queries.load("recommend/for_user_by_pagerank"),
            projection=self._projection,
            user=user,
            recent=self.recent,
            new_only=self.new_only,
            damping=self.damping,
            iterations=self.iterations,
            concurrency=4,
            k=k,
        )
