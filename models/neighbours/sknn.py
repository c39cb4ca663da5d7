"""SKNN: the items of the sessions that share most with this one.

`sim(q, s) = |q ∩ s| / sqrt(|q| · |s|)`, `score(q, j) = Σ_{s ∈ N(q), j ∈ s} sim(q, s)`, sessions as sets of items.

Source: Jannach and Ludewig, "When Recurrent Neural Networks meet the Neighborhood for Session-Based Recommendation"
(2017), section 3.
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
class SKNNOptions(SessionOptions):
    """How many sessions vote."""

    neighbours: int = 500
    """Sessions that vote (k)."""
    sample: int = 1000
    """Most recent sessions with a common item, among which the neighbours are found."""


@model("sknn", "session neighbours", tuned_for="sequences", options=SKNNOptions(neighbours=210, sample=3461))
class SKNN(SessionNeighbours):
    """Session-based nearest neighbours."""

    Options = SKNNOptions

    def learn(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Index the sessions."""
        self.items = data.items
        self.index = SessionIndex.of(data.histories, len(data.items))
        sizes = np.diff(self.index.offsets)
        self.weights = Weights(
            session=1 / np.sqrt(np.maximum(sizes, 1)),
            item=np.ones(len(data.items)),
            age=np.ones(LONGEST + 1),
            gap=np.ones(2 * LONGEST + 1),
        )
        return self

    def query(self, queries: Histories) -> tuple[Occurrences, Float[ndarray, " entries"]]:
        """All items alike, `1 / sqrt(|q|)` each."""
        query = last_occurrences(queries)
        sizes = np.diff(query.offsets)
        return query, np.repeat(1 / np.sqrt(np.maximum(sizes, 1)), sizes)
