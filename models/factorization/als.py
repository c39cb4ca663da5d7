"""ALS: matrix factorisation of who touched what, by alternating least squares.

Minimises `Σ_{u,i} c_ui (p_ui - x_u·y_i)² + λ (Σ|x_u|² + Σ|y_i|²)` with preference `p_ui` 1 where user u touched item i
and confidence `c_ui = 1 + α·count`. A query's factors are solved from its history with the item factors held, so that
sessions and new users are served alike; an empty history is not served.

Source: Hu, Koren and Volinsky, "Collaborative Filtering for Implicit Feedback Datasets" (2008), section 4; the solver
is that of the package implicit.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.sparse import csr_matrix

from kartograph.models.array_model import ArrayModel
from kartograph.models.data import Histories, TrainingData
from kartograph.models.registry import model
from kartograph.tables.progress import Progress, silent

if TYPE_CHECKING:
    from implicit.cpu.als import AlternatingLeastSquares


@dataclass(frozen=True)
class ALSOptions:
    """Size and regularisation of the factors."""

    factors: int = 128
    regularization: float = 0.01
    """λ."""
    alpha: float = 1.0
    """α, the confidence that one event adds."""
    epochs: int = 15
    seed: int = 0


@model(
    "als",
    "implicit-feedback matrix factorisation",
    tuned_for="sequences",
    options=ALSOptions(factors=238, regularization=0.034, alpha=18.5, epochs=13),
)
class ALS(ArrayModel):
    """Implicit-feedback matrix factorisation."""

    Options = ALSOptions
    trained_on = "users"

    def learn(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Alternate between the factors of owners and items."""
        from threadpoolctl import threadpool_limits

        self.items = data.items
        # Nothing was learned of items without events: their factors are what they began with.
        self.unmet = np.bincount(data.histories.items, minlength=len(data.items)) == 0
        self.model = self._solver()
        with threadpool_limits(1, "blas"):  # implicit runs its own threads, and warns of BLAS threads beneath them
            self.model.fit(csr_matrix(data.histories.matrix(len(data.items))), show_progress=False)
        return self

    def scores(self, queries: Histories, owners: ndarray) -> Float[ndarray, "n items"]:
        """Products of the factors solved from the histories with those of the items."""
        matrix = csr_matrix(queries.matrix(len(self.items)))
        factors = np.atleast_2d(self.model.recalculate_user(np.arange(len(queries)), matrix))
        scores = factors @ self.model.item_factors.T
        scores[queries.lengths == 0] = -np.inf
        scores[:, self.unmet] = -np.inf
        return scores

    def saved_state(self) -> dict[str, Any]:
        """The attributes, the solver as the factors of the items."""
        return vars(self) | {"model": np.asarray(self.model.item_factors)}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Make the solver anew and give it the factors."""
        vars(self).update(state)
        self.model = self._solver()
        self.model.item_factors = state["model"]

    def _solver(self) -> "AlternatingLeastSquares":
        from implicit.cpu.als import AlternatingLeastSquares
        from threadpoolctl import threadpool_limits

        options = self.options
        with threadpool_limits(1, "blas"):
            return AlternatingLeastSquares(
                factors=options.factors,
                regularization=options.regularization,
                alpha=options.alpha,
                iterations=options.epochs,
                random_state=options.seed,
            )
