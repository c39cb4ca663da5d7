"""How are changes cut into transactions, and what does each statement of one get?

A block holds whole units (a user, or a session without one), in the order of their ids, up to a number of rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import ibis
import ibis.expr.types as ir

from kartograph.graph.bulk.files import RELATIONSHIP_OF_EVENT
from kartograph.tables.engine import Rows, store
from kartograph.tables.incremental import Changes

AT_ONCE = 16
"""Blocks that are fetched together."""
EVENT_COLUMNS = ("item_id", "position", "at", "event", "event_key", "category_id", "place", "anonymous")
SESSION_COLUMNS = ("session_id", "user_id", "started", "ended", "length", "named")
Parameters = dict[str, list[Any]]
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Block:
    """One transaction."""

    statements: list[tuple[str, Parameters]]
    """Names of statements in `queries/load/` and their parameters, in the order in which they run."""
    rows: int
    """Events that are new to the graph."""


def blocks(changes: Changes, size: int) -> Iterator[Block]:
    """Cut changes into blocks of about `size` rows."""
    tables: dict[str, Rows] = changes.tables()  # pyright: ignore[reportAssignmentType]
    units = ibis.union(*(table.select(unit=table.unit.cast("string")) for table in tables.values()))
    weights = units.group_by("unit").agg(rows=units.count())
    so_far = weights.rows.sum().over(  # pyright: ignore[reportAttributeAccessIssue]
        ibis.cumulative_window(order_by="unit")
    )
    backend = changes.users_added.get_backend()
    block_of: Rows = store("block_of", weights.select("unit", block=((so_far - 1) // size).cast("int64")), backend)
    last = block_of.block.max().to_pyarrow().as_py()
    if last is None:
        return
    placed = {name: store(f"placed_{name}", _placed(name, table, block_of), backend) for name, table in tables.items()}
    for start in range(0, last + 1, AT_ONCE):
        fetched = {name: _fetched(table, start) for name, table in placed.items()}
        for number in range(start, min(start + AT_ONCE, last + 1)):
            block = _block({name: of.get(number, []) for name, of in fetched.items()})
            if block.statements:
                yield block


_ORDER = {
    "sessions_removed": ["session_id"],
    "session_items_removed": ["session_id", "event_key"],
    "users_added": ["user_id"],
    "users_changed": ["user_id"],
    "sessions_added": ["session_id"],
    "sessions_changed": ["session_id"],
    "session_items_added": ["session_id", "position"],
    "session_items_changed": ["session_id", "position"],
    "user_items_added": ["user_id", "item_id", "kind"],
    "user_items_changed": ["user_id", "item_id", "kind"],
}
_COLUMNS = {
    "sessions_removed": ("session_id",),
    "session_items_removed": ("session_id", "event_key"),
    "users_added": ("user_id", "first_seen", "last_seen"),
    "users_changed": ("user_id", "first_seen", "last_seen"),
    "sessions_added": SESSION_COLUMNS,
    "sessions_changed": SESSION_COLUMNS,
    "session_items_added": ("session_id", "fresh", *EVENT_COLUMNS),
    "session_items_changed": ("session_id", "event_key", "position", "category_id", "place", "anonymous"),
    "user_items_added": ("user_id", "item_id", "kind", "count", "first", "last"),
    "user_items_changed": ("user_id", "item_id", "kind", "count", "first", "last"),
}


def _placed(name: str, table: Rows, block_of: Rows) -> ir.Table:
    joined = table.join(block_of, "unit")
    if "kind" in _COLUMNS[name]:
        kinds = [(joined.event == event, kind) for event, kind in RELATIONSHIP_OF_EVENT.items()]
        joined = joined.mutate(kind=ibis.cases(*kinds))
    return joined.select("block", *_COLUMNS[name]).order_by("block", *_ORDER[name])


def _fetched(table: Rows, start: int) -> dict[int, list[Row]]:
    """Rows of some blocks, by block, without its number."""
    some = table.filter(table.block >= start, table.block < start + AT_ONCE).to_pyarrow()
    numbers, *columns = (column.to_pylist() for column in some.columns)
    rows = zip(*columns, strict=True)
    return {
        number: [row for _, row in of] for number, of in groupby(zip(numbers, rows, strict=True), key=itemgetter(0))
    }


def _block(rows: dict[str, list[Row]]) -> Block:
    """The statements of one block; those without rows are left out."""
    added = {session: [row[2:] for row in of] for session, of in _grouped(rows["session_items_added"])}
    created = [(*row, added.pop(row[0], [])) for row in rows["sessions_added"]]
    statements: list[tuple[str, Parameters]] = [
        ("delete_sessions", {"sessions": [row[0] for row in rows["sessions_removed"]]}),
        (
            "delete_events",
            {
                "rows": [
                    {"session": session, "keys": [row[1] for row in of]}
                    for session, of in _grouped(rows["session_items_removed"])
                ]
            },
        ),
        ("create_users", {"rows": rows["users_added"]}),
        ("change_users", {"rows": rows["users_changed"]}),
        ("create_sessions", {"rows": created}),
        ("change_sessions", {"rows": rows["sessions_changed"]}),
        ("create_events", {"rows": list(added.items())}),
        (
            "change_events",
            {
                "rows": [
                    (session, {row[1]: row[2:] for row in of})
                    for session, of in _grouped(rows["session_items_changed"])
                ]
            },
        ),
        (
            "create_edges",
            {"rows": [(user, [row[1:] for row in of]) for user, of in _grouped(rows["user_items_added"])]},
        ),
        (
            "change_edges",
            {"rows": [(user, [row[1:] for row in of]) for user, of in _grouped(rows["user_items_changed"])]},
        ),
    ]
    return Block(
        [(name, given) for name, given in statements if any(given.values())],
        sum(row[1] for row in rows["session_items_added"]),
    )


def _grouped(rows: list[Row]) -> Iterator[tuple[Any, list[Row]]]:
    """Rows by their first value; they are sorted by it."""
    for key, of in groupby(rows, key=itemgetter(0)):
        yield key, list(of)
