"""Tries many sets of weights without comparing the items again.

The distances of each attribute do not depend on the weights. They are kept, attribute by attribute, for the items that
sessions start from. A set of weights then sums them for the items that come later in a session, and for others until
enough of them rank above: on a library of 6,000 books some hundred of them, not all.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kartograph.ontology.compare.kinds import Matrix
from kartograph.ontology.compare.stack_kernels import counts_of_weights
from kartograph.ontology.sessions import Sessions
from kartograph.ontology.similarity import Space, Unknown, summands
from kartograph.ontology.success import TIE, chance


@dataclass(frozen=True)
class Stack:
    """The sums of the formulas, apart for each attribute: `b_k` for cosine measures, `d_k²` for the others.

    Takes 4 bytes × attributes × rows × items: 1 GB for 10 attributes, 4,000 rows and 6,000 items.
    In EED-2 a link is one attribute; the weights inside of it stay at 1.
    """

    space: Space
    rows: NDArray[np.int64]
    values: Matrix
    """attributes × rows × items."""


def stack_of(space: Space, rows: NDArray[np.int64]) -> Stack:
    """The stack of some items against all; `rows` are unique row numbers in rising order."""
    values = np.empty((len(space.columns), len(rows), len(space)), dtype=np.float32)
    for k, column in enumerate(space.columns):
        values[k] = summands(space, k, column, rows, np.float32(1))
    return Stack(space, rows, values)


def success_of_weights(stack: Stack, sessions: Sessions, weights: Matrix, *, suggestions: int) -> NDArray[np.float64]:
    """Mean expected success (per set of weights) of suggesting from the first item of each session.

    The same figure as `success.success_from`, for many sets of weights at once.
    """
    return successes_of_weights(stack, sessions, weights, suggestions=suggestions).sum(axis=1) / max(len(sessions), 1)


def successes_of_weights(stack: Stack, sessions: Sessions, weights: Matrix, *, suggestions: int) -> NDArray[np.float64]:
    """Expected success (sets of weights × sessions) of suggesting from the first item of each session.

    What a session brings does not depend on the others, so one call serves every fold of a cross-validation.
    """
    space, later = stack.space, sessions.after(1)
    sessions_side, catalogue_side = space.side.take(stack.rows), space.side
    counts = counts_of_weights(
        stack.values,
        (weights**2).astype(np.float32),
        (sessions_side.known, sessions_side.squares),
        (catalogue_side.known, catalogue_side.squares),
        space.expected.squares,
        space.unknown is Unknown.EXPECTED,
        space.measure.is_cosine,
        stack.rows,
        np.searchsorted(stack.rows, sessions.items[sessions.starts[:-1]]),
        later.starts,
        later.items,
        suggestions,
        TIE,
    )
    return chance(counts[..., 0], counts[..., 1], counts[..., 2], suggestions)
