"""How do recommenders that ask the graph take part in an evaluation, by name?"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.evaluation.scratch import scratch_graph
from kartograph.models.base import ITEM, NONE, SCORE, USER, Histories, Recommender, TopK, TrainingData
from kartograph.models.cypher.asking import GraphRecommender
from kartograph.models.presets import PRESETS, Preset
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

UNKNOWN = ""
"""A user that no graph has: ids are never empty."""
LISTED = 1000
"""Items of a list that is long enough to score pairs with."""


@dataclass(frozen=True)
class ScratchOptions:
    """What is asked, and of what."""

    model: str
    """The graph recommender's own name."""
    enriched: tuple[str, ...] = ()
    """Steps of the enrichment that it needs."""


class ScratchRecommender(Recommender):
    """A graph recommender on a scratch graph of the training data; owners are its users.

    It goes by what the graph knows of a user, so an owner whom the training data does not have gets what a stranger
    gets, whatever the query's history. `close` stops the server.
    """

    def __init__(self, make: Callable[[], GraphRecommender], options: ScratchOptions) -> None:
        """Keep what makes the recommender."""
        self.make, self.options = make, options
        self._open = ExitStack()

    def fit(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Build the graph, in place of the one before."""
        self.close()
        self.items, self.owners = data.items, data.owners
        graph = self._open.enter_context(scratch_graph(data, self.options.enriched, progress=progress))
        self.model = self.make().fit(graph)
        return self

    def close(self) -> None:
        """Stop the server and remove its home."""
        self._open.close()

    def scores(self, queries: Histories, owners: ndarray) -> Float[ndarray, "n items"]:
        """The scores of the first `LISTED` items of each owner; the graph ranks no further."""
        top = self.recommend(queries, min(LISTED, len(self.items)), owners)
        scores = np.full((len(queries), len(self.items)), -np.inf, dtype=np.float32)
        case, place = np.nonzero(top.items != NONE)
        scores[case, top.items[case, place]] = top.scores[case, place]
        return scores

    def recommend(
        self,
        queries: Histories,
        k: int,
        owners: ndarray | None = None,
        masked: csr_array | None = None,
        progress: Progress = silent,
    ) -> TopK:
        """The best items of each owner; longer lists are asked for where items are masked."""
        rows = np.full(len(queries), NONE) if owners is None else owners
        users = [UNKNOWN if row == NONE else str(self.owners.external[row]) for row in rows]
        hidden = 0 if masked is None else int(np.diff(masked.indptr).max(initial=0))
        progress("Asking the graph")
        found = self.model.recommend(users, k + hidden, reasons=False)
        asked = {user: found_rows for user, found_rows in found.groupby(USER, sort=False)}
        items, scores = np.full((len(rows), k), NONE), np.full((len(rows), k), -np.inf, dtype=np.float32)
        for case, user in enumerate(users):
            if user not in asked:
                continue
            listed = self.items.rows(asked[user][ITEM])
            left_out = [] if masked is None else masked.indices[masked.indptr[case] : masked.indptr[case + 1]]
            kept = np.flatnonzero((listed != NONE) & ~np.isin(listed, left_out))[:k]
            items[case, : len(kept)] = listed[kept]
            scores[case, : len(kept)] = asked[user][SCORE].to_numpy(np.float32)[kept]
        return TopK(items, scores)


def _co_occurrence(seed: int) -> Recommender:
    from kartograph.models.cypher.co_occurrence import CoOccurrence

    return ScratchRecommender(lambda: CoOccurrence(new_only=False), ScratchOptions("co-occurrence"))


def _pagerank(seed: int) -> Recommender:
    from kartograph.models.cypher.personalised_pagerank import PersonalisedPageRank

    return ScratchRecommender(lambda: PersonalisedPageRank(new_only=False), ScratchOptions("pagerank"))


def _popular_in_category(seed: int) -> Recommender:
    from kartograph.models.cypher.popular_in_category import PopularInCategory

    return ScratchRecommender(lambda: PopularInCategory(new_only=False), ScratchOptions("popular-in-category"))


GRAPH_PRESETS: dict[str, Preset] = {
    "graph-co-occurrence": Preset(_co_occurrence, "asks Neo4j: co-occurrence edges", "anyone", "none", "users"),
    "graph-pagerank": Preset(
        _pagerank, "asks Neo4j: personalised PageRank, some users a second", "anyone", "none", "users"
    ),
    "graph-popular-in-category": Preset(
        _popular_in_category, "asks Neo4j: the last category", "anyone", "none", "users"
    ),
}
"""Recommenders that ask the graph, for users; each evaluation loads the training part into a server of its own."""


def preset(name: str) -> Preset:
    """The preset of this name, of tables or of the graph; `BadInput` lists the names where there is none."""
    every = PRESETS | GRAPH_PRESETS
    if name not in every:
        raise BadInput(f"There is no model {name!r}. Names are {', '.join(every)}.")
    return every[name]
