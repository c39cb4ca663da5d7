"""Which items of a bundle lie in a category or below it, the popular ones first, without a look at all others."""

from collections.abc import Sequence, Set

import numpy as np
from jaxtyping import Int
from numpy import ndarray

from kartograph.serving.bundle.texts import NONE


class Inside:
    """The tree from above, and the items of each category."""

    def __init__(self, parents: Sequence[int], indptr: ndarray, indices: ndarray, popular: ndarray) -> None:
        """`indices[indptr[i] : indptr[i + 1]]` are the categories of item i, `popular` the items by popularity."""
        self._children: dict[int, list[int]] = {}
        for category, parent in enumerate(parents):
            if parent != NONE:
                self._children.setdefault(parent, []).append(category)
        self._place = np.empty(len(popular), np.int32)
        self._place[popular] = np.arange(len(popular), dtype=np.int32)
        rows = np.repeat(np.arange(len(popular), dtype=np.int32), np.diff(indptr))
        order = np.lexsort((self._place[rows], indices))
        self._rows = rows[order]
        self._offsets = np.searchsorted(indices[order], np.arange(len(parents) + 1))

    def below(self, category: int) -> set[int]:
        """A category and all below it, also where the tree has a circle."""
        descendants, waiting = set(), [category]
        while waiting:
            one = waiting.pop()
            if one not in descendants:
                descendants.add(one)
                waiting += self._children.get(one, ())
        return descendants

    def rows(self, categories: Set[int]) -> Int[ndarray, " rows"]:
        """The items of some categories, the popular ones first."""
        known = [one for one in sorted(categories) if one < len(self._offsets) - 1]
        parts = [self._rows[self._offsets[one] : self._offsets[one + 1]] for one in known]
        if not parts:
            return self._rows[:0]
        return parts[0] if len(parts) == 1 else self.ordered(np.concatenate(parts))

    def ordered(self, rows: Int[ndarray, " rows"]) -> Int[ndarray, " rows"]:
        """Rows in falling order of popularity."""
        return rows[np.argsort(self._place[rows])]
