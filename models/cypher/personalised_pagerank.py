"""What random walks from a user's items visit most: personalised PageRank on the co-occurrence edges of the graph."""

from dataclasses import dataclass

import pandas as pd

from kartograph import queries
from kartograph.graph.enrichment.projection import projected
from kartograph.models.cypher.model import RANKED, SERVED_BY, Allowed, CypherModel, Question
from kartograph.models.cypher.popular_in_category import filled_with_popular
from kartograph.models.registry import model


@dataclass(frozen=True)
class PageRankOptions:
    """Where walks start and how long they go on."""

    recent: int = 10
    """Latest items that walks start from."""
    damping: float = 0.85
    """Probability that a walk goes on."""
    iterations: int = 20
    """Power iterations at most."""


@model("pagerank", "asks Neo4j: personalised PageRank, some users a second", serves="anyone")
class PersonalisedPageRank(CypherModel):
    """Items by `π = (1-d)·s + d·πP`, with s the latest items and P the co-occurrence edges by weight.

    Walks reach items that no session joins with the user's. Each question costs a PageRank over all items (tenths of a
    second in a large shop), so this is for some users, not for all. Behind them, where they are fewer than k, popular
    items follow, which `served_by` names.

    Source: Page, Brin, Motwani, Winograd 1999, The PageRank Citation Ranking, section 6.
    """

    Options = PageRankOptions

    def ranked(self, questions: list[Question], k: int, allowed: Allowed) -> pd.DataFrame:
        """Items that the walks visit, on one projection for a batch, filled up with popular ones."""
        statement, options = queries.load("recommend/for_history_by_pagerank"), self.options
        with projected(self._graph(), "item_co_occurrence") as projection:
            frames = [
                self._graph().query(
                    statement,
                    projection=projection.name(),
                    row=question.row(options.recent),
                    **allowed.parameters,
                    damping=options.damping,
                    iterations=options.iterations,
                    concurrency=4,
                    k=k,
                )
                for question in questions
                if question.items
            ]
        merged = pd.concat([frame for frame in frames if len(frame)] or frames[:1] or [_nothing()], ignore_index=True)
        best = merged.assign(kind="walk", **{SERVED_BY: self.called})[list(RANKED)]
        return filled_with_popular(self._graph(), best, questions, k, allowed)


def _nothing() -> pd.DataFrame:
    return pd.DataFrame(columns=list(RANKED))
