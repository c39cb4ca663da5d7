"""Models whose score is a sum over the items of the history: `score(q, j) = Σ_i weight(q, i) · M[i, j]`."""

from abc import abstractmethod

import numpy as np
from jaxtyping import Int
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.models.array_model import ArrayModel
from kartograph.models.data import NONE, Histories
from kartograph.models.explaining import Part


class LinearModel(ArrayModel):
    """A model of item-to-item weights. A subclass implements `learn`, which sets `matrix`, and `starts`."""

    explains = "sum"
    matrix: csr_array
    """M, items × items."""

    @abstractmethod
    def starts(self, queries: Histories) -> csr_array:
        """The weights of the items of each history, queries × items."""

    def scores(self, queries: Histories, owners: Int[ndarray, " n"]) -> csr_array:
        """The sum; items that no item of the history has a weight for have no entry."""
        return csr_array(self.starts(queries) @ self.matrix)

    def parts(
        self, queries: Histories, owners: Int[ndarray, " n"], items: Int[ndarray, "n k"], most: int | None
    ) -> list[list[list[Part]]]:
        """The addends of each score; they add up to it, whatever `most` is."""
        starts = self.starts(queries)
        ids = self.items.external
        found: list[list[list[Part]]] = []
        for row, wanted in enumerate(items):
            entries = slice(starts.indptr[row], starts.indptr[row + 1])
            behind, weights = starts.indices[entries], starts.data[entries]
            known = wanted != NONE
            amounts = np.zeros((len(behind), len(wanted)), dtype=np.float64)
            if len(behind) and known.any():
                block = self.matrix[behind][:, np.where(known, wanted, 0)]
                amounts = block.toarray().astype(np.float64) * weights[:, None]
            found.append(
                [
                    [Part("item", str(ids[behind[i]]), float(amounts[i, k])) for i in np.flatnonzero(amounts[:, k])]
                    if known[k]
                    else []
                    for k in range(len(wanted))
                ]
            )
        return found
