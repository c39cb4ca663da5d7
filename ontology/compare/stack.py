"""Tries many sets of weights without comparing the items again.

The distances of each attribute do not depend on the weights. They are kept, attribute by attribute, for the items that
sessions start from; a set of weights then costs one matrix product.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kartograph.ontology.compare.kinds import Matrix
from kartograph.ontology.sessions import Sessions
from kartograph.ontology.similarity import Space, finish, summands
from kartograph.ontology.success import session_success

ROWS_AT_A_TIME = 64


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

    def similarities(self, weights: Matrix, chosen: NDArray[np.int64]) -> Matrix:
        """Similarities (sets of weights × chosen rows × items) for several sets of weights (sets × attributes)."""
        squared = (weights**2).astype(np.float32)
        block = self.values[:, chosen]
        totals = (squared @ block.reshape(len(block), -1)).reshape(len(weights), *block.shape[1:])
        here = self.space.side.take(self.rows[chosen])
        for total, w in zip(totals, squared, strict=True):
            finish(self.space, total, here, w)  # in place
        return totals


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
    later = sessions.after(1)
    first = np.searchsorted(stack.rows, sessions.items[sessions.starts[:-1]])
    order = np.argsort(first, kind="stable")
    sessions_by_row, later = first[order], later.select(order)
    found = np.zeros((len(weights), len(sessions)))
    for start in range(0, len(stack.rows), ROWS_AT_A_TIME):
        chosen = np.arange(start, min(start + ROWS_AT_A_TIME, len(stack.rows)))
        low, high = np.searchsorted(sessions_by_row, [start, chosen[-1] + 1])
        if low == high:
            continue
        scores = stack.similarities(weights, chosen)
        scores[:, np.arange(len(chosen)), stack.rows[chosen]] = -np.inf
        part, rows = later.select(np.arange(low, high)), sessions_by_row[low:high] - start
        found[:, order[low:high]] = [session_success(one, rows, part, suggestions) for one in scores]
    return found
