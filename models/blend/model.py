"""A blend: components offer items, a network that has learned on cases of the same shop orders them.

With C(q) the items that any component offers for the query q, 50 from each, and x(q, j) their features:

    score(q, j) = s(x(q, j)) for j ∈ C(q),      s(x) = w·x̂ + v·ReLU(B·ReLU(A·x̂ + a) + b)

x̂ are the features at mean 0 and deviation 1. The blend chooses its components and trains its network inside `fit`, on
the training data alone; then every chosen component is fitted on all of it. Nothing has to be tuned by hand.

Sources: Covington, Adams and Sargin, "Deep Neural Networks for YouTube Recommendations" (2016), for candidates that a
second stage ranks; Wolpert, "Stacked Generalization" (1992), for learning from the models' answers on held-out cases.

Parts: `models.blend.choosing`, `models.blend.held_out`, `models.blend.features`, `models.blend.known_items`,
`models.blend.known_pairs`, `models.blend.ranker`
"""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from jaxtyping import Bool, Int
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.models.array_model import ArrayModel, SessionOptions
from kartograph.models.blend.choosing import OFFERED, choose
from kartograph.models.blend.components import asked, fitted_once
from kartograph.models.blend.features import candidates
from kartograph.models.blend.known_items import known_items
from kartograph.models.data import NONE, Histories, TrainingData
from kartograph.models.registry import model
from kartograph.models.scoring.ranking import TopK
from kartograph.models.scoring.top_k import top_k_of_sparse
from kartograph.tables.errors import BadInput
from kartograph.tables.extras import is_installed
from kartograph.tables.progress import Progress, silent


@dataclass(frozen=True)
class BlendOptions(SessionOptions):
    """What a blend may be made of; every component is asked with the `past` that the blend is asked with.

    The network learns from sessions alone. On the latest sessions of a generated shop of 0.1 times RetailRocket's size,
    held out of training, 10 events of the past raise HR@20 from 74.9 to 75.7 % and lower MRR@20 from 48.4 to 46.8 %, so
    the default is 0.
    """

    neural: bool = False
    """Whether a neural network may be among the components."""
    seed: int = 0

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take saved options; a version of an earlier release knows no past and is asked with the session alone."""
        vars(self).update({"past": 0, **state})


@model(
    "blend-graph", "walk, neighbours and rules, ordered by what the shop's latest events teach", tuned_for="sequences"
)
@model(
    "blend",
    "the same with a neural model among them",
    tuned_for="sequences",
    options=BlendOptions(neural=True),
)
class Blend(ArrayModel):
    """Components and the network that orders what they offer."""

    Options = BlendOptions
    knows_owners = True
    uses = ("pagerank", "communities")

    def learn(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Choose components, train the network, fit the components on everything."""
        if not len(data.histories.items):
            raise BadInput("There are no events to learn from: load some first.")
        data = replace(data, other=None)
        self.items = data.items
        self.choice = choose(data, self.options.neural, self.options.seed, progress)
        self.remark = self.choice.about
        if self.options.neural and not is_installed("neural"):
            self.remark += "; no neural network is among the components, for the extra neural is not installed"
        self.components = fitted_once(self.choice.components, self.options.seed, data, progress)
        self.known = known_items(data)
        return self

    def scores(self, queries: Histories, owners: Int[ndarray, " n"]) -> csr_array:
        """The network's scores for what the components offer; other items have no entry."""
        return self._scores(queries, owners, OFFERED, None, None)

    def rank(
        self,
        queries: Histories,
        k: int,
        owners: Int[ndarray, " n"] | None = None,
        masked: csr_array | None = None,
        progress: Progress = silent,
        allowed: Bool[ndarray, " items"] | None = None,
    ) -> TopK:
        """The k best items for each query; components offer only items that may be in the answer."""
        self.refuse_to_rank(k)
        rows = np.full(len(queries), NONE) if owners is None else owners
        best = np.full((len(queries), k), NONE, dtype=np.int64)
        values = np.full((len(queries), k), -np.inf, dtype=np.float32)

        def fill(start: int) -> None:
            stop = min(start + self.batch, len(queries))
            mask = None if masked is None else masked[start:stop]
            scores = self._scores(queries.part(start, stop), rows[start:stop], max(k, OFFERED), mask, allowed)
            best[start:stop], values[start:stop] = top_k_of_sparse(scores, k, None, self.items.tie_order)

        starts = range(0, len(queries), self.batch)
        if len(starts) < 2:
            for start in starts:
                fill(start)
            return TopK(best, values)
        with ThreadPoolExecutor(os.cpu_count()) as pool:  # what is compiled runs without the interpreter's lock
            for start, _ in zip(starts, pool.map(fill, starts), strict=True):
                progress("Ranking (queries)", start, len(queries))
        return TopK(best, values)

    def _scores(
        self, queries: Histories, owners: ndarray, offered: int, masked: csr_array | None, allowed: ndarray | None
    ) -> csr_array:
        tops = [
            part.rank(asked(name, queries), offered, owners, masked, allowed=allowed)
            for name, part in self.components.items()
        ]
        pooled = candidates(tops, self.choice.logarithmic, queries, self.known)
        return pooled.scored(self.choice.ranker.scores(pooled.features), len(self.items))
