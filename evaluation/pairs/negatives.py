"""Pairs of user and item that did not happen: negatives, sampled at random beside the positive pairs."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from kartograph.evaluation.pairs.pairs import Pairs
from kartograph.models.columns import ITEM, USER
from kartograph.tables.errors import BadInput

ROUNDS = 100
"""Draws after which a user who has nearly every item gets no further negatives."""


@dataclass(frozen=True)
class Negatives:
    """How many negatives there are and where they come from; both decide the figures, so both are stated."""

    per_positive: int = 1
    """Negatives for each positive of the same user; 1 is balanced, 0 leaves positives only."""
    sampling: Literal["uniform", "popular"] = "uniform"
    """Every item of the training part alike, or in proportion to its events there, which is harder: then popularity
    alone tells nothing."""
    share: float | None = None
    """Share of positives among all pairs, in place of `per_positive`; the figures of MCPRHRec's paper imply 0.937."""

    def __post_init__(self) -> None:
        """Refuse what is no number of negatives."""
        if self.per_positive < 0:
            raise BadInput(f"There cannot be {self.per_positive} negatives for each positive. Give 0 or more.")
        if self.share is not None and not 0 < self.share <= 1:
            raise BadInput(f"The share of positives is {self.share}. It lies above 0 and is at most 1.")
        if self.sampling not in ("uniform", "popular"):
            raise BadInput(f"Unknown way to sample negatives: {self.sampling!r}. Allowed are uniform and popular.")


def with_negatives(
    positives: pd.DataFrame, seen: pd.DataFrame, train: pd.DataFrame, options: Negatives, seed: int
) -> Pairs:
    """The positive pairs first, then the negatives.

    Parameters
    ----------
    positives
        `user_id, item_id`, each pair once.
    seen
        `user_id, item_id` of every event of the whole data, test part included: no negative is among them, whatever
        the event was.
    train
        The training part, whose items the negatives are sampled from.

    Every negative occurs once. A user who has seen nearly all items may get fewer.
    """
    rng = np.random.default_rng(seed)
    users, user_ids = pd.factorize(np.r_[positives[USER], seen[USER]])
    items, item_ids = pd.factorize(np.r_[positives[ITEM], seen[ITEM], train[ITEM]])
    asked = users[: len(positives)][_asked(len(positives), options, rng)]
    taken = np.unique(users * len(item_ids) + items[: len(users)])
    pool = items[len(users) :] if options.sampling == "popular" else np.unique(items[len(users) :])
    chosen = np.empty(0, dtype=np.int64)
    for _ in range(ROUNDS):
        if len(asked) == 0:
            break
        keys = asked * len(item_ids) + pool[rng.integers(len(pool), size=len(asked))]
        first = np.zeros(len(keys), dtype=bool)
        first[np.unique(keys, return_index=True)[1]] = True
        good = first & ~np.isin(keys, taken)
        chosen = np.r_[chosen, keys[good]]
        taken = np.union1d(taken, keys[good])
        asked = asked[~good]
    rows, columns = np.divmod(chosen, len(item_ids))
    return Pairs(
        np.r_[positives[USER].to_numpy(object), np.asarray(user_ids, dtype=object)[rows]],
        np.r_[positives[ITEM].to_numpy(object), np.asarray(item_ids, dtype=object)[columns]],
        np.r_[np.ones(len(positives), dtype=bool), np.zeros(len(chosen), dtype=bool)],
    )


def _asked(positives: int, options: Negatives, rng: np.random.Generator) -> np.ndarray:
    """The numbers of the positive pairs whose users get a negative: each as often as any other, or once less."""
    every = np.arange(positives)
    if options.share is None:
        return np.repeat(every, options.per_positive)
    whole, rest = divmod(round(positives * (1 - options.share) / options.share), max(positives, 1))
    return np.sort(np.r_[np.repeat(every, whole), rng.permutation(positives)[:rest]])
