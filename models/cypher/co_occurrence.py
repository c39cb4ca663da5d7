"""What goes with the items that a user has seen lately: co-occurrence edges of the graph."""

from dataclasses import dataclass

import pandas as pd

from kartograph import queries
from kartograph.models.cypher.model import RANKED, SERVED_BY, Allowed, CypherModel, Question
from kartograph.models.cypher.popular_in_category import filled_with_popular
from kartograph.models.registry import model


@dataclass(frozen=True)
class CoOccurrenceOptions:
    """How far back the history counts."""

    recent: int = 10
    """Latest items that are started from."""


@model("co-occurrence", "asks Neo4j: co-occurrence edges of the latest items", serves="anyone")
class CoOccurrence(CypherModel):
    """Items that occur in the same sessions as those seen lately.

    `score(q, j) = Σ_i w(i, j) / (age(q, i) + 1) / √popularity(j)` over the latest items i, age 0 being the last one and
    w the weight of the co-occurrence edge. Behind them, where they are fewer than k, popular items follow, which
    `served_by` names.

    Source: item-based collaborative filtering, Sarwar, Karypis, Konstan, Riedl 2001; the damping by popularity is that
    of the cosine.
    """

    Options = CoOccurrenceOptions
    explains = "sum"

    def ranked(self, questions: list[Question], k: int, allowed: Allowed) -> pd.DataFrame:
        """Co-occurring items, filled up with popular ones."""
        rows = [question.row(self.options.recent) for question in questions if question.items]
        statement = queries.load("recommend/batch_by_co_occurrence")
        frame = self._graph().query(statement, rows=rows, **allowed.parameters, k=k)
        best = frame.assign(kind="sessions", **{SERVED_BY: self.called})[list(RANKED)]
        return filled_with_popular(self._graph(), best, questions, k, allowed)
