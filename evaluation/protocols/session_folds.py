"""Ten folds of sessions, as in the paper of the ontology recommender, and the test of one method against another.

    for learning, test in SessionFolds().splits(sessions):
        successes.append(session_success(…).mean())
    mann_whitney(successes, successes_of_the_markov_chain)

Source: the ontology paper, "The 2790 sessions … are divided into 10 session clusters", "the Mann–Whitney test was
used".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import mannwhitneyu

from kartograph.ontology.sessions import Sessions
from kartograph.tables.errors import BadInput


@dataclass(frozen=True)
class SessionFolds:
    """Sessions in parts of equal size, as far as their number divides."""

    folds: int = 10
    longer_than: int = 1
    """Sessions of this many different items or fewer take no part: 1 to suggest from one item, 2 from two."""
    seed: int = 0

    def splits(self, sessions: Sessions) -> Iterator[tuple[Sessions, Sessions]]:
        """The learning and the test sessions of each fold; every session is in one test part.

        Sessions keep their order within a part. Raises `BadInput` where there are fewer sessions than folds.
        """
        asked = sessions.longer_than(self.longer_than)
        if not 2 <= self.folds <= len(asked):
            raise BadInput(
                f"{len(asked)} sessions of more than {self.longer_than} items cannot be divided into {self.folds} "
                "folds. Two folds or more are needed, and a session for each."
            )
        part = np.random.default_rng(self.seed).permutation(np.arange(len(asked)) % self.folds)
        for fold in range(self.folds):
            yield asked.select(part != fold), asked.select(part == fold)


def mann_whitney(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The two-sided p-value that the successes of two methods over the folds come from one distribution.

    Two methods over the same folds are paired, which this test ignores: it finds less than a paired one would. It is
    the paper's; `evaluation.statistics.significance` has the paired one. Source: Mann and Whitney 1947.
    """
    if not ours or not theirs:
        raise BadInput(f"There are {len(ours)} and {len(theirs)} successes to compare. Give one for each fold of both.")
    return float(mannwhitneyu(ours, theirs, alternative="two-sided").pvalue)
