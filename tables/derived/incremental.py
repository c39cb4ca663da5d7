"""What changes in a graph when more events come: sessions, their events, users and aggregated edges.

All events of the users and sessions that a source touches are taken together, those that the graph has and those that
are new, and derived as if they had come at once; what differs from the graph is what has to be written. So loads one
after the other end in the same graph as one load of everything, whatever comes late or twice.
"""

from dataclasses import dataclass, fields, replace
from functools import partial

import ibis
import ibis.expr.types as ir

from kartograph.tables.contents.categories import category_at
from kartograph.tables.derived.derive import numbered, sessions_of, user_items_of, users_of
from kartograph.tables.derived.sessions import SessionOptions, own_name, with_sessions
from kartograph.tables.derived.taken_back import with_taken_back
from kartograph.tables.engine import Expression, Rows, count_rows, store
from kartograph.tables.events import TAKES_BACK
from kartograph.tables.identity import keyed_events
from kartograph.tables.schema import SESSION_ITEMS, SESSIONS, USER_ITEMS, USERS, Source


@dataclass(frozen=True)
class Touched:
    """The events of a source with their keys, and whom they touch."""

    events: ir.Table
    """As `keyed_events` gives them."""
    users: ir.Table
    """`user_id`, once each."""
    sessions: ir.Table
    """`session_id`, the source's own ids, once each."""
    items: ir.Table
    """`item_id` of the events, once each."""
    known: int = 0
    """Events that `drop_known_events` left out."""


@dataclass(frozen=True)
class Known:
    """What a graph has of the touched users and sessions, all their events included.

    The sessions are those whose own id the source names, and all those of the users.
    """

    users: ir.Table
    """The touched ones, and those who had a session that the source names: an event without a user may be theirs."""
    sessions: ir.Table
    session_items: ir.Table
    user_items: ir.Table
    """Of the users."""


@dataclass(frozen=True)
class Changes:
    """Rows to write, each with a `unit`: the rows of one unit belong into one transaction.

    The unit is the user, or the session where it has none. Added and changed rows have the columns of the table they
    are named after; removed ones those that find them.
    """

    sessions_removed: ir.Table
    """`session_id`; their events go with them."""
    session_items_removed: ir.Table
    """`session_id, event_key` of sessions that stay."""
    users_added: ir.Table
    users_changed: ir.Table
    sessions_added: ir.Table
    sessions_changed: ir.Table
    session_items_added: ir.Table
    session_items_changed: ir.Table
    user_items_added: ir.Table
    user_items_changed: ir.Table
    user_items_removed: ir.Table
    """`user_id, item_id, event` of which nothing is left after returns."""
    new_events: int
    """Events that the graph did not have."""
    known_events: int
    """Events of the source that it had."""

    def tables(self) -> dict[str, ir.Table]:
        """The tables by name, in the order in which a transaction writes them."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.type is ir.Table}


def touched_by(source: Source) -> Touched:
    """Key the events of a source and find whom they touch."""
    keep = partial(store, backend=source.interactions.get_backend())
    events: Rows = keep("incoming", keyed_events(source))
    return Touched(
        events,
        users=keep("touched_users", events.filter(events.user_id.notnull()).select("user_id").distinct()),
        sessions=keep("touched_sessions", events.filter(events.session_id.notnull()).select("session_id").distinct()),
        items=keep("touched_items", events.select("item_id").distinct()),
    )


def users_of_times(touched: Touched) -> ir.Table:
    """`user_id` of those that may be left out if the graph has their events: of events without an own session."""
    events: Rows = touched.events
    return events.filter(events.session_id.isnull() & events.user_id.notnull()).select("user_id").distinct()


def drop_known_events(source: Source, touched: Touched, keys: ir.Table) -> Touched:
    """What is touched by more than events that the graph has: their keys are in `keys`, `event_key`.

    A user all of whose events it has was derived from them before. Not so where the source has own sessions, positions
    beside times, or quantities: what it tells of these may be new though the event is not.
    """
    keep = partial(store, backend=source.interactions.get_backend())
    events: Rows = touched.events
    says_more = events.session_id.notnull() | events.quantity.notnull() | _has_place(events)
    new = events.filter(~events.event_key.isin(keys.event_key) | says_more)
    users = keep("users_of_news", new.filter(new.user_id.notnull()).select("user_id").distinct())
    left = keep("events_of_news", events.filter(events.user_id.isnull() | events.user_id.isin(users.user_id)))
    return replace(touched, events=left, users=users, known=count_rows(events) - count_rows(left))


def changes(source: Source, touched: Touched, known: Known, history: ir.Table, options: SessionOptions) -> Changes:
    """Find what has to be written so that the graph holds the source's events too.

    `history` has the periods (ITEM_CATEGORIES) of the touched items as they shall be. An event that the graph has by
    its key is the same event, at the smaller of its positions and of the greater quantity.
    """
    keep = partial(store, backend=source.interactions.get_backend())
    had = keep("had_events", _told_again(_as_events(known), touched.events))
    fresh: Rows = keep("fresh_events", touched.events.anti_join(had, "event_key"))
    fresh_count = count_rows(fresh)
    # Sessions that the source names, and those cut from times, may become others; the rest stay as they are.
    moves = had.session_id.isnull() | had.session_id.isin(touched.sessions.session_id)
    moving = keep("moving_events", had.filter(moves))
    together = ibis.union(
        moving.drop("stored", "owner"),
        fresh.mutate(category_id=ibis.null("string")).select(moving.drop("stored", "owner").columns),
    )
    moved: Rows = with_sessions(together, options, source.report)
    # What a return takes back may lie in any session of its user; sessions that stay are numbered anew only.
    stays: Rows = keep("staying_events", had.filter(~moves & had.owner.isin(_returning(had, fresh).user_id)))
    staying = stays.mutate(named="session_id", session_id="stored").select(moved.columns)
    cut = keep("all_cut", ibis.union(moved, staying))
    events = with_taken_back(cut, source.report)
    at_time = category_at(events.rename(stored_category="category_id"), history)
    at_time = at_time.mutate(category_id=at_time.category_id.fill_null(at_time.stored_category))  # pyright: ignore[reportArgumentType]
    session_items = keep("after_session_items", numbered(at_time))
    sessions: Rows = keep("after_sessions", sessions_of(events))

    before = ibis.union(moving.select(session_id="stored"), stays.select(session_id="stored"), distinct=True)
    former = known.sessions.semi_join(before, "session_id").select(*SESSIONS)
    former = keep("former_sessions", former)
    former_items = known.session_items.semi_join(former, "session_id").select(*SESSION_ITEMS)
    everything = ibis.union(had.select(fresh.columns), fresh)
    everything = everything.filter(
        everything.user_id.isin(touched.users.user_id) | everything.user_id.isin(known.users.user_id)
    )
    marked = events.filter(events.returned.notnull() | events.taken_back.notnull())
    marks = marked.select("returned", "taken_back", key="event_key")
    everything = everything.left_join(marks, everything.event_key == marks.key).drop("key")
    added, changed, removed = _difference(former, sessions, ["session_id"])
    removed = keep("sessions_removed", removed)
    # An event that is taken back lies on another kind of relationship: there it is removed, here it is added.
    by = ["session_id", "event_key", "kept"]
    items_added, items_changed, items_removed = _difference(_with_kept(former_items), _with_kept(session_items), by)
    items_removed = items_removed.anti_join(removed, "session_id")
    users_added, users_changed, _ = _difference(known.users.select(*USERS), users_of(everything), ["user_id"])
    edges_added, edges_changed, edges_removed = _difference(
        known.user_items.select(*USER_ITEMS), user_items_of(everything), ["user_id", "item_id", "event"]
    )
    by_table = {
        "sessions_removed": _in_units(removed, former),
        "session_items_removed": _in_units(items_removed, former),
        "users_added": _of_user(users_added),
        "users_changed": _of_user(users_changed),
        "sessions_added": _in_units(added, sessions),
        "sessions_changed": _in_units(changed, sessions),
        "session_items_added": _in_units(items_added, sessions).mutate(
            fresh=ibis._.event_key.isin(fresh.event_key)  # the others moved from one session to another
        ),
        "session_items_changed": _in_units(items_changed, sessions),
        "user_items_added": _of_user(edges_added),
        "user_items_changed": _of_user(edges_changed),
        "user_items_removed": _of_user(edges_removed),
    }
    stored = {name: keep(name, table) for name, table in by_table.items()}
    return Changes(
        **stored, new_events=fresh_count, known_events=touched.known + count_rows(touched.events) - fresh_count
    )


def _as_events(known: Known) -> ir.Table:
    """The events of a graph as a source would tell them: own session, own position, with their keys.

    `stored` is the session that they are in, `category_id` the category that they have.
    """
    sessions: Rows = known.sessions
    of = sessions.select(
        stored="session_id",
        owner="user_id",
        own=own_name(sessions.session_id, sessions.user_id, sessions.started, sessions.named),
    )
    items: Rows = known.session_items
    joined = items.join(of, items.session_id == of.stored)
    return joined.select(
        user_id=ibis.ifelse(joined.anonymous.fill_null(False), ibis.null("string"), joined.owner),
        item_id="item_id",
        event="event",
        timestamp="at",
        session_id="own",
        position="place",
        event_key="event_key",
        category_id="category_id",
        quantity="quantity",
        stored="stored",
        owner="owner",
    )


def _returning(had: Rows, fresh: Rows) -> ir.Table:
    """`user_id` of those who gave something back, ever."""
    backs = list(TAKES_BACK)
    before = had.filter(had.event.isin(backs) & had.owner.notnull()).select(user_id="owner")
    now = fresh.filter(fresh.event.isin(backs) & fresh.user_id.notnull()).select("user_id")
    return ibis.union(before, now, distinct=True)


def _with_kept(session_items: Rows) -> Rows:
    """SESSION_ITEMS with `kept`: whether the event counts, never null, so that it can be part of a key."""
    return session_items.mutate(kept=session_items.taken_back.isnull())


def _has_place(events: Rows) -> Expression:
    """Whether an event has a position beside its time; without a time the position is part of what it is."""
    return events.timestamp.notnull() & events.position.notnull()


def _told_again(had: Rows, repeated: Rows) -> Rows:
    """Events of a graph at the smaller of their positions there and in a source that tells them again.

    Of quantities the greater holds, as among the rows of one source.
    """
    again = repeated.filter(repeated.quantity.notnull() | _has_place(repeated)).select(
        key="event_key", place=ibis.ifelse(repeated.timestamp.notnull(), repeated.position, None), many="quantity"
    )
    joined = had.left_join(again, had.event_key == again.key)
    smaller = ibis.least(joined.position.fill_null(joined.place), joined.place.fill_null(joined.position))
    greater = ibis.greatest(joined.quantity.fill_null(joined.many), joined.many.fill_null(joined.quantity))
    return joined.mutate(position=smaller, quantity=greater).select(*had.columns)


def _difference(before: Rows, after: Rows, key: list[str]) -> tuple[Rows, Rows, Rows]:
    """Rows that are only in `after`, rows of `after` whose values differ, and keys that are only in `before`."""
    if not count_rows(before):  # a first load: nothing to compare
        return after, after.limit(0), before.select(key)
    values = [name for name in after.columns if name not in key]
    both = after.join(before, key, rname="{name}_before")
    differs = ibis.or_(*[~both[name].identical_to(both[f"{name}_before"]) for name in values])
    return after.anti_join(before, key), both.filter(differs).select(*after.columns), before.anti_join(after, key)


def _in_units(rows: Rows, sessions: Rows) -> Rows:
    """Add the unit of each row's session."""
    of = sessions.select("session_id", unit=sessions.user_id.fill_null("session:" + sessions.session_id))
    return rows.join(of, "session_id")


def _of_user(rows: Rows) -> Rows:
    return rows.mutate(unit=rows.user_id)
