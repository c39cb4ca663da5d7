"""The checks on sources of a few rows, each against its bound."""

import pandas as pd
import pytest
from tests.pipeline.events import source_of

from kartograph.pipeline.checking.checks import Finding, check
from kartograph.pipeline.checking.profile import Brought, Former, Profile, hashes, keep_profile, profile_of, read_former
from kartograph.pipeline.declaration import Checks
from kartograph.tables.engine import Engine

HOUR = 3_600_000


def brought(events=100, users=10, items=10, **changes) -> Brought:
    facts = {
        "rows": events, "rejected": 0, "events": events, "users": users, "items": items,
        "kinds": {"view": events - events // 10, "buy": events // 10}, "hours": {"8": events}, "without_user": 0,
        "without_time": 0, "first": 0, "last": 10 * HOUR, "gap_hours": 1.0,
    }  # fmt: skip
    profile = Profile(**facts | changes)
    share = pd.DataFrame({"item_id": [f"i{n}" for n in range(items)], "events": events // max(items, 1)})
    return Brought(profile, share, pd.DataFrame({"user_id": [f"u{n}" for n in range(users)]}))


def former(one: Brought) -> Former:
    return Former(one.profile, one.items, hashes(one.users["user_id"]), hashes(one.items["item_id"]))


def finding(name: str, now: Brought, before: Brought | None = None, **bounds) -> Finding:
    result = check("shop", now, former(before) if before else None, Checks.model_validate(bounds))
    return next(one for one in result if one.check == name)


def test_what_is_like_the_last_time_passes_every_check():
    result = check("shop", brought(), former(brought()), Checks())
    assert {one.level for one in result} == {"fine"}
    assert {one.check for one in result} == set(Checks.model_fields)


@pytest.mark.parametrize(("events", "level"), [(100, "fine"), (79, "warn"), (50, "warn"), (49, "stop"), (0, "stop")])
def test_a_source_that_shrank_by_half_stops(events, level):
    assert finding("shrink", brought(events), brought(100)).level == level


def test_an_empty_source_stops_a_first_run_too():
    one = finding("shrink", brought(0, 0, 0))
    assert (one.level, str(one)) == ("stop", "shop: 0 events; shrink: stop below 0.5")


@pytest.mark.parametrize(("events", "level"), [(1000, "fine"), (1001, "warn")])
def test_a_source_that_grew_tenfold_is_worth_a_warning(events, level):
    assert finding("grow", brought(events), brought(100)).level == level


@pytest.mark.parametrize(("rejected", "level"), [(2, "fine"), (3, "warn"), (10, "warn"), (11, "stop")])
def test_rows_that_cannot_be_read_are_counted_in_a_first_run_too(rejected, level):
    assert finding("rejects", brought(rows=100, rejected=rejected)).level == level


def test_users_that_are_missing_more_often_than_before_stop():
    one = finding("nulls", brought(without_user=60), brought())
    assert (one.level, one.value) == ("stop", pytest.approx(60 / 100))
    assert finding("nulls", brought(without_user=60), brought(without_user=60)).level == "fine"


def test_another_share_of_a_kind_is_said_with_both_shares():
    one = finding("event_share", brought(kinds={"view": 60, "buy": 40}), brought())
    assert (one.level, one.value) == ("warn", pytest.approx(0.4 - 0.1))
    assert "10.0% before, 40.0% now" in one.words


def test_ids_in_another_form_make_all_items_new():
    other = brought()
    renamed = Brought(other.profile, other.items.assign(item_id="x" + other.items["item_id"]), other.users)
    one = finding("new_items", renamed, brought())
    assert (one.level, one.value) == ("stop", 1.0)


def test_time_without_events_counts_from_the_last_run_on():
    assert finding("gap_hours", brought(gap_hours=49.0)).level == "warn"
    late = brought(first=70 * HOUR, last=80 * HOUR)
    assert finding("gap_hours", late, brought()).value == 60
    assert finding("gap_hours", brought(), brought()).level == "fine"


def test_a_bound_of_the_file_is_the_one_that_counts():
    assert finding("drift", brought(hours={"8": 20, "20": 80}), brought(), drift={"stop": 0.1}).level == "stop"


def test_a_profile_counts_what_a_source_brings(tmp_path):
    rows = [
        ("a", "x", "view", 0), ("a", "y", "buy", HOUR), (None, "x", "view", 30 * HOUR), ("b", "x", "view", None)
    ]  # fmt: skip
    result = profile_of(source_of(rows, Engine()))
    assert result.profile == Profile(
        rows=4, rejected=0, events=4, users=2, items=2, kinds={"buy": 1, "view": 3}, hours={"0": 1, "1": 1, "6": 1},
        without_user=1, without_time=1, first=0, last=30 * HOUR, gap_hours=29.0,
    )  # fmt: skip
    assert result.items.to_dict("list") == {"item_id": ["x", "y"], "events": [3, 1]}
    assert result.users["user_id"].tolist() == ["a", "b"]


def test_what_any_run_has_seen_is_remembered(tmp_path):
    assert read_former(tmp_path / "s") is None
    keep_profile(tmp_path / "s", brought(users=2, items=1))
    keep_profile(tmp_path / "s", brought(users=1, items=3))
    kept = read_former(tmp_path / "s")
    assert kept is not None
    assert kept.seen_users.tolist() == hashes(pd.Series(["u0", "u1"])).tolist()
    assert kept.seen_items.tolist() == hashes(pd.Series(["i0", "i1", "i2"])).tolist()
    assert kept.profile.users == 1
