"""Repeats: how likely the next click is one on an item of the same session again.

`score(q, j) = P(next = j | j was touched last a clicks ago)`, estimated for every age a over all clicks of the training
data that have a click after them. Items outside the history get no score.

Source: the repeat mode of Ren et al., "RepeatNet: A Repeat Aware Neural Recommendation Machine for Session-based
Recommendation" (2019), reduced to counts.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Int
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.models.array_model import ArrayModel
from kartograph.models.data import Histories, TrainingData
from kartograph.models.explaining import Part, item_parts
from kartograph.models.neighbours.voting import last_occurrences
from kartograph.models.registry import model
from kartograph.tables.progress import Progress, silent


@dataclass(frozen=True)
class RepeatsOptions:
    """How far back repeats are told apart."""

    ages: int = 20
    """Ages from this one on share one probability."""


@model("repeats", "the history's own items, by age")
class Repeats(ArrayModel):
    """The history's own items, by how often an item of that age comes back."""

    Options = RepeatsOptions
    explains = "sum"

    def learn(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Count, for each age, how often an item of that age was there and how often it was the next."""
        self.items = data.items
        again, left = _clicks_until_repeat(data.histories), data.histories.ages
        waited = np.minimum(again, left)  # an item is there, last touched, until it comes back or the history ends
        oldest = self.options.ages
        ages = np.arange(1, oldest + 1)
        came = np.bincount(np.minimum(again[again <= left], oldest + 1), minlength=oldest + 2)[1:]
        there = np.append([(waited >= age).sum() for age in ages], np.maximum(waited - oldest, 0).sum())
        self.probability = (came / np.maximum(there, 1)).astype(np.float32)
        return self

    def scores(self, queries: Histories, owners: ndarray) -> csr_array:
        """The probabilities of the history's items."""
        query = last_occurrences(queries)
        values = self.probability[np.minimum(query.ages, self.options.ages)]
        return query.matrix(values, len(self.items))

    def parts(
        self, queries: Histories, owners: Int[ndarray, " n"], items: Int[ndarray, "n k"], most: int | None
    ) -> list[list[list[Part]]]:
        """An item of the history is the only reason for itself."""
        query = last_occurrences(queries)
        values = self.probability[np.minimum(query.ages, self.options.ages)]
        amounts = values[:, None] * (query.items[:, None] == items[query.owners])
        return item_parts(self.items, query.offsets, query.items, amounts, items)


def _clicks_until_repeat(histories: Histories) -> Int[ndarray, " events"]:
    """How many clicks later the same owner touches the same item again; beyond any length where never."""
    events = np.arange(len(histories.items))
    order = np.lexsort((events, histories.items, histories.owners))
    same = (histories.items[order][1:] == histories.items[order][:-1]) & (
        histories.owners[order][1:] == histories.owners[order][:-1]
    )
    until = np.full(len(events), np.iinfo(np.int64).max)
    until[order[:-1][same]] = np.diff(order)[same]
    return until
