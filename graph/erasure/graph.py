"""What of a user goes from a graph: the user, the sessions with their events, what was computed and recommended."""

import time
from dataclasses import dataclass
from typing import Any

from kartograph import queries
from kartograph.graph.accounts import changing, tally_in
from kartograph.graph.connection import Graph
from kartograph.graph.erasure.suppression import read_suppression, suppression_file
from kartograph.graph.runs import run_name

ITEMS_AT_ONCE = 5_000


@dataclass(frozen=True)
class ErasedFromGraph:
    """What went."""

    users: int
    """0 where the graph did not know the user."""
    sessions: int
    events: int
    relationships: int
    """What the user did, preferred and was recommended, counted on the user's node."""
    items_counted_anew: int


def erase_from_graph(graph: Graph, user: str) -> ErasedFromGraph:
    """Delete a user with everything that hangs on the user; items are counted anew, what was computed becomes stale.

    To repeat it is right: an interrupted erasure goes on.
    """
    items = graph.query(queries.load("erase/items_of_user"), user=user)["item_id"].tolist()
    counts = graph.query(queries.load("erase/size_of_user"), user=user).iloc[0]
    with changing(graph, run_name("erase")) as changed:
        changed.takes(tally_in(graph, queries.load("erase/event_keys_of_user"), user=user))
        graph.query(queries.load("erase/delete_sessions"), write=True, user=user)
    for start in range(0, len(items), ITEMS_AT_ONCE):
        some = items[start : start + ITEMS_AT_ONCE]
        graph.query(queries.load("load/count_events_of_items"), write=True, items=some)
    # The user goes last: by the user's edges an erasure that was interrupted finds the items again.
    graph.query(queries.load("erase/delete_user"), write=True, user=user, now=time.time_ns() // 1_000_000)
    numbers = {name: int(counts[name]) for name in ("users", "sessions", "events", "relationships")}
    return ErasedFromGraph(**numbers, items_counted_anew=len(items))


def erase_suppressed(graph: Graph) -> int:
    """Erase all users of the graph who are on the suppression list, as after a restore; returns how many."""
    known = read_suppression(suppression_file(graph))
    if not known.users:
        return 0
    users = known.among(graph.query(queries.load("write_back/users"))["user_id"].tolist())
    for user in users:
        erase_from_graph(graph, user)
    return len(users)


def everything_of(graph: Graph, user: str) -> dict[str, Any]:
    """What the graph holds of a user, as JSON knows it: the node, the events, what was computed and recommended."""
    node = graph.query(queries.load("erase/properties_of_user"), user=user)
    parts = {
        "properties": node["properties"].iloc[0] if len(node) else None,
        "events": graph.query(queries.load("erase/events_of_user"), user=user).to_dict("records"),
        "relationships": graph.query(queries.load("erase/relationships_of_user"), user=user).to_dict("records"),
    }
    return parts
