"""Which import files does a shop become: one expression per kind of node and relationship, in the importer's columns.

Neo4j's importer joins relationships to nodes by import ids. Here these are whole numbers, dense over all nodes, which
it takes for its own record numbers (`--id-type=actual`) and so needs no index of the real, textual ids.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
from ibis import _

from kartograph.tables.derived.taken_back import standing
from kartograph.tables.engine import Rows, count_rows, store
from kartograph.tables.errors import BadInput
from kartograph.tables.events import RELATIONSHIP_OF_EVENT
from kartograph.tables.schema import ITEMS, Shop

NODE_KEYS = {"users": "user_id", "items": "item_id", "categories": "category_id", "sessions": "session_id"}
_KNOWN = frozenset({*ITEMS, "node"})
End = tuple[str, str]
"""A column that holds ids, and the table of nodes that they belong to."""


@dataclass(frozen=True)
class ImportFile:
    """One file of the importer: nodes of one label, or relationships."""

    name: str
    """Name of the file without ending."""
    holds: Literal["nodes", "relationships"]
    kind: str
    """Label of the nodes or type of the relationships; empty where the column `:TYPE` says it."""
    table: ir.Table
    """Columns named as the importer's header wants them: `:ID`, `id`, `count:long` …"""
    rows: int
    """Rows that the file has to have: a lookup that loses one is an error."""


@dataclass(frozen=True)
class Numbered:
    """The tables of nodes with a column `node`: the import id, dense over all labels."""

    users: ir.Table
    items: ir.Table
    categories: ir.Table
    sessions: ir.Table
    count: int
    """How many ids are given; the next free one."""


def number_nodes(shop: Shop) -> Numbered:
    """Give every user, item, category and session its import id, in the order of their ids.

    The order makes the nodes' internal ids, and with them seeded graph algorithms, the same at every load.
    """
    tables: list[ir.Table] = []
    start = 0
    for name, key in NODE_KEYS.items():
        table: ir.Table = getattr(shop, name)
        numbered = table.mutate(node=ibis.row_number().over(order_by=key) + start)
        stored = store(f"numbered_{name}", numbered)
        tables.append(stored)
        start += count_rows(stored)
    return Numbered(*tables, count=start)


def import_files(shop: Shop, numbered: Numbered, run: str) -> Iterator[ImportFile]:
    """The files of a shop's nodes, then of its relationships; `run` goes onto the CO_OCCURS edges."""
    yield from _node_files(numbered)
    yield from _relationship_files(shop, numbered, run)


def _node_files(numbered: Numbered) -> Iterator[ImportFile]:
    def nodes(name: str, label: str, **properties: str) -> ImportFile:
        """Nodes with an import id, an id, and properties given as header = column."""
        table: ir.Table = getattr(numbered, name)
        columns = {header: table[column] for header, column in properties.items()}
        table = table.select(**{":ID": table.node, "id": table[NODE_KEYS[name]]}, **columns)
        return ImportFile(name, "nodes", label, table, count_rows(table))

    further = {_header(name, kind): name for name, kind in numbered.items.schema().items() if name not in _KNOWN}
    yield nodes("users", "User", **{"first_seen:long": "first_seen", "last_seen:long": "last_seen"})
    yield nodes(
        *("items", "Item"),
        **{"title": "title", "price:double": "price", "brand": "brand", "available:boolean": "available"},
        **{"popularity:long": "popularity"},
        **further,
    )
    yield nodes("categories", "Category", **{"code": "code", "level:long": "level"})
    yield nodes(
        *("sessions", "Session"),
        **{"started:long": "started", "ended:long": "ended", "length:long": "length", "named": "named"},
    )


def _relationship_files(shop: Shop, numbered: Numbered, run: str) -> Iterator[ImportFile]:
    def between(name: str, kind: str, table: ir.Table, start: End, end: End, **properties: str) -> ImportFile:
        """Relationships between the nodes that two columns name, with properties given as header = column."""
        (start_column, start_nodes), (end_column, end_nodes) = start, end
        starts = getattr(numbered, start_nodes).select(start_key=NODE_KEYS[start_nodes], start_node="node")
        ends = getattr(numbered, end_nodes).select(end_key=NODE_KEYS[end_nodes], end_node="node")
        joined = table.join(starts, table[start_column] == starts.start_key)
        joined = joined.join(ends, joined[end_column] == ends.end_key)
        columns = {header: joined[column] for header, column in properties.items()}
        joined = joined.select(**{":START_ID": joined.start_node, ":END_ID": joined.end_node}, **columns)
        return ImportFile(name, "relationships", kind, joined, count_rows(table))

    kind = ibis.cases(*((_.event == event, name) for event, name in RELATIONSHIP_OF_EVENT.items()))
    yield between(
        *("user_items", "", shop.user_items.mutate(kind=kind), ("user_id", "users"), ("item_id", "items")),
        **{":TYPE": "kind", "count:long": "count", "first:long": "first", "last:long": "last"},
    )
    with_user = shop.sessions.filter(shop.sessions.user_id.notnull()).select("user_id", "session_id")
    yield between("had", "HAD", with_user, ("user_id", "users"), ("session_id", "sessions"))
    events: Rows = shop.session_items
    for name, kind, rows in (
        ("includes", "INCLUDES", standing(events)),
        ("taken_back", "TAKEN_BACK", events.filter(events.taken_back.notnull())),
    ):
        yield between(
            *(name, kind, rows, ("session_id", "sessions"), ("item_id", "items")),
            **{"position:long": "position", "at:long": "at"},
            **{"event": "event", "event_key": "event_key", "category": "category_id"},
            **{"place:long": "place", "anonymous:boolean": "anonymous"},
            **{"quantity:double": "quantity", "returned:double": "returned"},
        )
    item, category = ("item_id", "items"), ("category_id", "categories")
    history = shop.item_categories
    yield between("in_category", "IN_CATEGORY", history.filter(history.until.isnull()), item, category)
    times = {"since:long": "since", "until:long": "until", "seen:long[]": "seen"}
    listed = history.mutate(seen=history.seen.cast("array<string>").join(";"))  # pyright: ignore[reportCallIssue, reportAttributeAccessIssue, reportArgumentType]
    yield between("was_in_category", "WAS_IN_CATEGORY", listed, item, category, **times)
    children = shop.category_tree.filter(shop.category_tree.parent_id.notnull())
    yield between("child_of", "CHILD_OF", children, category, ("parent_id", "categories"))
    for pairs, nodes in ((shop.item_co_occurrence, "items"), (shop.category_co_occurrence, "categories")):
        yield between(
            *(f"{nodes}_together", "CO_OCCURS", pairs.mutate(run=ibis.literal(run)), ("a", nodes), ("b", nodes)),
            **{"weight:double": "weight", "sessions:long": "sessions", "run": "run"},
        )


def _header(name: str, kind: dt.DataType) -> str:
    """The header of a property that the source was asked to keep.

    Raises:
        BadInput: a name that the importer would read as something else.
    """
    if ":" in name or name.lower() == "id":
        raise BadInput(
            f'An item property is called "{name}", which the importer would take for a type or an id; '
            "name it without a colon and not id."
        )
    if kind.is_boolean():
        return f"{name}:boolean"
    if kind.is_integer():
        return f"{name}:long"
    if kind.is_floating() or kind.is_decimal():
        return f"{name}:double"
    return name
