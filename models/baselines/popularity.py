"""Popularity: the same list for everybody, the items with the most events.

`score(i)` is the number of events on item i among the latest `share` of all events, by time where the data has times,
otherwise in the order of the sessions.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from kartograph.models.base import Histories, Recommender, TrainingData
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent


@dataclass(frozen=True)
class PopularityOptions:
    """Which events count."""

    share: float = 1.0
    """Share of the latest events that are counted, above 0 and up to 1."""


class Popularity(Recommender):
    """Most events first; an item without a counted event is not recommended."""

    def __init__(self, options: PopularityOptions | None = None) -> None:
        """Keep the options."""
        self.options = options or PopularityOptions()
        if not 0 < self.options.share <= 1:
            raise BadInput(f"share is {self.options.share}. It has to be above 0 and at most 1.")

    def fit(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Count the events."""
        self.items = data.items
        rows = data.histories.items
        if data.times is not None:
            rows = rows[np.argsort(data.times, kind="stable")]
        latest = rows[len(rows) - int(np.ceil(self.options.share * len(rows))) :]
        self.counts = np.bincount(latest, minlength=len(data.items)).astype(np.float32)
        return self

    def scores(self, queries: Histories, owners: ndarray) -> Float[ndarray, "n items"]:
        """The counts, once for each query."""
        return np.tile(np.where(self.counts > 0, self.counts, -np.inf), (len(queries), 1))
