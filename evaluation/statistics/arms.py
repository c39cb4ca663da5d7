"""An experiment's arms compared: shares of users with intervals, a test against the first arm, and when to decide.

    interval     Wilson's score interval, 95 %
    test         two-sided z-test of two proportions with the pooled variance, of each arm against the first one;
                 p-values of several arms are Holm's
    split        chi-square of the users in the arms against the shares asked for; p < `SPLIT_ALPHA` says that users
                 were lost or counted on the way in one arm, and that nothing should be concluded
    stop rule    fixed horizon: nothing is decided before every arm has the planned users, and then once, at `ALPHA`.
                 Whoever looks at p day by day and stops at the first small one finds differences where there are none.

The unit is the user, who is in one arm whatever happens: items shown to one user are not independent of each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest, chisquare, norm

from kartograph.evaluation.statistics.significance import holm

ALPHA = 0.05
"""Chance of finding a difference where there is none."""
SPLIT_ALPHA = 0.001
"""The same for the split: it is looked at every day."""


@dataclass(frozen=True)
class Arm:
    """What was counted in an arm."""

    name: str
    share: float
    """Of the users, as the experiment asks for it."""
    users: int
    did: int
    """Users who did what the experiment is decided by."""


@dataclass(frozen=True)
class ComparedArm:
    """An arm beside the first one."""

    name: str
    users: int
    did: int
    rate: float | None
    """None without users."""
    low: float | None
    high: float | None
    """The interval of the rate."""
    lift: float | None
    """Difference to the first arm as a share of it; None for the first one, and where that is 0."""
    p: float | None
    """Of the test against the first arm; None for the first one, and where nothing can be tested."""


@dataclass(frozen=True)
class Comparison:
    """What an experiment has come to."""

    arms: list[ComparedArm]
    split_p: float | None
    """Of the chi-square test of the split; None without users."""
    verdict: str


def compared(arms: Sequence[Arm], planned: int) -> Comparison:
    """Compare arms, the first of which is the one that others are measured by; `planned` users decide."""
    first = arms[0]
    raw = {arm.name: two_proportions(first.did, first.users, arm.did, arm.users) for arm in arms[1:]}
    tested = {name: p for name, p in raw.items() if p is not None}
    corrected = dict(zip(tested, holm(np.array(list(tested.values()))).tolist(), strict=True)) if tested else {}
    comparisons = [_compared(arm, first, corrected.get(arm.name)) for arm in arms]
    total, split_p = sum(arm.users for arm in arms), None
    if total:
        shares = np.array([arm.share for arm in arms])
        split_p = float(chisquare([arm.users for arm in arms], total * shares / shares.sum()).pvalue)
    return Comparison(comparisons, split_p, _verdict(comparisons, split_p, planned))


def two_proportions(did: int, users: int, other_did: int, other_users: int) -> float | None:
    """p of the two-sided z-test, None where one side is empty or everybody does alike."""
    if not users or not other_users:
        return None
    pooled = (did + other_did) / (users + other_users)
    if pooled in (0, 1):
        return None
    deviation = np.sqrt(pooled * (1 - pooled) * (1 / users + 1 / other_users))
    return float(2 * norm.sf(abs(other_did / other_users - did / users) / deviation))


def _compared(arm: Arm, first: Arm, p: float | None) -> ComparedArm:
    if not arm.users:
        return ComparedArm(arm.name, 0, 0, None, None, None, None, None)
    interval = binomtest(arm.did, arm.users).proportion_ci(method="wilson")
    rate = arm.did / arm.users
    lift = None if arm is first or not first.did else rate / (first.did / first.users) - 1
    return ComparedArm(arm.name, arm.users, arm.did, rate, interval.low, interval.high, lift, p)


def _verdict(arms: Sequence[ComparedArm], split_p: float | None, planned: int) -> str:
    if split_p is not None and split_p < SPLIT_ALPHA:
        return (
            f"conclude nothing: users are not split as asked (p = {split_p:.2g}); look for what loses them in one arm"
        )
    least = min(arms, key=lambda arm: arm.users)
    if least.users < planned:
        return (
            f"go on: {least.name} has {least.users:,} of {planned:,} users, and nothing is decided before all have them"
        )
    sentences = [
        f"{arm.name} is {'better' if (arm.rate or 0) > (arms[0].rate or 0) else 'worse'} than {arms[0].name}"
        for arm in arms[1:]
        if arm.p is not None and arm.p < ALPHA
    ]
    return (
        f"decided: {', '.join(sentences)}"
        if sentences
        else f"decided: no arm differs from {arms[0].name} beyond chance"
    )
