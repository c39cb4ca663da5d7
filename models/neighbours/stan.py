"""STAN: session neighbours with three decays, in the query, over time, and around the common item.

    query_weight(i) = exp(-age(i) / λ1)
    sim(q, s)       = Σ_{i ∈ q ∩ s} query_weight(i) / sqrt(|q| · |s|) · exp(-recency(s) / λ2)
    score(q, j)     = Σ_{s ∈ N(q), j ∈ s} sim(q, s) · exp(-|p_s(j) - p_s(i*)| / λ3)

with `i*` the common item touched last and `p_s` positions in the neighbour. The paper measures recency in time; where
sessions are only ordered it is the share of the training sessions that came after `s`, from 0 to 1.

Source: Garg et al., "Sequence and Time Aware Neighborhood for Session-based Recommendations: STAN" (2019), section 3.
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
class STANOptions(SessionOptions):
    """How many sessions vote and how fast each of the three weights falls."""

    neighbours: int = 500
    """Sessions that vote (k)."""
    sample: int = 2500
    """Most recent sessions with a common item, among which the neighbours are found."""
    query_decay: float = 2.0
    """λ1, in clicks."""
    time_decay: float | None = 1.0
    """λ2, as a share of the training sessions; None where their order is not one of time."""
    gap_decay: float = 3.0
    """λ3, in clicks."""


@model("stan", "session neighbours with three decays", tuned_for="sequences")
@model(
    "stan-users",
    "the same over users' histories",
    tuned_for="interactions",
    trained_on="users",
    learns_from="users",
    options=STANOptions(neighbours=100, query_decay=3.0, gap_decay=1.0, time_decay=None),
)
class STAN(SessionNeighbours):
    """Sequence and time aware neighbourhood."""

    Options = STANOptions

    def learn(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Index the sessions; the last one counts as the most recent."""
        self.items = data.items
        self.index = SessionIndex.of(data.histories, len(data.items))
        sizes = np.diff(self.index.offsets)
        recency = np.arange(len(sizes))[::-1] / max(len(sizes), 1)
        fading = 1.0 if self.options.time_decay is None else np.exp(-recency / self.options.time_decay)
        gaps = np.abs(np.arange(-LONGEST, LONGEST + 1))
        self.weights = Weights(
            session=fading / np.sqrt(np.maximum(sizes, 1)),
            item=np.ones(len(data.items)),
            age=np.ones(LONGEST + 1),
            gap=np.exp(-gaps / self.options.gap_decay),
        )
        return self

    def query(self, queries: Histories) -> tuple[Occurrences, Float[ndarray, " entries"]]:
        """`exp(-age / λ1) / sqrt(|q|)` for each item."""
        query = last_occurrences(queries)
        sizes = np.repeat(np.diff(query.offsets), np.diff(query.offsets))
        return query, np.exp(-query.ages / self.options.query_decay) / np.sqrt(np.maximum(sizes, 1))
