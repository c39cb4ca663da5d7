"""Whether a graph holds what its account says after a load, without reading all events after a small one."""

from kartograph import queries
from kartograph.graph.accounts import tally_in
from kartograph.graph.connection import Graph
from kartograph.graph.counts import counts_of
from kartograph.tables.contents.tally import Tally, tally_of
from kartograph.tables.derived.incremental import Changes, Known, Touched
from kartograph.tables.engine import Rows

FEW = 0.1
"""A load of more than this share of the events that a graph holds touches most of it."""


def are_few(graph: Graph, events: int) -> bool:
    """Whether so many events are few beside those that a graph holds."""
    return events <= FEW * counts_of(graph).get("INCLUDES", 0)


def unexpected(graph: Graph, expected: Tally, few: bool, touched: Touched, known: Known, changes: Changes) -> str:
    """What the graph holds and should hold, in words, where the two differ; else nothing.

    After a load of `few` events these are the number of all events, from the database's own counters, and the checksum
    of those that the touched users and sessions have. All events are read after a large load, and where that differs.
    """
    held = counts_of(graph)
    if few and held.get("INCLUDES", 0) + held.get("TAKEN_BACK", 0) == expected.events:
        before: Rows = known.session_items
        added: Rows = changes.session_items_added
        ours = tally_of(before.filter(before.event_key.notnull())) + tally_of(added.filter(added.fresh))
        if _of_touched(graph, touched, known, changes) == ours:
            return ""
    every = tally_in(graph)
    return "" if every == expected else f"{every}, where {expected} were expected"


def _of_touched(graph: Graph, touched: Touched, known: Known, changes: Changes) -> Tally:
    users = {*_ids(touched.users, "user_id"), *_ids(known.users, "user_id")}
    nobodys = [sessions.filter(sessions.user_id.isnull()) for sessions in (known.sessions, changes.sessions_added)]
    sessions = {one for of in nobodys for one in _ids(of, "session_id")}
    return tally_in(graph, queries.load("load/tally_of"), users=sorted(users), sessions=sorted(sessions))


def _ids(table: Rows, name: str) -> list[str]:
    return table.select(name).to_pyarrow()[name].to_pylist()
