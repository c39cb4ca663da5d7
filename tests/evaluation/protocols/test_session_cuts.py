from dataclasses import replace

import pandas as pd
import pytest

from kartograph.evaluation.protocols.session_cuts import DAY_MS, ClickOptions, LastDays, SessionSplit, SessionWindows
from kartograph.evaluation.shop_tables import ShopTables
from kartograph.evaluation.tasks import View
from kartograph.models.array_model import ArrayModel
from kartograph.models.data import NONE
from kartograph.models.registry import make
from kartograph.models.walks.random_walk import RandomWalk
from kartograph.tables.errors import BadInput, Leak
from kartograph.tables.events import EVENTS

LOOSE = ClickOptions(item_events=1)


def _events(*rows: tuple[str, str, float]) -> pd.DataFrame:
    """Views of (session, item, day), in order of time."""
    frame = pd.DataFrame(rows, columns=["session_id", "item_id", "day"]).sort_values("day", kind="stable")
    return frame.assign(timestamp=(frame["day"] * DAY_MS).astype("int64"), event="view").reset_index(drop=True)


def _words(clicks: pd.DataFrame) -> dict[str, str]:
    return {str(session): str(items) for session, items in clicks.groupby("session_id")["item_id"].sum().items()}


EARLY = [("s1", "a", 1.0), ("s1", "b", 1.1), ("s2", "b", 2.0), ("s2", "a", 2.1)]


def test_the_last_week_is_asked_for_and_everything_before_is_learned():
    events = _events(*EARLY, ("t", "a", 10.0), ("t", "b", 10.1), ("u", "b", 16.0), ("u", "a", 16.5))

    (split,) = LastDays(clicks=LOOSE).splits(events)

    assert _words(split.train) == {"s1": "ab", "s2": "ba"}
    assert _words(split.test) == {"t": "ab", "u": "ba"}


def test_what_a_session_does_after_the_cut_belongs_to_neither_part():
    events = _events(
        *EARLY, ("over", "a", 9.4), ("over", "b", 9.45), ("over", "a", 9.6), ("t", "a", 10), ("t", "b", 16.5)
    )

    (split,) = LastDays(clicks=LOOSE).splits(events)

    assert _words(split.train)["over"] == "ab"
    assert _words(split.test) == {"t": "ab"}


def test_items_of_the_test_part_alone_leave_it():
    events = _events(*EARLY, ("t", "a", 10.0), ("t", "new", 10.1), ("t", "b", 10.2), ("u", "new", 16), ("u", "a", 16.5))

    (split,) = LastDays(clicks=LOOSE).splits(events)

    assert _words(split.test) == {"t": "ab"}


def test_rare_items_and_short_sessions_go_until_all_have_enough():
    # c is clicked once; without it s3 is short; without s3 d has one click; without d s4 is short.
    events = _events(
        *EARLY,
        *[("s3", "c", 3.0), ("s3", "d", 3.1), ("s4", "d", 4.0), ("s4", "a", 4.1)],
        *[("t", "a", 10.0), ("t", "b", 16.5)],
    )

    (split,) = LastDays(clicks=ClickOptions(item_events=2)).splits(events)

    assert set(split.train["session_id"]) == {"s1", "s2"}


def test_an_item_needs_enough_training_clicks_whatever_the_test_part_holds():
    events = _events(
        *EARLY, ("s3", "c", 3), ("s3", "a", 3.1), *[("t", item, 10 + n / 9) for n, item in enumerate("acccb")]
    )

    (split,) = LastDays(test_days=1, clicks=ClickOptions(item_events=2)).splits(events)

    assert "c" not in set(split.train["item_id"]) | set(split.test["item_id"])


def test_windows_slide_over_the_data_up_to_its_end():
    rows = [
        (f"s{day}{part}", item, day + 0.4 * part + n / 10)
        for day in range(13)
        for part in (0, 1)
        for n, item in enumerate("ab")
    ]
    events = _events(*rows)

    splits = list(SessionWindows(windows=3, train_days=3, test_days=1, clicks=LOOSE).splits(events))

    assert [split.cut - splits[0].cut for split in splits] == [0, 4 * DAY_MS, 8 * DAY_MS]
    for split in splits:
        assert split.train["timestamp"].between(split.cut - 3 * DAY_MS, split.cut - 1).all()
        assert split.test["timestamp"].between(split.cut, split.cut + DAY_MS - 1).all()
    with pytest.raises(BadInput, match=r"5 windows of 25 \+ 2 days do not fit into the 12\.5 days"):
        next(SessionWindows().splits(events))


def test_a_future_event_or_a_test_session_in_the_training_part_raises_the_alarm():
    train, test = _events(*EARLY), _events(("t", "a", 10), ("t", "b", 11))
    SessionSplit(0, train, test, cut=10 * DAY_MS)

    with pytest.raises(Leak, match="1 training events lie at or after the cut"):
        SessionSplit(0, _events(*EARLY, ("s2", "a", 10.5)), test, cut=10 * DAY_MS)
    with pytest.raises(Leak, match=r"rows of the test part are in the training part too, such as .*'t'"):
        SessionSplit(0, _events(*EARLY, ("t", "a", 9.0)), test, cut=10 * DAY_MS)


def test_a_division_without_test_sessions_says_what_is_there():
    with pytest.raises(BadInput, match="4 clicks to learn from and 0 to ask for"):
        next(LastDays(clicks=LOOSE).splits(_events(*EARLY, ("t", "a", 16.5))))


def _visits() -> ShopTables:
    """u and v visit before and after the cut; of the last visit nobody knows the user."""
    rows = [
        *[("u", "u1", "a", 1.0), ("u", "u1", "b", 1.1), ("v", "v1", "c", 2.0), ("v", "v1", "a", 2.1)],
        *[("u", "u2", "b", 10.0), ("u", "u2", "c", 10.1), ("u", "u2", "a", 10.2)],
        *[("u", "u3", "c", 12.0), ("u", "u3", "b", 12.1), ("w", "w1", "a", 13.0), ("w", "w1", "c", 13.1)],
        *[(None, "n1", "b", 14.0), (None, "n1", "a", 14.1)],
    ]
    events = pd.DataFrame(rows, columns=["user_id", "session_id", "item_id", "day"])
    events = events.assign(timestamp=(events["day"] * DAY_MS).round().astype("int64"), event="view")
    nothing = pd.DataFrame(columns=["item_id", "category_id", "since", "until"])
    return ShopTables("made", events, nothing, pd.DataFrame(columns=["category_id", "parent_id"]))


def _asked(view: View) -> list[str]:
    names = view.data.items.external
    queries = view.cases.queries
    return ["".join(names[queries.part(case, case + 1).items]) for case in range(len(queries))]


def test_a_model_of_sessions_gets_the_session_at_hand_and_one_of_users_all_that_came_before():
    (task,) = LastDays(test_days=5, clicks=LOOSE).tasks(_visits())
    sessions, users = task.view("sessions"), task.view("users")

    assert sessions is not None and users is not None
    assert sessions.cases.ids == users.cases.ids == ["u2:1", "u2:2", "u3:1", "w1:1", "n1:1"]
    assert _asked(sessions) == ["b", "bc", "c", "a", "b"]
    assert _asked(users) == ["ab" + "b", "ab" + "bc", "ab" + "bca" + "c", "a", "b"]
    known = users.data.owners.external
    assert [known[row] if row != NONE else None for row in users.cases.owners] == ["u", "u", "u", None, None]
    assert known.tolist() == ["u", "v"]
    assert users.cases.truth is sessions.cases.truth
    assert task.view("any") == sessions


@pytest.mark.parametrize(
    ("past", "expected"),
    [
        (0, ["b", "bc", "c", "a", "b"]),
        (1, ["b" + "b", "b" + "bc", "a" + "c", "a", "b"]),
        (9, ["ab" + "b", "ab" + "bc", "abbca" + "c", "a", "b"]),
    ],
)
def test_a_model_of_sessions_is_asked_with_as_much_of_the_past_as_its_option_says(past, expected):
    (task,) = LastDays(test_days=5, clicks=LOOSE).tasks(_visits())
    view = task.view("any")

    assert view is not None
    queries = view.cases.asked_of(RandomWalk(past=past))
    assert _asked(View(view.data, replace(view.cases, queries=queries))) == expected
    of_users = make("stan-users")
    assert isinstance(of_users, ArrayModel)
    assert view.cases.asked_of(of_users) is view.cases.queries


def test_what_happens_at_the_moment_asked_for_or_later_is_in_no_past():
    tables = _visits()
    # u3 begins while u2 is still going on, and its first click comes with u2's last one.
    days = tables.events["day"].where(tables.events["session_id"] != "u3", tables.events["day"] - 1.8)
    events = tables.events.assign(timestamp=(days * DAY_MS).round().astype("int64")).sort_values(
        "timestamp", kind="stable"
    )

    (task,) = LastDays(test_days=5, clicks=LOOSE).tasks(replace(tables, events=events.reset_index(drop=True)))
    users = task.view("users")

    assert users is not None
    asked = dict(zip(users.cases.ids, _asked(users), strict=True))
    assert asked["u2:2"] == "ab" + "bc"
    assert asked["u3:1"] == "ab" + "bca" + "c"


def test_models_of_users_know_events_of_all_kinds_where_one_kind_is_asked_for():
    tables = _visits()
    bought = pd.DataFrame({"user_id": "u", "session_id": ["u1", "u2"], "item_id": ["a", "b"], "day": [1.2, 10.15]})
    bought = bought.assign(timestamp=(bought["day"] * DAY_MS).round().astype("int64"), event="buy")
    events = pd.concat([tables.events, bought]).sort_values("timestamp", kind="stable").reset_index(drop=True)

    (task,) = LastDays(test_days=5, clicks=LOOSE).tasks(replace(tables, events=events))
    sessions, users = task.view("sessions"), task.view("users")

    assert sessions is not None and users is not None
    assert _asked(sessions) == ["b", "bc", "c", "a", "b"]
    assert _asked(users)[:3] == ["aba" + "b", "aba" + "bcb", "aba" + "bcba" + "c"]
    assert [EVENTS[kind] for kind in users.cases.queries.part(1, 2).events] == [
        *("view", "view", "buy"),
        *("view", "view", "buy"),
    ]
    assert users.data.items is sessions.data.items


def test_without_users_there_is_nothing_for_a_model_of_users():
    tables = _visits()

    (task,) = LastDays(test_days=5, clicks=LOOSE).tasks(replace(tables, events=tables.events.assign(user_id=None)))

    assert task.view("users") is None
    assert task.view("any") is not None
