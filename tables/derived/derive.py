"""What follows from the events of a source: sessions, keys, aggregated edges, popularity, co-occurrence."""

from dataclasses import dataclass, field
from functools import partial

import ibis
import ibis.expr.types as ir

from kartograph.tables.contents.categories import category_at, category_tree
from kartograph.tables.derived.co_occurrence import CoOccurrenceOptions, category_co_occurrence, item_co_occurrence
from kartograph.tables.derived.sessions import SessionOptions, named_by, with_sessions
from kartograph.tables.derived.taken_back import standing, units, with_taken_back
from kartograph.tables.engine import Rows, count_rows, store
from kartograph.tables.events import EVENTS, TAKES_BACK
from kartograph.tables.identity import keyed_events
from kartograph.tables.progress import Progress, silent
from kartograph.tables.schema import ITEMS, SESSION_ITEMS, SESSIONS, USER_ITEMS, USERS, Shop, Source


@dataclass(frozen=True)
class DeriveOptions:
    """How a source becomes a shop."""

    sessions: SessionOptions = field(default_factory=SessionOptions)
    """How events are cut into sessions."""
    items_together: CoOccurrenceOptions = field(default_factory=CoOccurrenceOptions)
    """What pairs of items become edges."""
    categories_together: CoOccurrenceOptions = field(default_factory=CoOccurrenceOptions)
    """What pairs of categories become edges."""


def derive(source: Source, options: DeriveOptions | None = None, progress: Progress = silent) -> Shop:
    """Derive every table of the graph from `source`.

    The tables are stored in the back end that holds the source's, so that each is computed once. What was put right
    on the way goes into `source.report`.
    """
    options = options or DeriveOptions()
    report = source.report
    keep = partial(store, backend=source.interactions.get_backend())
    progress("Cutting sessions")
    cut = keep("cut_events", with_sessions(keyed_events(source), options.sessions, report))
    events = with_taken_back(cut, report)
    progress("Joining categories to events")
    item_categories = keep("item_categories", source.item_categories)
    session_items = keep("session_items", numbered(category_at(events, item_categories)))
    progress("Counting what occurs together")
    counting = standing(session_items)
    items_together = keep("item_co_occurrence", item_co_occurrence(counting, options.items_together))
    categories_together = keep("category_co_occurrence", category_co_occurrence(counting, options.categories_together))
    progress("Aggregating users and items")
    tree = category_tree(source.category_tree, source.categories, item_categories, report)
    shop = Shop(
        users=keep("users", users_of(events)),
        items=keep("items", _items(source, events, item_categories)),
        categories=tree.categories,
        category_tree=tree.edges,
        item_categories=item_categories,
        sessions=keep("sessions", sessions_of(events)),
        session_items=session_items,
        user_items=keep("user_items", user_items_of(events)),
        item_co_occurrence=items_together,
        category_co_occurrence=categories_together,
    )
    report.counts.update({name: count_rows(table) for name, table in shop.tables().items()})
    return shop


def numbered(events: Rows) -> ir.Table:
    """SESSION_ITEMS: the events of each session numbered from 0, and apart from them those that are taken back.

    By time, then the source's order, then the way of a purchase, then the item.
    """
    rank = ibis.cases(*[(events.event == kind, place) for place, kind in enumerate((*EVENTS, *TAKES_BACK))])
    events = events.mutate(rank=rank)
    order = ["timestamp", "position", "rank", "item_id", "event_key"]
    events = events.mutate(
        place=ibis.row_number().over(ibis.window(group_by=["session_id", "taken_back"], order_by=order)).cast("int64"),
        owner=events.user_id.max().over(ibis.window(group_by="session_id")),
    )
    anonymous = events.owner.notnull() & events.user_id.isnull()
    return events.select(
        "session_id",
        "item_id",
        position="place",
        at="timestamp",
        event="event",
        event_key="event_key",
        category_id="category_id",
        place="position",
        anonymous=ibis.ifelse(anonymous, True, ibis.null("boolean")),
        quantity="quantity",
        returned="returned",
        taken_back="taken_back",
    ).select(*SESSION_ITEMS)


def sessions_of(events: Rows) -> ir.Table:
    """SESSIONS of events that know theirs."""
    sessions = events.group_by("session_id").agg(
        user_id=events.user_id.max(),
        started=events.timestamp.min(),
        ended=events.timestamp.max(),
        length=events.count(where=events.taken_back.isnull()),
        own=events.named.max(),
    )
    named = named_by(sessions.session_id, sessions.user_id, sessions.started, sessions.own)
    return sessions.mutate(named=named).select(*SESSIONS)


def users_of(events: Rows) -> ir.Table:
    """USERS of events."""
    known = events.filter(events.user_id.notnull())
    users = known.group_by("user_id").agg(first_seen=known.timestamp.min(), last_seen=known.timestamp.max())
    return users.select(*USERS)


def user_items_of(events: Rows) -> ir.Table:
    """USER_ITEMS of events: what is left after returns, by quantity; nothing left, no row."""
    known: Rows = standing(events.filter(events.user_id.notnull()))
    user_items = known.group_by("user_id", "item_id", "event").agg(
        count=units(known).sum(), first=known.timestamp.min(), last=known.timestamp.max()
    )
    return user_items.select(*USER_ITEMS)


def _items(source: Source, events: Rows, item_categories: ir.Table) -> ir.Table:
    """Every item that any table names, with its properties and its number of events."""
    counts = standing(events).group_by("item_id").agg(popularity=ibis._.count())
    # The cast makes them one type: whether a column may hold nulls is part of it.
    ids = [table.select(item_id=table.item_id.cast("string")) for table in (counts, source.items, item_categories)]
    every = ibis.union(*ids, distinct=True)
    joined: Rows = every.left_join(source.items, "item_id", rname="of_{name}").left_join(
        counts, "item_id", rname="n_{name}"
    )
    extra = [name for name in source.items.columns if name not in ITEMS]
    joined = joined.mutate(popularity=joined.popularity.fill_null(0).cast("int64"))
    return joined.select(*ITEMS, *extra)
