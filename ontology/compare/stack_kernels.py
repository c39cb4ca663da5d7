"""Counts for many sets of weights what ranks above the later items of sessions.

An item that comes later is mostly far down: as soon as as many items as are suggested rank above it the session has
failed, and the rest of the catalogue is not compared. The items that ranked above are asked first with the next set of
weights, for they mostly do again. Compiled, since how far to go differs from session to session.
"""

import numba
import numpy as np

from kartograph.ontology.compare.division import base_of, norms, ratios
from kartograph.ontology.success import ranked, ranks_above

ITEMS_AT_A_TIME = 64
"""Items compared before it is asked whether enough of them rank above."""
MOST_ASKED_FIRST = 8
"""Suggestions up to which the items that ranked above are asked first."""


@numba.njit(cache=True, error_model="numpy")
def counts_of_weights(  # pragma: no cover (compiled)
    values, weights, side, there, fill_squares, expected, cosine, own, rows, starts, items, suggestions, tie
):
    """Per set of weights and session the counts of `success.session_success`, as it counts them.

    Where `suggestions` or more items rank above, the count stops there, and nothing is counted as tied.

    Parameters
    ----------
    values
        attributes × rows × items: the terms `b` or `d²` of each attribute.
    weights
        Squared weights (sets × attributes).
    side, there
        What is known, and the squares, of the rows and of all items.
    own
        Per row its item, which is never suggested.
    rows
        Per session its row.
    starts, items
        The later items of the sessions.
    """
    known, squares = side
    known_there, squares_there = there
    attributes, _, count = values.shape
    counts = np.zeros((len(weights), len(rows), 3), dtype=np.int64)
    buffer = np.empty(ITEMS_AT_A_TIME, dtype=np.float32)
    left, right = np.empty_like(buffer), np.empty_like(buffer)
    first_asked = suggestions if suggestions <= MOST_ASKED_FIRST else 0
    for session in range(len(rows)):
        i = rows[session]
        later = items[starts[session] : starts[session + 1]]
        # The later items, and after them those that ranked above, side by side.
        width = len(later) + first_asked
        some_values = np.empty((attributes, 1, width), dtype=np.float32)
        some_known = np.empty((attributes, width), dtype=np.float32)
        some_squares = np.empty_like(some_known)
        some, some_left, some_right = (
            np.empty(width, dtype=np.float32), np.empty(width, dtype=np.float32), np.empty(width, dtype=np.float32)
        )  # fmt: skip
        above_before = np.empty(first_asked, dtype=np.int64)
        for place in range(len(later)):
            _take(place, later[place], i, values, known_there, squares_there, some_values, some_known, some_squares)
        asked = 0
        for one in range(len(weights)):
            w = weights[one]
            base = base_of(i, w, known, squares, expected)
            size = len(later) + asked
            _sums(some[:size], some_values, 0, 0, w, np.float32(np.inf))
            norms(
                some_left[:size], some_right[:size], i, 0, w, known, squares, some_known, some_squares, fill_squares,
                expected, cosine,
            )  # fmt: skip
            ratios(some[:size], some_left[:size], some_right[:size], base, i, 0, w, known, some_known, expected, cosine)
            top = -np.inf
            for place in range(len(later)):
                some[place] = -np.inf if later[place] == own[i] else ranked(some[place])
                top = max(top, some[place])
            if top == -np.inf:
                continue
            above, reaching = ranks_above(some[len(later) : size], top, tie)
            if first_asked and above >= suggestions:
                counts[one, session, 0] = suggestions
                continue
            above, reaching = 0, 0
            farthest = np.float32(np.inf) if cosine else _farthest(top - tie, w)
            for first in range(0, count, ITEMS_AT_A_TIME):
                size = min(ITEMS_AT_A_TIME, count - first)
                part = buffer[:size]
                if _sums(part, values, i, first, w, farthest) == 0:
                    continue
                norms(
                    left[:size], right[:size], i, first, w, known, squares, known_there, squares_there, fill_squares,
                    expected, cosine,
                )  # fmt: skip
                ratios(part, left[:size], right[:size], base, i, first, w, known, known_there, expected, cosine)
                if first <= own[i] < first + size:
                    part[own[i] - first] = -np.inf
                more, reached = ranks_above(part, top, tie)
                if more and first_asked:
                    hits = above
                    for place in range(size):
                        if hits < first_asked and ranks_above(part[place : place + 1], top, tie)[0]:
                            above_before[hits] = first + place
                            hits += 1
                above += more
                reaching += reached
                if above >= suggestions:
                    break
            if above >= suggestions:
                counts[one, session, 0] = suggestions
                asked = first_asked
                for place in range(first_asked):
                    _take(
                        len(later) + place, above_before[place], i, values, known_there, squares_there, some_values,
                        some_known, some_squares,
                    )  # fmt: skip
                continue
            counts[one, session, 0] = above
            counts[one, session, 1] = reaching - above
            for score in some[: len(later)]:
                counts[one, session, 2] += score >= top - tie
    return counts


@numba.njit(cache=True)
def _take(
    place, item, i, values, known_there, squares_there, some_values, some_known, some_squares
):  # pragma: no cover (compiled)
    """Put what is to be compared of one item beside that of others."""
    for k in range(len(some_known)):
        some_values[k, 0, place] = values[k, i, item]
        some_known[k, place] = known_there[k, item]
        some_squares[k, place] = squares_there[k, item]


@numba.njit(cache=True)
def _farthest(low, weights):  # pragma: no cover (compiled)
    """A sum `Σ w² d²` above which no similarity reaches `low`, whatever is known; infinity where all reach it.

    The sum is divided by `Σ w²` of some of the attributes, all of them at most. The margin is many times the rounding
    of float32.
    """
    if low <= 0:
        return np.float32(np.inf)
    return np.float32((1 - low + 1e-5) ** 2 * weights.sum() * 1.0001)


@numba.njit(cache=True)
def _sums(part, values, row, first, weights, farthest):  # pragma: no cover (compiled)
    """The sums of `row` with as many items from `first` on as `part` holds; how many of them are not too far."""
    part[:] = 0
    for k in range(len(weights)):
        w, terms = weights[k], values[k, row, first : first + len(part)]
        for j in range(len(part)):
            part[j] += w * terms[j]
    near = 0
    for j in range(len(part)):
        near += np.int32(part[j] <= farthest)
    return near
