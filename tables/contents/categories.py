"""Categories of items in time, and the check that the category tree is a tree."""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from jaxtyping import Bool, Int
from numpy import ndarray

from kartograph.tables.engine import Rows, store
from kartograph.tables.report import Report
from kartograph.tables.schema import CATEGORIES, CATEGORY_TREE


def category_history(observed: ir.Table, report: Report) -> ir.Table:
    """Turn observations `item_id, category_id, timestamp` into the periods of ITEM_CATEGORIES.

    A category holds from its observation until the next different one, the first also before it was observed. Of
    several at one instant the smallest id holds; how often that was so goes into the report. `seen` has every
    observation: where one of another category comes in a later load and lies between two of them, the second begins a
    new period.
    """
    instants: Rows = store(
        "category_instants",
        observed.group_by("item_id", "timestamp").agg(
            category_id=observed.category_id.min(),
            several=observed.category_id.max() != observed.category_id.min(),
        ),
    )
    report.note(
        "instants at which an item had several categories: the smallest id holds",
        instants.several.sum().to_pyarrow().as_py() or 0,
    )
    by_time = ibis.window(group_by="item_id", order_by="timestamp")
    former = instants.mutate(former=instants.category_id.lag().over(by_time))
    begins = former.former.isnull() | (former.former != former.category_id)
    so_far = ibis.cumulative_window(group_by="item_id", order_by="timestamp")
    runs = former.mutate(begins=begins.cast("int64"))
    runs = runs.mutate(run=runs.begins.sum().over(so_far))
    periods = runs.group_by("item_id", "run").agg(
        category_id=runs.category_id.min(), since=runs.timestamp.min(), seen=runs.timestamp.collect()
    )
    by_run = ibis.window(group_by="item_id", order_by="run")
    return periods.select(
        "item_id",
        "category_id",
        since=ibis.ifelse(periods.run == 1, ibis.null("int64"), periods.since.cast("int64")),
        until=periods.since.lead().over(by_run).cast("int64"),
        seen=periods.seen.sort().cast("array<int64>"),
    )


def category_at(events: ir.Table, history: ir.Table) -> ir.Table:
    """Add `category_id`, the item's category at the event's `timestamp`; the current one where there is no time.

    The periods of one item never overlap, so that each event falls into at most one of them: an ASOF join, written as a
    join that every engine knows.
    """
    periods = history.select(period_item="item_id", category_id="category_id", since="since", until="until")
    begun = periods.since.isnull() | (events.timestamp >= periods.since) | events.timestamp.isnull()
    running = periods.until.isnull() | (events.timestamp < periods.until)
    joined = events.left_join(periods, [events.item_id == periods.period_item, begun, running])
    return joined.drop("period_item", "since", "until")


@dataclass(frozen=True)
class Tree:
    """The categories of a shop and how they are connected."""

    edges: ir.Table
    """CATEGORY_TREE, one row per edge without roots: no self parents, no duplicates, no cycles."""
    categories: ir.Table
    """CATEGORIES: every category that any table names, with its level."""


def category_tree(tree: ir.Table, categories: ir.Table, used: ir.Table, report: Report) -> Tree:
    """Check a tree `category_id, parent_id` and give every category its level, the shortest way from a root.

    `categories` has the codes (of several the first by letters), `used` the ids (`category_id`) that items have.
    Duplicate rows and self parents are dropped, and so is every edge on a cycle. A parent that is no row of its own
    becomes a root. All are reported.
    """
    backend = used.get_backend()
    rows = tree.select(*CATEGORY_TREE).to_pyarrow().to_pandas()
    report.note("duplicate rows of the category tree", int(rows.duplicated().sum()))
    rows = rows.drop_duplicates()
    own = rows["category_id"] == rows["parent_id"]
    report.note("categories that are their own parent", int(own.sum()))
    edges = rows[rows["parent_id"].notna() & ~own]
    dangling = set(edges["parent_id"]) - set(rows["category_id"])
    report.note("parents that are no category of the tree, taken as roots", len(dangling))

    codes = categories.select("category_id", "code").to_pyarrow().to_pandas()
    codes = codes.sort_values(["category_id", "code"]).drop_duplicates("category_id")
    known = used.select("category_id").distinct().to_pyarrow().to_pandas()["category_id"].dropna()
    ids = pd.Index(
        pd.concat([rows["category_id"], edges["parent_id"], codes["category_id"], known], ignore_index=True)
    ).unique()
    ids = ids.sort_values()
    child, parent = ids.get_indexer(pd.Index(edges["category_id"])), ids.get_indexer(pd.Index(edges["parent_id"]))
    cyclic, level = _levels(child, parent, len(ids))
    report.note("edges of the category tree that lie on a cycle, dropped", int(cyclic.sum()))
    edges = edges[~cyclic]
    report.note("further parents of categories that have several", int(edges["category_id"].duplicated().sum()))

    code = codes.set_index("category_id")["code"].reindex(ids)
    listed = pd.DataFrame({"category_id": ids, "code": code.to_numpy(), "level": level})
    return Tree(
        store("category_tree", ibis.memtable(edges[list(CATEGORY_TREE)], schema=CATEGORY_TREE), backend),
        store("categories", ibis.memtable(listed, schema=CATEGORIES), backend),
    )


def _levels(
    child: Int[ndarray, " edges"], parent: Int[ndarray, " edges"], count: int
) -> tuple[Bool[ndarray, " edges"], Int[ndarray, " count"]]:
    """Which edges lie on a cycle, and the least number of the other edges from a root to each category."""
    if not len(child):
        return np.zeros(0, dtype=bool), np.zeros(count, dtype=np.int64)
    from scipy.sparse import coo_array  # a shop without a tree need not wait for SciPy
    from scipy.sparse.csgraph import connected_components, dijkstra

    def linked(start: ndarray, end: ndarray) -> coo_array:
        return coo_array((np.ones(len(start)), (start, end)), (count, count))

    _, component = connected_components(linked(child, parent), connection="strong")
    cyclic = component[child] == component[parent]
    child, parent = child[~cyclic], parent[~cyclic]
    roots = np.setdiff1d(np.arange(count), child)
    level = dijkstra(linked(parent, child).tocsr(), indices=roots, unweighted=True, min_only=True)
    return cyclic, np.asarray(level).astype(np.int64)
