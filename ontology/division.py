"""How do the sums over the attributes become a similarity between 0 and 1?

Compiled, because NumPy would pass over the matrix some fifteen times for what is one line of arithmetic per pair.
"""

import numba
import numpy as np


@numba.njit(cache=True)
def divide(  # pragma: no cover (compiled)
    total, weights, known, squares, fill, known_there, squares_there, fill_there, fill_square, expected, cosine
):
    """Similarities in place of `total`, the sums of `w² b` (cosine) or `w² d²` of what both items have.

    Parameters
    ----------
    total
        items here × items there.
    weights
        Squared weights, one per attribute.
    known, squares, fill
        attributes × items here: 1 where known; `n²`; what `b` or `d²` is expected to be against an unknown value.
    fill_square
        Per attribute the `n²` that is expected of an unknown value.
    expected
        Whether a value that one side lacks counts as expected; else its attribute is left out. What both sides lack is
        always left out.
    cosine
        `total / sqrt(left · right)`, else `1 - sqrt(total / left)`, where left and right sum `w² n²` of both sides.
    """
    here, there = total.shape
    attributes = len(weights)
    any_weight = weights.sum() > 0
    for i in range(here):
        row = total[i]
        left, right = np.zeros(there, dtype=np.float32), np.zeros(there, dtype=np.float32)
        for k in range(attributes):
            w = weights[k]
            if w == 0:
                continue
            filled = w * fill_square[k]
            if known[k, i] > 0:
                square, against = w * squares[k, i], w * fill[k, i]
                for j in range(there):
                    right[j] += w * squares_there[k, j]
                if expected:
                    for j in range(there):
                        lacking = np.float32(1) - known_there[k, j]
                        left[j] += square
                        right[j] += filled * lacking
                        row[j] += against * lacking
                else:
                    for j in range(there):
                        left[j] += square * known_there[k, j]
            elif expected:
                for j in range(there):
                    left[j] += filled * known_there[k, j]
                    right[j] += w * squares_there[k, j]
                    row[j] += w * fill_there[k, j]
            # What this side lacks does not count on the other side either, when it is left out.
        for j in range(there):
            if not any_weight:
                row[j] = 0
                continue
            norm = np.sqrt(left[j] * right[j]) if cosine else left[j]
            if norm > 0:
                value = row[j] / norm if cosine else np.float32(1) - np.sqrt(row[j] / norm)
                row[j] = min(max(value, np.float32(0)), np.float32(1))
            elif not cosine:
                row[j] = np.nan
            else:
                row[j] = _degenerate(i, j, weights, known, known_there, left[j], right[j], expected)


@numba.njit(cache=True)
def _degenerate(i, j, weights, known, known_there, left, right, expected):  # pragma: no cover (compiled)
    """Cosine of vectors of which one is zero: 1 if both are, else 0; NaN where nothing is compared at all."""
    for k in range(len(weights)):
        a, b = known[k, i] > 0, known_there[k, j] > 0
        if weights[k] > 0 and ((a and b) or (expected and (a or b))):
            return np.float32(1) if left == right else np.float32(0)
    return np.float32(np.nan)
