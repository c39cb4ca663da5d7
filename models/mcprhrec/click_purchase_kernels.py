"""Compiled: the common subsequence and the cosine of clicks and purchases, and purchases that clicks precede."""

import numpy as np
from numba import njit

LONGEST = 1000
"""Clicks and purchases further back than this do not count towards the common subsequence, which takes |X| · |Y|."""


@njit(cache=True)
def similarities(offsets, items, bought, alpha, beta):  # pragma: no cover - compiled
    """α · LCS(X, Y) / max(|X|, |Y|) + β · cos(x, y) of each history."""
    similarity = np.zeros(len(offsets) - 1)
    catalogue = items.max() + 1 if len(items) else 0
    x, y = np.zeros(catalogue), np.zeros(catalogue)
    for history in range(len(offsets) - 1):
        clicked, kinds = items[offsets[history] : offsets[history + 1]], bought[offsets[history] : offsets[history + 1]]
        clicks, purchases = clicked[~kinds], clicked[kinds]
        if len(clicks) == 0 or len(purchases) == 0:
            continue
        for item in clicks:
            x[item] += 1
        for item in purchases:
            y[item] += 1
        dot = xx = yy = 0.0
        for item in clicked:  # each item once: its counts are zeroed when they are taken
            dot += x[item] * y[item]
            xx += x[item] * x[item]
            yy += y[item] * y[item]
            x[item] = y[item] = 0.0
        clicks, purchases = clicks[-LONGEST:], purchases[-LONGEST:]
        row = np.zeros(len(purchases) + 1, dtype=np.int64)
        for item in clicks:
            diagonal = 0
            for position in range(len(purchases)):
                above = row[position + 1]
                row[position + 1] = diagonal + 1 if item == purchases[position] else max(above, row[position])
                diagonal = above
        common = row[-1] / max(len(clicks), len(purchases))
        similarity[history] = alpha * common + beta * dot / np.sqrt(xx * yy)
    return similarity


@njit(cache=True)
def preceded(offsets, items, bought):  # pragma: no cover - compiled
    """The share of each history's purchases whose item was clicked before."""
    preceded_share = np.zeros(len(offsets) - 1)
    clicked = np.full(items.max() + 1 if len(items) else 0, -1, dtype=np.int64)
    for history in range(len(offsets) - 1):
        purchases = preceded = 0
        for event in range(offsets[history], offsets[history + 1]):
            if bought[event]:
                purchases += 1
                preceded += clicked[items[event]] == history
            else:
                clicked[items[event]] = history
        if purchases:
            preceded_share[history] = preceded / purchases
    return preceded_share
