"""Counts of what was shown, clicked and bought into the graph, each batch once.

The number of a log's last batch lies in the graph and moves in the transaction that adds the batch: whoever is killed,
or restores a backup, the next call goes on from what the graph holds.
"""

from datetime import UTC, datetime, timedelta

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.serving.exposures.counting import UNKNOWN, Batch, Counting

AT_ONCE = 20_000
"""Events that are counted in one batch."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def flush_exposures(graph: Graph, counting: Counting) -> int:
    """Count `AT_ONCE` events at most, and add to the graph what it lacks; returns how many events were counted."""
    counted, last, items = counting.next_items(AT_ONCE)
    if last > counted:
        frame = graph.query(queries.load("serving/categories_of_items"), items=items) if items else None
        categories = {} if frame is None else dict(zip(frame["item_id"], frame["category"], strict=True))
        counting.count(counted, last, categories)
    log = f"exposures-{counting.log}"
    held = graph.query(queries.load("serving/counted"), log=log)
    for batch in counting.after(0 if held.empty else int(held["batch"][0])):
        _add(graph, log, batch)
    counting.mark_flushed(last)
    return last - counted


def _add(graph: Graph, log: str, batch: Batch) -> None:
    rows = []
    for row in batch.exposures:
        day = (EPOCH + timedelta(days=row["day"])).date().isoformat()
        rows.append({**row, "day": day})
    values = {"log": log, "batch": batch.number, "rows": rows, "arms": batch.arms, "unknown": UNKNOWN}
    graph.query(queries.load("serving/add_exposures"), write=True, **values)
