"""Turns the sums over the attributes into a similarity between 0 and 1.

Compiled, because NumPy would pass over the matrix some fifteen times for what is one line of arithmetic per pair.
"""

import numba
import numpy as np


@numba.njit(cache=True, error_model="numpy")
def divide(  # pragma: no cover (compiled)
    total, weights, known, squares, known_there, squares_there, fill_squares, expected, cosine
):
    """Similarities in place of `total`, the sums `Σ w² b` (cosine) or `Σ w² d²`.

    Parameters
    ----------
    total
        items here × items there.
    weights
        Squared weights, one per attribute.
    known, squares
        attributes × items: 1 where known, and `n²`, 0 where not known.
    fill_squares
        Per attribute the `n²` of a value that is expected because it is unknown.
    expected
        Whether an attribute that one side lacks counts; what both sides lack never counts.
    cosine
        `total / sqrt(left · right)`, else `1 - sqrt(total / left)`, where left and right sum `w² n²` of both sides.
    """
    rows, columns = total.shape
    left, right = np.empty(columns, dtype=np.float32), np.empty(columns, dtype=np.float32)
    for i in range(rows):
        # The sums depend on what is known of the item, not on its values: neighbouring rows mostly share them.
        same = i > 0 and (expected or not cosine)
        for k in range(len(weights)):
            same = same and known[k, i] == known[k, i - 1]
        if not same:
            norms(
                left, right, i, 0, weights, known, squares, known_there, squares_there, fill_squares, expected, cosine
            )
        base = base_of(i, weights, known, squares, expected)
        ratios(total[i], left, right, base, i, 0, weights, known, known_there, expected, cosine)


@numba.njit(cache=True, error_model="numpy")
def base_of(i, weights, known, squares, expected):  # pragma: no cover (compiled)
    """The part of the left sum that is the same for all items there: `Σ w² n²` of what item `i` has."""
    base = np.float32(0)
    if expected:
        for k in range(len(weights)):
            if known[k, i] > 0:
                base += weights[k] * squares[k, i]
    return base


@numba.njit(cache=True, error_model="numpy")
def norms(  # pragma: no cover (compiled)
    left, right, i, first, weights, known, squares, known_there, squares_there, fill_squares, expected, cosine
):
    """The left (less its base) and right sums of item `i` against the items there from `first` on, one per place."""
    there = len(left)
    left[:] = 0
    right[:] = 0
    for k in range(len(weights)):
        w = weights[k]
        if w == 0:
            continue
        # Rows of their own: a place `first + j` could be negative for all that the compiler knows, and takes longer.
        of_known = known_there[k, first : first + there]
        of_squares = squares_there[k, first : first + there]
        if known[k, i] > 0:
            square = w * squares[k, i]
            if not expected:
                for j in range(there):
                    left[j] += square * of_known[j]
            if cosine:
                for j in range(there):
                    right[j] += w * of_squares[j]
                if expected:
                    filled = w * fill_squares[k]
                    for j in range(there):
                        right[j] += filled * (np.float32(1) - of_known[j])
        elif expected:
            filled = w * fill_squares[k]
            for j in range(there):
                left[j] += filled * of_known[j]
            if cosine:
                for j in range(there):
                    right[j] += w * of_squares[j]


@numba.njit(cache=True, error_model="numpy")
def ratios(  # pragma: no cover (compiled)
    row, left, right, base, i, first, weights, known, known_there, expected, cosine
):
    """The similarities of item `i` in place of `row`, its sums with the items there from `first` on."""
    if not weights.sum() > 0:
        row[:] = 0
    elif cosine:
        for j in range(len(row)):
            norm = np.sqrt((left[j] + base) * right[j])
            if norm > 0:
                row[j] = min(max(row[j] / norm, np.float32(0)), np.float32(1))
            else:
                row[j] = _degenerate(i, first + j, weights, known, known_there, left[j] + base, right[j], expected)
    else:
        for j in range(len(row)):
            similarity = np.float32(1) - np.sqrt(row[j] / (left[j] + base))  # 0 / 0 is NaN
            row[j] = np.float32(0) if similarity < 0 else similarity


@numba.njit(cache=True)
def _degenerate(i, j, weights, known, known_there, left, right, expected):  # pragma: no cover (compiled)
    """Cosine of vectors of which one is zero: 1 if both are, else 0; NaN where nothing is compared at all."""
    for k in range(len(weights)):
        a, b = known[k, i] > 0, known_there[k, j] > 0
        if weights[k] > 0 and ((a and b) or (expected and (a or b))):
            return np.float32(1) if left == right else np.float32(0)
    return np.float32(np.nan)
