"""Success of a suggester, session by session and fold by fold."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kartograph.ontology.compare.kinds import Matrix
from kartograph.ontology.sessions import Sessions
from kartograph.ontology.success import SESSIONS_AT_A_TIME, session_success

SUGGESTIONS = (1, 3)
"""Numbers of suggested items, as in the paper."""
Scorer = Callable[[Sessions], Matrix]
"""From the items seen (a session each, oldest first) to scores (sessions × items); -inf is never suggested."""


@dataclass(frozen=True)
class Questions:
    """What was seen of each session, and what followed."""

    seen: Sessions
    later: Sessions

    def __len__(self) -> int:
        """How many questions there are."""
        return len(self.seen)

    def select(self, chosen: NDArray) -> "Questions":
        """Some of them, by number or by mask."""
        return Questions(self.seen.select(chosen), self.later.select(chosen))


def from_first(sessions: Sessions, seen: int = 1) -> Questions:
    """The first `seen` items are known, all others are to be found: the paper's tests. Sessions have to be longer."""
    return _split(sessions, np.full(len(sessions), seen))


def from_last(sessions: Sessions) -> Questions:
    """All items but the last are known, the last is to be found. Sessions have two items or more."""
    return _split(sessions, sessions.sizes - 1)


def success(questions: Questions, score: Scorer) -> Matrix:
    """Per question the expected success of 1 and of 3 suggestions (questions × 2); ties are broken by chance."""
    successes = np.zeros((len(questions), len(SUGGESTIONS)))
    for start in range(0, len(questions), SESSIONS_AT_A_TIME):
        chosen = np.arange(start, min(start + SESSIONS_AT_A_TIME, len(questions)))
        part = questions.select(chosen)
        scores = np.array(score(part.seen), dtype=np.float32)
        scores[part.seen.owners, part.seen.items] = -np.inf
        for position, suggestions in enumerate(SUGGESTIONS):
            successes[chosen, position] = session_success(scores, np.arange(len(part)), part.later, suggestions)
    return successes


def folds(sessions: int, count: int, seed: int) -> NDArray[np.int64]:
    """The fold of each session: a random division into `count` parts whose sizes differ by one at most."""
    return np.random.default_rng(seed).permutation(np.arange(sessions) % count)


def summary(successes: Matrix, fold: NDArray[np.int64]) -> dict[str, float]:
    """Mean success over the folds and its standard deviation, in percent, for 1 and for 3 suggestions."""
    means = by_fold(successes, fold)
    result = {}
    for position, suggestions in enumerate(SUGGESTIONS):
        result[f"success@{suggestions}"] = float(means[:, position].mean())
        result[f"sd@{suggestions}"] = float(means[:, position].std(ddof=1))
    return result


def by_fold(successes: Matrix, fold: NDArray[np.int64]) -> Matrix:
    """Mean success of each fold (folds × 2), in percent."""
    return 100 * pd.DataFrame(successes).groupby(fold).mean().to_numpy()


def _split(sessions: Sessions, seen: NDArray[np.int64]) -> Questions:
    position = np.arange(len(sessions.items)) - sessions.starts[sessions.owners]
    first = position < seen[sessions.owners]
    return Questions(_kept(sessions, first), _kept(sessions, ~first))


def _kept(sessions: Sessions, kept: NDArray[np.bool_]) -> Sessions:
    sizes = np.bincount(sessions.owners[kept], minlength=len(sessions))
    return Sessions(np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64), sessions.items[kept])
