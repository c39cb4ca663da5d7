"""The log of events: an id counts once, sessions join their user, and what was erased is gone."""

import pytest

from kartograph.serving.events.checking import checked
from kartograph.serving.events.log import EventLog, LoggedEvent
from kartograph.tables.times import EARLIEST_MS


def event(id: str, item: str, at: int, user: str | None = None, session: str | None = None, kind: str = "view"):
    return LoggedEvent(id, user, session, item, kind, at, None)


def test_an_id_counts_once_and_waits_until_it_is_flushed(tmp_path) -> None:
    log = EventLog(tmp_path / "events.sqlite")
    log.append([[event("1", "a", 1, "u"), event("1", "b", 2, "u")], [event("2", "c", 3, "u")]])
    log.append([[event("2", "d", 4, "u")]])
    assert log.of_user("u") == [("a", "view", 1), ("c", "view", 3)]
    waiting = log.next_waiting(1)
    assert ([one.event_id for one in waiting.events], log.waiting() >= 2) == (["1"], True)
    log.mark_flushed(waiting.last)
    assert [one.event_id for one in log.next_waiting(10).events] == ["2"]
    log.mark_flushed(10**6)
    assert log.waiting() == 0
    assert log.of_user("u") == [("a", "view", 1), ("c", "view", 3)], "until a bundle holds them"


def test_what_is_about_answers_waits_to_be_counted_and_is_no_event_of_the_shop(tmp_path) -> None:
    log = EventLog(tmp_path / "events.sqlite")
    log.append([[event("1", "a", 1, "u", kind="impression"), event("2", "a", 2, "u", kind="click")]])
    assert (log.waiting(), log.of_user("u"), log.next_waiting(10).events) == (2, [], [])
    log.mark_flushed(10**6)
    assert log.waiting() == 2
    assert len(log.everything_of("u")) == 2


def test_sessions_that_a_user_joined_are_the_users(tmp_path) -> None:
    log = EventLog(tmp_path / "events.sqlite")
    log.append([[event("1", "a", 1, None, "s"), event("2", "b", 2, "user-x", "s"), event("3", "c", 3, None, "other")]])
    assert log.of_user("user-x") == [("a", "view", 1), ("b", "view", 2)]
    assert log.erase("user-x") == 2
    assert log.of_session("other") == [("c", "view", 3)]
    log.close()
    assert not any(b"user-x" in path.read_bytes() for path in tmp_path.iterdir())


def test_the_same_event_without_an_id_is_the_same() -> None:
    body = {"user_id": "u", "item_id": "a", "event": "view", "timestamp": EARLIEST_MS}
    taken, _ = checked([body, dict(body), {**body, "timestamp": EARLIEST_MS + 1}], lambda user: False)
    assert len({one.event_id for one in taken}) == 2


@pytest.mark.parametrize("at", [0, 1_700_000_000, EARLIEST_MS - 1, 4_102_444_800_000, True, 1.5, "2024-01-01"])
def test_a_time_that_is_in_seconds_or_cannot_be_is_refused(at) -> None:
    taken, rejected = checked([{"user_id": "u", "item_id": "a", "event": "view", "timestamp": at}], lambda user: False)
    assert (taken, rejected[0]["position"]) == ([], 0)
    assert str(rejected[0]["reason"]).startswith(f"timestamp is {at!r}: give")


@pytest.mark.parametrize("time", [{}, {"timestamp": None}])
def test_an_event_without_a_time_has_that_of_its_arrival(time) -> None:
    taken, _ = checked([{"user_id": "u", "item_id": "a", "event": "view", **time}], lambda user: False)
    assert taken[0].at > EARLIEST_MS


def test_an_erased_user_is_refused() -> None:
    body = {"user_id": "gone", "item_id": "a", "event": "view"}
    assert checked([body], lambda user: user == "gone") == (
        [],
        [{"position": 0, "reason": "the user was erased from this shop"}],
    )
