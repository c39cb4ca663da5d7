"""The file of the event log: its tables, and how an older file gets them.

events     what was sent; `flushed` is NULL until it went into the graph, or was counted
showings   an item in an answer that somebody saw, with what became of it; see `exposures.counting`
units      who takes part in an experiment, by hash
counts     what was counted, a row for each batch, until it is in every graph that may ask for it
facts      the id of this log, and the last event that was counted
"""

import sqlite3
from pathlib import Path
from uuid import uuid4

from kartograph.serving.catalogue.changes import connect

VERSION = 2
_TABLES = """
CREATE TABLE IF NOT EXISTS events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL UNIQUE, user_id TEXT, session_id TEXT,
  item_id TEXT NOT NULL, event TEXT NOT NULL, at INTEGER NOT NULL, recommendation_id TEXT, received INTEGER NOT NULL,
  flushed INTEGER, place TEXT
);
CREATE TABLE IF NOT EXISTS showings (
  number INTEGER PRIMARY KEY, recommendation_id TEXT NOT NULL, item_id TEXT NOT NULL,
  version TEXT NOT NULL, place TEXT NOT NULL, category TEXT, experiment TEXT, arm TEXT, unit TEXT,
  user_id TEXT, session_id TEXT, counted INTEGER NOT NULL, shown_at INTEGER NOT NULL, clicked_at INTEGER,
  shown INTEGER NOT NULL, clicked INTEGER, bought INTEGER, -- the batches in which each was counted
  UNIQUE (recommendation_id, item_id)
);
CREATE TABLE IF NOT EXISTS units (
  experiment TEXT NOT NULL, unit TEXT NOT NULL, arm TEXT NOT NULL,
  shown INTEGER NOT NULL, clicked INTEGER, bought INTEGER, PRIMARY KEY (experiment, unit)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counts (batch INTEGER PRIMARY KEY, made INTEGER NOT NULL, content TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value);
CREATE INDEX IF NOT EXISTS of_users ON events (user_id, at) WHERE user_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS of_sessions ON events (session_id, at) WHERE session_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS of_times ON events (at);
CREATE INDEX IF NOT EXISTS waiting ON events (seq) WHERE flushed IS NULL;
CREATE INDEX IF NOT EXISTS showings_of_users ON showings (user_id, item_id) WHERE user_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS showings_of_sessions ON showings (session_id, item_id) WHERE session_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS showings_shown ON showings (shown);
CREATE INDEX IF NOT EXISTS showings_clicked ON showings (clicked) WHERE clicked IS NOT NULL;
CREATE INDEX IF NOT EXISTS showings_bought ON showings (bought) WHERE bought IS NOT NULL;
"""


def open_events(path: Path) -> sqlite3.Connection:
    """Open the file, make it where there is none, and give an older one what it lacks."""
    database = connect(path)
    if database.execute("PRAGMA user_version").fetchone()[0] == VERSION:
        return database
    database.execute("BEGIN IMMEDIATE")
    columns = [row[1] for row in database.execute("PRAGMA table_info(events)")]
    if columns and "place" not in columns:  # impressions were not counted, and marked so that they wait for nothing
        database.execute("ALTER TABLE events ADD COLUMN place TEXT")
        database.execute("UPDATE events SET flushed = NULL WHERE flushed = -1")
    for statement in _TABLES.split(";\n"):
        database.execute(statement)
    database.execute("INSERT OR IGNORE INTO facts VALUES ('log', ?), ('counted', 0)", (uuid4().hex,))
    database.execute(f"PRAGMA user_version = {VERSION}")
    database.execute("COMMIT")
    return database
