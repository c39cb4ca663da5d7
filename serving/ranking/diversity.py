"""Lists whose items differ: maximal marginal relevance over what the graph knows of likeness.

    next = argmax_i (1 - λ) · rel(i) - λ · max_{j chosen} sim(i, j)
    rel(i)    = 1 - rank(i) / n        ranks from 0 in the pool of n candidates: scores of models do not compare
    sim(i, j) = ½ [same category] + ½ w(i, j) / max(w(i, ·), w(j, ·))        w: weights of CO_OCCURS

λ = 0 leaves the list as it is; λ = 1 goes by difference alone after the first item.

Source: Carbonell and Goldstein, "The Use of MMR, Diversity-Based Reranking for Reordering Documents and Producing
Summaries" (1998).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from kartograph.serving.ranking.cut import Listed

if TYPE_CHECKING:
    from kartograph.serving.view import View

POOL = 5
"""Candidates for each item of a list."""


def pool_size(k: int) -> int:
    """How many candidates are ranked before k of them are chosen."""
    return min(POOL * k, 1_000)


def diversified(view: "View", pool: Sequence[Listed], k: int, weight: float) -> list[Listed]:
    """The k items of a pool that MMR chooses one after the other; equals by rank."""
    if not pool:
        return []
    likeness = similarities(view, [item.row for item in pool])
    relevance = (1 - weight) * (1 - np.arange(len(pool)) / len(pool))
    nearest = np.zeros(len(pool))
    chosen: list[int] = []
    for _ in range(min(k, len(pool))):
        gain = relevance - weight * nearest
        gain[chosen] = -np.inf
        best = int(np.argmax(gain))
        chosen.append(best)
        nearest = np.maximum(nearest, likeness[best])
    return [pool[position] for position in chosen]


def similarities(view: "View", rows: Sequence[int]) -> Float[ndarray, "n n"]:
    """How alike the items of some rows are, from 0 to 1, each to each."""
    firsts = np.array([(*view.catalogue.categories_of(row), -1)[0] for row in rows])
    alike = np.where((firsts[:, None] == firsts[None, :]) & (firsts[:, None] >= 0), 0.5, 0.0)
    arrays, items = view.bundle.arrays, np.asarray(rows, np.int64)
    order = np.argsort(items)
    weights, largest = np.zeros((len(items), len(items))), np.zeros(len(items))
    for position, row in enumerate(rows):
        if row >= view.bundle.items:
            continue
        part = slice(arrays["met.offsets"][row], arrays["met.offsets"][row + 1])
        others, values = arrays["met.items"][part], arrays["met.weights"][part]
        largest[position] = values.max(initial=0.0)
        indices = np.minimum(np.searchsorted(items, others, sorter=order), len(items) - 1)
        same = items[order[indices]] == others
        weights[position, order[indices[same]]] = values[same]
    scale = np.maximum(largest[:, None], largest[None, :])
    np.divide(np.maximum(weights, weights.T), scale, out=weights, where=scale > 0)
    return alike + 0.5 * np.minimum(weights, 1.0)
