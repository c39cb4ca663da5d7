"""V-SKNN: session neighbours, where the last clicks of the query count most.

    query_weight(i) = (|q| - age(i)) / |q|                      age 0 is the last click
    sim(q, s)       = Σ_{i ∈ q ∩ s} query_weight(i)
    score(q, j)     = (1 + λ · idf(j)) · Σ_{s ∈ N(q), j ∈ s} sim(q, s) · max(0, 1 - age(i*) / 10)

with `i*` the common item touched last and `idf(j) = ln(sessions / sessions with j)`.

Source: Ludewig and Jannach, "Evaluation of Session-based Recommendation Algorithms" (2018), section 3.3.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from kartograph.models.array_model import SessionOptions
from kartograph.models.data import Histories, TrainingData
from kartograph.models.neighbours.voting import (
    LONGEST,
    Occurrences,
    SessionIndex,
    SessionNeighbours,
    Weights,
    last_occurrences,
)
from kartograph.models.registry import model
from kartograph.tables.progress import Progress, silent


@dataclass(frozen=True)
class VSKNNOptions(SessionOptions):
    """How many sessions vote and how rare items are favoured."""

    neighbours: int = 200
    """Sessions that vote (k)."""
    sample: int = 2000
    """Most recent sessions with a common item, among which the neighbours are found."""
    idf: float = 0.0
    """λ, the weight of rarity; 0 leaves it out."""


@model(
    "v-sknn",
    "session neighbours, last clicks count most",
    tuned_for="sequences",
    options=VSKNNOptions(neighbours=704, sample=6774, idf=9.8),
)
class VSKNN(SessionNeighbours):
    """Vector session-based nearest neighbours."""

    Options = VSKNNOptions

    def learn(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Index the sessions and count how rare the items are."""
        self.items = data.items
        self.index = SessionIndex.of(data.histories, len(data.items))
        frequency = np.maximum(np.diff(self.index.posting_offsets), 1)
        self.weights = Weights(
            session=np.ones(len(data.owners)),
            item=1 + self.options.idf * np.log(len(data.owners) / frequency),
            age=np.maximum(0, 1 - np.arange(LONGEST + 1) / 10),
            gap=np.ones(2 * LONGEST + 1),
        )
        return self

    def query(self, queries: Histories) -> tuple[Occurrences, Float[ndarray, " entries"]]:
        """The later the heavier, from 1 for the last item down to `1 / |q|`."""
        query = last_occurrences(queries)
        lengths = np.repeat(queries.lengths, np.diff(query.offsets))
        return query, (lengths - query.ages) / lengths
