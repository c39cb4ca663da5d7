"""The cut: items are taken in order, each once, unless they are seen, or their group or category has enough."""

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from kartograph.models.where.filters import DAY_MS
from kartograph.serving.bundle.texts import NONE
from kartograph.serving.ranking.question import BUY, Question

if TYPE_CHECKING:
    from kartograph.serving.view import View

Portion = tuple[list[int], list[float]]
"""Rows and their scores, the best first."""


class Listed(NamedTuple):
    """An item of a list."""

    row: int
    score: float
    """Larger is better; comparable among items that the same list served."""
    served_by: str
    """The model or the fallback that it comes from."""


class Cut:
    """Items taken so far, and what may not be taken any more."""

    def __init__(self, view: "View", question: Question) -> None:
        """Begin with nothing; seen items, and those bought too lately, are blocked."""
        self._group = view.catalogue.group if question.one_per_group else None
        self._k = question.k
        self.listed: list[Listed] = []
        self.blocked: set[int] = set()
        self._groups: set[int] = set()
        self._categories: dict[int, int] = {}
        self._view, self._per_category = view, question.per_category
        if not question.include_seen:
            self.blocked.update(past.row for past in question.history)
        days = question.where.not_bought_days
        if days is not None:
            since = time.time() * 1000 - days * DAY_MS
            self.blocked.update(past.row for past in question.history if past.kind == BUY and past.at > since)

    def take(self, name: str, portions: Callable[[], Iterator[Portion]]) -> None:
        """Take items in order until there are k; portions are made only as far as they are needed."""
        if len(self.listed) >= self._k:
            return
        for rows, scores in portions():
            for row, score in zip(rows, scores, strict=True):
                if row in self.blocked or not self._has_room(row):
                    continue
                if self._group is not None and (group := int(self._group[row])) != NONE:
                    if group in self._groups:
                        continue
                    self._groups.add(group)
                self._count(row)
                self.blocked.add(row)
                self.listed.append(Listed(row, score, name))
                if len(self.listed) >= self._k:
                    return

    def _has_room(self, row: int) -> bool:
        """Whether the category of an item may have one more."""
        if self._per_category is None:
            return True
        category = (*self._view.catalogue.categories_of(row), NONE)[0]
        return category == NONE or self._categories.get(category, 0) < self._per_category

    def _count(self, row: int) -> None:
        if self._per_category is not None:
            category = (*self._view.catalogue.categories_of(row), NONE)[0]
            self._categories[category] = self._categories.get(category, 0) + 1
