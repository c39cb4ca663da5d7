"""Popularity: the same list for everybody, the items with the most events.

`score(i)` is the number of events on item i among the latest `share` of all events, by time where the data has times,
otherwise in the order of the sessions.

Source: the baseline TopPop of Cremonesi, Koren and Turrin, "Performance of Recommender Algorithms on Top-N
Recommendation Tasks" (2010), section 4.1; counting the latest events alone is our own.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from kartograph.models.array_model import ArrayModel
from kartograph.models.data import Histories, TrainingData
from kartograph.models.reasons import POPULAR, POPULAR_LATELY
from kartograph.models.registry import model
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent


@dataclass(frozen=True)
class PopularityOptions:
    """Which events count."""

    share: float = 1.0
    """Share of the latest events that are counted, above 0 and up to 1."""

    def __post_init__(self) -> None:
        """Refuse shares that count nothing."""
        if not 0 < self.share <= 1:
            raise BadInput(f"share is {self.share}. It has to be above 0 and at most 1.")


@model("popularity", "most events", serves="anyone")
@model("popularity-recent", "most events among the latest 5 %", serves="anyone", options=PopularityOptions(share=0.05))
class Popularity(ArrayModel):
    """Most events first; an item without a counted event is not recommended."""

    Options = PopularityOptions
    explains = "none"
    trained_on = "users"
    personal = False

    @property
    def common_reason(self) -> str:
        """What holds of every item of the list."""
        return POPULAR if self.options.share == 1 else POPULAR_LATELY

    def learn(self, data: TrainingData, progress: Progress = silent) -> Self:
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
