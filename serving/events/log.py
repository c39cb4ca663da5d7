"""Events in a durable log: SQLite in WAL mode, flushed to the disk with each commit.

An event's id is the client's, or a hash of what the event says; an id is stored once, so that an event which is sent
again counts once. Events stay for some days after they went into the graph: until a bundle holds them, histories are
read from here.
"""

import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from kartograph.serving.events.database import open_events
from kartograph.serving.experiments import unit_of

SHOP_EVENTS = ("view", "cart", "buy", "borrow")
"""Events that go into the graph as they are; others are about answers (impression, click), and are counted."""
KEPT_DAYS = 7
"""Days for which an event stays after it went into the graph."""
_OF_USER = """
SELECT item_id, event, at FROM events WHERE user_id = :user AND event IN ('view', 'cart', 'buy', 'borrow')
UNION ALL
SELECT item_id, event, at FROM events
WHERE user_id IS NULL AND event IN ('view', 'cart', 'buy', 'borrow') AND session_id IN (
  SELECT session_id FROM events WHERE user_id = :user AND session_id IS NOT NULL
)
ORDER BY at
"""
_COLUMNS = "event_id, user_id, session_id, item_id, event, at, recommendation_id, place"
_OWNED = """
user_id = :user OR session_id IN (SELECT session_id FROM events WHERE user_id = :user AND session_id IS NOT NULL)
"""


class LoggedEvent(NamedTuple):
    """An event as it lies in the log."""

    event_id: str
    user_id: str | None
    session_id: str | None
    item_id: str
    event: str
    at: int
    """Milliseconds UTC."""
    recommendation_id: str | None
    place: str | None = None
    """Where on the shop's pages it happened."""


@dataclass(frozen=True)
class Waiting:
    """Events that are not in the graph yet."""

    last: int
    """The number of the last one."""
    events: list[LoggedEvent]


class EventLog:
    """The log, for one thread of one process."""

    def __init__(self, path: Path) -> None:
        """Open the log, and make it where there is none."""
        self._database: sqlite3.Connection = open_events(path)

    def append(self, batches: Iterable[list[LoggedEvent]]) -> None:
        """Log events; returns when all of them are on the disk. An id that is there already stays as it is."""
        now = time.time_ns() // 1_000_000
        self._database.execute("BEGIN IMMEDIATE")
        try:
            for events in batches:
                self._database.executemany(
                    f"INSERT OR IGNORE INTO events ({_COLUMNS}, received) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    [(*event, now) for event in events],
                )
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    def of_user(self, user: str) -> list[tuple[str, str, int]]:
        """What a user did, oldest first: item, event, time; with what happened in sessions that the user joined."""
        return self._database.execute(_OF_USER, {"user": user}).fetchall()

    def of_session(self, session: str) -> list[tuple[str, str, int]]:
        """What happened in a session, oldest first."""
        statement = (
            "SELECT item_id, event, at FROM events WHERE session_id = ? AND event IN ('view', 'cart', 'buy', 'borrow') "
            "ORDER BY at, seq"
        )
        return self._database.execute(statement, (session,)).fetchall()

    def latest(self) -> int:
        """The time of the latest event, 0 where there is none."""
        [at] = self._database.execute("SELECT coalesce(max(at), 0) FROM events").fetchone()
        return at

    def since(self, at: int) -> list[tuple[str, int]]:
        """Items and times of the shop's events from a moment on: what trends are counted from."""
        statement = "SELECT item_id, at FROM events WHERE at >= ? AND event IN ('view', 'cart', 'buy', 'borrow')"
        return self._database.execute(statement, (at,)).fetchall()

    def everything_of(self, user: str) -> list[LoggedEvent]:
        """Every event of a user, and of the sessions that the user joined, of whatever kind."""
        rows = self._database.execute(f"SELECT {_COLUMNS} FROM events WHERE {_OWNED} ORDER BY seq", {"user": user})
        return [LoggedEvent(*row) for row in rows.fetchall()]

    def erase(self, user: str) -> int:
        """Remove every event of a user so that the file does not hold it any more; returns how many."""
        self._database.execute("PRAGMA secure_delete = ON")
        # The rows first: a deletion would take away by what the sessions of the user are known.
        owned = self._database.execute(f"SELECT seq FROM events WHERE {_OWNED}", {"user": user}).fetchall()
        units = self._units_of(user)
        self._database.execute("BEGIN IMMEDIATE")
        self._database.execute(f"DELETE FROM showings WHERE {_OWNED}", {"user": user})
        self._database.executemany("DELETE FROM units WHERE experiment = ? AND unit = ?", units)
        self._database.executemany("DELETE FROM events WHERE seq = ?", owned)
        self._database.execute("COMMIT")
        self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return len(owned)

    def _units_of(self, user: str) -> list[tuple[str, str]]:
        """The experiments that a user may take part in, with the hashes of the user and of the user's sessions."""
        experiments = self._database.execute("SELECT DISTINCT experiment FROM units").fetchall()
        sessions = self._database.execute(
            "SELECT DISTINCT session_id FROM events WHERE user_id = ? AND session_id IS NOT NULL", (user,)
        ).fetchall()
        whose = [(user, None), *((None, session) for (session,) in sessions)]
        return [(name, unit_of(name, *one)) for (name,) in experiments for one in whose]

    def waiting(self) -> int:
        """How many events are not in the graph yet, or some more: counted by their numbers, without reading them."""
        [first] = self._database.execute("SELECT min(seq) FROM events WHERE flushed IS NULL").fetchone()
        if first is None:
            return 0
        [last] = self._database.execute("SELECT max(seq) FROM events").fetchone()
        return last - first + 1

    def next_waiting(self, most: int) -> Waiting:
        """The first `most` events of the shop that are not in the graph yet."""
        rows = self._database.execute(
            f"SELECT seq, {_COLUMNS} FROM events "
            "WHERE flushed IS NULL AND event IN ('view', 'cart', 'buy', 'borrow') ORDER BY seq LIMIT ?",
            (most,),
        ).fetchall()
        return Waiting(rows[-1][0] if rows else 0, [LoggedEvent(*row[1:]) for row in rows])

    def mark_flushed(self, last: int) -> None:
        """The shop's events up to a number are in the graph."""
        self._database.execute(
            "UPDATE events SET flushed = ? "
            "WHERE flushed IS NULL AND seq <= ? AND event IN ('view', 'cart', 'buy', 'borrow')",
            (time.time_ns() // 1_000_000, last),
        )

    def forget(self, before: int) -> None:
        """Remove events that went into the graph before a moment, and `KEPT_DAYS` ago at least, and were counted."""
        limit = min(before, time.time_ns() // 1_000_000 - KEPT_DAYS * 86_400_000)
        self._database.execute(
            "DELETE FROM events WHERE flushed < ? AND seq <= (SELECT value FROM facts WHERE name = 'counted')", (limit,)
        )

    def close(self) -> None:
        """Close the connection."""
        self._database.close()
