"""Tests of the cutting of events into sessions."""

import ibis
import pytest

from kartograph.tables.derived.sessions import SessionOptions, with_sessions
from kartograph.tables.errors import BadInput
from kartograph.tables.report import Report
from kartograph.tables.schema import INTERACTIONS, MAX_ID_BYTES

MINUTE = 60_000


def cut(rows, gap=30.0, report=None):
    """Rows are (user, time in minutes, source's session); returns the session of each, in the order of the rows."""
    events = [
        (user, f"item{place:03}", "view", None if minutes is None else minutes * MINUTE, session, None)
        for place, (user, minutes, session) in enumerate(rows)
    ]
    table = with_sessions(ibis.memtable(events, schema=INTERACTIONS), SessionOptions(gap), report or Report())
    assert table.columns == (*INTERACTIONS, "named")
    return table.order_by("item_id").to_pyarrow()["session_id"].to_pylist()


def test_a_pause_longer_than_the_gap_begins_a_session_and_one_as_long_does_not():
    assert cut([("u", 0, None), ("u", 30, None), ("u", 61, None), ("v", 62, None)]) == [
        "u@0",
        "u@0",
        f"u@{61 * MINUTE}",
        f"v@{62 * MINUTE}",
    ]


def test_the_gap_is_an_option():
    assert cut([("u", 0, None), ("u", 10, None)], gap=5) == ["u@0", f"u@{10 * MINUTE}"]


def test_events_out_of_order_fall_into_the_same_sessions():
    rows = [("u", 61, None), ("u", 0, None), ("u", 30, None)]
    assert cut(rows) == [f"u@{61 * MINUTE}", "u@0", "u@0"]


def test_the_sources_own_session_holds_and_does_not_bridge_the_others():
    rows = [("u", 0, None), ("u", 20, "s"), ("u", 40, None)]
    assert cut(rows) == ["u@0", "s", f"u@{40 * MINUTE}"]


def test_a_session_that_users_share_is_cut_into_one_for_each():
    report = Report()
    assert cut([("u", 0, "s"), ("v", 1, "s"), ("w", 2, "t")], report=report) == ["s/u", "s/v", "t"]
    assert report.notes == {"sessions that several users share, cut into one for each user": 1}


def test_sessions_without_users_and_users_without_times_are_kept_whole():
    assert cut([(None, None, "s"), (None, None, "s"), ("u", None, None), ("u", None, None)]) == ["s", "s", "u@", "u@"]


def test_events_of_one_instant_lie_in_one_session_whatever_order_they_come_in():
    # Before the tie 31 minutes of rest, after it 30: all five at 61 and the one at 91 are one session.
    rows = [("u", 30, None), *[("u", 61, None)] * 5, ("u", 91, None)]
    second = f"u@{61 * MINUTE}"
    for turned in range(len(rows)):
        order = [*rows[turned:], *rows[:turned]]
        expected = [f"u@{30 * MINUTE}" if minutes == 30 else second for _, minutes, _ in order]
        assert cut(order) == expected


def test_days_alone_give_one_session_for_each_user_and_day():
    day = 24 * 60
    rows = [(user, at * day, None) for at in range(3) for user in "uv" for _ in range(4)]
    assert cut(rows) == [f"{user}@{at * MINUTE}" for user, at, _ in rows]


def test_events_without_times_do_not_join_the_sessions_that_have_some():
    rows = [("u", None, None), ("u", 0, None), ("u", None, None), ("u", 10, None), ("u", None, "s")]
    assert cut(rows) == ["u@", "u@0", "u@", "u@0", "s"]


def test_a_session_id_that_would_be_too_long_is_hashed():
    result = cut([("u" * MAX_ID_BYTES, 0, None), ("w" * MAX_ID_BYTES, 0, None)])
    assert len(set(result)) == 2
    assert all(len(name.encode()) <= MAX_ID_BYTES for name in result)


def test_a_gap_of_nothing_is_refused():
    with pytest.raises(BadInput, match="The session gap is 0 minutes; it has to be more than 0"):
        SessionOptions(gap_minutes=0)


@pytest.mark.parametrize("gap", [float("nan"), float("inf"), -1.0])
def test_a_gap_that_is_no_number_of_minutes_is_refused(gap):
    with pytest.raises(BadInput, match=r"The session gap is .* minutes; it has to be more than 0, such as 30"):
        SessionOptions(gap_minutes=gap)
