"""BPR: matrix factorisation that learns to rank what was touched above what was not.

Maximises `Σ ln σ(x_u·(y_i - y_j)) - λ|Θ|²` over touched items i and others j. A query is the mean of the factors of its
history's items, so that sessions and new users are served alike; an empty history is not served.

Source: Rendle et al., "BPR: Bayesian Personalized Ranking from Implicit Feedback" (2009), section 4; the optimiser is
that of the package implicit.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.sparse import csr_matrix

from kartograph.models.array_model import ArrayModel
from kartograph.models.data import Histories, TrainingData
from kartograph.models.registry import model
from kartograph.tables.progress import Progress, silent


@dataclass(frozen=True)
class BPROptions:
    """Size of the factors and pace of learning."""

    factors: int = 100
    regularization: float = 0.01
    """λ."""
    learning_rate: float = 0.05
    epochs: int = 50
    seed: int = 0


@model(
    "bpr",
    "pairwise-ranking matrix factorisation",
    tuned_for="sequences",
    options=BPROptions(factors=238, regularization=0.0014, learning_rate=0.107, epochs=57),
)
class BPR(ArrayModel):
    """Pairwise-ranking matrix factorisation."""

    Options = BPROptions
    trained_on = "users"

    def learn(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Sample pairs and move the factors; on one thread, because more threads race and repeat no result."""
        from implicit.cpu.bpr import BayesianPersonalizedRanking

        self.items = data.items
        # Nothing was learned of items without events: their factors are what they began with.
        self.unmet = np.bincount(data.histories.items, minlength=len(data.items)) == 0
        options = self.options
        model = BayesianPersonalizedRanking(
            factors=options.factors,
            regularization=options.regularization,
            learning_rate=options.learning_rate,
            iterations=options.epochs,
            random_state=options.seed,
            num_threads=1,
        )
        model.fit(csr_matrix(data.histories.matrix(len(data.items))), show_progress=False)
        self.factors = np.asarray(model.item_factors, dtype=np.float32)
        return self

    def scores(self, queries: Histories, owners: ndarray) -> Float[ndarray, "n items"]:
        """Products of the mean factors of the histories with those of the items."""
        weights = np.repeat(1 / np.maximum(queries.lengths, 1), queries.lengths)
        means = queries.matrix(len(self.items), weights) @ self.factors
        means[:, -1] = 1  # the last factor is the item's bias, multiplied by 1
        scores = means @ self.factors.T
        scores[queries.lengths == 0] = -np.inf
        scores[:, self.unmet] = -np.inf
        return scores
