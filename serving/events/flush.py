"""From the log into the graph, by the live load: whatever is sent again or interrupted, an event goes in once.

The key of an event is what it says (source, user, session, item, kind, time), so a flush that was killed after the
graph committed and before the log knew of it changes nothing when it is repeated.
"""

from pathlib import Path

import ibis
import pandas as pd

from kartograph import queries
from kartograph.graph.bulk import LoadRecord
from kartograph.graph.connection import Graph
from kartograph.graph.erasure.graph import erase_from_graph
from kartograph.graph.erasure.suppression import read_suppression
from kartograph.graph.live.load import LiveOptions, live_load
from kartograph.serving.events.log import EventLog, LoggedEvent
from kartograph.tables.engine import Engine, EngineOptions
from kartograph.tables.schema import CATEGORIES, CATEGORY_TREE, INTERACTIONS, ITEM_CATEGORIES, ITEMS, Source

SOURCE = "serving"
"""The source of these events in the graph."""
AT_ONCE = 20_000
"""Events that one load takes."""


def flush_events(graph: Graph, log: EventLog, suppressed: Path) -> int:
    """Load the events that wait, `AT_ONCE` at most; returns how many. Raises as `live_load` does: they wait on.

    A user who is erased meanwhile, by the list in `suppressed`, is erased once more: the load may have brought back
    what was read before.
    """
    waiting = log.next_waiting(AT_ONCE)
    if not waiting.events:
        return 0
    users = sorted({event.user_id for event in waiting.events if event.user_id is not None})
    erased = set(read_suppression(suppressed).among(users))
    load(graph, interactions=[event for event in waiting.events if event.user_id not in erased])
    for user in read_suppression(suppressed).among(users):
        erase_from_graph(graph, user)
    log.mark_flushed(waiting.last)
    return len(waiting.events)


def load(
    graph: Graph,
    interactions: list[LoggedEvent] | None = None,
    categories: list[tuple[str, str, int]] | None = None,
) -> None:
    """Bring events, and categories of items (item, category, since when), into the graph by one live load."""
    events = pd.DataFrame(
        [(event.user_id, event.item_id, event.event, event.at, event.session_id) for event in interactions or ()],
        columns=["user_id", "item_id", "event", "timestamp", "session_id"],
    ).assign(position=None)
    placed = pd.DataFrame(
        [(item, category, None, None, [at]) for item, category, at in categories or ()],
        columns=list(ITEM_CATEGORIES),
    )
    items = pd.DataFrame({"item_id": placed["item_id"].unique()})
    items = items.reindex(columns=[name for name in ITEMS if name != "popularity"])
    tree = pd.DataFrame({"category_id": placed["category_id"].unique(), "parent_id": None}, dtype=object)
    with Engine(EngineOptions(memory="500MB", threads=1)) as engine:

        def stored(name: str, frame: pd.DataFrame, schema: ibis.Schema) -> ibis.Table:
            kept = ibis.schema({column: schema[column] for column in frame.columns})
            return engine.store(name, ibis.memtable(frame, schema=kept))

        source = Source(
            SOURCE,
            stored("interactions", events[list(INTERACTIONS)], INTERACTIONS),
            stored("items", items, ITEMS),
            stored("item_categories", placed, ITEM_CATEGORIES),
            stored("category_tree", tree, CATEGORY_TREE),
            stored("categories", pd.DataFrame(columns=["category_id", "code"], dtype=object), CATEGORIES),
        )
        live_load(source, graph, LoadRecord(SOURCE), LiveOptions(writers=1, recount=False))
    graph.query(queries.load("serving/join_loads"), write=True, source=SOURCE, sha256="none")
