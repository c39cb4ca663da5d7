"""Which histories teach the second stage, and what is left for the first?"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Bool, Int
from numpy import ndarray

from kartograph.models.base import Histories, TrainingData
from kartograph.models.preaddl.retrieval import first_meetings
from kartograph.tables.schema import EVENTS

MOST_CASES = 24_000
JUDGED = 0.25
"""Share of the held-out owners by which epochs are chosen; the second stage does not learn from them."""
PURCHASES = (EVENTS.index("buy"), EVENTS.index("borrow"))


@dataclass(frozen=True)
class HeldOut:
    """Cases that `rest` does not know: a history, and the item that came next."""

    rest: TrainingData
    queries: Histories
    owners: Int[ndarray, " cases"]
    targets: Int[ndarray, " cases"]
    learnt: Bool[ndarray, " cases"]
    """Whether the second stage learns from the case; the others judge."""

    def validation(self) -> tuple[Histories, ndarray, ndarray]:
        """The judging cases as the first stage's early stopping takes them."""
        rows = np.flatnonzero(~self.learnt)
        return self.queries.take(rows), self.owners[rows], self.targets[rows]


def hold_out(
    data: TrainingData, kind: Literal["owners", "purchases"], share: float, new_only: bool, seed: int
) -> HeldOut:
    """Cut cases off the training data; none where there is too little to cut."""
    cut = _latest_owners(data, share, new_only) if kind == "owners" else _last_purchases(data)
    kept, owner, places, lengths, rows = cut
    histories = data.histories
    count = np.bincount(histories.owners[kept], minlength=len(histories))
    rest = Histories(np.r_[0, np.cumsum(count)], histories.items[kept], histories.events[kept])
    times = None if data.times is None else data.times[kept]
    random = np.random.default_rng(seed)
    some = np.sort(random.permutation(len(places))[:MOST_CASES])
    # Cases of one owner are learnt from or judge together.
    judge = random.random(len(histories)) < JUDGED
    lengths = lengths[some]
    offsets = np.r_[0, np.cumsum(lengths)]
    events = rows(some, offsets)
    queries = Histories(offsets, histories.items[events], histories.events[events])
    targets = histories.items[places[some]]
    owners = owner[some]
    asked = np.where(kind == "purchases", owners, -1) if len(owners) else owners
    return HeldOut(TrainingData(data.items, data.owners, rest, times), queries, asked, targets, ~judge[owners])


def _latest_owners(data: TrainingData, share: float, new_only: bool):
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
    if new_only:
        asks &= first_meetings(histories)
    places = np.flatnonzero(asks)
    lengths = position[places]

    def rows(some: ndarray, offsets: ndarray) -> ndarray:
        starts = places[some] - lengths[some]
        return np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], lengths[some])

    return kept, histories.owners[places], places, lengths, rows


def _last_purchases(data: TrainingData):
    """The last bought item of each owner who bought two or more; all of the owner's events on it leave the data."""
    histories = data.histories
    bought = np.isin(histories.events, PURCHASES)
    owner, item = histories.owners[bought], histories.items[bought]
    pairs = np.unique(np.stack([owner, item]), axis=1)
    several = np.bincount(pairs[0], minlength=len(histories)) >= 2
    places = np.flatnonzero(bought)
    last = np.r_[owner[1:] != owner[:-1], True][: len(owner)] if len(owner) else np.zeros(0, dtype=bool)
    places = places[last & several[owner]]
    target = np.full(len(histories), -1)
    target[histories.owners[places]] = histories.items[places]
    kept = histories.items != target[histories.owners]
    left = np.bincount(histories.owners[kept], minlength=len(histories))
    places = places[left[histories.owners[places]] > 0]
    lengths = left[histories.owners[places]]
    of_kept = np.flatnonzero(kept)
    offsets_kept = np.r_[0, np.cumsum(left)]

    def rows(some: ndarray, offsets: ndarray) -> ndarray:
        starts = offsets_kept[histories.owners[places[some]]]
        return of_kept[np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], lengths[some])]

    return kept, histories.owners[places], places, lengths, rows
