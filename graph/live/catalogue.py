"""Which transactions write what changed in the catalogue: items, categories, the tree, histories."""

from collections.abc import Callable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import ibis.expr.types as ir

from kartograph.graph.live.statements import Block
from kartograph.tables.derived.incremental_catalogue import CatalogueChanges

_TIMES_OF_ROW = 50
"""Observations of categories that a transaction has at most, for each of its rows: an item may have very many."""
Parameter = Callable[[list[dict[str, Any]]], list[Any]]


def catalogue_blocks(changes: CatalogueChanges, size: int) -> Iterator[Iterator[Block]]:
    """Blocks of about `size` rows, in groups: what is in one group needs what the groups before it wrote."""
    yield _cut(changes.items_added, "create_items", _new_items, size)
    yield _cut(changes.items_changed, "change_items", _items, size)
    yield _cut(changes.categories_changed, "write_categories", _categories, size)
    yield _cut(changes.edges_removed, "delete_tree_edges", _edges, size)
    yield _cut(changes.edges_added, "create_tree_edges", _edges, size)
    yield _histories(changes.item_categories, "write_histories", size)
    yield _histories(changes.observations, "write_observations", size)


def popularity_blocks(items: list[str], size: int) -> Iterator[Block]:
    """Blocks that count the events of items anew."""
    for start in range(0, len(items), size):
        yield Block([("count_events_of_items", {"items": items[start : start + size]})], rows=0)


def _cut(table: ir.Table, statement: str, parameter: Parameter, size: int) -> Iterator[Block]:
    for batch in table.order_by(table.columns[:2]).to_pyarrow().to_batches(max_chunksize=size):
        if batch.num_rows:
            yield Block([(statement, {"rows": parameter(batch.to_pylist())})], rows=0)


def _new_items(rows: list[dict[str, Any]]) -> list[Any]:
    return [{**row, "popularity": 0} for row in _items(rows)]


def _items(rows: list[dict[str, Any]]) -> list[Any]:
    return [{"id" if name == "item_id" else name: value for name, value in row.items()} for row in rows]


def _categories(rows: list[dict[str, Any]]) -> list[Any]:
    return [{"id": row["category_id"], "code": row["code"], "level": row["level"]} for row in rows]


def _edges(rows: list[dict[str, Any]]) -> list[Any]:
    return [{"category": row["category_id"], "parent": row["parent_id"]} for row in rows]


def _histories(table: ir.Table, statement: str, size: int) -> Iterator[Block]:
    """All periods of an item stay together."""
    columns = table.order_by("item_id", "since").to_pyarrow().to_pylist()
    some, times = [], 0
    for item, of in groupby(columns, key=itemgetter("item_id")):
        periods = [[row[name] for name in ("category_id", "since", "until", "seen")] for row in of]
        more = sum(len(seen or ()) for *_, seen in periods)
        if some and (len(some) >= size or times + more > _TIMES_OF_ROW * size):
            yield Block([(statement, {"rows": some})], rows=0)
            some, times = [], 0
        some.append({"item": item, "periods": periods})
        times += more
    if some:
        yield Block([(statement, {"rows": some})], rows=0)
