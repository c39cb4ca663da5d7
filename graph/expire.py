"""How old events leave a shop, with what was derived from them.

Whole sessions go, those that ended before the moment: what stays is what a load of the other sessions alone would have
made. Counts of users and items are taken anew, users without a session go, and the enrichment is stale afterwards.
Counts of what was shown go by their days. Items stay, whose properties and categories are no events.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from kartograph import queries
from kartograph.graph.accounts import changing
from kartograph.graph.connection import Graph
from kartograph.graph.live.lock import exclusive_load
from kartograph.graph.runs import run_name
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent


@dataclass(frozen=True)
class Expired:
    """What left."""

    sessions: int
    users: int
    """Users who have no session left."""
    before: int | None
    """Sessions that ended before it went; milliseconds UTC, None for a shop without times."""


def expire(graph: Graph, days: float, progress: Progress = silent) -> Expired:
    """Delete the sessions that ended more than `days` days before the shop's last event.

    Waits while a load is at work. Interrupted, it leaves every user whole, and the same call goes on.
    Raises `BadInput` for days that are not more than 0.
    """
    if not days > 0:
        raise BadInput(f"Events of {days} days cannot be kept: keep more than 0.")
    with exclusive_load(graph, progress):
        progress("Removing old sessions")
        started = time.time_ns() // 1_000_000
        [(sessions, before)] = graph.query(queries.load("operate/expirable"), days=days).itertuples(index=False)
        if before is None or before != before:
            return Expired(0, 0, None)
        day = datetime.fromtimestamp(before / 1000, UTC).date().isoformat()
        graph.query(queries.load("operate/expire_exposures"), write=True, before=day)
        if not sessions:
            return Expired(0, 0, int(before))
        # The record comes first: however far an interrupted call gets, the enrichment is known to be stale.
        facts = {"id": run_name("expiry"), "rows": int(sessions), "started": started, "finished": started}
        graph.query(queries.load("operate/record_expiry"), write=True, **facts)
        with changing(graph, facts["id"], alone=True):
            users = graph.query(queries.load("operate/expire_user_sessions"), write=True, before=int(before))
            graph.query(queries.load("operate/expire_sessions"), write=True, before=int(before))
        graph.query(queries.load("enrich/item_popularity"), write=True)
    return Expired(int(sessions), int(users["gone"][0]), int(before))
