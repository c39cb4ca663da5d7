"""How far a distribution has moved: the population stability index, less what chance alone gives.

With `p_b` the share of bin b in the last run, of n events, and `q_b` its share now, of m events,

    PSI = Σ_b (q_b - p_b) · ln(q_b / p_b),      expected without any drift: (B - 1) · (1/n + 1/m)

The expectation is taken off, and nothing is below 0. By custom 0.1 is a small shift and 0.25 a large one. An empty bin
counts as half an event. Items lie in bins of a twentieth of the former events each, the most popular first, and those
that the last run did not have in one more.

Sources: Siddiqi, "Credit Risk Scorecards" (2006), the index and its bounds; Yurdakul, "Statistical Properties of
Population Stability Index" (2018), its expectation.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from jaxtyping import Float
from numpy import ndarray

BINS = 20


def stability_index(before: Float[ndarray, " bins"], now: Float[ndarray, " bins"]) -> float:
    """The index above of counts in bins; 0 where either side has no event. Bins that are empty on both sides go."""
    there = (before > 0) | (now > 0)
    before, now = before[there], now[there]
    n, m = before.sum(), now.sum()
    if n == 0 or m == 0:
        return 0.0
    p, q = np.maximum(before, 0.5) / n, np.maximum(now, 0.5) / m
    index = float(((q - p) * np.log(q / p)).sum())
    return max(0.0, index - (len(p) - 1) * (1 / n + 1 / m))


def of_counts(before: Mapping[str, int], now: Mapping[str, int]) -> float:
    """The index of counts by name."""
    names = sorted({*before, *now})
    return stability_index(*(np.array([one.get(name, 0) for name in names], dtype=float) for one in (before, now)))


def of_items(before: pd.DataFrame, now: pd.DataFrame) -> float:
    """The index of the events over items, `item_id, events`, in bins of the items' former popularity."""
    order = before.sort_values(["events", "item_id"], ascending=[False, True], kind="stable")
    events = order["events"].to_numpy(dtype=float)
    middle = (np.cumsum(events) - events / 2) / max(events.sum(), 1)
    bins = pd.Series((middle * BINS).astype(int), index=order["item_id"])
    of_now = now["item_id"].map(bins).fillna(BINS).astype(int)
    counts = (
        np.bincount(bins.to_numpy(), events, minlength=BINS + 1),
        np.bincount(of_now.to_numpy(), now["events"].to_numpy(dtype=float), minlength=BINS + 1),
    )
    return stability_index(*counts)
