"""Whether a candidate may take the place of what is published, and which of several does.

Both recipes were fitted anew on the events before the measured days and asked the same cases. With `x_u` and `y_u` the
sums of the measure over the cases of unit u (a user, else a session) for the candidate and the published recipe, the
loss is `L = 1 - Σ x / Σ y`. Two one-sided tests on pairs say what the data shows:

    within   the mean of x - (1 - margin) · y is above 0: the loss is below the margin
    worse    the mean of x - y is below 0: there is a loss

A candidate passes where `within` is significant; it is refused where the estimated loss is above the margin, or where
`worse` is significant and `within` is not. Where neither test tells anything, an estimated loss up to the margin
passes. So equal recipes pass, and `power` is the probability that these data refuse a loss of 5 %.

A candidate is refused besides where it leaves people without an answer whom the published recipe serves, where its
lists cover much less of the catalogue, or where they show much more popular items. With fewer users than
`fewest_users` nothing is compared.

Sources: Schuirmann, "A Comparison of the Two One-Sided Tests Procedure and the Power Approach" (1987), the tests
against a margin; `evaluation.statistics.significance`, the paired test.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.stats import norm

from kartograph.evaluation.statistics.significance import paired_p
from kartograph.pipeline.declaration import Gate

TYPICAL_LOSS = 0.05
"""The loss whose chance to be refused is said."""


@dataclass(frozen=True)
class Measured:
    """What one recipe reached in the measured days."""

    sums: Float[ndarray, " units"]
    """Of the measure, over the cases of each unit."""
    served: ndarray
    """Whether each case got a list; `cases`, boolean."""
    coverage: float
    popularity: float
    """Mean events of the items shown."""


@dataclass(frozen=True)
class Decision:
    """What becomes of one candidate."""

    passes: bool
    reason: str
    loss: float | None = None
    """Relative; negative where the candidate is better, None where nothing was compared."""
    p_within: float | None = None
    p_worse: float | None = None
    power: float | None = None
    """Chance that a true loss of `TYPICAL_LOSS` is refused by data that scatters like this; None for equal lists."""


def decide(candidate: Measured, published: Measured, gate: Gate, users: int) -> Decision:
    """Compare a candidate with what is published."""
    if users < max(gate.fewest_users, 1):
        return Decision(
            True, f"too few to compare: {users} users in {gate.days:g} days, {gate.fewest_users} are needed"
        )
    total = published.sums.sum()
    if total == 0:
        return Decision(True, f"nothing to lose: the published recipe has {gate.measured} 0")
    loss = float(1 - candidate.sums.sum() / total)
    p_within = _above_zero(candidate.sums, (1 - gate.margin) * published.sums)
    p_worse = _above_zero(published.sums, candidate.sums)
    figures = {"loss": loss, "p_within": p_within, "p_worse": p_worse, "power": _power(candidate, published, gate)}
    words = f"{gate.measured} {'lost' if loss > 0 else 'gained'} {abs(loss):.1%}"
    if limit := _limit_passed(candidate, published, gate):
        return Decision(False, f"{limit} ({words})", **figures)
    if p_within < gate.alpha:
        return Decision(True, f"{words}, significantly within the margin of {gate.margin:.1%}", **figures)
    if loss > gate.margin:
        return Decision(False, f"{words}, beyond the margin of {gate.margin:.1%}", **figures)
    if p_worse < gate.alpha:
        return Decision(
            False, f"{words}, a significant loss, possibly beyond the margin of {gate.margin:.1%}", **figures
        )
    return Decision(True, f"{words}, no significant loss beyond the margin of {gate.margin:.1%}", **figures)


def is_better(candidate: Measured, other: Measured, gate: Gate) -> bool:
    """Whether a candidate's measure is significantly higher."""
    return _above_zero(candidate.sums, other.sums) < gate.alpha


def winner(
    candidates: Sequence[str],
    measured: Mapping[str, Measured],
    decisions: Mapping[str, Decision],
    published: str | None,
    gate: Gate,
    users: int,
) -> tuple[str | None, str]:
    """The candidate that is published, None where what is published stays; and why.

    `candidates` come in the order of the file, `published` is the recipe that is published at present. Where it is a
    candidate itself, another one takes its place only if it is significantly better; else the best of those that pass
    does.
    """
    passing = [name for name in candidates if name in decisions and decisions[name].passes]
    if not passing:
        reasons = "; ".join(f"{name}: {one.reason}" for name, one in decisions.items())
        return None, f"no candidate passed ({reasons})"
    if users < max(gate.fewest_users, 1):
        chosen = published if published in passing else passing[0]
        return chosen, decisions[chosen].reason
    best = max(passing, key=lambda name: (measured[name].sums.sum(), -candidates.index(name)))
    if published in passing and best != published:
        better = [name for name in passing if is_better(measured[name], measured[published], gate)]
        best = max(better, key=lambda name: measured[name].sums.sum(), default=published)
        if best == published:
            return best, "no other candidate is significantly better"
    if published is None:
        return best, f"the best of {len(passing)} in {gate.measured}"
    return best, decisions[best].reason


def _above_zero(one: Float[ndarray, " units"], other: Float[ndarray, " units"]) -> float:
    """The one-sided p-value of the paired test that the mean of one - other is above 0."""
    p = paired_p(one, other)
    return p / 2 if one.sum() > other.sum() else 1 - p / 2


def _power(candidate: Measured, published: Measured, gate: Gate) -> float | None:
    """The chance that the estimate of a true loss of `TYPICAL_LOSS` is above the margin, by a normal distribution."""
    differences = candidate.sums - published.sums
    error = differences.std() * np.sqrt(len(differences))
    if error == 0:
        return None
    return float(norm.cdf((TYPICAL_LOSS - gate.margin) * published.sums.sum() / error))


def _limit_passed(candidate: Measured, published: Measured, gate: Gate) -> str | None:
    lost = published.served & ~candidate.served
    share = lost.sum() / max(published.served.sum(), 1)
    if share > gate.unserved:
        return f"{share:.1%} of those served now would get no answer, allowed are {gate.unserved:.1%}"
    if candidate.coverage < gate.coverage * published.coverage:
        shares = f"{candidate.coverage:.1%} of the catalogue instead of {published.coverage:.1%}"
        return f"its lists cover {shares}, allowed is {gate.coverage:g} times as much or more"
    if candidate.popularity > gate.popularity * published.popularity:
        means = f"{candidate.popularity:,.0f} events instead of {published.popularity:,.0f}"
        return f"the items that it shows have {means} on average, allowed is {gate.popularity:g} times as many or fewer"
    return None
