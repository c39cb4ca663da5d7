"""The histories that teach the second stage, and what is left for the first."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Int
from numpy import ndarray

from kartograph.models.data import NONE, Histories, TrainingData
from kartograph.models.groups import offsets_of
from kartograph.tables.events import EVENTS

MOST_CASES = 24_000
VALIDATION_SHARE = 0.25
"""Share of the held-out owners by which epochs are chosen; the second stage does not learn from them."""
PURCHASES = (EVENTS.index("buy"), EVENTS.index("borrow"))


@dataclass(frozen=True)
class HeldOut:
    """Cases that `rest` does not know: a history, and the item that came next."""

    rest: TrainingData
    queries: Histories
    owners: Int[ndarray, " cases"]
    targets: Int[ndarray, " cases"]
    for_training: Bool[ndarray, " cases"]
    """Whether the second stage learns from the case; the others validate."""

    def validation(self) -> tuple[Histories, ndarray, ndarray]:
        """The validating cases as the first stage's early stopping takes them."""
        rows = np.flatnonzero(~self.for_training)
        return self.queries.take(rows), self.owners[rows], self.targets[rows]


def hold_out(data: TrainingData, purchases: bool, share: float, seed: int) -> HeldOut:
    """Cut cases off the training data: the last purchases, or the latest `share` of the owners; there may be none."""
    cut = _last_purchases(data) if purchases else _latest_owners(data, share)
    kept, owner, places, lengths, rows = cut
    histories = data.histories
    rest = Histories(offsets_of(histories.owners[kept], len(histories)), histories.items[kept], histories.events[kept])
    times = None if data.times is None else data.times[kept]
    random = np.random.default_rng(seed)
    some = np.sort(random.permutation(len(places))[:MOST_CASES])
    # Cases of one owner are learned from or validate together.
    validates = random.random(len(histories)) < VALIDATION_SHARE
    lengths = lengths[some]
    offsets = np.r_[0, np.cumsum(lengths)]
    events = rows(some, offsets)
    queries = Histories(offsets, histories.items[events], histories.events[events])
    targets = histories.items[places[some]]
    owners = owner[some]
    asked = owners if purchases else np.full(len(owners), NONE)
    return HeldOut(replace(data, histories=rest, times=times, other=None), queries, asked, targets, ~validates[owners])


def several_purchases(histories: Histories) -> Bool[ndarray, " owners"]:
    """Which owners bought two items or more."""
    bought = np.isin(histories.events, PURCHASES)
    pairs = np.unique(np.stack([histories.owners[bought], histories.items[bought]]), axis=1)
    return np.bincount(pairs[0], minlength=len(histories)) >= 2


def _latest_owners(data: TrainingData, share: float):
    """Every prefix of the latest owners, whose events all leave the training data."""
    histories = data.histories
    first = round(len(histories) * (1 - share)) if share > 0 else len(histories)
    first = max(first, 1)
    start = histories.offsets[first]
    kept = np.arange(len(histories.items)) < start
    position = np.arange(len(histories.items)) - histories.offsets[:-1][histories.owners]
    known = np.zeros(len(data.items), dtype=bool)
    known[histories.items[:start]] = True
    asks = (position > 0) & ~kept & known[histories.items]
    places = np.flatnonzero(asks)
    lengths = position[places]

    def rows(some: ndarray, offsets: ndarray) -> ndarray:
        starts = places[some] - lengths[some]
        return np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], lengths[some])

    return kept, histories.owners[places], places, lengths, rows


def _last_purchases(data: TrainingData):
    """The last bought item of each owner who saw others too; all of the owner's events on it leave the data."""
    histories = data.histories
    bought = np.isin(histories.events, PURCHASES)
    owner = histories.owners[bought]
    places = np.flatnonzero(bought)
    last = np.r_[owner[1:] != owner[:-1], True][: len(owner)] if len(owner) else np.zeros(0, dtype=bool)
    places = places[last]
    target = np.full(len(histories), NONE)
    target[histories.owners[places]] = histories.items[places]
    others = np.bincount(histories.owners[histories.items != target[histories.owners]], minlength=len(histories))
    target[others == 0] = NONE
    kept = histories.items != target[histories.owners]
    left = np.bincount(histories.owners[kept], minlength=len(histories))
    places = places[others[histories.owners[places]] > 0]
    lengths = left[histories.owners[places]]
    of_kept = np.flatnonzero(kept)
    offsets_kept = np.r_[0, np.cumsum(left)]

    def rows(some: ndarray, offsets: ndarray) -> ndarray:
        starts = offsets_kept[histories.owners[places[some]]]
        return of_kept[np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], lengths[some])]

    return kept, histories.owners[places], places, lengths, rows
