"""From events to counts: what was shown, clicked and bought, by version, place, category and day.

A *showing* is an item in an answer. It is

    shown     once, however many impressions of it are sent; any other event that names the answer shows it as well
    clicked   by its first click, view, cart or purchase that names the answer
    bought    once, by a purchase that names the answer, or else by one of the same user or session within
              `WINDOW_HOURS` after it was clicked, or shown where it was not: the latest clicked showing of the item
              takes the purchase, else the latest shown one

Sessions that a user joined are the user's. A purchase is given to what had arrived when it is counted. All three count
on the day (UTC) of the showing, in the category that the item then had.

Counting takes the events after the last counted one, in order, and writes showings and a row of `counts` in the same
transaction: killed at any moment it has counted a batch whole or not at all.
"""

import json
import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from kartograph.serving.events.database import open_events
from kartograph.serving.events.log import KEPT_DAYS
from kartograph.serving.exposures.answers import read_answer

WINDOW_HOURS = 24
SLACK_MS = 300_000
"""By how much the clocks of those who send impressions and purchases may differ."""
COUNTS_DAYS = KEPT_DAYS - 1
"""For how many days an answer counts: an event on an older one shows nothing anew, for its showing may be forgotten."""
UNNAMED = "unnamed"
"""The place of an answer that names none."""
UNKNOWN = "unknown"
"""The version of an id that no answer of ours has."""

_SHOWN = """
INSERT INTO showings (recommendation_id, item_id, version, place, category, experiment, arm, unit,
                      user_id, session_id, counted, shown_at, shown)
SELECT recommendation_id, item_id, answer(recommendation_id, 'version'),
       coalesce(max(place), answer(recommendation_id, 'place')), category_of(item_id),
       answer(recommendation_id, 'experiment'), answer(recommendation_id, 'arm'), answer(recommendation_id, 'unit'),
       max(user_id), max(session_id), :now, min(at), :last
FROM events WHERE seq > :from AND seq <= :last AND recommendation_id IS NOT NULL
  AND coalesce(answer(recommendation_id, 'made'), received) > received - :counts
GROUP BY recommendation_id, item_id
ON CONFLICT DO UPDATE SET user_id = coalesce(user_id, excluded.user_id),
                          session_id = coalesce(session_id, excluded.session_id)
"""
_CLICKED = """
UPDATE showings SET clicked = :last, clicked_at = named.at
FROM (
  SELECT recommendation_id, item_id, min(at) AS at FROM events
  WHERE seq > :from AND seq <= :last AND recommendation_id IS NOT NULL AND event <> 'impression'
  GROUP BY recommendation_id, item_id
) AS named
WHERE showings.recommendation_id = named.recommendation_id AND showings.item_id = named.item_id AND clicked IS NULL
"""
_BOUGHT_BY_NAME = """
UPDATE showings SET bought = :last
FROM (
  SELECT DISTINCT recommendation_id, item_id FROM events
  WHERE seq > :from AND seq <= :last AND recommendation_id IS NOT NULL AND event IN ('buy', 'borrow')
) AS named
WHERE showings.recommendation_id = named.recommendation_id AND showings.item_id = named.item_id AND bought IS NULL
"""
_BOUGHT = """
WITH buys AS (
  SELECT seq, at, item_id, user_id, session_id FROM events
  WHERE seq > :from AND seq <= :last AND recommendation_id IS NULL AND event IN ('buy', 'borrow')
), users AS (
  SELECT seq, user_id FROM buys WHERE user_id IS NOT NULL
  UNION SELECT b.seq, e.user_id FROM buys b JOIN events e ON e.session_id = b.session_id WHERE e.user_id IS NOT NULL
), sessions AS (
  SELECT seq, session_id FROM buys WHERE session_id IS NOT NULL
  UNION SELECT u.seq, e.session_id FROM users u JOIN events e ON e.user_id = u.user_id WHERE e.session_id IS NOT NULL
), met AS (
  SELECT b.seq, b.at, s.number, s.shown_at, iif(s.clicked_at <= b.at + :slack, s.clicked_at, NULL) AS clicked_at
  FROM buys b JOIN users u USING (seq) JOIN showings s ON s.user_id = u.user_id AND s.item_id = b.item_id
  UNION
  SELECT b.seq, b.at, s.number, s.shown_at, iif(s.clicked_at <= b.at + :slack, s.clicked_at, NULL)
  FROM buys b JOIN sessions v USING (seq) JOIN showings s ON s.session_id = v.session_id AND s.item_id = b.item_id
), ranked AS (
  SELECT number, row_number() OVER (
    PARTITION BY seq ORDER BY clicked_at IS NULL, coalesce(clicked_at, shown_at) DESC, number
  ) AS place
  FROM met WHERE at - coalesce(clicked_at, shown_at) BETWEEN -:slack AND :window
)
UPDATE showings SET bought = :last WHERE bought IS NULL AND number IN (SELECT number FROM ranked WHERE place = 1)
"""
_UNITS = """
INSERT OR IGNORE INTO units (experiment, unit, arm, shown)
SELECT experiment, unit, min(arm), :last FROM showings WHERE shown = :last AND arm IS NOT NULL
GROUP BY experiment, unit
"""
_UNITS_DID = """
UPDATE units SET {did} = :last WHERE {did} IS NULL AND (experiment, unit) IN (
  SELECT experiment, unit FROM showings WHERE {did} = :last AND arm IS NOT NULL
)
"""
_COUNTS = """
SELECT version, place, category, shown_at / 86400000, count(*) FILTER (WHERE shown = :last),
       count(*) FILTER (WHERE clicked = :last), count(*) FILTER (WHERE bought = :last)
FROM showings WHERE shown = :last OR clicked = :last OR bought = :last
GROUP BY 1, 2, 3, 4
"""
_ARM_COUNTS = """
SELECT experiment, arm, count(*) FILTER (WHERE shown = :last), count(*) FILTER (WHERE clicked = :last),
       count(*) FILTER (WHERE bought = :last)
FROM units WHERE shown = :last OR clicked = :last OR bought = :last
GROUP BY 1, 2
"""


class Batch(NamedTuple):
    """What was counted at once."""

    number: int
    """The last event in it."""
    exposures: list[dict[str, Any]]
    """version, place, category, day (number of days since 1970), shown, clicked, bought"""
    arms: list[dict[str, Any]]
    """experiment, arm, users, clickers, buyers: units that are new as such"""


class Counting:
    """Counts what lies in the file of an event log, for one process."""

    def __init__(self, path: Path) -> None:
        """Open the file, and make it where there is none."""
        self._database: sqlite3.Connection = open_events(path)
        self._database.create_function("answer", 2, _part, deterministic=True)
        [self.log] = self._database.execute("SELECT value FROM facts WHERE name = 'log'").fetchone()

    def next_items(self, most: int) -> tuple[int, int, list[str]]:
        """The next `most` events to count: the number before the first, that of the last, items in their answers."""
        [counted] = self._database.execute("SELECT value FROM facts WHERE name = 'counted'").fetchone()
        [last] = self._database.execute(
            "SELECT max(seq) FROM (SELECT seq FROM events WHERE seq > ? ORDER BY seq LIMIT ?)", (counted, most)
        ).fetchone()
        statement = (
            "SELECT DISTINCT item_id FROM events WHERE seq > ? AND seq <= ? AND recommendation_id IS NOT NULL "
            "ORDER BY item_id"
        )
        items = self._database.execute(statement, (counted, last)).fetchall() if last else []
        return counted, last or counted, [item for (item,) in items]

    def count(self, counted: int, last: int, categories: Mapping[str, str]) -> None:
        """Count the events after `counted` up to `last`; nothing where somebody else has done so meanwhile."""
        self._database.create_function("category_of", 1, categories.get)
        values = {"from": counted, "last": last, "now": time.time_ns() // 1_000_000}
        values |= {"slack": SLACK_MS, "window": WINDOW_HOURS * 3_600_000, "counts": COUNTS_DAYS * 86_400_000}
        self._database.execute("BEGIN IMMEDIATE")
        try:
            [before] = self._database.execute("SELECT value FROM facts WHERE name = 'counted'").fetchone()
            if before == counted:
                self._count(values)
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    def after(self, number: int) -> list[Batch]:
        """The batches that were counted after one, in order."""
        rows = self._database.execute("SELECT batch, content FROM counts WHERE batch > ? ORDER BY batch", (number,))
        return [Batch(batch, **json.loads(content)) for batch, content in rows.fetchall()]

    def mark_flushed(self, last: int) -> None:
        """What is counted up to this event is in the graph."""
        self._database.execute(
            "UPDATE events SET flushed = ? WHERE flushed IS NULL AND seq <= ? AND event IN ('impression', 'click')",
            (time.time_ns() // 1_000_000, last),
        )

    def forget(self) -> None:
        """Remove what was counted `KEPT_DAYS` ago."""
        limit = (time.time_ns() // 1_000_000 - KEPT_DAYS * 86_400_000,)
        self._database.execute("DELETE FROM showings WHERE counted < ?", limit)
        self._database.execute("DELETE FROM counts WHERE made < ?", limit)

    def close(self) -> None:
        """Close the connection."""
        self._database.close()

    def _count(self, values: dict[str, int]) -> None:
        for statement in (_SHOWN, _CLICKED, _BOUGHT_BY_NAME, _BOUGHT, _UNITS):
            self._database.execute(statement, values)
        for did in ("clicked", "bought"):
            self._database.execute(_UNITS_DID.format(did=did), values)
        names = ("version", "place", "category", "day", "shown", "clicked", "bought")
        exposures = [dict(zip(names, row, strict=True)) for row in self._database.execute(_COUNTS, values)]
        names = ("experiment", "arm", "users", "clickers", "buyers")
        arms = [dict(zip(names, row, strict=True)) for row in self._database.execute(_ARM_COUNTS, values)]
        if exposures:
            content = json.dumps({"exposures": exposures, "arms": arms})
            self._database.execute("INSERT INTO counts VALUES (:last, :now, :content)", {**values, "content": content})
        self._database.execute("UPDATE facts SET value = :last WHERE name = 'counted'", values)


def _part(text: str, name: str) -> str | int | None:
    """A part of what the id of an answer tells, for SQL."""
    answer = read_answer(text)
    if name == "made":
        return answer.made if answer else None
    if name == "version":
        return answer.version if answer else UNKNOWN
    if name == "place":
        return (answer.place if answer else None) or UNNAMED
    return getattr(answer.assignment, name) if answer and answer.assignment else None
