"""Tests of what is derived from a source, on a shop that can be checked by hand."""

import ibis
import pytest

from kartograph.tables.derived.derive import DeriveOptions, derive
from kartograph.tables.schema import (
    CATEGORIES,
    CATEGORY_TREE,
    INTERACTIONS,
    ITEM_CATEGORIES,
    ITEMS,
    SESSION_ITEMS,
    SESSIONS,
    USER_ITEMS,
    USERS,
    Source,
)

PROPERTIES = ibis.schema({name: kind for name, kind in ITEMS.items() if name != "popularity"})
HOUR = 3_600_000
EVENTS = [
    ("u", "i", "view", 0, None, None),
    ("u", "j", "view", 1000, None, None),
    ("u", "i", "view", 1000, None, None),
    ("u", "i", "cart", 1000, None, None),
    ("u", "i", "view", HOUR, None, None),
    ("v", "j", "view", 500, None, None),
    ("v", "j", "view", 500, None, None),  # the same again: one event
]


@pytest.fixture
def shop_of(engine):
    def of(events, items=(), categories=(), tree=(), name="test"):
        source = Source(
            name=name,
            interactions=engine.store("interactions", ibis.memtable(list(events), schema=INTERACTIONS)),
            items=ibis.memtable(list(items), schema=PROPERTIES),
            item_categories=ibis.memtable([(*period, None) for period in categories], schema=ITEM_CATEGORIES),
            category_tree=ibis.memtable(list(tree), schema=CATEGORY_TREE),
            categories=ibis.memtable([], schema=CATEGORIES),
        )
        return derive(source, DeriveOptions())

    return of


def rows(table, *columns):
    return sorted(tuple(row[name] for name in columns) for row in table.to_pyarrow().to_pylist())


def test_every_table_has_the_columns_of_the_schema(shop_of):
    shop = shop_of(EVENTS)
    assert shop.users.columns == tuple(USERS)
    assert shop.items.columns == tuple(ITEMS)
    assert shop.sessions.columns == tuple(SESSIONS)
    assert shop.session_items.columns == tuple(SESSION_ITEMS)
    assert shop.user_items.columns == tuple(USER_ITEMS)
    assert shop.item_categories.columns == tuple(ITEM_CATEGORIES)
    assert shop.categories.columns == tuple(CATEGORIES)
    assert shop.category_tree.columns == tuple(CATEGORY_TREE)


def test_sessions_users_and_counts_follow_from_the_events(shop_of):
    shop = shop_of(EVENTS)
    assert rows(shop.users, "user_id", "first_seen", "last_seen") == [("u", 0, HOUR), ("v", 500, 500)]
    assert rows(shop.sessions, "session_id", "user_id", "started", "ended", "length") == [
        ("u@0", "u", 0, 1000, 4),
        (f"u@{HOUR}", "u", HOUR, HOUR, 1),
        ("v@500", "v", 500, 500, 1),
    ]
    assert rows(shop.user_items, "user_id", "item_id", "event", "count", "first", "last") == [
        ("u", "i", "cart", 1, 1000, 1000),
        ("u", "i", "view", 3, 0, HOUR),
        ("u", "j", "view", 1, 1000, 1000),
        ("v", "j", "view", 1, 500, 500),
    ]
    assert rows(shop.items, "item_id", "popularity") == [("i", 4), ("j", 2)]


def test_positions_follow_the_time_then_the_way_of_a_purchase(shop_of):
    shop = shop_of(EVENTS)
    first = [
        row[1:] for row in rows(shop.session_items, "session_id", "position", "item_id", "event") if row[0] == "u@0"
    ]
    assert first == [(0, "i", "view"), (1, "i", "view"), (2, "j", "view"), (3, "i", "cart")]


def test_event_keys_stay_the_same_in_another_order_and_are_another_sources_own(shop_of):
    keys = [key for (key,) in rows(shop_of(EVENTS).session_items, "event_key")]
    assert len(set(keys)) == len(keys) == len(set(EVENTS))
    assert keys == [key for (key,) in rows(shop_of(reversed(EVENTS)).session_items, "event_key")]
    assert not set(keys) & {key for (key,) in rows(shop_of(EVENTS, name="other").session_items, "event_key")}


def test_event_keys_do_not_run_ids_together(shop_of):
    events = [
        ("a", "bc", "view", 1, None, None),
        ("ab", "c", "view", 1, None, None),
        ("a|2|b", "c", "view", 1, None, None),
    ]
    assert len(set(rows(shop_of(events).session_items, "event_key"))) == 3


def test_positions_order_sessions_without_times(shop_of):
    shop = shop_of([(None, item, "view", None, "s", place) for place, item in ((7, "b"), (3, "a"), (9, "a"))])
    assert rows(shop.session_items, "session_id", "position", "item_id") == [
        ("s", 0, "a"),
        ("s", 1, "b"),
        ("s", 2, "a"),
    ]
    assert rows(shop.sessions, "session_id", "user_id", "started", "length") == [("s", None, None, 3)]
    assert rows(shop.users, "user_id") == []
    assert len(set(rows(shop.session_items, "event_key"))) == 3


def test_items_are_all_that_any_table_names(shop_of):
    shop = shop_of(
        EVENTS[:1],
        items=[("k", "A title", 2.5, "brand", True)],
        categories=[("l", "c", None, None)],
        tree=[("c", "top")],
    )
    assert rows(shop.items, "item_id", "popularity", "available") == [("i", 1, None), ("k", 0, True), ("l", 0, None)]
    assert rows(shop.categories, "category_id", "level") == [("c", 1), ("top", 0)]


def test_session_items_carry_the_category_of_their_moment_and_categories_occur_together(shop_of):
    history = [("i", "a", None, 1500), ("i", "b", 1500, None), ("j", "c", None, None)]
    events = [
        (user, item, "view", at, None, None) for user in "uv" for item, at in (("i", 0), ("j", 1000), ("i", 2000))
    ]
    shop = shop_of(events, categories=history)
    expected = [("i", 0, "a"), ("i", 2000, "b"), ("j", 1000, "c")]
    assert rows(shop.session_items, "item_id", "at", "category_id") == sorted(expected * 2)
    # a, c, b in each of two sessions: neighbours weigh 1, the outer two 1/2.
    assert rows(shop.category_co_occurrence, "a", "b", "weight", "sessions") == [
        ("a", "b", 2 * 1 / 2, 2),
        ("a", "c", 2 * 1.0, 2),
        ("b", "c", 2 * 1.0, 2),
    ]
    assert rows(shop.item_co_occurrence, "a", "b", "weight", "sessions") == [("i", "j", 2 * (1 + 1), 2)]


def test_a_shop_without_events_is_empty_and_whole(shop_of):
    shop = shop_of([])
    assert {name: table.count().to_pyarrow().as_py() for name, table in shop.tables().items()} == dict.fromkeys(
        shop.tables(), 0
    )
