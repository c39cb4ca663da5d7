"""A small network that orders candidates by their features.

With x̂ the features at mean 0 and deviation 1 over the candidates that it learns from,

    s(x) = w·x̂ + v·ReLU(B·ReLU(A·x̂ + a) + b)

and the weights make the right items likely, each query a choice among its candidates:

    loss = -mean over queries of ( s(x_right) - ln Σ_candidates exp s(x) )

A ranker without inner layers is w·x alone: that is how rankings are fused without learning. Where cases are few, what a
network has learned hangs on its seed: the mean of s over several networks hangs on it less.

Sources: McFadden, "Conditional Logit Analysis of Qualitative Choice Behavior" (1974), which is the part w·x̂ alone; Cao,
Qin, Liu, Tsai, Li, "Learning to Rank: From Pairwise Approach to Listwise Approach" (2007), section 4, for the loss;
Cormack, Clarke, Büttcher, "Reciprocal Rank Fusion Outperforms Condorcet and Individual Rank Learning Methods" (2009).
"""

from collections.abc import Sequence
from typing import Self

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from kartograph.models.blend.features import Candidates
from kartograph.models.blend.features_kernels import OF_COMPONENT
from kartograph.models.blend.ranker_options import RankerOptions
from kartograph.models.data import NONE
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

ROWS_AT_ONCE = 100_000
"""Candidates whose differences from the mean are held at once."""


class Ranker:
    """The weights of the network, for features as they are."""

    def __init__(
        self,
        straight: Float[ndarray, " features"],
        layers: Sequence[tuple[ndarray, ndarray]] = (),
        bent: ndarray | None = None,
    ) -> None:
        """Keep the weights; without layers the score is their product with the features."""
        self.straight = np.asarray(straight, dtype=np.float32)
        self.layers = [(weights.astype(np.float32), bias.astype(np.float32)) for weights, bias in layers]
        self.bent = None if bent is None else np.asarray(bent, dtype=np.float32)

    @classmethod
    def fusing(cls, components: int) -> Self:
        """The sum of the reciprocal ranks that so many components give an item."""
        return cls(np.tile([float(kind == "rank") for kind in OF_COMPONENT], components))

    @classmethod
    def learn(
        cls,
        offered: Candidates,
        answers: Int[ndarray, " queries"],
        hidden_together: Sequence[slice] = (),
        options: RankerOptions | None = None,
        progress: Progress = silent,
    ) -> Self:
        """Learn to put `answers` first among what was found.

        Queries whose answer is no candidate teach nothing and are left out; `hidden_together` are the columns of each
        component, for `options.absent`. Raises `BadInput` where nothing is left.
        """
        from kartograph.models.blend.training import train

        options = options or RankerOptions()
        places = answer_places(offered, answers)
        training = np.flatnonzero(places != NONE)
        if len(training) == 0:
            raise BadInput(f"No answer of {len(places)} is among the candidates: there is nothing to learn from.")
        means = offered.features.mean(axis=0, dtype=np.float64)
        spreads = _spreads(offered.features, means)
        spreads = np.where(spreads > 1e-6, spreads, 1)
        straight, layers, bent = train(offered, places, training, means, spreads, hidden_together, options, progress)
        weights, bias = layers[0]
        scaled = weights / spreads[:, None]
        return cls(straight / spreads, [(scaled, bias - means @ scaled), *layers[1:]], bent)

    def scores(self, features: Float[ndarray, "candidates features"]) -> Float[ndarray, " candidates"]:
        """s of every candidate, up to a constant."""
        totals = features[:, : len(self.straight)] @ self.straight
        if self.bent is not None:
            inner = features
            for weights, bias in self.layers:
                inner = inner @ weights
                inner += bias
                np.maximum(inner, 0, out=inner)
            totals += inner @ self.bent
        return totals


class Averaged:
    """Rankers whose scores are averaged."""

    def __init__(self, rankers: Sequence[Ranker]) -> None:
        """Keep the rankers, which know the same features."""
        self.rankers = list(rankers)

    def scores(self, features: Float[ndarray, "candidates features"]) -> Float[ndarray, " candidates"]:
        """The mean of s over the rankers, up to a constant."""
        return np.mean([ranker.scores(features) for ranker in self.rankers], axis=0)


def _spreads(features: Float[ndarray, "candidates features"], means: ndarray) -> Float[ndarray, " features"]:
    """The standard deviation of each column; NumPy's own would hold all differences at once, in twice the memory."""
    squares = np.zeros(len(means))
    for start in range(0, len(features), ROWS_AT_ONCE):
        away = features[start : start + ROWS_AT_ONCE] - means
        squares += np.einsum("ij,ij->j", away, away)
    return np.sqrt(squares / len(features))


def answer_places(offered: Candidates, answers: Int[ndarray, " queries"]) -> Int[ndarray, " queries"]:
    """Which of its candidates the answer to each query is, `NONE` where it is none of them."""
    queries, places = offered.queries, np.full(len(answers), NONE)
    rows = np.flatnonzero(offered.items == answers[queries])
    places[queries[rows]] = rows - offered.offsets[queries[rows]]
    return places
