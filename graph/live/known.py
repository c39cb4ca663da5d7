"""Reads what the graph already has of the users, sessions and items that a source touches.

It is read in packed rows, a row for each session with the list of its events, and stored beside the source's tables.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.schema as sch
import ibis.expr.types as ir
import neo4j
import numpy as np
import pyarrow as pa
from ibis.backends import BaseBackend

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.tables.derived.incremental import Known, Touched
from kartograph.tables.derived.incremental_catalogue import KnownCatalogue
from kartograph.tables.engine import store
from kartograph.tables.events import RELATIONSHIP_OF_EVENT
from kartograph.tables.progress import Progress, silent
from kartograph.tables.schema import (
    CATEGORIES,
    CATEGORY_TREE,
    ITEM_CATEGORIES,
    SESSION_ITEMS,
    SESSIONS,
    USER_ITEMS,
    USERS,
    Source,
)

CHUNK = 5_000
"""Ids in one question."""
PORTION = 200_000
"""Rows that are held as Python objects."""
_EVENT_OF_RELATIONSHIP = {kind: event for event, kind in RELATIONSHIP_OF_EVENT.items()}
Row = tuple[Any, ...]


def read_known(graph: Graph, touched: Touched, backend: BaseBackend, progress: Progress = silent) -> Known:
    """Read the sessions that the source names, the touched users and those who had these sessions, and all of theirs.

    All of theirs are their sessions, with all events, and their aggregated edges.
    """
    asking = _BatchedQuery(graph, progress)
    users, edges = _ColumnBuffer(USERS), _ColumnBuffer(USER_ITEMS)
    sessions, session_items = _ColumnBuffer(SESSIONS), _ColumnBuffer(SESSION_ITEMS)
    seen: set[str] = set()
    concerned = set(asking.ids(touched.users, "User"))

    def take(rows: Iterable[Row]) -> None:
        for session, user, *rest, events in rows:
            if session not in seen:
                seen.add(session)
                sessions.add((session, user, *rest))
                session_items.extend((session, *event) for event in events)
                if user is not None:
                    concerned.add(user)

    take(asking.about("known_sessions_by_name", "names", asking.ids(touched.sessions, "Session")))
    users.extend(asking.about("known_users", "users", sorted(concerned)))
    known_users = [row[0] for row in users.rows]
    take(asking.about("known_sessions", "users", known_users))
    for user, of_user in asking.about("known_edges", "users", known_users):
        edges.extend((user, item, _EVENT_OF_RELATIONSHIP[kind], *rest) for item, kind, *rest in of_user)
    return Known(*(table.stored(backend) for table in (users, sessions, session_items, edges)))


def read_keys(graph: Graph, users: ir.Table, backend: BaseBackend, progress: Progress = silent) -> ir.Table:
    """Read the keys of all events of some users: `event_key`."""
    asking, keys = _BatchedQuery(graph, progress), _ColumnBuffer(ibis.schema({"event_key": "string"}))
    for _, of_user in asking.about("known_keys", "users", asking.ids(users, "User")):
        keys.extend((key,) for key in of_user)
    return keys.stored(backend)


def read_catalogue(
    graph: Graph, source: Source, items: ir.Table, backend: BaseBackend, progress: Progress = silent
) -> KnownCatalogue:
    """Read the items that the source names, with the properties that it has, and all categories."""
    asking = _BatchedQuery(graph, progress)
    kinds = {name: kind.copy(nullable=True) for name, kind in source.items.schema().items()}
    names = [name for name in kinds if name != "item_id"]
    known_values = _ColumnBuffer(ibis.schema({"item_id": kinds["item_id"]} | {name: kinds[name] for name in names}))
    histories, categories, tree = (
        _ColumnBuffer(ITEM_CATEGORIES),
        _ColumnBuffer(CATEGORIES),
        _ColumnBuffer(CATEGORY_TREE),
    )
    known_items = []
    for item, values in asking.about("known_items", "items", asking.ids(items, "Item"), names=names):
        known_items.append(item)
        known_values.add((item, *(_fitting(value, kinds[name]) for name, value in zip(names, values, strict=True))))
    periods = asking.about("known_histories", "items", known_items)
    histories.extend((*rest, np.asarray(seen, np.int64)) for *rest, seen in periods)  # a quarter of a list's memory
    for category, code, level, parents in asking.rows("known_categories"):
        categories.add((category, code, level))
        tree.extend((category, parent) for parent in parents)
    return KnownCatalogue(*(table.stored(backend) for table in (known_values, histories, categories, tree)))


def _fitting(value: Any, kind: dt.DataType) -> Any:
    """A value as the source has it; none where the graph holds another kind of value, so that the source's holds."""
    if kind.is_string():
        return value if isinstance(value, str) else None
    if kind.is_boolean():
        return value if isinstance(value, bool) else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


@dataclass(frozen=True)
class _BatchedQuery:
    """Asks the graph about many ids, some at a time."""

    graph: Graph
    progress: Progress

    def ids(self, table: ir.Table, label: str) -> list[str]:
        """The ids of a table of one column; none where the graph has no node with the label."""
        if not self.rows(f"has_{label.lower()}s")[0][0]:
            return []
        return sorted(table.to_pyarrow()[0].to_pylist())

    def about(self, name: str, parameter: str, ids: Sequence[str], **others: Any) -> Iterator[Row]:
        """The rows that the statement returns about all ids."""
        for start in range(0, len(ids), CHUNK):
            self.progress(f"Reading what the graph has ({name.replace('_', ' ')})", start, len(ids))
            yield from self.rows(name, **{parameter: ids[start : start + CHUNK]}, **others)

    def rows(self, name: str, **parameters: Any) -> list[Row]:
        text = queries.load(f"load/{name}").text

        def read(transaction: neo4j.ManagedTransaction) -> list[Row]:
            return [tuple(row) for row in transaction.run(text, parameters).values()]

        with self.graph.driver.session(
            database=self.graph.database,
            default_access_mode=neo4j.READ_ACCESS,
            # A graph without a property that is asked for is an early one, not a mistake.
            notifications_disabled_classifications=[neo4j.NotificationDisabledClassification.UNRECOGNIZED],
        ) as session:
            return session.execute_read(read)


@dataclass
class _ColumnBuffer:
    """A table that rows are added to."""

    schema: sch.Schema
    rows: list[Row] = field(default_factory=list)
    parts: list[pa.Table] = field(default_factory=list)

    def add(self, row: Row) -> None:
        self.rows.append(row)

    def extend(self, rows: Iterable[Row]) -> None:
        self.rows.extend(rows)
        if len(self.rows) >= PORTION:
            self._pack()

    def stored(self, backend: BaseBackend) -> ir.Table:
        """The rows as a table of the back end."""
        self._pack()
        return store("known", ibis.memtable(pa.concat_tables(self.parts)), backend)

    def _pack(self) -> None:
        """Turn rows into columns, which take a tenth of their memory."""
        fields = [pa.field(name, kind.to_pyarrow()) for name, kind in self.schema.items()]
        columns = list(zip(*self.rows, strict=True)) or [()] * len(fields)
        arrays = [pa.array(column, type=one.type) for column, one in zip(columns, fields, strict=True)]
        self.parts.append(pa.Table.from_arrays(arrays, schema=pa.schema(fields)))
        self.rows = []
