"""Cases cut from the training data itself: what a blend learns to rank from.

Sessions: the latest `SHARE` of the sessions leave the training part; each of their prefixes is a query and the click
after it the answer. Users: of each user the last purchase is held out, in a shop without purchases the item that the
user saw last; all events of the user on that item leave the training part, and what else the user did stays. The answer
to a user is so an item that the user has never seen, as recommendations are; often others of the same order are known.

Sessions and users that are left without an event to ask with are no cases.
"""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Int
from numpy import ndarray

from kartograph.models.data import NONE, Histories, Ids, TrainingData
from kartograph.tables.events import EVENTS

SHARE = 0.06
"""Share of the sessions that are held out of a large shop."""
LEAST_SESSIONS = 1_200
"""Sessions that are held out of a shop where `SHARE` gives fewer, up to a fifth of all."""
MOST_CASES = 30_000
"""Cases beyond which no earlier session is held out, and users are sampled."""
LEAST_USERS = 200
"""Users who bought several items, from which number on only these become cases: what they buy goes together."""
LONGEST = 50
"""Prefixes of a session that become cases, the last ones."""
BUY = EVENTS.index("buy")


@dataclass(frozen=True)
class HeldOut:
    """What stays to learn from, and cases after it."""

    rest: TrainingData
    queries: Histories
    """Items that the rest does not know are left out."""
    owners: Int[ndarray, " cases"]
    """Rows of the rest's owners, `NONE` for sessions."""
    answers: Int[ndarray, " cases"]
    """Item rows, those of the whole."""
    units: Int[ndarray, " cases"]
    """The session or user of each case, rising in time for sessions."""

    def __len__(self) -> int:
        """How many cases there are."""
        return len(self.answers)

    def take(self, cases: Int[ndarray, " n"]) -> "HeldOut":
        """Some of the cases, in this order."""
        return replace(
            self,
            queries=self.queries.take(cases),
            owners=self.owners[cases],
            answers=self.answers[cases],
            units=self.units[cases],
        )


def held_out(data: TrainingData) -> HeldOut:
    """The cases of sessions or of users, whatever the owners are."""
    return _last_items_of_users(data) if data.kind == "users" else _latest_sessions(data)


def _latest_sessions(data: TrainingData) -> HeldOut:
    histories, count = data.histories, len(data.owners)
    held_out_sessions = int(min(max(SHARE * count, LEAST_SESSIONS), count / 5))
    cases = np.cumsum(np.clip(histories.lengths - 1, 0, LONGEST)[::-1])
    start = count - min(held_out_sessions, int(np.searchsorted(cases, MOST_CASES, side="right")) + 1)
    rest = _rest(data, histories.part(0, start), slice(0, histories.offsets[start]), Ids(data.owners.external[:start]))
    late = _known(histories.part(start, count), rest.histories, len(data.items))
    asked = np.flatnonzero((late.ages < LONGEST) & (np.arange(len(late.items)) > late.offsets[late.owners]))
    sessions = late.owners[asked]
    lengths = asked - late.offsets[sessions]
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    events = np.repeat(late.offsets[sessions], lengths) + within
    queries = Histories(np.r_[0, np.cumsum(lengths)], late.items[events], late.events[events])
    return HeldOut(rest, queries, np.full(len(asked), NONE), late.items[asked], sessions)


def _last_items_of_users(data: TrainingData) -> HeldOut:
    histories, count = data.histories, len(data.items)
    owners, items, places = histories.owners, histories.items, np.arange(len(histories.items))
    bought = histories.events == BUY
    # The first event of its kind on each item: a purchase where the shop has some, else any.
    counts = bought if bought.any() else np.ones_like(bought)
    key = owners * count + items
    _, first = np.unique(np.where(counts, key, -1 - places), return_index=True)
    first = np.sort(first[counts[first]])
    last = np.full(len(histories), NONE)
    last[owners[first]] = first
    answer = np.where(last == NONE, NONE, items[last])
    kept = items != answer[owners]
    asked = (last != NONE) & (np.bincount(owners[kept], minlength=len(histories)) > 0)
    several = asked & (np.bincount(owners[first], minlength=len(histories)) > 1)
    asked = np.flatnonzero(several if several.sum() >= LEAST_USERS else asked)
    if len(asked) > MOST_CASES:
        asked = np.sort(np.random.default_rng(0).choice(asked, MOST_CASES, replace=False))
    chosen = np.zeros(len(histories), dtype=bool)
    chosen[asked] = True
    kept |= ~chosen[owners]
    left = Histories.of(owners[kept], items[kept], len(histories), histories.events[kept])
    rest = _rest(data, left, np.flatnonzero(kept), data.owners)
    queries = _known(left.take(asked), left, count)
    return HeldOut(rest, queries, asked, answer[asked], asked)


def _rest(data: TrainingData, histories: Histories, events: slice | ndarray, owners: Ids) -> TrainingData:
    """The data with these events only; the other kind of owner is gone, for it would still hold what was cut."""
    times = None if data.times is None else data.times[events]
    return replace(data, histories=histories, times=times, owners=owners, other=None)


def _known(queries: Histories, histories: Histories, items: int) -> Histories:
    """The events on items that occur in the histories."""
    known = np.zeros(items, dtype=bool)
    known[histories.items] = True
    rows = np.where(known[queries.items], queries.items, NONE)
    return Histories.of(queries.owners, rows, len(queries), queries.events)
