"""Tests that loads one after the other come to what one load of everything comes to, without a server."""

import ibis
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kartograph.tables.derived.derive import derive
from kartograph.tables.derived.incremental import Known, changes, of_news, touched_by, users_of_times
from kartograph.tables.derived.incremental_catalogue import KnownCatalogue, catalogue_changes, catalogue_items
from kartograph.tables.derived.sessions import SessionOptions
from kartograph.tables.engine import Engine
from kartograph.tables.schema import (
    CATEGORIES,
    CATEGORY_TREE,
    INTERACTIONS,
    ITEM_CATEGORIES,
    SESSION_ITEMS,
    SESSIONS,
    USER_ITEMS,
    USERS,
    Source,
)

MINUTE = 60_000
PROPERTIES = ibis.schema(
    {
        "item_id": "string",
        "price": "float64",
        "price_at": "int64",
        "title": "string",
        "brand": "string",
        "available": "boolean",
    }
)
WITH_QUANTITY = ibis.schema({**INTERACTIONS, "quantity": "float64"})
TABLES = {
    "users": (USERS, ("user_id",)),
    "sessions": (SESSIONS, ("session_id",)),
    "session_items": (SESSION_ITEMS, ("session_id", "event_key")),
    "user_items": (USER_ITEMS, ("user_id", "item_id", "event")),
}


@pytest.fixture(scope="module")
def engine():
    with Engine() as opened:
        yield opened


def source_of(engine, events, items=(), periods=(), tree=()):
    """A source of events (user, item, event, minute, session, position) and perhaps a quantity."""
    rows = [
        (user, item, event, None if minute is None else minute * MINUTE, session, position, *(quantity or (None,)))
        for user, item, event, minute, session, position, *quantity in events
    ]
    return Source(
        name="test",
        interactions=engine.store("interactions", ibis.memtable(rows, schema=WITH_QUANTITY)),
        items=engine.store("items", ibis.memtable(list(items), schema=PROPERTIES)),
        item_categories=engine.store("periods", ibis.memtable(list(periods), schema=ITEM_CATEGORIES)),
        category_tree=engine.store("tree", ibis.memtable(list(tree), schema=CATEGORY_TREE)),
        categories=engine.store("codes", ibis.memtable([], schema=CATEGORIES)),
    )


class Stored:
    """What a graph holds: rows of each table by key."""

    def __init__(self, engine):
        self.engine = engine
        self.rows = {name: {} for name in TABLES}

    def table(self, name, keep=lambda row: True):
        schema, _ = TABLES[name]
        rows = [tuple(row[column] for column in schema) for row in self.rows[name].values() if keep(row)]
        return self.engine.store(name, ibis.memtable(rows, schema=schema))

    def load(self, events):
        source = source_of(self.engine, events)
        touched = touched_by(source)
        keys = {(row["event_key"],) for row in self.rows["session_items"].values()}
        touched = of_news(source, touched, ibis.memtable(sorted(keys), schema={"event_key": "string"}))
        users = set(touched.users.to_pyarrow()["user_id"].to_pylist())
        own = set(touched.sessions.to_pyarrow()["session_id"].to_pylist())
        stored = self.rows["sessions"].values()
        sessions = {row["session_id"] for row in stored if row["session_id"] in own or row["named"] in own}
        users |= {row["user_id"] for row in stored if row["session_id"] in sessions} - {None}
        sessions |= {row["session_id"] for row in stored if row["user_id"] in users}
        known = Known(
            self.table("users", lambda row: row["user_id"] in users),
            self.table("sessions", lambda row: row["session_id"] in sessions),
            self.table("session_items", lambda row: row["session_id"] in sessions),
            self.table("user_items", lambda row: row["user_id"] in users),
        )
        history = ibis.memtable([], schema=ITEM_CATEGORIES)
        found = changes(source, touched, known, history, SessionOptions())
        written = 0
        for name, table in found.tables().items():
            rows = table.to_pyarrow().to_pylist()
            written += len(rows)
            kind, _, what = name.rpartition("_")
            assert all(row["unit"] for row in rows)
            for row in rows:
                key = tuple(row[column] for column in TABLES[kind][1])
                if what == "removed":
                    del self.rows[kind][key]
                    if kind == "sessions":
                        gone = [other for other in self.rows["session_items"] if other[0] == key[0]]
                        for other in gone:
                            del self.rows["session_items"][other]
                else:
                    assert (key in self.rows[kind]) == (what == "changed")
                    self.rows[kind][key] = {column: row[column] for column in TABLES[kind][0]}
        return written


def in_bulk(engine, events):
    shop = derive(source_of(engine, events))
    return {
        name: {tuple(row[column] for column in key): row for row in getattr(shop, name).to_pyarrow().to_pylist()}
        for name, (_, key) in TABLES.items()
    }


def view(user, item, minute, session=None):
    return (user, item, "view", minute, session, None)


def check(engine, *loads):
    """Load after load; then everything again, which changes nothing."""
    stored = Stored(engine)
    for events in loads:
        stored.load(events)
    assert stored.rows == in_bulk(engine, [event for events in loads for event in events])
    for events in loads:
        assert stored.load(events) == 0


def test_a_late_event_bridges_two_sessions_and_moves_their_start(engine):
    check(engine, [view("u", "a", 20), view("u", "b", 60)], [view("u", "c", 0), view("u", "d", 40)])


def test_an_event_that_is_told_twice_counts_once_in_one_load_and_in_two(engine):
    check(engine, [view("u", "a", 0), view("u", "a", 0)], [view("u", "a", 0), view("u", "b", 1)])
    assert len(in_bulk(engine, [view("u", "a", 0)] * 3)["session_items"]) == 1


def test_without_times_what_is_met_again_in_another_session_is_met_again(engine):
    def click(item, session):
        return ("u", item, "view", None, session, None)

    check(engine, [click("a", "s"), click("b", "s")], [click("a", "t"), click("b", "t"), click("c", "t")])


def test_events_without_times_that_come_later_do_not_join_a_dated_session(engine):
    stored = Stored(engine)
    stored.load([view("u", "a", 0), view("u", "b", 1)])
    stored.load([view("u", "c", None), view("u", "d", None)])
    lengths = {session: row["length"] for (session,), row in stored.rows["sessions"].items()}
    assert lengths == {"u@0": 2, "u@": 2}


def test_of_positions_beside_one_time_the_smallest_holds_whichever_came_first(engine):
    events = [("u", "a", "view", 0, None, 5), ("u", "b", "view", 0, None, 3), ("u", "a", "view", 0, None, 1)]
    check(engine, events[:2], events[2:])
    check(engine, events[2:], events[:2])
    check(engine, [("u", "a", "view", 0, None, None)], events)


def test_a_session_that_a_second_user_joins_is_cut_in_two_and_what_has_no_user_stays(engine):
    anonymous = (None, "x", "view", 1, "s", None)
    check(engine, [view("u", "a", 0, "s"), anonymous], [view("v", "b", 2, "s")], [view("w", "c", 3, "s")])
    check(engine, [anonymous], [view("u", "a", 0, "s")], [(None, "y", "view", 5, "s", None)])


def test_own_sessions_that_look_like_cut_ones_are_told_apart(engine):
    check(engine, [view("u", "a", 0, "u@0"), view("u", "b", 1)], [view("u", "c", 2), view("u", "d", 3, "u@0")])


def test_sessions_without_times_keep_the_order_of_the_source(engine):
    def click(item, position, session="s"):
        return (None, item, "view", None, session, position)

    check(engine, [click("a", 1), click("b", 3)], [click("c", 2), click("a", 1)], [click("a", 2, "t")])


def purchases(rows):
    return {(row["user_id"], row["item_id"], row["count"]) for row in rows.values() if row["event"] == "buy"}


def test_a_return_in_a_later_load_takes_back_what_an_earlier_one_bought(engine):
    stored = Stored(engine)
    bought = [
        ("u", "a", "buy", 0, "s", None, 3.0),
        ("u", "a", "buy", 1, "t", None, 1.0),
        ("u", "b", "buy", 2, "t", None),
    ]
    first, second = [("u", "a", "return", 500, "r", None, 2.0)], [("u", "a", "return", 600, "r", None, 2.0)]
    for events, left in ((bought, {("u", "a", 3 + 1), ("u", "b", 1)}), (first, {("u", "a", 4 - 2), ("u", "b", 1)})):
        stored.load(events)
        assert purchases(stored.rows["user_items"]) == left
    lengths = {name: row["length"] for (name,), row in stored.rows["sessions"].items()}
    assert lengths == {"s": 1, "t": 1, "r": 0}  # of t, the purchase of a is taken back whole
    stored.load(second)
    assert purchases(stored.rows["user_items"]) == {("u", "b", 1)}
    check(engine, bought, first, second)
    check(engine, second, bought, first)


def test_a_return_leaves_a_session_that_two_users_share_cut_in_two(engine):
    shared = [("u", "a", "buy", 0, "s", None), ("v", "a", "buy", 1, "s", None)]
    check(engine, shared, [("u", "a", "return", 300, None, None)])


def test_an_event_without_a_user_leaves_what_the_user_of_its_session_took_back_elsewhere(engine):
    bought = [("v", "a", "buy", 0, "s", None), ("v", "a", "return", 500, None, None)]
    check(engine, bought, [(None, "b", "view", 1, "s", None)])
    check(engine, [*bought, (None, "a", "buy", 2, "s", None)], [("w", "b", "view", 3, "s", None)])


EVENT = st.tuples(
    st.sampled_from(["u", "v", None]),
    st.sampled_from("ab"),
    st.sampled_from(["view", "buy", "buy", "return"]),
    st.sampled_from([0, 20, 40, 70, 200, None]),
    st.sampled_from([None, None, "s", "t"]),
    st.sampled_from([None, None, 0, 1]),
    st.sampled_from([None, 1.0, 2.0]),
).filter(lambda event: event[0] or event[4])


@given(st.lists(EVENT, min_size=2, max_size=9), st.data())
@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
def test_the_same_rows_in_any_split_order_and_number_of_loads_come_to_the_same(engine, events, data):
    told = data.draw(st.permutations([*events, *data.draw(st.lists(st.sampled_from(events), max_size=3))]))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(told)), max_size=2)))
    check(engine, *(told[start:end] for start, end in zip([0, *cuts], [*cuts, len(told)], strict=True)))


def item(name, price, at, title=None):
    return (name, price, at, title, None, None)


def observed(item, category, since, until, *seen):
    return (item, category, since, until, list(seen))


def catalogue(engine, known, source):
    """Changes of a catalogue whose known parts are given as rows."""
    items, periods, categories, tree = known
    made = KnownCatalogue(
        engine.store("known_items", ibis.memtable(list(items), schema=PROPERTIES)),
        engine.store("known_periods", ibis.memtable(list(periods), schema=ITEM_CATEGORIES)),
        engine.store("known_categories", ibis.memtable(list(categories), schema=CATEGORIES)),
        engine.store("known_tree", ibis.memtable(list(tree), schema=CATEGORY_TREE)),
    )
    return catalogue_changes(source, catalogue_items(source), made)


def plain(table):
    return sorted((tuple(row.values()) for row in table.to_pyarrow().to_pylist()), key=str)


def test_the_later_value_of_a_property_holds_whichever_came_first(engine):
    known = [item("a", 1.0, 10, "old"), item("b", 2.0, 10), item("c", 3.0, 10)]
    new = [item("a", 5.0, 9, "new"), item("b", 6.0, 11), item("c", 3.0, 10), item("d", 7.0, 1)]
    found = catalogue(engine, (known, (), (), ()), source_of(engine, [view("u", "e", 0)], items=new))
    assert plain(found.items_changed) == [item("a", 1.0, 10, "new"), item("b", 6.0, 11)]
    assert plain(found.items_added) == [item("d", 7.0, 1), item("e", None, None)]


def test_a_late_category_cuts_the_period_that_it_falls_into(engine):
    known = [observed("a", "c1", None, None, 10, 30), observed("b", "c1", None, None, 10)]
    new = [observed("a", "c2", None, None, 20), observed("b", "c1", None, None, 10)]
    found = catalogue(engine, ((), known, (), ()), source_of(engine, [], periods=new))
    cut = [observed("a", "c1", 30, None, 30), observed("a", "c1", None, 20, 10), observed("a", "c2", 20, 30, 20)]
    assert plain(found.item_categories) == sorted(cut, key=str)
    assert len(plain(found.history)) == 4


def test_a_category_gets_the_parents_that_the_source_gives_and_keeps_those_it_does_not_name(engine):
    known = [("root", None, 0), ("a", None, 1), ("b", None, 2)], [("a", "root"), ("b", "a")]
    found = catalogue(engine, ((), (), *known), source_of(engine, [], tree=[("b", "root"), ("root", None)]))
    assert plain(found.edges_added) == [("b", "root")]
    assert plain(found.edges_removed) == [("b", "a")]
    assert plain(found.categories_changed) == [("b", None, 1)]


def test_users_of_whom_the_graph_has_every_event_are_left_out_and_counted(engine):
    source = source_of(engine, [view("u", "a", 0), view("v", "a", 0), view("v", "b", 9), view("w", "a", 0, "named")])
    touched = touched_by(source)
    keys = {(row["user_id"], row["item_id"]): row["event_key"] for row in touched.events.to_pyarrow().to_pylist()}
    known = [(keys[pair],) for pair in (("u", "a"), ("v", "a"), ("w", "a"))]

    left = of_news(source, touched, ibis.memtable(known, schema={"event_key": "string"}))

    # v has news; w's event may have moved to another of the source's sessions.
    assert sorted(left.users.to_pyarrow()["user_id"].to_pylist()) == ["v", "w"]
    assert (left.events.count().to_pyarrow().as_py(), left.known) == (3, 1)
    assert sorted(users_of_times(touched).to_pyarrow()["user_id"].to_pylist()) == ["u", "v"]
    assert sorted(left.items.to_pyarrow()["item_id"].to_pylist()) == ["a", "b"]
