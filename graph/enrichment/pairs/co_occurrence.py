"""How co-occurrence edges are counted on a running database; a bulk load brings them along instead."""

from typing import Any

import pandas as pd

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.enrichment.changes import StalePairs
from kartograph.graph.enrichment.kept import keep, kept_before
from kartograph.graph.enrichment.pairs.mixed_sessions import (
    MixedSessions,
    read_mixed_sessions,
    read_mixed_sessions_again,
)
from kartograph.tables.derived.co_occurrence import CoOccurrenceOptions

STEP = "co-occurrence"
ALL = 1_000_000_000
"""Stands for "no limit" where a statement needs a number."""
AT_ONCE = 10_000
"""Pairs, items or sessions in a message to the server."""


def write_item_co_occurrence(graph: Graph, run: str, options: CoOccurrenceOptions | None = None) -> int:
    """Count anew which items occur in the same sessions, and delete what is no more.

    The same edges as `tables.derived.co_occurrence` gives in bulk; they stay readable while they are replaced. Returns
    how many edges the shop has then.
    """
    graph.query(queries.load("enrich/item_co_occurrence"), write=True, items=None, **_given(run, options))
    graph.query(queries.load("enrich/delete_old_item_co_occurrence"), write=True, run=run)
    return _edges(graph, "item")


def write_category_co_occurrence(graph: Graph, run: str, options: CoOccurrenceOptions | None = None) -> int:
    """The same of categories, each item in the one that it had at that moment, else in the derived one."""
    graph.query(queries.load("enrich/category_co_occurrence"), write=True, **_given(run, options))
    graph.query(queries.load("enrich/delete_old_category_co_occurrence"), write=True, run=run)
    return _edges(graph, "category")


def write_given_category_co_occurrence(
    graph: Graph, run: str, options: CoOccurrenceOptions | None = None, changed: StalePairs | None = None
) -> int:
    """The edges of `write_category_co_occurrence` where no item has a derived category, which changes without a load.

    Only the sessions that `changed` are read where the run before kept the others and none was taken apart. Returns how
    many edges the shop has then.
    """
    former = kept_before(graph, STEP, run) if changed and not changed.items else None
    if former is None or changed is None:
        mixed = read_mixed_sessions(graph)
    else:
        mixed = read_mixed_sessions_again(graph, MixedSessions.kept(former), changed.sessions)
    _change_category_pairs(graph, run, mixed.pairs(options or CoOccurrenceOptions()))
    keep(graph, STEP, run, mixed.arrays())
    return _edges(graph, "category")


def _change_category_pairs(graph: Graph, run: str, counted: pd.DataFrame) -> None:
    """Make the graph hold these pairs of categories and no others."""
    held = graph.query(queries.load("enrich/category_pairs"))
    both = counted.merge(held, "outer", ["a", "b"], suffixes=("", "_held"), indicator="where")
    gone = both[both["where"] == "right_only"]
    for some in _parts(gone[["a", "b"]].to_numpy().tolist()):
        graph.query(queries.load("enrich/delete_category_pairs"), write=True, pairs=some)
    same = (both["weight"] == both["weight_held"]) & (both["sessions"] == both["sessions_held"])
    other = both[(both["where"] != "right_only") & ~same]
    rows = zip(other["a"], other["b"], other["weight"], other["sessions"].astype(int), strict=True)
    for some in _parts([list(row) for row in rows]):
        graph.query(queries.load("enrich/write_category_pairs"), write=True, pairs=some, run=run)


def write_changed_co_occurrence(
    graph: Graph, changed: StalePairs, run: str, options: CoOccurrenceOptions | None = None
) -> int:
    """The edges of `write_item_co_occurrence`, counted anew where sessions changed alone.

    Items that a change may have made weaker are counted as a whole. The pairs of the other changed sessions became
    stronger, or are new: they are counted over all their sessions, and of each item only edges that were among its top
    or are of such a pair can fall out of it. Returns how many edges the shop has then.
    """
    parameters = _given(run, options)
    window, top = parameters["window"], parameters.pop("top")
    items, rows = changed.items, [{"item": item, "stronger": ALL} for item in changed.items]
    for some in _parts(items):
        graph.query(queries.load("enrich/item_co_occurrence"), write=True, items=some, top=top, **parameters)
    if items:
        graph.query(queries.load("enrich/delete_former_pairs"), write=True, items=items, run=run)
    statement = queries.load("enrich/pairs_of_sessions")
    counted_pairs = [graph.query(statement, sessions=some, window=window) for some in _parts(changed.sessions)]
    if counted_pairs:
        pairs = pd.concat(counted_pairs).drop_duplicates()
        for some in _parts(pairs.to_numpy().tolist()):
            graph.query(queries.load("enrich/weigh_pairs"), write=True, pairs=some, **parameters)
        stronger = pd.concat([pairs["a"], pairs["b"]]).value_counts().drop(items, errors="ignore")
        rows += [{"item": item, "stronger": int(number)} for item, number in stronger.items()]
    for some in _parts(rows):
        graph.query(queries.load("enrich/delete_weaker_pairs"), write=True, rows=some, top=top, run=run)
    return _edges(graph, "item")


def _given(run: str, options: CoOccurrenceOptions | None) -> dict[str, Any]:
    options = options or CoOccurrenceOptions()
    return {
        "run": run,
        "weighting": options.weighting,
        "window": options.window or ALL,
        "top": options.top_k or ALL,
        "min_sessions": options.min_sessions,
    }


def _edges(graph: Graph, kind: str) -> int:
    edges = graph.query(queries.load("enrich/co_occurrence_edges")).set_index("kind")["edges"]
    return int(edges.get(kind, 0))


def _parts(rows: list[Any]) -> list[list[Any]]:
    return [rows[begin : begin + AT_ONCE] for begin in range(0, len(rows), AT_ONCE)]
