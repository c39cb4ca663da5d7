"""The list of a question: a model's candidates, then the fallbacks, moved by promotions or apart by diversity."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kartograph.serving.bundle.opened import ServedModel
from kartograph.serving.config import Fallback
from kartograph.serving.promotions import acting
from kartograph.serving.ranking import diversity, promoted
from kartograph.serving.ranking.cut import Cut, Listed
from kartograph.serving.ranking.fallbacks import ATTRIBUTES, alike, fallback
from kartograph.serving.ranking.model import candidates
from kartograph.serving.ranking.question import Question

if TYPE_CHECKING:
    from kartograph.serving.view import View


def recommended(
    view: "View", question: Question, served: ServedModel | None, chain: Sequence[Fallback]
) -> list[Listed]:
    """At most k items, the best first: the model's, then those of the chain in its order.

    Raises `BadInput` for a filter that names a category which does not exist.
    """
    allowed = view.masks.allowed(question.where)
    promotions = acting(view.promotions) if view.promotions else []
    pool_size = question.k
    if question.diversity:
        pool_size = max(pool_size, diversity.pool_size(question.k))
    if promotions:
        pool_size = max(pool_size, promoted.pool_size(question.k))
    cut = Cut(view, question if pool_size == question.k else replace(question, k=pool_size))
    if served is not None:
        most = 2 * pool_size + len(cut.blocked) + 64
        cut.take(served.name, lambda: candidates(served, question.history, question.user, allowed, most))
    for name in chain:
        if name == "category-popularity":
            cut.take(ATTRIBUTES, lambda: alike(view, question, allowed))
        cut.take(name, lambda name=name: fallback(name, view, question, allowed))
    listed = cut.listed
    if question.diversity:
        listed = diversity.diversified(view, listed, pool_size if promotions else question.k, question.diversity)
    if promotions:
        listed = promoted.promoted(view, listed, promotions, cut, allowed, question.k)
    return listed
