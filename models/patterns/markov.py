"""Markov chains of first and second order over items.

First order: `P1(j | x) = n(x, j) / n(x, ·)` for the last item x. Second order, with the last two items w, x:
`score(j) = P2(j | w, x) + backoff · P1(j | x)`, `P2(j | w, x) = n(w, x, j) / n(w, x, ·)`, 0 where the pair was never
seen before.

Source: Shani, Heckerman and Brafman, "An MDP-Based Recommender System" (2005), section 3 (chains of item n-grams).
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.sparse import csr_array, diags_array

from kartograph.models.array_model import ArrayModel
from kartograph.models.data import NONE, Histories, TrainingData
from kartograph.models.explaining import Part, item_parts
from kartograph.models.patterns.transitions import following, item_at_age, pairs_at_gap, rows_of
from kartograph.models.registry import model
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent


@dataclass(frozen=True)
class MarkovOptions:
    """How much of the past counts."""

    order: int = 1
    """1 or 2: how many of the last items make the state."""
    backoff: float = 0.1
    """Weight of the first order in the second, so that states that were never seen still have an answer."""

    def __post_init__(self) -> None:
        """Refuse other orders."""
        if self.order not in (1, 2):
            raise BadInput(f"order is {self.order}. Allowed are 1 and 2.")


@model("markov", "right after the last item")
@model("markov-2", "right after the last two items", options=MarkovOptions(order=2))
class Markov(ArrayModel):
    """The next item given the last one or the last two."""

    Options = MarkovOptions
    explains = "sum"

    def learn(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Count transitions and make them probabilities."""
        self.items = data.items
        count, rows = len(data.items), data.histories.items
        self.first = _stochastic(following(data.histories, count, iter([1.0])))
        if self.options.order == 2:
            start, end = pairs_at_gap(data.histories, 2)
            self.pairs, states = np.unique(rows[start] * count + rows[start + 1], return_inverse=True)
            ones = np.ones(len(start), dtype=np.float32)
            self.second = _stochastic(csr_array((ones, (states, rows[end])), shape=(len(self.pairs), count)))
        return self

    def scores(self, queries: Histories, owners: ndarray) -> csr_array:
        """Probabilities of the next item; items that never followed have no entry."""
        last, states = self._states(queries)
        first = rows_of(self.first, last)
        if states is None:
            return first
        second = rows_of(self.second, states)
        if len(queries) == 1:  # where SciPy's sum of two matrices takes most of the time
            columns, position = np.unique(np.r_[second.indices, first.indices], return_inverse=True)
            sums = np.bincount(position, np.r_[second.data, self.options.backoff * first.data]).astype(np.float32)
            return csr_array((sums, columns, np.array([0, len(columns)])), shape=first.shape)
        return csr_array(second + self.options.backoff * first)

    def parts(
        self, queries: Histories, owners: Int[ndarray, " n"], items: Int[ndarray, "n k"], most: int | None
    ) -> list[list[list[Part]]]:
        """What the last item x adds to a score, and what is added by knowing the item w before it as well.

        First order `P1(j | x)`; second order `(1 + backoff) · P1(j | x)` and `P2(j | w, x) - P1(j | x)`, which may be
        below 0; where the pair was never seen, `backoff · P1(j | x)` alone. The amounts add up to the score.
        """
        last, states = self._states(queries)
        of_first = _picked(self.first, last, items)
        behind, amounts = [last], [of_first]
        if states is not None:
            seen = (states != NONE)[:, None]
            amounts = [
                of_first * (self.options.backoff + seen),
                seen * (_picked(self.second, states, items) - of_first),
            ]
            behind = [last, item_at_age(queries, 1)]
            same = (behind[0] == behind[1])[:, None]  # one item twice is one part
            amounts = [amounts[0] + same * amounts[1], ~same * amounts[1]]
        # An entry for each of the one or two items of each query.
        entries = np.stack(behind, axis=1).ravel()
        values = np.stack(amounts, axis=1).reshape(-1, items.shape[1])
        offsets = np.arange(len(queries) + 1) * len(behind)
        return item_parts(self.items, offsets, entries, values, items)

    def _states(self, queries: Histories) -> tuple[Int[ndarray, " n"], Int[ndarray, " n"] | None]:
        """The last item of each query and the row of its last two in `second`; None for a chain of first order."""
        last = item_at_age(queries, 0)
        if self.options.order == 1 or len(self.pairs) == 0:
            return last, None
        before = item_at_age(queries, 1)
        asked = before * len(self.items) + last
        states = np.minimum(np.searchsorted(self.pairs, asked), len(self.pairs) - 1)
        return last, np.where((before == NONE) | (self.pairs[states] != asked), NONE, states)


def _picked(matrix: csr_array, rows: Int[ndarray, " n"], items: Int[ndarray, "n k"]) -> Float[ndarray, "n k"]:
    """The entries of n rows at k columns each, 0 where the row or the column is `NONE`."""
    known = (rows != NONE)[:, None] & (items != NONE)
    values = np.zeros(items.shape)
    row, position = np.nonzero(known)
    if len(row):
        values[row, position] = np.asarray(matrix[rows[row], items[row, position]])
    return values


def _stochastic(counts: csr_array) -> csr_array:
    totals = counts.sum(axis=1)
    return csr_array(diags_array(1 / np.where(totals > 0, totals, 1)) @ counts).astype(np.float32)
