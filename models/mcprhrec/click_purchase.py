"""Click-purchase similarity: how closely a user's clicks match the purchases.

    similarity(u) = α · LCS(X, Y) / max(|X|, |Y|) + β · cos(x, y)

with X the sequence of clicked items, Y that of bought ones, LCS the length of their longest common subsequence, and x
and y how often each item stands in them. The option `precedes` takes instead the share of purchases whose item the user
clicked before.

Source: Bhatta, Ezeife, Butt (2019), section 3; Almu and Ainu (2025), table 1, row 4.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float
from numba import njit
from numpy import ndarray

from kartograph.models.data import Histories
from kartograph.models.patterns.databases import PURCHASES
from kartograph.tables.errors import BadInput
from kartograph.tables.events import EVENTS

LONGEST = 1000
"""Clicks and purchases further back than this do not count towards the common subsequence, which takes |X| · |Y|."""


@dataclass(frozen=True)
class ClickPurchase:
    """What the similarity is made of."""

    measure: Literal["sequence", "precedes"] = "sequence"
    sequence: float = 0.8
    """α, the weight of the common subsequence."""
    frequency: float = 0.2
    """β, the weight of the cosine."""

    def __post_init__(self) -> None:
        """Refuse weights that could leave [0, 1]."""
        if min(self.sequence, self.frequency) < 0 or self.sequence + self.frequency > 1 + 1e-9:
            raise BadInput(
                f"sequence {self.sequence} and frequency {self.frequency}: both are 0 or more and 1 at most together"
            )


def click_purchase_similarity(
    histories: Histories, options: ClickPurchase | None = None
) -> Float[ndarray, " histories"]:
    """A number in [0, 1] for each history; 0 where there are no clicks or no purchases."""
    options = options or ClickPurchase()
    bought = np.isin(histories.events, [EVENTS.index(event) for event in PURCHASES])
    if options.measure == "precedes":
        return _preceded(histories.offsets, histories.items, bought)
    return _similarities(histories.offsets, histories.items, bought, options.sequence, options.frequency)


@njit(cache=True)
def _similarities(offsets, items, bought, alpha, beta):  # pragma: no cover - compiled
    found = np.zeros(len(offsets) - 1)
    catalogue = items.max() + 1 if len(items) else 0
    x, y = np.zeros(catalogue), np.zeros(catalogue)
    for history in range(len(offsets) - 1):
        here, kinds = items[offsets[history] : offsets[history + 1]], bought[offsets[history] : offsets[history + 1]]
        clicks, purchases = here[~kinds], here[kinds]
        if len(clicks) == 0 or len(purchases) == 0:
            continue
        for item in clicks:
            x[item] += 1
        for item in purchases:
            y[item] += 1
        dot = xx = yy = 0.0
        for item in here:  # each item once: its counts are zeroed when they are taken
            dot += x[item] * y[item]
            xx += x[item] * x[item]
            yy += y[item] * y[item]
            x[item] = y[item] = 0.0
        clicks, purchases = clicks[-LONGEST:], purchases[-LONGEST:]
        row = np.zeros(len(purchases) + 1, dtype=np.int64)
        for item in clicks:
            diagonal = 0
            for place in range(len(purchases)):
                above = row[place + 1]
                row[place + 1] = diagonal + 1 if item == purchases[place] else max(above, row[place])
                diagonal = above
        common = row[-1] / max(len(clicks), len(purchases))
        found[history] = alpha * common + beta * dot / np.sqrt(xx * yy)
    return found


@njit(cache=True)
def _preceded(offsets, items, bought):  # pragma: no cover - compiled
    found = np.zeros(len(offsets) - 1)
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
            found[history] = preceded / purchases
    return found
