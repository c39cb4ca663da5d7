"""How co-occurrence edges are counted on a running database; a bulk load brings them along instead."""

from typing import Any, Literal

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.tables.derived.co_occurrence import CoOccurrence

ALL = 1_000_000_000
"""Stands for "no limit" where a statement needs a number."""


def write_co_occurrence(
    graph: Graph, kind: Literal["item", "category"], run: str, options: CoOccurrence | None = None
) -> int:
    """Count anew which items, or which categories, occur in the same sessions, and delete what is no more.

    The same edges as `tables.derived.co_occurrence` gives in bulk; they stay readable while they are replaced. Returns
    how many edges the shop has then.
    """
    options = options or CoOccurrence()
    limits: dict[str, Any] = {
        "window": options.window or ALL,
        "top": options.top_k or ALL,
        "min_sessions": options.min_sessions,
    }
    statement = queries.load(f"enrich/{kind}_co_occurrence")
    graph.query(statement, write=True, run=run, weighting=options.weighting, **limits)
    graph.query(queries.load(f"enrich/delete_old_{kind}_co_occurrence"), write=True, run=run)
    edges = graph.query(queries.load("enrich/co_occurrence_edges")).set_index("kind")["edges"]
    return int(edges.get(kind, 0))
