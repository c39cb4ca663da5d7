"""Association rules of two items: what was in the same sessions as the last item.

`score(q, j) = |{s : x ∈ s, j ∈ s}|` for the last item x of the query, j ≠ x.

Source: Ludewig and Jannach, "Evaluation of Session-based Recommendation Algorithms" (2018), section 3.1.
"""

from typing import Self

from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.models.base import Histories, Recommender, TrainingData
from kartograph.models.patterns.transitions import item_at_age, rows_of
from kartograph.tables.progress import Progress, silent


class AssociationRules(Recommender):
    """Sessions that two items share."""

    def fit(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Count shared sessions."""
        self.items = data.items
        sessions = data.histories.matrix(len(data.items))
        sessions.data[:] = 1
        shared = csr_array(sessions.T @ sessions)
        shared.setdiag(0)
        shared.eliminate_zeros()
        self.rules = shared
        return self

    def scores(self, queries: Histories, owners: ndarray) -> csr_array:
        """The rules of the last item."""
        return rows_of(self.rules, item_at_age(queries, 0))
