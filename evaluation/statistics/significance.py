"""A paired test between all models, corrected for their number, and groups of models that do not differ.

The sums over the cases of each session or user (a *unit*) are compared, since cases of one unit are not independent.
With d_u the difference of unit u and n the number of units with d_u ≠ 0:

    n ≤ 14    exact: the share of the 2^n choices of signs with |Σ ± d_u| ≥ |Σ d_u|
    n > 14    the paired t-test, never below 2^(1 - n), the smallest value that the exact test can take

Below 2^(1 - n) no p-value is possible, however large the differences: with one comparison at alpha 0.05 fewer than six
differing units tell nothing, `fewest_units` says how many a comparison needs. Holm's correction keeps the chance of
even one false difference among all pairs at alpha. Groups are written as compact letters: two models share a letter
exactly if they do not differ.

Sources: Fisher, "The Design of Experiments" (1935), section 21, the test by signs; Smucker, Allan and Carterette, "A
Comparison of Statistical Significance Tests for Information Retrieval Evaluation" (2007): t-test, bootstrap and
randomisation agree; Holm, "A Simple Sequentially Rejective Multiple Test Procedure" (1979); Piepho, "An Algorithm for
a Letter-Based Representation of All-Pairwise Comparisons" (2004).
"""

from collections.abc import Mapping
from itertools import combinations
from math import ceil, log2
from string import ascii_letters
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.stats import ttest_1samp

from kartograph.tables.errors import BadInput

EXACT_UNITS = 14
"""Differing units up to which all choices of signs are tried."""
ROUNDING = 1e-9
"""Differences below this share of the largest sum are rounding, not differences."""


def compare(sums: Mapping[str, Float[ndarray, " units"]], alpha: float = 0.05) -> dict[str, Any]:
    """The tests of one measure between all models.

    `alpha`, `correction`, `groups`, the corrected `p`, the number of `units` and how many of them have to differ for a
    difference to be possible at all, `fewest_units`. `sums` has for each model the sum of the measure over the cases of
    each unit, units in one order. Letter `a` holds the model with the highest sum. Raises `BadInput` for an alpha that
    is not between 0 and 1.
    """
    if not 0 < alpha < 1:
        raise BadInput(f"alpha is {alpha}. It has to lie between 0 and 1.")
    names = sorted(sums, key=lambda name: (-sums[name].sum(), name))
    pairs = list(combinations(names, 2))
    corrected = holm(np.array([paired_p(sums[one], sums[other]) for one, other in pairs]))
    p: dict[str, dict[str, float]] = {name: {} for name in names}
    for (one, other), value in zip(pairs, corrected.tolist(), strict=True):
        p[one][other] = p[other][one] = value
    different = {pair for pair, value in zip(pairs, corrected, strict=True) if value < alpha}
    return {
        "alpha": alpha,
        "correction": "holm",
        "groups": letters(names, different),
        "p": p,
        "units": len(next(iter(sums.values()))),
        "fewest_units": fewest_units(alpha, len(pairs)),
    }


def fewest_units(alpha: float, tests: int) -> int:
    """The smallest n with tests · 2^(1 - n) < alpha: fewer differing units cannot show any difference."""
    return max(ceil(log2(max(tests, 1) / alpha)), 0) + 1


def paired_p(ours: Float[ndarray, " units"], theirs: Float[ndarray, " units"]) -> float:
    """The two-sided p-value of the hypothesis that the differences of the units are symmetric around 0.

    1 where no unit differs by more than rounding.
    """
    scale = max(np.abs(ours).max(initial=0), np.abs(theirs).max(initial=0))
    differences = ours - theirs
    differences = differences[np.abs(differences) > ROUNDING * scale]
    if len(differences) <= EXACT_UNITS:
        return _exact_p(differences)
    lowest = 2.0 ** (1 - len(differences))
    if np.ptp(differences) <= ROUNDING * scale:
        return lowest
    return max(float(ttest_1samp(np.r_[differences, np.zeros(len(ours) - len(differences))], 0).pvalue), lowest)


def _exact_p(differences: Float[ndarray, " n"]) -> float:
    sums = np.zeros(1)
    for difference in differences:
        sums = np.r_[sums + difference, sums - difference]
    reached = abs(differences.sum()) - ROUNDING * np.abs(differences).sum()
    return float((np.abs(sums) >= reached).mean())


def holm(p: Float[ndarray, " tests"]) -> Float[ndarray, " tests"]:
    """Corrected p-values: the n-th smallest of m times m - n + 1, not below a smaller one's, at most 1."""
    order = np.argsort(p, kind="stable")
    corrected = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)), 1)
    return corrected[np.argsort(order, kind="stable")]


def letters(names: list[str], different: set[tuple[str, str]]) -> dict[str, str]:
    """Compact letters by inserting a difference at a time and absorbing what became part of another letter.

    `names` come best first; a letter earlier in the alphabet begins with a better model.
    """
    groups = [frozenset(names)]
    for one, other in sorted(different):
        split = [group - {gone} for group in groups if {one, other} <= group for gone in (one, other)]
        groups = [group for group in groups if not {one, other} <= group] + split
        groups = [group for group in dict.fromkeys(groups) if not any(group < wider for wider in groups)]
    if len(groups) > len(ascii_letters):
        raise BadInput(f"{len(groups)} groups are more than there are letters. Compare fewer models at once.")
    places = {name: position for position, name in enumerate(names)}
    groups.sort(key=lambda group: sorted(places[name] for name in group))
    return {
        name: "".join(letter for letter, group in zip(ascii_letters, groups, strict=False) if name in group)
        for name in names
    }
