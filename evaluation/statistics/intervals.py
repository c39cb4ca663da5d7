"""Confidence intervals of means by the bootstrap over sessions or users.

Cases of one session or user (a *unit*) are not independent, so as many units as there are are sampled with
replacement. With `S_u` the weighted sum of a measure over the cases of unit u and `n_u` the sum of their weights, a
resample with `c_u` copies of each unit has the mean `Σ c_u S_u / Σ c_u n_u`: all resamples of all models are one
product of the counts (resamples × units) and the sums (units × measures). Every model sees the same resamples.

Source: Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13, the percentile interval.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from kartograph.tables.errors import BadInput

AT_ONCE = 4_000_000
"""Counts held in memory at once: a few resamples of many units."""


@dataclass(frozen=True)
class UnitSums:
    """What the cases of each unit add up to."""

    sums: Float[ndarray, "units measures"]
    sizes: Float[ndarray, " units"]
    """Sum of the weights of the unit's cases: their number where all weigh 1."""

    @classmethod
    def of(
        cls,
        values: Float[ndarray, "cases measures"],
        units: Int[ndarray, " cases"],
        weights: Float[ndarray, " cases"] | None = None,
    ) -> "UnitSums":
        """Add up the cases of each unit; units without a case are left out."""
        rows = np.unique(units, return_inverse=True)[1]
        weights = np.ones(len(values)) if weights is None else weights
        columns = [np.bincount(rows, weights * column) for column in values.T]
        return cls(np.column_stack(columns), np.bincount(rows, weights))


def bootstrap(
    units: UnitSums, seed: int, resamples: int = 1000, level: float = 0.95
) -> tuple[Float[ndarray, " measures"], Float[ndarray, " measures"]]:
    """The lower and upper ends of the interval of each measure's mean.

    Raises `BadInput` for a level that is not between 0 and 1 or fewer than 2 resamples.
    """
    if not 0 < level < 1 or resamples < 2:
        raise BadInput(f"The level is {level} with {resamples} resamples. Give one between 0 and 1, and 2 or more.")
    rng = np.random.default_rng(seed)
    count = len(units.sizes)
    means = []
    for start in range(0, resamples, max(1, AT_ONCE // count)):
        rows = min(max(1, AT_ONCE // count), resamples - start)
        sampled = rng.integers(count, size=(rows, count)) + count * np.arange(rows)[:, None]
        counts = np.bincount(sampled.ravel(), minlength=rows * count).reshape(rows, count).astype(np.float64)
        means.append(counts @ units.sums / (counts @ units.sizes)[:, None])
    low, high = np.quantile(np.concatenate(means), [(1 - level) / 2, (1 + level) / 2], axis=0)
    return low, high
