"""The cut: a model's candidates, then the fallbacks, until k items are there that pass everything."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kartograph.models.where.filters import DAY_MS
from kartograph.serving.bundle.opened import ServedModel
from kartograph.serving.bundle.texts import NONE
from kartograph.serving.config import Fallback
from kartograph.serving.ranking.fallbacks import Portion, fallback
from kartograph.serving.ranking.model import candidates
from kartograph.serving.ranking.question import BUY, Question

if TYPE_CHECKING:
    from kartograph.serving.view import View


class Listed(NamedTuple):
    """An item of a list."""

    row: int
    score: float
    """Larger is better; comparable among items that the same list served."""
    served_by: str
    """The model or the fallback that it comes from."""


def recommended(
    view: "View", question: Question, served: ServedModel | None, chain: Sequence[Fallback]
) -> list[Listed]:
    """At most k items, the best first: the model's, then those of the chain in its order.

    Raises `BadInput` for a filter that names a category which does not exist.
    """
    allowed = view.masks.allowed(question.where)
    cut = Cut(view, question)
    if served is not None:
        most = 2 * question.k + len(cut.blocked) + 64
        cut.take(served.name, lambda: candidates(served, question.history, question.user, allowed, most))
    for name in chain:
        cut.take(name, lambda name=name: fallback(name, view, question, allowed))
    return cut.listed


class Cut:
    """Items taken so far, and what may not be taken any more."""

    def __init__(self, view: "View", question: Question) -> None:
        """Begin with nothing; seen items, and those bought too lately, are blocked."""
        self._group = view.catalogue.group if question.one_per_group else None
        self._k = question.k
        self.listed: list[Listed] = []
        self.blocked: set[int] = set()
        self._groups: set[int] = set()
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
                if row in self.blocked:
                    continue
                if self._group is not None and (group := int(self._group[row])) != NONE:
                    if group in self._groups:
                        continue
                    self._groups.add(group)
                self.blocked.add(row)
                self.listed.append(Listed(row, score, name))
                if len(self.listed) >= self._k:
                    return
