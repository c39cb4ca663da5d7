"""Weights of attributes by what visitors stick to.

An attribute whose values agree within sessions far more often than within sessions put together by chance is what
visitors choose by. Source: the collaborative-filtering-based weighting of the ontology-based relational recommender.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kartograph.ontology.sessions import Sessions
from kartograph.ontology.similarity import Space
from kartograph.tables.errors import BadInput


@dataclass(frozen=True)
class PurityOptions:
    """Where an attribute becomes important; the defaults are the paper's."""

    threshold: float = 1.20
    """Ratio from which an attribute is important: weight 1."""
    lower: float = 0.9
    """Ratio from which an attribute that is not important has this weight; below it the ratio is the weight."""
    seed: int = 0


def purity_weights(
    space: Space, learning: Sessions, *, options: PurityOptions | None = None
) -> tuple[dict[str, float], pd.DataFrame]:
    """Weights by column name, and the table `attribute, real, random, ratio, weight` they come from.

    `ratio = APV(real sessions) / APV(random sessions)`, where the average purity value APV is the mean purity of the
    sessions and the random sessions have the same sizes. An attribute that never agrees by chance
    (APV(random) = 0) has no ratio; it counts fully if it ever agrees in real sessions.

    Parameters
    ----------
    learning
        Sessions of two or more items, none of the test part.
    """
    options = options or PurityOptions()
    learning = learning.longer_than(1)
    if not len(learning):
        raise BadInput("no learning session has two items, so purity is unknown; give longer sessions")
    real = average_purity(space, learning)
    chance = average_purity(space, random_sessions(learning, seed=options.seed))
    ratio = np.divide(real, chance, out=np.full_like(real, np.nan), where=chance > 0)
    weight = np.where(ratio >= options.threshold, 1.0, np.where(ratio >= options.lower, options.lower, ratio))
    weight = np.where(np.isnan(ratio), 1.0, np.minimum(weight, 1.0))
    table = pd.DataFrame({"attribute": space.names, "real": real, "random": chance, "ratio": ratio, "weight": weight})
    return dict(zip(space.names, weight.tolist(), strict=True)), table


def separates_nothing(weights: Mapping[str, float]) -> bool:
    """Whether all attributes have one weight, so that the weighted measure is the unweighted one."""
    return len(weights) > 0 and len(set(weights.values())) == 1


def average_purity(space: Space, sessions: Sessions) -> NDArray[np.float64]:
    """APV of every column: the mean over sessions of `equal pairs / all pairs` of their items' values.

    Pairs in which a value is unknown are no pairs; sessions without a pair are left out of the mean; 0 where none is
    left. Sets are equal when they have the same members.
    """
    session, left, right = _pairs(sessions)
    averages = np.zeros(len(space.columns))
    for k, column in enumerate(space.columns):
        a, b = column.codes[left], column.codes[right]
        known = (a >= 0) & (b >= 0)
        pairs = np.bincount(session[known], minlength=len(sessions))
        equal = np.bincount(session[known], weights=(a == b)[known], minlength=len(sessions))
        if pairs.any():
            averages[k] = (equal[pairs > 0] / pairs[pairs > 0]).mean()
    return averages


def random_sessions(sessions: Sessions, *, seed: int) -> Sessions:
    """Sessions of the same sizes, drawn evenly from the items that the sessions visited, each item once per session."""
    rng = np.random.default_rng(seed)
    pool = np.unique(sessions.items)
    owners = sessions.owners
    sampled = rng.integers(0, len(pool), size=len(owners))
    while True:
        # Draw again whatever a session has drawn before: the result is a draw without replacement.
        order = np.lexsort((sampled, owners))
        again = np.zeros(len(owners), dtype=bool)
        again[order[1:]] = (sampled[order[1:]] == sampled[order[:-1]]) & (owners[order[1:]] == owners[order[:-1]])
        if not again.any():
            return Sessions(sessions.starts, pool[sampled])
        sampled[again] = rng.integers(0, len(pool), size=again.sum())


def _pairs(sessions: Sessions) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """All pairs within sessions: the session of each pair and its two items."""
    place = np.arange(len(sessions.items))
    later = sessions.starts[1:][sessions.owners] - place - 1  # entries of the session after this one
    left = np.repeat(place, later)
    right = left + 1 + np.arange(len(left)) - np.repeat(np.cumsum(later) - later, later)
    return sessions.owners[left], sessions.items[left], sessions.items[right]
