"""Tests that loads one after the other come to what one load of everything comes to, without a server."""

from itertools import chain, zip_longest

import ibis
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.tables.derived.told import source_of, view

from kartograph.tables.derived.derive import derive
from kartograph.tables.derived.incremental import Known, changes, drop_known_events, touched_by, users_of_times
from kartograph.tables.derived.sessions import SessionOptions
from kartograph.tables.schema import (
    ITEM_CATEGORIES,
    SESSION_ITEMS,
    SESSIONS,
    USER_ITEMS,
    USERS,
)

TABLES = {
    "users": (USERS, ("user_id",)),
    "sessions": (SESSIONS, ("session_id",)),
    "session_items": (SESSION_ITEMS, ("session_id", "event_key")),
    "user_items": (USER_ITEMS, ("user_id", "item_id", "event")),
}


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
        touched = drop_known_events(source, touched, ibis.memtable(sorted(keys), schema={"event_key": "string"}))
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
        result = changes(source, touched, known, history, SessionOptions())
        written = []
        for name, table in result.tables().items():
            rows = table.to_pyarrow().to_pylist()
            written += [row["unit"] for row in rows]
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


def renamed(shop, events):
    """The events with users, items and sessions that belong to one shop alone."""
    return [
        (user and shop + user, shop + item, event, minute, session and shop + session, *rest)
        for user, item, event, minute, session, *rest in events
    ]


def check(engine, shops):
    """Load after load, as all at once; then everything again, which changes nothing.

    A load costs the same seconds for one shop or for many: all of them are loaded side by side, each with users, items
    and sessions of its own. Returns the names of those that come to something else.
    """
    stored, wrong = Stored(engine), set()
    renaming = ([renamed(shop, events) for events in loads] for shop, loads in shops.items())
    loads = [list(chain.from_iterable(one)) for one in zip_longest(*renaming, fillvalue=[])]
    for events in loads:
        stored.load(events)
    bulk = in_bulk(engine, [event for events in loads for event in events])
    for name, expected in bulk.items():
        keys = expected.keys() | stored.rows[name].keys()
        wrong |= {shop_of(key) for key in keys if expected.get(key) != stored.rows[name].get(key)}
    for events in loads:
        wrong |= {shop_of([unit.removeprefix("session:")]) for unit in stored.load(events)}
    return wrong


def shop_of(key):
    return key[0].partition(":")[0] + ":"


def click(user, item, session, position=None):
    return (user, item, "view", None, session, position)


POSITIONS = [("u", "a", "view", 0, None, 5), ("u", "b", "view", 0, None, 3), ("u", "a", "view", 0, None, 1)]
ANONYMOUS = (None, "x", "view", 1, "s", None)
BOUGHT = [("u", "a", "buy", 0, "s", None, 3.0), ("u", "a", "buy", 1, "t", None, 1.0), ("u", "b", "buy", 2, "t", None)]
RETURNED = [("u", "a", "return", 500, "r", None, 2.0)], [("u", "a", "return", 600, "r", None, 2.0)]
TAKEN_BACK = [("v", "a", "buy", 0, "s", None), ("v", "a", "return", 500, None, None)]
SHOPS = {
    "a late event bridges two sessions and moves their start": (
        [view("u", "a", 20), view("u", "b", 60)],
        [view("u", "c", 0), view("u", "d", 40)],
    ),
    "an event that comes twice counts once in one load and in two": (
        [view("u", "a", 0), view("u", "a", 0)],
        [view("u", "a", 0), view("u", "b", 1)],
    ),
    "without times what is seen again in another session is seen again": (
        [click("u", "a", "s"), click("u", "b", "s")],
        [click("u", "a", "t"), click("u", "b", "t"), click("u", "c", "t")],
    ),
    "of positions beside one time the smallest holds, the larger came first": (POSITIONS[:2], POSITIONS[2:]),
    "of positions beside one time the smallest holds, it came first": (POSITIONS[2:], POSITIONS[:2]),
    "of positions beside one time the smallest holds, none came first": (
        [("u", "a", "view", 0, None, None)],
        POSITIONS,
    ),
    "a session that a second user joins is cut in two": (
        [view("u", "a", 0, "s"), ANONYMOUS],
        [view("v", "b", 2, "s")],
        [view("w", "c", 3, "s")],
    ),
    "what has no user stays in a session that a user joins": (
        [ANONYMOUS],
        [view("u", "a", 0, "s")],
        [(None, "y", "view", 5, "s", None)],
    ),
    "own sessions that look like cut ones are told apart": (
        [view("u", "a", 0, "u@0"), view("u", "b", 1)],
        [view("u", "c", 2), view("u", "d", 3, "u@0")],
    ),
    "sessions without times keep the order of the source": (
        [click(None, "a", "s", 1), click(None, "b", "s", 3)],
        [click(None, "c", "s", 2), click(None, "a", "s", 1)],
        [click(None, "a", "t", 2)],
    ),
    "a return in a later load takes back what an earlier one bought": (BOUGHT, *RETURNED),
    "a return takes back what a later load brings": (RETURNED[1], BOUGHT, RETURNED[0]),
    "of quantities of one event the greatest holds, a lesser one came first": (
        [("u", "a", "buy", 0, "s", None), ("u", "b", "buy", 0, None, None, 1.0)],
        [("u", "a", "buy", 0, "s", None, 2.0), ("u", "b", "buy", 0, None, None, 3.0)],
    ),
    "of quantities of one event the greatest holds, it came first": (
        [("u", "a", "buy", 0, "s", None, 2.0), ("u", "b", "return", 0, None, None, 3.0)],
        [("u", "a", "buy", 0, "s", None), ("u", "b", "return", 0, None, None, 1.0)],
    ),
    "a return leaves a session that two users share cut in two": (
        [("u", "a", "buy", 0, "s", None), ("v", "a", "buy", 1, "s", None)],
        [("u", "a", "return", 300, None, None)],
    ),
    "an event without a user leaves what the user of its session took back elsewhere": (
        TAKEN_BACK,
        [(None, "b", "view", 1, "s", None)],
    ),
    "a user who joins leaves what the other one took back": (
        [*TAKEN_BACK, (None, "a", "buy", 2, "s", None)],
        [("w", "b", "view", 3, "s", None)],
    ),
}


@pytest.fixture(scope="module")
def wrong(engine):
    """The shops that come to something else load after load than at once."""
    return check(engine, {f"{number}:": loads for number, loads in enumerate(SHOPS.values())})


@pytest.mark.parametrize("shop", SHOPS)
def test_load_after_load_is_as_all_at_once_and_again_changes_nothing(wrong, shop):
    assert f"{list(SHOPS).index(shop)}:" not in wrong


def test_an_event_that_is_told_three_times_is_one(engine):
    assert len(in_bulk(engine, [view("u", "a", 0)] * 3)["session_items"]) == 1


def test_events_without_times_that_come_later_do_not_join_a_dated_session(engine):
    stored = Stored(engine)
    stored.load([view("u", "a", 0), view("u", "b", 1)])
    stored.load([view("u", "c", None), view("u", "d", None)])
    lengths = {session: row["length"] for (session,), row in stored.rows["sessions"].items()}
    assert lengths == {"u@0": 2, "u@": 2}


def purchases(rows):
    return {(row["user_id"], row["item_id"], row["count"]) for row in rows.values() if row["event"] == "buy"}


def test_returns_take_back_of_what_is_there_and_no_more(engine):
    stored = Stored(engine)
    first, second = RETURNED
    for events, left in ((BOUGHT, {("u", "a", 3 + 1), ("u", "b", 1)}), (first, {("u", "a", 4 - 2), ("u", "b", 1)})):
        stored.load(events)
        assert purchases(stored.rows["user_items"]) == left
    lengths = {name: row["length"] for (name,), row in stored.rows["sessions"].items()}
    assert lengths == {"s": 1, "t": 1, "r": 0}  # of t, the purchase of a is taken back whole
    stored.load(second)
    assert purchases(stored.rows["user_items"]) == {("u", "b", 1)}


EVENT = st.tuples(
    st.sampled_from(["u", "v", None]),
    st.sampled_from("ab"),
    st.sampled_from(["view", "buy", "buy", "return"]),
    st.sampled_from([0, 20, 40, 70, 200, None]),
    st.sampled_from([None, None, "s", "t"]),
    st.sampled_from([None, None, 0, 1]),
    st.sampled_from([None, 1.0, 2.0]),
).filter(lambda event: event[0] or event[4])


@st.composite
def split(draw):
    """Events in any order, some of them told again, in up to three loads."""
    events = draw(st.lists(EVENT, min_size=2, max_size=9))
    told = draw(st.permutations([*events, *draw(st.lists(st.sampled_from(events), max_size=3))]))
    cuts = sorted(draw(st.lists(st.integers(0, len(told)), max_size=2)))
    return [told[start:end] for start, end in zip([0, *cuts], [*cuts, len(told)], strict=True)]


@pytest.mark.slow
@given(st.lists(split(), min_size=8, max_size=8))
@settings(
    max_examples=2,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
def test_the_same_rows_in_any_split_order_and_number_of_loads_come_to_the_same(engine, shops):
    wrong = check(engine, {f"{number}:": loads for number, loads in enumerate(shops)})
    assert not wrong, [shops[int(shop[:-1])] for shop in wrong]


def test_users_of_whom_the_graph_has_every_event_are_left_out_and_counted(engine):
    source = source_of(engine, [view("u", "a", 0), view("v", "a", 0), view("v", "b", 9), view("w", "a", 0, "named")])
    touched = touched_by(source)
    keys = {(row["user_id"], row["item_id"]): row["event_key"] for row in touched.events.to_pyarrow().to_pylist()}
    known = [(keys[pair],) for pair in (("u", "a"), ("v", "a"), ("w", "a"))]

    left = drop_known_events(source, touched, ibis.memtable(known, schema={"event_key": "string"}))

    # v has news; w's event may have moved to another of the source's sessions.
    assert sorted(left.users.to_pyarrow()["user_id"].to_pylist()) == ["v", "w"]
    assert (left.events.count().to_pyarrow().as_py(), left.known) == (3, 1)
    assert sorted(users_of_times(touched).to_pyarrow()["user_id"].to_pylist()) == ["u", "v"]
    assert sorted(left.items.to_pyarrow()["item_id"].to_pylist()) == ["a", "b"]
