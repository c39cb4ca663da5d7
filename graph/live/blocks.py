"""Cuts changes into transactions.

A block holds whole units (a user, or a session without one), in the order of their ids, up to a number of rows.
"""

from collections.abc import Iterator

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from kartograph.graph.live.statements import COLUMNS, Block, statements_of
from kartograph.tables.derived.incremental import Changes
from kartograph.tables.engine import Rows, count_rows, store
from kartograph.tables.events import RELATIONSHIP_OF_EVENT

AT_ONCE = 16
"""Blocks that are fetched together."""
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
    "user_items_removed": ["user_id", "item_id", "kind"],
}


def blocks(changes: Changes, size: int, marks: bool = False) -> Iterator[Block]:
    """Cut changes into blocks of about `size` rows; with `marks` they mark what they change."""
    tables: dict[str, Rows] = changes.tables()  # pyright: ignore[reportAssignmentType]
    filled = {name: table for name, table in tables.items() if count_rows(table)}
    if not filled:
        return
    units = ibis.union(*(table.select(unit=table.unit.cast("string")) for table in filled.values()), distinct=False)
    weights = units.group_by("unit").agg(rows=units.count())
    so_far = weights.rows.sum().over(  # pyright: ignore[reportAttributeAccessIssue]
        ibis.cumulative_window(order_by="unit")
    )
    backend = changes.users_added.get_backend()
    block_of: Rows = store("block_of", weights.select("unit", block=((so_far - 1) // size).cast("int64")), backend)
    placed: dict[str, Rows] = {name: _placed(name, table, block_of) for name, table in tables.items()}
    empty = {name: table.drop("block").schema().to_pyarrow().empty_table() for name, table in placed.items()}
    stored = {name: store(f"placed_{name}", placed[name], backend) for name in filled}
    last = block_of.block.max().to_pyarrow().as_py()
    for start in range(0, last + 1, AT_ONCE):
        fetched = {name: _fetched(table, start, _ORDER[name]) for name, table in stored.items()}
        for number in range(start, min(start + AT_ONCE, last + 1)):
            yield statements_of(empty | {name: of[number] for name, of in fetched.items() if number in of}, marks)


def _placed(name: str, table: Rows, block_of: Rows) -> ir.Table:
    joined = table.join(block_of, "unit")
    if "kind" in COLUMNS[name]:
        kinds = [(joined.event == event, kind) for event, kind in RELATIONSHIP_OF_EVENT.items()]
        joined = joined.mutate(kind=ibis.cases(*kinds))
    return joined.select("block", *COLUMNS[name])


def _fetched(table: Rows, start: int, order: list[str]) -> dict[int, pa.Table]:
    """Rows of some blocks, by block; blocks without rows are left out, all of them perhaps."""
    some = table.filter(table.block >= start, table.block < start + AT_ONCE).order_by("block", *order).to_pyarrow()
    numbers, first, count = np.unique(some["block"].to_numpy(), return_index=True, return_counts=True)
    rows = some.drop_columns("block")
    return {number: rows.slice(begin, size) for number, begin, size in zip(numbers, first, count, strict=True)}
