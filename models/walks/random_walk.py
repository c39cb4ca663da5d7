"""Random walk with restart on the graph of sessions and items: personalised PageRank of a query's items.

From an item the walk goes to a session that holds it, from there to an item of that session; with probability `restart`
it jumps back to the query, where it starts at item i with probability `w_i ∝ decay^age(i)`:

    r(q) = restart · Σ_t (1 - restart)^t · w · M^t,        M = D_i⁻¹ A D_s⁻¹ Aᵀ    (A items × sessions)

The sum is linear in `w`, so each item's own walk is computed once, up to `steps` steps, and a query adds rows. After
every step a row keeps its `kept` largest entries: the mass that is lost is the price of sparse rows.

Sources: Tong, Faloutsos and Pan, "Fast Random Walk with Restart and Its Applications" (2006), section 2; Choi et al.,
"S-Walk: Accurate and Scalable Session-based Recommendation with Random Walks" (2022), section 3.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy import ndarray
from scipy.sparse import csr_array, diags_array, eye_array, vstack

from kartograph.models.array_model import SessionOptions
from kartograph.models.data import TrainingData
from kartograph.models.registry import model
from kartograph.models.scoring.linear import LinearModel
from kartograph.models.scoring.top_k import top_k_of_sparse
from kartograph.tables.progress import Progress, silent

BLOCK = 2048
"""Items whose walks are stepped at once."""


@dataclass(frozen=True)
class RandomWalkOptions(SessionOptions):
    """How far the walk goes and where it starts."""

    restart: float = 0.5
    """Probability of a jump back before each step."""
    steps: int = 3
    """Steps after which the walk is cut."""
    decay: float = 0.8
    """Starting weight of a click relative to the one after it."""
    kept: int = 200
    """Items kept in the walk of each item."""


@model(
    "walk",
    "random walk with restart on sessions and items",
    tuned_for="sequences",
    options=RandomWalkOptions(restart=0.3, steps=2, kept=100),
)
class RandomWalk(LinearModel):
    """Personalised PageRank on the session-item graph."""

    Options = RandomWalkOptions

    def learn(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Walk from every item."""
        self.items = data.items
        options, count = self.options, len(data.items)
        sessions = data.histories.matrix(count)
        sessions.data[:] = 1
        of_item = _stochastic(csr_array(sessions.T))
        step = csr_array(of_item @ _stochastic(sessions)).astype(np.float32)
        reached = csr_array(eye_array(count, dtype=np.float32))
        walk = options.restart * reached
        for number in range(options.steps):
            progress("Walking (steps)", number, options.steps)
            reached = _stepped(reached, step, options.kept)
            walk = walk + options.restart * (1 - options.restart) ** (number + 1) * reached
        self.matrix = _largest(csr_array(walk), options.kept)
        return self

    def weights(self, ages: ndarray) -> ndarray:
        """The later, the more."""
        return self.options.decay**ages


def _stepped(reached: csr_array, step: csr_array, kept: int) -> csr_array:
    """The largest entries of each row of `reached @ step`; in blocks, for the whole product is too large to keep."""
    starts = range(0, reached.shape[0], BLOCK)
    return csr_array(vstack([_largest(csr_array(reached[start : start + BLOCK] @ step), kept) for start in starts]))


def _stochastic(counts: csr_array) -> csr_array:
    totals = counts.sum(axis=1)
    return csr_array(diags_array(1 / np.where(totals > 0, totals, 1)) @ counts)


def _largest(matrix: csr_array, kept: int) -> csr_array:
    """The same matrix with only the largest entries of each row."""
    columns, values = top_k_of_sparse(matrix, kept)
    present = columns != -1
    indptr = np.r_[0, np.cumsum(present.sum(axis=1))].astype(np.int32)
    return csr_array((values[present], columns[present].astype(np.int32), indptr), shape=matrix.shape)
