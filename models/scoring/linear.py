"""Models whose score is a sum over the items of the history: `score(q, j) = Σ_i weight(age of i in q) · M[i, j]`.

The sum goes over distinct items; an item's age are the events after its last occurrence.
"""

from abc import abstractmethod

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.models import compiled
from kartograph.models.array_model import ArrayModel
from kartograph.models.data import NONE, Histories
from kartograph.models.explaining import Part, item_parts
from kartograph.models.groups import groups_of
from kartograph.models.neighbours.voting import last_occurrences
from kartograph.models.scoring.ranking import TopK
from kartograph.models.scoring.scratch import of_items
from kartograph.tables.progress import Progress, silent

FEW = 8
"""Queries that are ranked without compiled code where it is not loaded yet."""
NOTHING, EVERYTHING = np.empty(0, dtype=np.int32), np.empty(0, dtype=np.bool_)


def sum_of_rows(
    matrix: csr_array, rows: Int[ndarray, " n"], weights: Float[ndarray, " n"]
) -> tuple[Int[ndarray, " entries"], Float[ndarray, " entries"]]:
    """Columns and values of `Σ weight · row`, by compiled code: a product of SciPy takes several times as long."""
    from kartograph.models.scoring.linear_kernels import sums_of_rows

    return sums_of_rows(rows, weights, matrix.indptr, matrix.indices, matrix.data, *of_items(matrix.shape[1]))


class LinearModel(ArrayModel):
    """A model of item-to-item weights. A subclass implements `learn`, which sets `matrix`, and `weights`."""

    explains = "sum"
    matrix: csr_array
    """M, items × items."""

    @abstractmethod
    def weights(self, ages: Int[ndarray, " entries"]) -> Float[ndarray, " entries"]:
        """The weight of an item of the history by the events after its last occurrence."""

    def starts(self, queries: Histories) -> csr_array:
        """The weights of the items of each history, queries × items."""
        query = last_occurrences(queries)
        return query.matrix(self.weights(query.ages), len(self.items))

    def rank(
        self,
        queries: Histories,
        k: int,
        owners: Int[ndarray, " n"] | None = None,
        masked: csr_array | None = None,
        progress: Progress = silent,
        allowed: Bool[ndarray, " items"] | None = None,
    ) -> TopK:
        """The k best items for each query; see `ArrayModel.rank`."""
        if len(queries) <= FEW and not compiled.is_loaded():
            return super().rank(queries, k, owners, masked, progress, allowed)
        from kartograph.models.scoring.linear_kernels import best_sums

        self.refuse_to_rank(k)
        best = np.full((len(queries), k), NONE, dtype=np.int64)
        values = np.full((len(queries), k), -np.inf, dtype=np.float32)
        query, matrix = last_occurrences(queries), self.matrix
        best_sums(
            *(query.offsets, query.items, self.weights(query.ages).astype(np.float32)),
            *(matrix.indptr, matrix.indices, matrix.data),
            *((NOTHING, NOTHING) if masked is None else (masked.indptr.astype(np.int32), masked.indices)),
            EVERYTHING if allowed is None else allowed,
            *(self.items.tie_order, best, values),
        )
        return TopK(best, values)

    def scores(self, queries: Histories, owners: Int[ndarray, " n"]) -> csr_array:
        """The sum; items that no item of the history has a weight for have no entry."""
        return csr_array(self.starts(queries) @ self.matrix)

    def entries(
        self, query: Histories, owners: Int[ndarray, " 1"]
    ) -> tuple[Int[ndarray, " entries"], Float[ndarray, " entries"]]:
        """The sum, in a fraction of the time that a matrix takes; see `ArrayModel.entries`."""
        if not compiled.is_loaded():
            return super().entries(query, owners)
        last = last_occurrences(query)
        return sum_of_rows(self.matrix, last.items, self.weights(last.ages).astype(np.float32))

    def parts(
        self, queries: Histories, owners: Int[ndarray, " n"], items: Int[ndarray, "n k"], most: int | None
    ) -> list[list[list[Part]]]:
        """The addends of each score; they add up to it, whatever `most` is."""
        starts = csr_array(self.starts(queries))
        query = groups_of(starts.indptr)
        columns_asked = np.where(items == NONE, 0, items)[query]
        # SciPy answers no entries with a matrix, not an array.
        picked = (
            self.matrix[np.repeat(starts.indices, items.shape[1]), columns_asked.ravel()]
            if columns_asked.size
            else np.empty(0)
        )
        amounts = np.asarray(picked, np.float64).reshape(columns_asked.shape) * starts.data[:, None]
        return item_parts(self.items, starts.indptr, starts.indices, amounts, items)
