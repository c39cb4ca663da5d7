"""Which items stand for "no"? Drawn for the visitor and moment of each positive, never an item that the visitor met."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Bool, Int
from numpy import ndarray

from kartograph.models.data import NONE

Negatives = Literal["uniform", "popularity", "hard"]
"""From the whole catalogue, by the items' events to the power 0.75, or from the positive's category by its events."""
ROUNDS = 20
"""Draws for one negative before it is given up: a visitor may have met a whole category."""
POWER = 0.75
"""Mikolov, Sutskever, Chen, Corrado, Dean, "Distributed Representations of Words and Phrases" (2013), section 2.2."""


@dataclass(frozen=True)
class Drawn:
    """Negatives; the n-th belongs to the positive `positives[n]`."""

    positives: Int[ndarray, " drawn"]
    items: Int[ndarray, " drawn"]


def draw(
    visitors: Int[ndarray, " n"],
    categories: Int[ndarray, " n"],
    met: Int[ndarray, " met"],
    item_events: Int[ndarray, " items"],
    item_categories: Int[ndarray, " items"],
    kind: Negatives,
    per_positive: int,
    random: np.random.Generator,
) -> Drawn:
    """Draw `per_positive` items for each of n positives; those that no round found are left out.

    `met` are the keys `visitor · items + item` of what visitors met, sorted; visitors are not `NONE`. Hard negatives of
    a positive without a category are drawn by popularity.
    """
    catalogue = len(item_events)
    positives = np.repeat(np.arange(len(visitors)), per_positive)
    found = np.full(len(positives), NONE)
    for _ in range(ROUNDS):
        open_ = np.flatnonzero(found == NONE)
        if len(open_) == 0:
            break
        at = positives[open_]
        items = _propose(categories[at], item_events, item_categories, kind, random)
        good = ~_contains(met, visitors[at] * catalogue + items)
        found[open_[good]] = items[good]
    kept = found != NONE
    return Drawn(positives[kept], found[kept])


def keys_met(visitors: Int[ndarray, " n"], items: Int[ndarray, " n"], catalogue: int) -> Int[ndarray, " met"]:
    """The sorted keys of pairs, each once; pairs with `NONE` are left out."""
    known = (visitors != NONE) & (items != NONE)
    return np.unique(visitors[known].astype(np.int64) * catalogue + items[known])


def _contains(keys: Int[ndarray, " met"], asked: Int[ndarray, " n"]) -> Bool[ndarray, " n"]:
    if len(keys) == 0:
        return np.zeros(len(asked), dtype=bool)
    return keys[np.minimum(np.searchsorted(keys, asked), len(keys) - 1)] == asked


def _propose(
    categories: Int[ndarray, " n"],
    item_events: Int[ndarray, " items"],
    item_categories: Int[ndarray, " items"],
    kind: Negatives,
    random: np.random.Generator,
) -> Int[ndarray, " n"]:
    if kind == "uniform":
        return random.integers(len(item_events), size=len(categories))
    popular = _weighted(np.cumsum(item_events**POWER), random.random(len(categories)))
    if kind == "popularity":
        return popular
    # Items sorted by category: a category is a stretch of the running sum of events.
    order = np.argsort(item_categories, kind="stable")
    sums = np.r_[0.0, np.cumsum(np.maximum(item_events[order], 1))]
    start = np.searchsorted(item_categories[order], categories)
    stop = np.searchsorted(item_categories[order], categories, side="right")
    value = sums[start] + random.random(len(categories)) * (sums[stop] - sums[start])
    near = order[np.clip(np.searchsorted(sums, value, side="right") - 1, 0, len(order) - 1)]
    return np.where((categories == NONE) | (stop == start), popular, near)


def _weighted(sums: ndarray, shares: ndarray) -> Int[ndarray, " n"]:
    return np.minimum(np.searchsorted(sums, shares * sums[-1], side="right"), len(sums) - 1)
