"""What is known of those who ask: histories of users, read when the question is asked, and sessions at hand.

The order of sources is: the argument, the graph that the model is bound to, the training data that it is bound to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy import ndarray

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.models.base import Event, HistoriesOf
from kartograph.models.columns import USER
from kartograph.models.data import Histories, Ids, TrainingData
from kartograph.models.groups import groups_of
from kartograph.tables.errors import BadInput
from kartograph.tables.events import EVENTS

T = TypeVar("T")
USERS_AT_ONCE = 5_000
"""Users whose events come in one answer of the server."""


@dataclass(frozen=True)
class Asked:
    """The events of each question, oldest first, flat and grouped by `offsets`."""

    offsets: ndarray
    items: ndarray
    """External ids."""
    events: ndarray
    """Positions in `tables.events.EVENTS`."""
    times: ndarray
    """Milliseconds UTC, 0 where unknown."""
    empty: list[str | None]
    """Why a question has no events, None where it has some."""

    @property
    def owners(self) -> ndarray:
        """The question of each event."""
        return groups_of(self.offsets)

    def rows(self, items: Ids) -> Histories:
        """The events whose items are known, as rows."""
        return Histories.of(self.owners, items.rows(pd.Index(self.items)), len(self.empty), self.events)

    def latest(self, length: int) -> "Asked":
        """The last `length` events of each question."""
        lengths = np.diff(self.offsets)
        kept = np.repeat(self.offsets[1:], lengths) - np.arange(len(self.items)) <= length
        offsets = np.r_[0, np.cumsum(np.minimum(lengths, length))]
        return Asked(offsets, self.items[kept], self.events[kept], self.times[kept], self.empty)

    def new(self, names: Sequence[T]) -> set[T]:
        """The names of the questions that have no events."""
        return {name for name, why in zip(names, self.empty, strict=True) if why is not None}

    def lists(self) -> list[list[str]]:
        """The items of each question."""
        return [part.tolist() for part in np.split(self.items, self.offsets[1:-1])]


def of_users(users: Sequence[str], source: Graph | TrainingData | None, histories: HistoriesOf | None = None) -> Asked:
    """What each user did. Raises `BadInput` where there is neither a source nor an argument."""
    if histories is not None:
        absent = [f'the histories name no user "{user}"' if user not in histories else None for user in users]
        return _asked([histories.get(user, ()) for user in users], _why(users, absent))
    if isinstance(source, Graph):
        return _of_graph(users, source)
    if source is None:
        raise BadInput(
            "The model is bound to no source, so nothing is known of these users: pass histories, or load the model "
            "with a graph or training data as its source."
        )
    data = source.grouped("users")
    rows = data.owners.rows(list(users))
    taken = data.histories.take(rows)
    absent = [
        f'the training data has no user "{user}"' if row < 0 else None for user, row in zip(users, rows, strict=True)
    ]
    ids = data.items.external[taken.items].to_numpy(object)
    times = np.zeros(len(ids), dtype=np.int64) if data.times is None else data.times[data.histories.places(rows)]
    return Asked(taken.offsets, ids, taken.events, times, _filled(taken.lengths, _why(users, absent)))


def of_sessions(sessions: Sequence[Sequence[Event]]) -> Asked:
    """Sessions at hand."""
    return _asked(sessions, ["the session has no events"] * len(sessions))


def concat_questions(before: Asked, after: Asked) -> Asked:
    """What users did before, then the session at hand, a question each."""
    owners = np.r_[before.owners, after.owners]
    order = np.argsort(owners, kind="stable")
    offsets = before.offsets + after.offsets
    words = [
        None if one is None or other is None else other for one, other in zip(before.empty, after.empty, strict=True)
    ]
    items, events = np.r_[before.items, after.items][order], np.r_[before.events, after.events][order]
    return Asked(offsets, items, events, np.r_[before.times, after.times][order], words)


def _of_graph(users: Sequence[str], graph: Graph) -> Asked:
    """One indexed read for a batch of users, so that an event loaded a second ago counts."""
    parts = [
        graph.query(queries.load("patterns/events_of_users"), users=list(users[start : start + USERS_AT_ONCE]))
        for start in range(0, len(users), USERS_AT_ONCE)
    ]
    packed = pd.concat(parts, ignore_index=True).set_index(USER).reindex(list(users))
    known = packed["items"].notna().to_numpy()
    silent = [user for user, has in zip(users, known, strict=True) if not has]
    there = set(graph.query(queries.load("explore/users_by_id"), users=silent)[USER]) if silent else set()
    absent = [
        None if has or user in there else f'the shop has no user "{user}"'
        for user, has in zip(users, known, strict=True)
    ]
    lengths = np.zeros(len(users), dtype=np.int64)
    lengths[known] = packed.loc[known, "items"].str.len()
    items = np.array(list(chain.from_iterable(packed.loc[known, "items"])), dtype=object)
    kinds = pd.Index(EVENTS).get_indexer(pd.Index(list(chain.from_iterable(packed.loc[known, "events"]))))
    offsets = np.r_[0, np.cumsum(lengths)]
    times = np.array(list(chain.from_iterable(packed.loc[known, "times"])), dtype=np.int64)
    return Asked(offsets, items, kinds, times, _filled(lengths, _why(users, absent)))


def _asked(lists: Sequence[Sequence[Event]], words: list[str]) -> Asked:
    lengths = np.array([len(events) for events in lists], dtype=np.int64)
    flat = [event for events in lists for event in events]
    ids = np.array([event if isinstance(event, str) else event[0] for event in flat], dtype=object)
    kinds = pd.Index(EVENTS).get_indexer(pd.Index(["view" if isinstance(event, str) else event[1] for event in flat]))
    if (kinds < 0).any():
        wrong = flat[int(np.flatnonzero(kinds < 0)[0])]
        raise BadInput(f"The event of {wrong!r} is not known. Events are {', '.join(EVENTS)}.")
    times = np.array([0 if isinstance(event, str) else event[2] for event in flat], dtype=np.int64)
    return Asked(np.r_[0, np.cumsum(lengths)].astype(np.int64), ids, kinds, times, _filled(lengths, words))


def _why(users: Sequence[str], absent: list[str | None]) -> list[str]:
    return [word or f'user "{user}" has no events' for user, word in zip(users, absent, strict=True)]


def _filled(lengths: ndarray, words: list[str]) -> list[str | None]:
    return [None if length else word for length, word in zip(lengths, words, strict=True)]
