"""Columns of each row of scores that are the best.

Compiled: sorting a row of 200,000 scores by NumPy takes as long as comparing the items did.
"""

import numba
import numpy as np
from numpy.typing import NDArray

from kartograph.ontology.compare.kinds import Matrix

STEPS = 1e6
"""Scores count as equal that round to the same of so many steps: float32 sums of one thing in two orders differ."""
UNKNOWN = -1.0
"""What NaN counts as: less than any score."""


def best(scores: Matrix, k: int) -> NDArray[np.int64]:
    """Columns of the `k` best scores of each row, best first; ties go to the smaller column, NaN comes last."""
    rows = np.empty((len(scores), min(k, scores.shape[1])), dtype=np.int64)
    if rows.size:
        _pick(scores, rows)
    return rows


@numba.njit(cache=True)
def _pick(scores, best_columns):  # pragma: no cover (compiled)
    """Fill `best_columns`; the columns come by rising number, so of equal ones the smaller stays ahead."""
    rows, columns = scores.shape
    k = best_columns.shape[1]
    keys = np.empty(k)
    for row in range(rows):
        filled = 0
        least = -np.inf
        for column in range(columns):
            score = scores[row, column]
            if filled == k and not score >= least:
                continue
            key = np.rint((UNKNOWN if np.isnan(score) else np.float64(score)) * STEPS)
            if filled == k and key <= keys[k - 1]:
                continue
            slot = filled if filled < k else k - 1
            filled = min(filled + 1, k)
            while slot > 0 and keys[slot - 1] < key:
                keys[slot] = keys[slot - 1]
                best_columns[row, slot] = best_columns[row, slot - 1]
                slot -= 1
            keys[slot] = key
            best_columns[row, slot] = column
            # What lies a whole step below the last cannot round to its key or above.
            least = (keys[filled - 1] - 1) / STEPS
