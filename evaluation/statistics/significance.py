"""Which models differ? A paired test between all of them, corrected for their number, and groups that do not differ.

The paired t-test compares the sums over the cases of each session or user, since cases of one are not independent.
Holm's correction keeps the chance of even one false difference among all pairs at alpha. Groups are written as compact
letters: two models share a letter exactly if they do not differ.

Sources: Smucker, Allan and Carterette, "A Comparison of Statistical Significance Tests for Information Retrieval
Evaluation" (2007): t-test, bootstrap and randomisation agree; Holm, "A Simple Sequentially Rejective Multiple Test
Procedure" (1979); Piepho, "An Algorithm for a Letter-Based Representation of All-Pairwise Comparisons" (2004).
"""

from collections.abc import Mapping
from itertools import combinations
from string import ascii_letters
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.stats import ttest_rel

from kartograph.tables.errors import BadInput


def compare(sums: Mapping[str, Float[ndarray, " units"]], alpha: float = 0.05) -> dict[str, Any]:
    """The tests of one measure between all models: `alpha`, `correction`, `groups`, and the corrected `p`.

    `sums` has for each model the sum of the measure over the cases of each unit, units in one order. Letter `a` holds
    the model with the highest sum. Raises `BadInput` for an alpha that is not between 0 and 1.
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
    return {"alpha": alpha, "correction": "holm", "groups": letters(names, different), "p": p}


def paired_p(ours: Float[ndarray, " units"], theirs: Float[ndarray, " units"]) -> float:
    """The two-sided p-value of the paired t-test; 1 where nothing differs or there are fewer than two units."""
    differences = ours - theirs
    if len(differences) < 2 or not differences.any():
        return 1.0
    if np.ptp(differences) == 0:
        return 0.0
    return float(ttest_rel(ours, theirs).pvalue)


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
    places = {name: place for place, name in enumerate(names)}
    groups.sort(key=lambda group: sorted(places[name] for name in group))
    return {
        name: "".join(letter for letter, group in zip(ascii_letters, groups, strict=False) if name in group)
        for name in names
    }
