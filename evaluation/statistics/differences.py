"""What other models are worth beside one: mean differences of their cases, with intervals.

Models answer the same cases, so the differences are paired: their intervals are narrower than those of the two means
suggest, and one that does not hold 0 is a difference even where the means' intervals overlap.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float, Int
from numpy import ndarray

from kartograph.evaluation.statistics.intervals import UnitSums, bootstrap

NO_DIFFERENCE = "no difference"


def differences(
    values: Mapping[str, Float[ndarray, " cases"]],
    base: str,
    units: Int[ndarray, " cases"],
    weights: Float[ndarray, " cases"] | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """A row for each model but `base`: `difference, low, high` of its mean less the base's, and `verdict`.

    Low and high are the ends of the 95 % interval (bootstrap over `units`); the verdict is `better`, `worse` or `no
    difference`, where the interval holds 0. No rows where the base is not among the models.
    """
    others = [name for name in values if name != base and base in values]
    if not others:
        return pd.DataFrame(columns=["difference", "low", "high", "verdict"])
    apart = np.column_stack([values[name] - values[base] for name in others])
    sums = UnitSums.of(apart, units, weights)
    means = sums.sums.sum(axis=0) / sums.sizes.sum()
    low, high = bootstrap(sums, seed)
    verdict = np.where(low > 0, "better", np.where(high < 0, "worse", NO_DIFFERENCE))
    columns = {"difference": means, "low": low, "high": high, "verdict": verdict}
    return pd.DataFrame(columns, index=pd.Index(others, name="model"))


def differences_of_cases(cases: pd.DataFrame, base: str, measure: str, seed: int = 0) -> pd.DataFrame:
    """The same from a `comparison.case_table`; every task counts alike, whatever its number of cases."""
    wide: Any = cases.pivot(index=["task", "case", "unit"], columns="model", values=measure)
    tasks = wide.index.get_level_values("task").to_numpy()
    of_task = wide.index.to_frame(index=False)
    units = of_task.groupby(["task", "unit"]).ngroup().to_numpy()
    weights = 1 / np.bincount(tasks)[tasks]
    order = list(dict.fromkeys(cases["model"]))
    return differences({name: wide[name].to_numpy(np.float64) for name in order}, base, units, weights, seed)
