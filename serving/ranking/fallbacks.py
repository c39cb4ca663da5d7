"""Lists that need no trained model, made of what the bundle holds and of the events that came since.

    co-occurrence         score(j) = Σ_i w(i, j) / (age(i) + 1) / √popularity(j) over the latest items i of the history
    attributes            likeness by the ontology, of new items and to them; before the category where that is asked
    category-popularity   popularity within the category of the last item, then within those above it
    trending              events in the latest hours that the shop has seen
    popularity            events of all times; items without events come last, so that a list is never short

Each yields portions of rows with scores, the best first; the caller stops when it has enough. Rows may come again.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Int
from numpy import ndarray

from kartograph.serving.bundle.texts import NONE
from kartograph.serving.config import Fallback
from kartograph.serving.ranking.cut import Portion
from kartograph.serving.ranking.question import Question

if TYPE_CHECKING:
    from kartograph.serving.view import View

RECENT = 10
"""Latest items of a history that co-occurrence starts from."""
TRENDING_HOURS = 24
HOUR_MS = 3_600_000
BLOCK = 128
FRESH = 3
"""New items that head the list of a category, and that are shown after one that they are like."""
ALIKE = 0.5
"""Least likeness of a new item to be shown after another one."""
ATTRIBUTES = "attributes"
"""`served_by` of what is alike by the ontology; it comes before the category where that is in the chain."""


def fallback(
    name: Fallback, view: "View", question: Question, allowed: Bool[ndarray, " capacity"]
) -> Iterator[Portion]:
    """The portions of a fallback for a question."""
    return _LISTS[name](view, question, allowed)


def co_occurring(view: "View", question: Question, allowed: Bool[ndarray, " capacity"]) -> Iterator[Portion]:
    """What occurs in the same sessions as the latest items."""
    arrays, parts = view.bundle.arrays, []
    offsets = arrays["met.offsets"]
    distinct = list(dict.fromkeys(past.row for past in reversed(question.history)))[:RECENT]
    for age, row in enumerate(distinct):
        if row < view.bundle.items and offsets[row] < offsets[row + 1]:
            part = slice(offsets[row], offsets[row + 1])
            parts.append((arrays["met.items"][part], arrays["met.weights"][part] / (age + 1)))
    if not parts:
        return
    rows, places = np.unique(np.concatenate([rows for rows, _ in parts]), return_inverse=True)
    scores = np.bincount(places, np.concatenate([weights for _, weights in parts]))
    scores /= np.sqrt(np.maximum(view.catalogue.popularity[rows], 1))
    kept = allowed[rows]
    rows, scores = rows[kept], scores[kept]
    order = np.lexsort((view.catalogue.ties[rows], -scores))
    yield rows[order].tolist(), scores[order].tolist()


def of_category(view: "View", question: Question, allowed: Bool[ndarray, " capacity"]) -> Iterator[Portion]:
    """What is popular in the category of the last item, then in those above; the newest items of each come first.

    New items have no events yet: they would never be seen if they waited for some.
    """
    catalogue = view.catalogue
    for category in _categories_asked(view, question):
        inside = catalogue.below(category)
        among = (row for row in catalogue.fresh_rows() if allowed[row])
        fresh = list(islice((row for row in among if not inside.isdisjoint(catalogue.categories_of(row))), FRESH))
        yield fresh, [0.0] * len(fresh)
        yield from _popular_among(view, catalogue.rows_below(inside), allowed)


def alike(view: "View", question: Question, allowed: Bool[ndarray, " capacity"]) -> Iterator[Portion]:
    """What the ontology says is like the last item: everything where it has no events yet, else the newest items."""
    if not question.history:
        return
    last, catalogue = question.history[-1].row, view.catalogue
    scores = catalogue.likeness.alike(last, catalogue.capacity)
    if scores is None:
        return
    scores[last] = 0
    if catalogue.popularity[last]:
        fresh = np.array(list(catalogue.fresh_rows()), np.int64)
        rows = fresh[allowed[fresh] & (scores[fresh] >= ALIKE)]
        order = rows[np.argsort(-scores[rows], kind="stable")][:FRESH]
    else:
        rows = np.flatnonzero(allowed & (scores > 0))
        order = rows[np.lexsort((catalogue.ties[rows], -scores[rows]))]
    yield order.tolist(), scores[order].tolist()


def trending(view: "View", question: Question, allowed: Bool[ndarray, " capacity"]) -> Iterator[Portion]:
    """What most events of the latest hours are about."""
    counts = view.trends(TRENDING_HOURS)
    yield from ordered_by_counts(view, counts, allowed)


def popular(view: "View", question: Question, allowed: Bool[ndarray, " capacity"]) -> Iterator[Portion]:
    """What most events are about, then everything else."""
    yield from _popular_among(view, view.bundle.arrays["popular"], allowed)
    fresh = [row for row in view.catalogue.new_rows() if allowed[row]]
    yield fresh, [0.0] * len(fresh)


def ordered_by_counts(view: "View", counts: ndarray, allowed: Bool[ndarray, " capacity"]) -> Iterator[Portion]:
    """Rows by a count each, those with none left out."""
    rows = np.flatnonzero(counts[: len(allowed)] * allowed[: len(counts)])
    order = rows[np.lexsort((view.catalogue.ties[rows], -counts[rows]))]
    yield order.tolist(), counts[order].astype(float).tolist()


def trend_counts(view: "View", hours: float) -> ndarray:
    """Events of each item in the `hours` before the latest event that the shop has seen, logged ones among them."""
    times, items = view.bundle.arrays["latest.times"], view.bundle.arrays["latest.items"]
    # What a bundle holds already stands in the log for some days as well.
    held = int(times[-1]) if len(times) else -1
    since = max(held, view.events.latest()) - int(hours * HOUR_MS)
    counts = np.zeros(view.catalogue.capacity, np.int64)
    recent = items[np.searchsorted(times, since) :]
    counts[: view.bundle.items] = np.bincount(recent, minlength=view.bundle.items)
    for item, at in view.events.since(since):
        row = view.catalogue.row(item)
        if row != NONE and (at > held or row >= view.bundle.items):
            counts[row] += 1
    return counts


def _categories_asked(view: "View", question: Question) -> list[int]:
    if question.category is not None:
        return list(view.catalogue.above(question.category))
    for past in reversed(question.history):
        own = view.catalogue.categories_of(past.row)
        if own:
            return list(view.catalogue.above(own[0]))
    return []


def _popular_among(
    view: "View", order: Int[ndarray, " rows"], allowed: Bool[ndarray, " capacity"]
) -> Iterator[Portion]:
    """The allowed rows of some that are ordered by popularity, a portion at a time: most lists end within the first."""
    popularity = view.catalogue.popularity
    for start in range(0, len(order), BLOCK):
        block = order[start : start + BLOCK]
        block = block[allowed[block]]
        if len(block):
            yield block.tolist(), popularity[block].astype(float).tolist()


_LISTS: dict[Fallback, Callable[["View", Question, ndarray], Iterator[Portion]]] = {
    "co-occurrence": co_occurring,
    "category-popularity": of_category,
    "trending": trending,
    "popularity": popular,
}
