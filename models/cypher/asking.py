"""What recommenders have in common that ask the graph itself: Cypher and graph algorithms rank, no table is exported.

CoOccurrenceRecommender().fit(graph).recommend(["42"], k=5)
"""

from abc import ABC, abstractmethod
from collections.abc import Generator
from typing import Self

import pandas as pd

from kartograph.graph.connection import Graph
from kartograph.models.base import ITEM, RANK, REASON, RECOMMENDATIONS, SCORE, USER
from kartograph.models.cypher.reasons import Evidence, in_words
from kartograph.tables.errors import BadInput

VIA, EVIDENCE = "via", "evidence"
"""Further columns of candidates: the ids of the items behind each, and what kind of evidence they are."""
CANDIDATES = (USER, ITEM, SCORE, VIA, EVIDENCE)


class GraphRecommender(ABC):
    """A recommender that reads the graph when asked; what changes there shows at once.

    A subclass implements `candidates`. Scores compare within one user only.
    """

    name: str
    """What `kartograph recommend` calls it, and the model's id in the graph."""
    batch = 1000
    """Users per question to the graph."""

    def fit(self, graph: Graph) -> Self:
        """Remember the graph; returns the recommender itself."""
        self.graph = graph
        return self

    @abstractmethod
    def candidates(self, users: list[str], k: int) -> pd.DataFrame:
        """At most k items for each user, with the columns of `CANDIDATES`, a user's best first."""

    def recommend(self, users: list[str], k: int = 5, reasons: bool = True) -> pd.DataFrame:
        """The k best items for each user: `user_id, item_id, score, rank, reason`, users in the order given.

        Reasons are made from the graph, which takes a question more; without them the column is null. A user for whom
        nothing is found has no row. Raises `BadInput` where nothing was fitted or k is below 1.
        """
        portions = list(self.portions(users, k))
        found = pd.concat(portions, ignore_index=True) if portions else pd.DataFrame(columns=[*CANDIDATES, RANK])
        found[REASON] = in_words(self.graph, found) if reasons and len(found) else None
        return found[list(RECOMMENDATIONS)]

    def portions(self, users: list[str], k: int) -> Generator[pd.DataFrame]:
        """Ranked candidates with `rank` and `via`, for a batch of users at a time: what is written back."""
        self._refuse_unfitted(k)
        unique = list(dict.fromkeys(users))
        for start in range(0, len(unique), self.batch):
            part = unique[start : start + self.batch]
            found = self.candidates(part, k)
            order = found[USER].map({user: number for number, user in enumerate(part)})
            found = found.iloc[order.argsort(kind="stable")].reset_index(drop=True)
            found[RANK] = found.groupby(USER, sort=False).cumcount() + 1
            yield found

    def _refuse_unfitted(self, k: int) -> None:
        if not hasattr(self, "graph"):
            raise BadInput(f"{type(self).__name__} knows no graph yet: call fit(graph) first")
        if k < 1:
            raise BadInput(f"k is {k}: ask for at least 1 item")


def with_evidence(found: pd.DataFrame, evidence: Evidence) -> pd.DataFrame:
    """Rows of a statement as candidates that have one kind of evidence."""
    return found.assign(**{EVIDENCE: evidence})[list(CANDIDATES)]


def filled_up(best: pd.DataFrame, more: pd.DataFrame, k: int) -> pd.DataFrame:
    """The rows of `best`, then those of `more` whose item the user does not have yet, k per user at most.

    Scores of different sources do not compare: those of `more` are scaled below the user's last one.
    """
    joined = pd.concat([best, more], ignore_index=True).drop_duplicates([USER, ITEM])
    lowest = joined[USER].map(best.groupby(USER)[SCORE].min())
    highest = joined[USER].map(more.groupby(USER)[SCORE].max())
    added = joined.index >= len(best)
    below = added & lowest.notna()
    joined.loc[below, SCORE] = 0.5 * lowest[below] * joined.loc[below, SCORE] / highest[below]
    return joined.groupby(USER, sort=False).head(k)
