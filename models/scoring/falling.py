"""Items in falling order of a score that is the same for every query: lists are read off its beginning.

So a list costs what it is long, however many items there are.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.models.data import NONE
from kartograph.models.groups import groups_of
from kartograph.models.scoring.ranking import TopK


@dataclass(frozen=True)
class Falling:
    """An order of items."""

    scores: Float[ndarray, " items"]
    """float32; -inf for an item that is in no list."""
    order: Int[ndarray, " ranked"]
    """The items that may be in a list, the best first, ties by the order that was given."""

    @classmethod
    def of(cls, scores: Float[ndarray, " items"], ties: Int[ndarray, " items"]) -> Self:
        """Sort the items."""
        ranked = np.flatnonzero(scores > -np.inf)
        return cls(scores.astype(np.float32), ranked[np.lexsort((ties[ranked], -scores[ranked]))])

    def first(self, count: int, allowed: Bool[ndarray, " items"] | None = None) -> Int[ndarray, " found"]:
        """The first `count` items, or as many as there are, of those that may be in an answer."""
        if allowed is None:
            return self.order[:count]
        found, left, start, size = [], count, 0, max(256, 2 * count)
        while left > 0 and start < len(self.order):
            block = self.order[start : start + size]
            found.append(block[allowed[block]][:left])
            left -= len(found[-1])
            start, size = start + size, 2 * size
        return np.concatenate(found) if found else self.order[:0]

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
            place = sorter[np.minimum(np.searchsorted(first, masked.indices, sorter=sorter), len(first) - 1)]
            there = first[place] == masked.indices
            kept[groups_of(masked.indptr)[there], place[there]] = False
        items = np.concatenate([first, np.full(k, NONE)])
        columns = np.argsort(~kept, axis=1, kind="stable")[:, :k]
        best = np.where(np.take_along_axis(kept, columns, axis=1), items[columns], NONE)
        return TopK(best, np.where(best == NONE, np.float32(-np.inf), self.scores[best]))
