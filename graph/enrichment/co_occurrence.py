"""How co-occurrence edges are counted on a running database; a bulk load brings them along instead."""

from typing import Any, Literal

import pandas as pd

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.enrichment.changes import StalePairs
from kartograph.tables.derived.co_occurrence import CoOccurrenceOptions

ALL = 1_000_000_000
"""Stands for "no limit" where a statement needs a number."""
AT_ONCE = 10_000
"""Pairs, items or sessions in a message to the server."""


def write_co_occurrence(
    graph: Graph, kind: Literal["item", "category"], run: str, options: CoOccurrenceOptions | None = None
) -> int:
    """Count anew which items, or which categories, occur in the same sessions, and delete what is no more.

    The same edges as `tables.derived.co_occurrence` gives in bulk; they stay readable while they are replaced. Returns
    how many edges the shop has then.
    """
    parameters = _given(run, options)
    if kind == "item":
        graph.query(queries.load("enrich/item_co_occurrence"), write=True, items=None, **parameters)
    else:
        graph.query(queries.load("enrich/category_co_occurrence"), write=True, **parameters)
    graph.query(queries.load(f"enrich/delete_old_{kind}_co_occurrence"), write=True, run=run)
    return _edges(graph, kind)


def write_changed_co_occurrence(
    graph: Graph, changed: StalePairs, run: str, options: CoOccurrenceOptions | None = None
) -> int:
    """Count the co-occurrence of items anew where sessions changed; the edges are then those of `write_co_occurrence`.

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
