"""Association rules of two items: what was in the same sessions as the last item.

`score(q, j) = |{s : x ∈ s, j ∈ s}|` for the last item x of the query, j ≠ x.

Source: Ludewig and Jannach, "Evaluation of Session-based Recommendation Algorithms" (2018), section 3.1.
"""

from typing import Self

from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.models.data import TrainingData
from kartograph.models.registry import model
from kartograph.models.scoring.linear import LinearModel
from kartograph.tables.progress import Progress, silent


@model("association-rules", "in sessions with the last item")
class AssociationRules(LinearModel):
    """Sessions that two items share."""

    def learn(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Count shared sessions."""
        self.items = data.items
        sessions = data.histories.matrix(len(data.items))
        sessions.data[:] = 1
        shared = csr_array(sessions.T @ sessions)
        shared.setdiag(0)
        shared.eliminate_zeros()
        self.matrix = shared
        return self

    def weights(self, ages: ndarray) -> ndarray:
        """The last item alone."""
        return ages == 0
