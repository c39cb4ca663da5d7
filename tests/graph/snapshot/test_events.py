"""Tests of the snapshot's events: in order of time, with rows of users, sessions and items."""

import numpy as np
import pytest
from tests.graph.snapshot.shops import BORROW, BUY, CART, MINUTE, T0, VIEW

from kartograph.graph.snapshot.events import NO_TIME

pytestmark = pytest.mark.server


def test_events_come_in_order_of_time_with_rows_of_users_sessions_and_items(shop):
    events = shop.snapshot("events").events
    assert list(events.users.index) == ["1", "2", "3", "4", "5", "6"]
    assert list(events.items.index) == ["101", "102", "103", "104", "105", "106", "107"]
    assert list(events.sessions.index) == ["1-0", "1-1", "2-0", "2-1", "3-0", "3-1", "4-0", "x-0"]
    assert events.session_users.tolist() == [0, 0, 1, 1, 2, 2, 3, -1]
    expected = [  # session, user, then item, event, minute of each event
        (0, 0, [(0, VIEW, 0), (1, VIEW, 1), (1, CART, 2), (1, BUY, 3)]),
        (2, 1, [(0, VIEW, 60), (1, VIEW, 61), (0, BUY, 62)]),
        (1, 0, [(2, VIEW, 1440), (3, VIEW, 1441)]),
        (4, 2, [(0, VIEW, 1500), (2, VIEW, 1501), (2, BUY, 1502), (0, BUY, 1503)]),
        (3, 1, [(1, VIEW, 2880), (2, VIEW, 2881), (2, BUY, 2882)]),
        (7, -1, [(0, VIEW, 2940), (2, VIEW, 2941)]),
        (5, 2, [(3, VIEW, 4320), (4, VIEW, 4321)]),
        (6, 3, [(4, VIEW, 4380), (3, VIEW, 4381), (5, VIEW, 4382), (5, BORROW, 4383)]),
    ]
    rows = [(s, u, i, e, T0 + m * MINUTE) for s, u, acts in expected for i, e, m in acts]
    columns = (events.session, events.user, events.item, events.event, events.time)
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == rows
    assert [str(column.dtype) for column in columns] == ["int32", "int32", "int32", "int8", "int64"]


def test_events_of_one_moment_are_ordered_by_session_and_position(empty):
    empty.query(
        "CREATE (i:Item {id: 'i'}), (j:Item {id: 'j'}), (b:Session {id: 'b'}), (a:Session {id: 'a'}) "
        "CREATE (b)-[:INCLUDES {at: 5, event: 'view', position: 0}]->(i) "
        "CREATE (a)-[:INCLUDES {at: 5, event: 'buy', position: 1}]->(i) "
        "CREATE (a)-[:INCLUDES {at: 5, event: 'view', position: 0}]->(j) "
        "CREATE (b)-[:INCLUDES {at: 4, event: 'view', position: 1}]->(j)",
        write=True,
    )
    events = empty.snapshot("events").events
    assert events.session.tolist() == [1, 0, 0, 1]
    assert events.item.tolist() == [1, 1, 0, 0]


def test_without_times_the_order_is_that_of_sessions_and_positions(empty):
    empty.query(
        "CREATE (i:Item {id: 'i'}), (j:Item {id: 'j'}), (k:Item {id: 'k'}) "
        "CREATE (b:Session {id: 'b'}), (a:Session {id: 'a'}) "
        "CREATE (a)-[:INCLUDES {event: 'view', position: 2}]->(i) "
        "CREATE (a)-[:INCLUDES {event: 'view', position: 10}]->(j) "
        "CREATE (b)-[:INCLUDES {event: 'view', position: 0}]->(k)",
        write=True,
    )
    events = empty.snapshot("events").events
    assert events.item.tolist() == [0, 1, 2]
    assert events.time.tolist() == [NO_TIME] * 3
    assert np.isnat(events.time.view("datetime64[ms]")).all()


def test_an_event_without_a_time_stands_after_the_one_before_it_in_its_session(empty):
    empty.query(
        "CREATE (i:Item {id: 'i'}), (j:Item {id: 'j'}), (k:Item {id: 'k'}), (b:Session {id: 'b', started: 7}), "
        "(a:Session {id: 'a', started: 1}) "
        "CREATE (a)-[:INCLUDES {event: 'view', position: 0, at: 9}]->(i) "
        "CREATE (a)-[:INCLUDES {event: 'view', position: 1}]->(j) "
        "CREATE (b)-[:INCLUDES {event: 'view', position: 0}]->(k)",
        write=True,
    )
    events = empty.snapshot("events").events
    assert events.item.tolist() == [2, 0, 1]  # b began at 7; what follows i at 9 is not before it
    assert events.time.tolist() == [NO_TIME, 9, NO_TIME]


def test_what_was_only_counted_of_a_user_without_sessions_becomes_events_in_no_session(shop):
    shop.query(
        "MATCH (u:User {id: '5'}), (i:Item {id: '107'}) CREATE (u)-[:BOUGHT {count: 3, first: 10, last: 20}]->(i)",
        write=True,
    )
    events = shop.snapshot("events").events
    assert events.user[:3].tolist() == [4, 4, 4]
    assert events.session[:3].tolist() == [-1, -1, -1]
    assert events.item[:3].tolist() == [6, 6, 6]
    assert events.event[:3].tolist() == [BUY] * 3
    assert events.time[:3].tolist() == [10, 20, 20]
    assert len(events) == 24 + 3


def test_a_session_that_two_users_had_belongs_to_the_first_by_id(shop):
    shop.query("MATCH (u:User {id: '1'}), (s:Session {id: '2-0'}) CREATE (u)-[:HAD]->(s)", write=True)
    assert shop.snapshot("events").events.session_users.tolist() == [0, 0, 0, 1, 2, 2, 3, -1]
