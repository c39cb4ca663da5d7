"""Tests of the categories that communities of items become, and of who joins them."""

import pandas as pd

from kartograph.tables.derived.derived_categories import category_of

COMMUNITIES = pd.Series({"a": 0, "b": 0, "c": 0, "d": 1, "e": 1})


def met(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["who", "item_id"])


def categories(*frames: pd.DataFrame) -> dict[str, str]:
    result = category_of(COMMUNITIES, frames)
    return dict(zip(result["item_id"], result["category_id"], strict=True))


def test_communities_become_categories():
    assert categories() == dict.fromkeys("abc", "derived-0") | dict.fromkeys("de", "derived-1")


def test_an_item_joins_those_of_its_sessions_before_those_of_its_users():
    sessions = met(("s", "x"), ("s", "d"), ("s", "e"), ("s", "a"))
    users = met(("u", "x"), ("u", "a"), ("u", "b"), ("u", "y"))
    result = categories(sessions, users)
    assert result["x"] == "derived-1"  # d and e against a
    assert result["y"] == "derived-0"  # in no session; its user has seen a, b, and x of derived-1
    assert categories(users)["x"] == "derived-0"


def test_what_was_met_several_times_counts_so_often_and_ties_go_to_the_larger_community():
    assert categories(met(("s", "x"), ("s", "a"), ("s", "d"), ("s", "d")))["x"] == "derived-1"
    assert categories(met(("s", "x"), ("s", "a"), ("s", "d")))["x"] == "derived-0"


def test_an_item_that_meets_no_other_is_left_out():
    assert "z" not in categories(met(("s", "z"), ("t", "a")), met())


def test_without_communities_there_are_no_categories():
    assert category_of(COMMUNITIES.iloc[:0], [met(("s", "x"), ("s", "y"))]).empty
