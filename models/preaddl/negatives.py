"""Items that stand for "no": sampled for a visitor and a moment, never an item that the visitor saw."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Bool, Int
from numpy import ndarray

from kartograph.models.data import NONE

Negatives = Literal["uniform", "popularity", "hard"]
"""From the whole catalogue, by the items' events to the power 0.75, or from the positive's category by its events."""
Pairing = Literal["visitor", "moment", "none"]
"""What a negative shares with positives: the visitor, at any moment of the visitor's positives; the visitor and the
moment of one positive; or neither, then the visitor is any of those who have positives, all alike, at any of their
moments, and a visitor with many events is more likely in a positive."""
ROUNDS = 20
"""Draws for one negative before it is given up: a visitor may have seen a whole category."""
POWER = 0.75
"""Mikolov, Sutskever, Chen, Corrado, Dean, "Distributed Representations of Words and Phrases" (2013), section 2.2."""


@dataclass(frozen=True)
class SampledNegatives:
    """Negatives; the n-th was sampled for the visitor `asked[n]` of those that were given."""

    asked: Int[ndarray, " sampled"]
    items: Int[ndarray, " sampled"]


def paired(
    visitors: Int[ndarray, " n"], pairing: Pairing, per_positive: int, random: np.random.Generator
) -> Int[ndarray, " m"]:
    """For each negative to be sampled, m = n · `per_positive`, the positive whose visitor and moment it takes."""
    own = np.repeat(np.arange(len(visitors)), per_positive)
    if pairing == "moment":
        return own
    order = np.argsort(visitors, kind="stable")
    _, group, counts = np.unique(visitors, return_inverse=True, return_counts=True)
    chosen = random.integers(len(counts), size=len(own)) if pairing == "none" else group[own]
    starts = np.cumsum(counts) - counts
    return order[starts[chosen] + (random.random(len(own)) * counts[chosen]).astype(np.int64)]


def draw(
    visitors: Int[ndarray, " n"],
    categories: Int[ndarray, " n"],
    seen: Int[ndarray, " seen"],
    item_events: Int[ndarray, " items"],
    item_categories: Int[ndarray, " items"],
    kind: Negatives,
    random: np.random.Generator,
) -> SampledNegatives:
    """Draw an item for each of n visitors; those for whom no round found one are left out.

    `seen` are the keys `visitor · items + item` of what visitors saw, sorted; visitors are not `NONE`. Hard negatives
    are of the category given, those without one are sampled by popularity.
    """
    catalogue = len(item_events)
    negatives = np.full(len(visitors), NONE)
    for _ in range(ROUNDS):
        open_ = np.flatnonzero(negatives == NONE)
        if len(open_) == 0:
            break
        items = _propose(categories[open_], item_events, item_categories, kind, random)
        good = ~_contains(seen, visitors[open_] * catalogue + items)
        negatives[open_[good]] = items[good]
    kept = np.flatnonzero(negatives != NONE)
    return SampledNegatives(kept, negatives[kept])


def seen_keys(visitors: Int[ndarray, " n"], items: Int[ndarray, " n"], catalogue: int) -> Int[ndarray, " seen"]:
    """The sorted keys of pairs, each once; pairs with `NONE` are left out."""
    known = (visitors != NONE) & (items != NONE)
    return np.unique(visitors[known].astype(np.int64) * catalogue + items[known])


def _contains(keys: Int[ndarray, " seen"], asked: Int[ndarray, " n"]) -> Bool[ndarray, " n"]:
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
