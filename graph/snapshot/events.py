"""Every event of the shop in one total order, as columns."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
from jaxtyping import Int
from numpy import ndarray

from kartograph import queries
from kartograph.graph.snapshot.reading import NODES, Reading
from kartograph.graph.snapshot.texts import (
    UNKNOWN,
    Ids,
    concatenated,
    number_array,
    packed,
    positions,
    text_array,
    unpacked,
)
from kartograph.tables.errors import BadInput
from kartograph.tables.events import EVENTS, RELATIONSHIP_OF_EVENT

NO_TIME = int(np.iinfo(np.int64).min)
"""Stands in `Events.time` for an event without a time; seen as datetime64[ms] it is NaT."""
COUNTED = 1_000
"""Events that an edge stands for at most: a larger count is a mistake or a quantity."""
_TYPES = {kind: event for event, kind in RELATIONSHIP_OF_EVENT.items()}
_COLUMNS = ("user", "session", "item", "event", "time")


@dataclass(frozen=True)
class Events:
    """Columns of equal length, ordered by (time, session id, position), and the nodes whose rows they hold.

    An event without a time stands where its session's events before it stand, else at the start of its session; where
    nothing has a time the order is that of the sessions' ids and of the positions in them. A user of whom the graph
    knows only what was counted (`:VIEWED` … with count, first and last, but no session) has `count` events (at most
    `COUNTED`) for each such edge, the first at `first`, the others at `last`, in no session.
    """

    user: Int[ndarray, " events"]
    """int32 row of `users`, -1 where the session belongs to nobody."""
    session: Int[ndarray, " events"]
    """int32 row of `sessions`, -1 for events that were counted and not kept."""
    item: Int[ndarray, " events"]
    """int32 row of `items`."""
    event: Int[ndarray, " events"]
    """int8, the position in `tables.events.EVENTS`."""
    time: Int[ndarray, " events"]
    """int64, milliseconds UTC; `NO_TIME` where it is unknown."""
    users: Ids
    sessions: Ids
    items: Ids
    session_users: Int[ndarray, " sessions"]
    """int32, the row of each session's user, -1 for none."""

    def __len__(self) -> int:
        """Return how many events there are."""
        return len(self.item)

    @classmethod
    def opened(cls, arrays: Mapping[str, ndarray], ids: Mapping[str, Ids]) -> "Events":
        """Build from the arrays that `export_events` made."""
        columns = {name: arrays[name] for name in (*_COLUMNS, "session_users")}
        return cls(**columns, users=ids["User"], sessions=Ids(unpacked("sessions", arrays)), items=ids["Item"])


def export_events(reading: Reading) -> dict[str, ndarray]:
    """Read all sessions with their events, and what was counted of users who have none."""
    session_ids, session_users, started, columns = _read_sessions(reading)
    sessions = Ids.sorted(session_ids, "Session")
    rows = sessions.rows(session_ids)
    owners = _in_order(rows, session_users)
    columns["session"] = rows[columns["session"]]
    columns["user"] = owners[columns["session"]]
    counted = _read_counted(reading, owners)
    columns["known"] = _known_times(columns, _in_order(rows, started))
    for name, values in counted.items():
        columns[name] = np.concatenate([columns[name], values])
    order = np.lexsort([columns[name] for name in ("event", "item", "user", "position", "session", "known")])
    return {
        **{name: columns[name][order] for name in _COLUMNS},
        "session_users": owners,
        **packed("sessions", sessions.texts),
    }


def _in_order(rows: ndarray, values: ndarray) -> ndarray:
    ordered = np.empty_like(values)
    ordered[rows] = values
    return ordered


def _read_sessions(reading: Reading) -> tuple[pa.LargeStringArray, ndarray, ndarray, dict[str, ndarray]]:
    """Return ids, user rows and starts of the sessions as read, and the events' columns with places of sessions."""
    ids, users, items = [], [], []
    parts = {
        name: [np.empty(0, np.int8 if name == "event" else np.int64)]
        for name in ("started", "session", "event", "time", "position")
    }
    read = 0
    for page in reading.pages("events", "Session", "Reading events", unknown=NO_TIME):
        page_ids, page_users, started, session, page_items, events, times, positions = page
        ids.append(text_array(page_ids, "an id of Session"))
        users.append(text_array(page_users, "the id of a session's user"))
        items.append(text_array(page_items, "an id of Item"))
        parts["started"].append(number_array(started, np.int64, "Session.started"))
        parts["session"].append(np.array(session, np.int64) + read)
        parts["event"].append(_kinds(events))
        parts["time"].append(number_array(times, np.int64, "INCLUDES.at"))
        parts["position"].append(number_array(positions, np.int64, "INCLUDES.position"))
        read += len(page_ids)
    columns = {name: np.concatenate(arrays) for name, arrays in parts.items()}
    columns["item"] = reading.rows("Item", concatenated(items), "an event")
    return concatenated(ids), _users(reading, concatenated(users)), columns.pop("started"), columns


def _users(reading: Reading, texts: pa.LargeStringArray) -> Int[ndarray, " sessions"]:
    """Return the rows of users; the empty text stands for none."""
    nobody = positions(texts, text_array([""], "no id")) != UNKNOWN
    rows = np.full(len(texts), UNKNOWN, np.int32)
    rows[~nobody] = reading.rows("User", texts.filter(pa.array(~nobody)), "HAD")
    return rows


def _kinds(events: list[str]) -> Int[ndarray, " events"]:
    texts = text_array(events, "the event of an INCLUDES relationship")
    kinds = positions(texts, text_array(EVENTS, "an event"))
    if (kinds == UNKNOWN).any():
        wrong = texts[int(np.argmax(kinds == UNKNOWN))].as_py()
        raise BadInput(
            f'an INCLUDES relationship has the event "{wrong}"; the graph knows {", ".join(EVENTS)}: load the events '
            "by a loader (`kartograph load --help`), which names them so, or set r.event to one of these"
        )
    return kinds.astype(np.int8)


def _known_times(columns: dict[str, ndarray], started: ndarray) -> Int[ndarray, " events"]:
    """Return the time by which each event is ordered: its own, else that before it in its session, else the start."""
    time = columns["time"]
    if (time != NO_TIME).all():
        return time
    order = np.lexsort([columns["position"], columns["session"]])
    session = columns["session"][order]
    known = pd.Series(time[order]).where(time[order] != NO_TIME).groupby(session).ffill()
    ordered = np.where(known.isna(), started[session], known.fillna(0).to_numpy(np.int64))
    return _in_order(order, ordered)


def _read_counted(reading: Reading, owners: ndarray) -> dict[str, ndarray]:
    """Return the columns of events that were only counted: those of users without a session."""
    users = reading.ids["User"]
    counts = reading.state.counts
    alone = np.flatnonzero(~np.isin(np.arange(len(users)), owners)) if any(counts[name] for name in _TYPES) else []
    columns: dict[str, list[ndarray]] = {name: [] for name in ("user", "item", "event", "count", "first", "last")}
    for start in range(0, len(alone), NODES):
        reading.progress("Reading what users without sessions did (users)", start, len(alone))
        ids = users.texts.take(pa.array(alone[start : start + NODES])).to_pylist()
        [row] = reading.graph.read(
            queries.load("snapshot/user_items"), lambda rows: list(rows), users=ids, unknown=NO_TIME
        )
        of, items, types, *numbers = row
        columns["user"].append(reading.rows("User", text_array(of, "an id of User"), "a counted event"))
        columns["item"].append(reading.rows("Item", text_array(items, "an id of Item"), "a counted event"))
        columns["event"].append(_kinds([_TYPES[name] for name in types]))
        for name, values in zip(("count", "first", "last"), numbers, strict=True):
            columns[name].append(number_array(values, np.int64, f"{name} of what a user did"))
    joined = {name: np.concatenate([np.empty(0, np.int64), *parts]) for name, parts in columns.items()}
    edge = np.repeat(np.arange(len(joined["count"])), np.clip(joined["count"], 0, COUNTED))
    opens = np.diff(edge, prepend=-1) > 0
    time = np.where(opens, joined["first"][edge], joined["last"][edge])
    return {
        "user": joined["user"][edge].astype(np.int32),
        "session": np.full(len(edge), UNKNOWN, np.int32),
        "item": joined["item"][edge].astype(np.int32),
        "event": joined["event"][edge].astype(np.int8),
        "time": time,
        "known": time,
        "position": np.zeros(len(edge), np.int64),
    }
