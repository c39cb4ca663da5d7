"""Parameters of each statement of a transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import pyarrow as pa
import pyarrow.compute

Parameters = dict[str, list[Any]]
compute: Any = pyarrow.compute
"""Its functions are made at run time, where a type checker sees none of them."""
_EVENT_VALUES = ("position", "at", "event", "event_key", "category_id", "place", "anonymous", "quantity", "returned")
_SESSION_VALUES = ("started", "ended", "length", "named")
_EDGE_VALUES = ("kind", "count", "first", "last")
COLUMNS = {
    "sessions_removed": ("session_id",),
    "session_items_removed": ("session_id", "event_key"),
    "users_added": ("user_id", "first_seen", "last_seen"),
    "users_changed": ("user_id", "first_seen", "last_seen"),
    "sessions_added": ("session_id", "user_id", *_SESSION_VALUES),
    "sessions_changed": ("session_id", "user_id", *_SESSION_VALUES),
    "session_items_added": ("session_id", "item_id", *_EVENT_VALUES, "kept", "fresh"),
    "session_items_changed": (
        *("session_id", "event_key", "position", "category_id", "place", "anonymous", "quantity", "returned"),
    ),
    "user_items_added": ("user_id", "item_id", *_EDGE_VALUES),
    "user_items_changed": ("user_id", "item_id", *_EDGE_VALUES),
    "user_items_removed": ("user_id", "item_id", "kind"),
}
"""The tables of a block and their columns, in the order in which the statements take them."""
_REORDERED = ("sessions_removed", "session_items_removed", "session_items_changed")
"""Where pairs of a session go, or come further apart."""
_SESSIONS = ("sessions_added", "session_items_added", "session_items_changed", "session_items_removed")
_USERS = ("user_items_added", "user_items_changed", "user_items_removed")


@dataclass(frozen=True)
class Block:
    """One transaction."""

    statements: list[tuple[str, Parameters]]
    """Names of statements in `queries/load/` and their parameters, in the order in which they run."""
    rows: int
    """Events that are new to the graph."""
    marked: bool = True
    """Whether it marks all that it changes of pairs and preferences, so that the enrichment need not look elsewhere."""


def statements_of(tables: dict[str, pa.Table], marks: bool = False) -> Block:
    """The statements of one block, whose tables are sorted by their first column; those without rows are left out.

    With `marks` the block marks what it changes, for the next enrichment.
    """
    events = tables["session_items_added"]
    is_new = _places(_column(events, "session_id"), _column(tables["sessions_added"], "session_id")).is_valid()
    removed, changed = tables["session_items_removed"], tables["session_items_changed"]
    all_events = events.drop_columns("fresh")
    at_once = compute.and_(is_new, events["kept"].combine_chunks())
    statements: list[tuple[str, Parameters]] = [
        ("mark_items", {"sessions": _ids(tables, "session_id", _REORDERED) if marks else []}),
        ("delete_sessions", {"sessions": tables["sessions_removed"]["session_id"].to_pylist()}),
        ("delete_events", {"rows": [{"session": id, "keys": [key for (key,) in of]} for id, of in _grouped(removed)]}),
        ("create", _created(tables, all_events.filter(at_once).drop_columns("kept"))),
        ("change_users", {"rows": _rows(tables["users_changed"])}),
        ("change_sessions", {"rows": _rows(tables["sessions_changed"])}),
        ("create_events", {"rows": list(_grouped(all_events.filter(compute.invert(at_once))))}),
        ("change_events", {"rows": [(id, {key: values for key, *values in of}) for id, of in _grouped(changed)]}),
        ("change_edges", {"rows": list(_grouped(tables["user_items_changed"]))}),
        ("delete_edges", {"rows": list(_grouped(tables["user_items_removed"]))}),
        ("mark_changed", _changed(tables) if marks else {}),
    ]
    rows = compute.sum(events["fresh"]).as_py() or 0
    return Block([(name, given) for name, given in statements if any(given.values())], rows, marks)


def _changed(tables: dict[str, pa.Table]) -> Parameters:
    return {"sessions": _ids(tables, "session_id", _SESSIONS), "users": _ids(tables, "user_id", _USERS)}


def _ids(tables: dict[str, pa.Table], name: str, of: Sequence[str]) -> list[str]:
    return pa.concat_arrays([_column(tables[table], name) for table in of]).drop_null().unique().to_pylist()


def _created(tables: dict[str, pa.Table], events: pa.Table) -> Parameters:
    """What `create` gets, with users, sessions and items as places; `events` are those of new sessions that count."""
    users, sessions, edges = tables["users_added"], tables["sessions_added"], tables["user_items_added"]
    new, owners = _column(users, "user_id"), _column(sessions, "user_id").drop_null()
    touched = pa.concat_arrays([owners, _column(edges, "user_id")]).unique()
    known = touched.filter(_places(touched, new).is_null())
    everybody = pa.concat_arrays([new, known])
    items = pa.concat_arrays([_column(events, "item_id"), _column(edges, "item_id")]).unique()
    return {
        "users": _rows(users),
        "known": known.to_pylist(),
        "items": items.to_pylist(),
        "sessions": _rows(_with_places(sessions, user_id=everybody)),
        "events": _rows(_with_places(events, session_id=_column(sessions, "session_id"), item_id=items)),
        "edges": _rows(_with_places(edges, user_id=everybody, item_id=items)),
    }


def _with_places(table: pa.Table, **among: pa.Array) -> pa.Table:
    """The table with the places of values, among those given for their column, instead of them."""
    for name, values in among.items():
        table = table.set_column(table.column_names.index(name), name, _places(_column(table, name), values))
    return table


def _places(values: pa.Array, among: pa.Array) -> pa.Array:
    """Where each value stands among others; null where it does not."""
    return compute.index_in(values, value_set=among)


def _column(table: pa.Table, name: str) -> pa.Array:
    return table[name].combine_chunks()


def _rows(table: pa.Table) -> list[tuple[Any, ...]]:
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def _grouped(table: pa.Table) -> Iterator[tuple[Any, list[tuple[Any, ...]]]]:
    """Rows by their first value, without it; they are sorted by it."""
    for key, of in groupby(_rows(table), key=itemgetter(0)):
        yield key, [row[1:] for row in of]
