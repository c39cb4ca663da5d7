"""Items in falling order of a score that is the same for every query: lists are read off its beginning.

So a list costs what it is long, however many items there are.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.models.data import NONE
from kartograph.models.groups import groups_of
from kartograph.models.scoring.ranking import TopK

HEAD = 1024
"""Items that are sorted at first: enough for nearly all lists, in a tenth of the time that all items of a shop take."""


@dataclass(frozen=True)
class Falling:
    """An order of items."""

    scores: Float[ndarray, " items"]
    """float32; -inf for an item that is in no list."""
    ties: Int[ndarray, " items"]
    """The order of items of one score."""

    @classmethod
    def of(cls, scores: Float[ndarray, " items"], ties: Int[ndarray, " items"]) -> Self:
        """Take the scores; items are sorted when they are asked for."""
        return cls(scores.astype(np.float32), ties)

    @cached_property
    def order(self) -> Int[ndarray, " ranked"]:
        """The items that may be in a list, the best first, ties by the order that was given."""
        return self._sorted(np.flatnonzero(self.scores > -np.inf))

    @cached_property
    def _head(self) -> Int[ndarray, " head"]:
        """The beginning of the order, all of it where there are no more than `HEAD` items."""
        if len(self.scores) <= HEAD:
            return self.order
        least = np.partition(self.scores, -HEAD)[-HEAD]
        return self.order if least == -np.inf else self._sorted(np.flatnonzero(self.scores >= least))

    def _sorted(self, items: Int[ndarray, " n"]) -> Int[ndarray, " n"]:
        return items[np.lexsort((self.ties[items], -self.scores[items]))]

    def _until(self, stop: int) -> Int[ndarray, " ranked"]:
        """The order, as far as to `stop` at least."""
        return self._head if stop <= len(self._head) else self.order

    def first(self, count: int, allowed: Bool[ndarray, " items"] | None = None) -> Int[ndarray, " found"]:
        """The first `count` items, or as many as there are, of those that may be in an answer."""
        if allowed is None:
            return self._until(count)[:count]
        blocks, left, start, size = [self._head[:0]], count, 0, max(256, 2 * count)
        while left > 0 and len(block := self._until(start + size)[start : start + size]):
            blocks.append(block[allowed[block]][:left])
            left -= len(blocks[-1])
            start, size = start + size, 2 * size
        return np.concatenate(blocks)

    def top(
        self, queries: int, k: int, masked: csr_array | None = None, allowed: Bool[ndarray, " items"] | None = None
    ) -> TopK:
        """The k best items for each query without those that are `masked` for it (queries × items)."""
        widest = 0 if masked is None else int(np.diff(masked.indptr).max(initial=0))
        first = self.first(k + widest, allowed)
        kept = np.ones((queries, len(first) + k), dtype=bool)
        kept[:, len(first) :] = False
        if masked is not None and len(first):
            sorter = np.argsort(first)
            position = sorter[np.minimum(np.searchsorted(first, masked.indices, sorter=sorter), len(first) - 1)]
            there = first[position] == masked.indices
            kept[groups_of(masked.indptr)[there], position[there]] = False
        items = np.concatenate([first, np.full(k, NONE)])
        columns = np.argsort(~kept, axis=1, kind="stable")[:, :k]
        best = np.where(np.take_along_axis(kept, columns, axis=1), items[columns], NONE)
        return TopK(best, np.where(best == NONE, np.float32(-np.inf), self.scores[best]))
