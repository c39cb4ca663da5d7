"""The columns of every table of a shop, in one place.

Ids are always strings (at most `MAX_ID_BYTES` of UTF-8, never empty), times are integers: milliseconds since
1970-01-01 UTC. A `Shop` is what goes into the graph; a `Source` is what a loader makes of its files.
"""

from dataclasses import dataclass, field, fields

import ibis
import ibis.expr.types as ir

from kartograph.tables.report import Report

MAX_ID_BYTES = 4_000
"""Longest id in bytes of UTF-8: Neo4j's range index takes keys of about 8 kB, and an id needs an index."""

INTERACTIONS = ibis.schema(
    {
        "user_id": "string",  # null where the source knows sessions only
        "item_id": "!string",
        "event": "!string",  # one of EVENTS or of TAKES_BACK
        "timestamp": "int64",  # null where the source has an order but no times
        "session_id": "string",  # the source's own session, null where it has none
        "position": "int64",  # order within the session where there are no times, else null
    }
)
ITEMS = ibis.schema(
    {
        "item_id": "!string",
        "title": "string",
        "price": "float64",
        "brand": "string",
        "available": "boolean",
        "popularity": "int64",  # events on the item
    }
)
ITEM_CATEGORIES = ibis.schema(
    {
        "item_id": "!string",
        "category_id": "!string",
        "since": "int64",  # null: known from the beginning
        "until": "int64",  # null: the current one
        "seen": "array<int64>",  # when it was observed; null or empty where the source has no times
    }
)
CATEGORY_TREE = ibis.schema({"category_id": "!string", "parent_id": "string"})  # null parent: a root
CATEGORIES = ibis.schema({"category_id": "!string", "code": "string", "level": "int64"})  # roots are level 0
USERS = ibis.schema({"user_id": "!string", "first_seen": "int64", "last_seen": "int64"})
SESSIONS = ibis.schema(
    {
        "session_id": "!string",
        "user_id": "string",
        "started": "int64",
        "ended": "int64",
        "length": "int64",
        "named": "string",  # the source's own id of it where session_id does not tell it, see `sessions.named_by`
    }
)
SESSION_ITEMS = ibis.schema(
    {
        "session_id": "!string",
        "item_id": "!string",
        "position": "!int64",  # 0, 1, 2 … within the session, those that are taken back by themselves
        "at": "int64",
        "event": "!string",
        "event_key": "!string",  # what makes the event that event, see `identity`
        "category_id": "string",  # the item's category at that moment
        "place": "int64",  # the source's own position, null where it has none
        "anonymous": "boolean",  # true where the session has a user and the event has none, else null
        "quantity": "float64",  # null: 1
        "returned": "float64",  # how much of the quantity was taken back later; null: nothing
        "taken_back": "boolean",  # true where the event does not count: all of it was taken back, or it takes back
    }
)
USER_ITEMS = ibis.schema(
    {
        "user_id": "!string",
        "item_id": "!string",
        "event": "!string",
        "count": "!int64",
        "first": "int64",
        "last": "int64",
    }
)
CO_OCCURRENCE = ibis.schema({"a": "!string", "b": "!string", "weight": "!float64", "sessions": "!int64"})  # a < b


@dataclass(frozen=True)
class Source:
    """What a loader makes of its files: validated rows, before anything is derived from them."""

    name: str
    """The source's name, part of every event key and of the `:Load` node: "retailrocket"."""
    interactions: ir.Table
    """INTERACTIONS, and `quantity` (a number) where the source has quantities."""
    items: ir.Table
    """Item properties without `popularity`, which is derived; may hold items without events. Columns beyond ITEMS are
    properties that the source was asked to keep, text or numbers; they go into the graph under their names. A column
    `<property>_at` says since when the value is known, so that a later load can tell which of two is the later."""
    item_categories: ir.Table
    """Category history in the form of ITEM_CATEGORIES; empty where the source has none."""
    category_tree: ir.Table
    categories: ir.Table
    """`category_id, code`: codes where the source has them; categories of the tree need not be repeated."""
    report: Report = field(default_factory=Report)
    """What was read and refused; deriving adds what it put right."""


@dataclass(frozen=True)
class Shop:
    """Every table that becomes nodes and relationships, derived from a `Source`.

    `items` may have columns beyond ITEMS, those of the source's `items`.
    """

    users: ir.Table
    items: ir.Table
    categories: ir.Table
    category_tree: ir.Table
    item_categories: ir.Table
    sessions: ir.Table
    session_items: ir.Table
    user_items: ir.Table
    item_co_occurrence: ir.Table
    category_co_occurrence: ir.Table

    def tables(self) -> dict[str, ir.Table]:
        """The tables by name, in the order of their declaration."""
        return {field.name: getattr(self, field.name) for field in fields(self)}
