"""Success of suggestions: how often one of the suggested items occurs later in the session.

Similarities tie in large groups: all unknown books of one genre and year are alike. Which of them is suggested is then
chance, so a session counts with the probability that a random choice among the tied items succeeds.
"""

from collections.abc import Callable

import numba
import numpy as np
from numpy.typing import NDArray

from kartograph.ontology.compare.kinds import Matrix
from kartograph.ontology.sessions import Sessions

TIE = 1e-6
"""Scores closer than this are tied."""
SESSIONS_AT_A_TIME = 256


def session_success(scores: Matrix, rows: NDArray[np.int64], later: Sessions, suggestions: int) -> NDArray[np.float64]:
    """Per session the probability that one of the best `suggestions` items occurs later, ties broken by chance.

    With `g` items above the best later one, `t` tied with it and `r` later ones among these, and `m` places left
    (`m = suggestions - g`): `1 - C(t - r, m) / C(t, m)`, 0 where `m ≤ 0`.

    Parameters
    ----------
    scores
        rows × items; NaN (cannot be compared) comes last, -inf is never suggested.
    rows
        Per session its row of scores.
    later
        The items to be found; a session without any has 0.
    """
    counts = _counts(scores, rows, later.starts, later.items, TIE)
    return chance(counts[:, 0], counts[:, 1], counts[:, 2], suggestions)


@numba.njit(cache=True)
def _counts(scores, rows, starts, items, tie):  # pragma: no cover (compiled)
    """Per session: items above the best later one, tied with it, and later ones among the tied."""
    counts = np.zeros((len(rows), 3), dtype=np.int64)
    for session in range(len(rows)):
        row = scores[rows[session]]
        later = items[starts[session] : starts[session + 1]]
        top = -np.inf
        for item in later:
            top = max(top, ranked(row[item]))
        if top == -np.inf:
            continue
        for item in later:
            counts[session, 2] += ranked(row[item]) >= top - tie
        above, reaching = ranks_above(row, top, tie)
        counts[session, 0] = above
        counts[session, 1] = reaching - above
    return counts


@numba.njit(cache=True)
def ranks_above(row, top, tie):  # pragma: no cover (compiled)
    """How many scores are above `top`, and how many reach it, ties included."""
    above, reaching = 0, 0
    high, low = np.float32(top + tie), np.float32(top - tie)
    if low > -1:  # NaN ranks below, and compares as neither
        for score in row:
            above += np.int32(score > high)
            reaching += np.int32(score >= low)
    else:
        for score in row:
            value = ranked(score)
            above += value > top + tie
            reaching += value >= top - tie
    return above, reaching


@numba.njit(cache=True)
def ranked(score):  # pragma: no cover (compiled)
    """The score, with what cannot be compared below everything that can."""
    return np.float32(-1) if np.isnan(score) else score


def chance(above: NDArray, tied: NDArray, relevant: NDArray, suggestions: int) -> NDArray[np.float64]:
    """`1 - C(t - r, m) / C(t, m)` with `m = suggestions - above`; 0 without relevant ones; see `session_success`."""
    places = suggestions - above
    missed = np.ones(np.shape(above), dtype=np.float64)
    for draw in range(suggestions):
        left = tied - draw
        factor = np.divide(left - relevant, left, out=np.zeros(np.shape(above)), where=left > 0)
        missed *= np.where(places > draw, np.clip(factor, 0, 1), 1.0)
    return np.where((places > 0) & (relevant > 0), 1 - missed, 0.0)


def success_from(
    sessions: Sessions,
    score: Callable[[NDArray[np.int64]], Matrix],
    *,
    suggestions: int,
    seen: int = 1,
) -> NDArray[np.float64]:
    """Per session the expected success of suggesting after its first `seen` items.

    Parameters
    ----------
    sessions
        Sessions of more than `seen` items.
    score
        From the seen items (sessions × seen) to scores (sessions × all items).
    """
    results = []
    for start in range(0, len(sessions), SESSIONS_AT_A_TIME):
        part = sessions.select(np.arange(start, min(start + SESSIONS_AT_A_TIME, len(sessions))))
        begun = part.items[part.starts[:-1, None] + np.arange(seen)]
        scores = score(begun).copy()
        np.put_along_axis(scores, begun, -np.inf, axis=1)
        results.append(session_success(scores, np.arange(len(part)), part.after(seen), suggestions))
    return np.concatenate(results) if results else np.zeros(0)
