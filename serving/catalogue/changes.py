"""Changes of items in a durable log: what was acknowledged is on the disk, and every worker reads it before it answers.

SQLite in WAL mode with a flush to the disk for each commit. A worker asks before each answer whether another connection
has committed (`PRAGMA data_version`, a look at shared memory), so a change holds for every request that begins after
its acknowledgement, in all workers, whatever becomes of Neo4j.
"""

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Lock
from typing import Any

Change = dict[str, Any]
"""What is known anew of an item by name; None takes a value away, a name that is missing leaves it as it is."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS changes (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, item_id TEXT NOT NULL, change TEXT NOT NULL, at INTEGER NOT NULL,
  flushed INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS unflushed ON changes (seq) WHERE flushed = 0;
"""


def connect(path: Path) -> sqlite3.Connection:
    """Open a log; a commit returns when it is on the disk."""
    database = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    return database


class ChangeLog:
    """The log, for one process: one connection reads, another one writes."""

    def __init__(self, path: Path) -> None:
        """Open the log, and make it where there is none."""
        self._writer, self._reader = connect(path), connect(path)
        self._writer.executescript(_SCHEMA)
        self._version = -1
        self._writing = Lock()

    def append(self, changes: Iterable[tuple[str, Change]]) -> int:
        """Log changes by item id in order; returns the number of the last one when all are on the disk."""
        now = time.time_ns() // 1_000_000
        rows = [(item, json.dumps(change), now) for item, change in changes]
        with self._writing:
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                self._writer.executemany("INSERT INTO changes (item_id, change, at) VALUES (?, ?, ?)", rows)
                [last] = self._writer.execute("SELECT coalesce(max(seq), 0) FROM changes").fetchone()
            except BaseException:
                self._writer.execute("ROLLBACK")
                raise
            self._writer.execute("COMMIT")
        return last

    def moved(self) -> bool:
        """Whether anybody has committed since the last call."""
        [version] = self._reader.execute("PRAGMA data_version").fetchone()
        if version == self._version:
            return False
        self._version = version
        return True

    def after(self, seq: int) -> Iterator[tuple[int, str, Change]]:
        """The changes later than `seq`, in order: number, item id, change."""
        rows = self._reader.execute("SELECT seq, item_id, change FROM changes WHERE seq > ? ORDER BY seq", (seq,))
        for number, item, change in rows.fetchall():
            yield number, item, json.loads(change)

    def unflushed(self, most: int) -> list[tuple[int, str, Change, int]]:
        """The first changes that are not in the graph: number, item id, change, milliseconds UTC."""
        rows = self._reader.execute(
            "SELECT seq, item_id, change, at FROM changes WHERE flushed = 0 ORDER BY seq LIMIT ?", (most,)
        )
        return [(seq, item, json.loads(change), at) for seq, item, change, at in rows.fetchall()]

    def waiting(self) -> int:
        """How many changes are not in the graph."""
        [count] = self._reader.execute("SELECT count(*) FROM changes WHERE flushed = 0").fetchone()
        return count

    def mark_flushed(self, last: int) -> None:
        """Changes up to this one are in the graph."""
        self._writer.execute("UPDATE changes SET flushed = 1 WHERE flushed = 0 AND seq <= ?", (last,))

    def last_flushed(self) -> int:
        """The number up to which all changes are in the graph."""
        [first] = self._reader.execute("SELECT min(seq) FROM changes WHERE flushed = 0").fetchone()
        if first is not None:
            return first - 1
        [last] = self._reader.execute("SELECT coalesce(max(seq), 0) FROM changes").fetchone()
        return last

    def forget(self, up_to: int) -> None:
        """Remove changes that the graph holds and every bundle in use was made after; the last one stays as a mark."""
        self._writer.execute("DELETE FROM changes WHERE flushed = 1 AND seq < ?", (up_to,))

    def close(self) -> None:
        """Close both connections."""
        self._reader.close()
        self._writer.close()
