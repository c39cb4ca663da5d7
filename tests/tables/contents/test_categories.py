"""Tests of category histories and of the checks of the category tree."""

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kartograph.tables.contents.categories import category_at, category_history, category_tree
from kartograph.tables.report import Report
from kartograph.tables.schema import CATEGORIES, CATEGORY_TREE

OBSERVED = ibis.schema({"item_id": "string", "category_id": "string", "timestamp": "int64"})
EVENTS = ibis.schema({"item_id": "string", "timestamp": "int64"})


def history(rows, report=None):
    table = ibis.memtable(rows, schema=OBSERVED)
    return category_history(table, report or Report())


def periods(table):
    rows = table.order_by("item_id", ibis.asc("since", nulls_first=True)).to_pyarrow().to_pylist()
    return [(row["item_id"], row["category_id"], row["since"], row["until"]) for row in rows]


def tree(edges, report, codes=(), used=()):
    return category_tree(
        ibis.memtable(edges, schema=CATEGORY_TREE),
        ibis.memtable([(*code, None) for code in codes], schema=CATEGORIES),
        ibis.memtable([(name,) for name in used], schema=ibis.schema({"category_id": "string"})),
        report,
    )


def levels(made):
    return {row["category_id"]: row["level"] for row in made.categories.to_pyarrow().to_pylist()}


def edges_of(made):
    return sorted((row["category_id"], row["parent_id"]) for row in made.edges.to_pyarrow().to_pylist())


def test_a_category_holds_from_its_observation_until_the_next_different_one_the_first_from_the_beginning():
    observed = [("i", "a", 10), ("i", "a", 20), ("i", "b", 30), ("i", "b", 40), ("i", "a", 50), ("j", "c", 15)]
    assert periods(history(observed)) == [
        ("i", "a", None, 30),
        ("i", "b", 30, 50),
        ("i", "a", 50, None),
        ("j", "c", None, None),
    ]


def test_a_period_remembers_each_of_its_observations():
    made = history([("i", "a", 0), ("i", "b", 10), ("i", "a", 40), ("i", "a", 20), ("i", "a", 30), ("i", "a", 20)])
    assert periods(made) == [("i", "a", None, 10), ("i", "b", 10, 20), ("i", "a", 20, None)]
    assert sorted(row["seen"] for row in made.to_pyarrow().to_pylist()) == [[0], [10], [20, 30, 40]]


def test_of_several_categories_at_one_instant_the_smallest_id_holds_and_they_are_counted():
    report = Report()
    assert periods(history([("i", "b", 10), ("i", "a", 10), ("j", "c", 10), ("j", "c", 10)], report)) == [
        ("i", "a", None, None),
        ("j", "c", None, None),
    ]
    assert report.notes == {"instants at which an item had several categories: the smallest id holds": 1}


def test_an_event_has_the_category_of_its_moment_never_a_later_one():
    events = ibis.memtable([("i", 9), ("i", 29), ("i", 30), ("i", None), ("k", 30)], schema=EVENTS)
    joined = category_at(events, history([("i", "a", 10), ("i", "b", 30)])).to_pyarrow().to_pylist()
    assert sorted((row["item_id"], row["timestamp"] or -1, row["category_id"]) for row in joined) == [
        ("i", -1, "b"),  # no time: the current one
        ("i", 9, "a"),  # before the first known value that value holds
        ("i", 29, "a"),
        ("i", 30, "b"),
        ("k", 30, None),
    ]


@given(
    st.lists(st.tuples(st.sampled_from("ij"), st.sampled_from("abc"), st.integers(0, 9)), min_size=1, max_size=12),
    st.lists(st.tuples(st.sampled_from("ij"), st.integers(0, 9)), min_size=1, max_size=6, unique=True),
)
@settings(max_examples=25, deadline=None)
def test_the_join_finds_what_a_search_for_the_last_value_finds(observed, events):
    def expected(item, at):
        times = sorted({time for other, _, time in observed if other == item})
        past = [time for time in times if time <= at] or times[:1]
        return min(
            (name for other, name, time in observed if other == item and past and time == past[-1]), default=None
        )

    joined = category_at(ibis.memtable(events, schema=EVENTS), history(observed)).to_pyarrow().to_pylist()
    assert len(joined) == len(events)
    assert all(row["category_id"] == expected(row["item_id"], row["timestamp"]) for row in joined)


def test_levels_count_from_the_roots():
    made = tree([("root", None), ("a", "root"), ("b", "a"), ("c", "root")], Report(), used=["unlisted", "b"])
    assert levels(made) == {"root": 0, "a": 1, "b": 2, "c": 1, "unlisted": 0}
    assert edges_of(made) == [("a", "root"), ("b", "a"), ("c", "root")]


def test_edges_on_a_cycle_are_dropped_and_what_hangs_below_stays():
    report = Report()
    made = tree([("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("e", "e"), ("f", None), ("g", "f")], report)
    assert edges_of(made) == [("d", "a"), ("g", "f")]
    assert levels(made) == {"a": 0, "b": 0, "c": 0, "d": 1, "e": 0, "f": 0, "g": 1}
    assert report.notes == {
        "edges of the category tree that lie on a cycle, dropped": 3,
        "categories that are their own parent": 1,
    }


def test_dangling_parents_become_roots_and_duplicate_rows_one():
    report = Report()
    made = tree([("a", "gone"), ("a", "gone"), ("b", "a"), ("b", "other")], report)
    assert levels(made) == {"gone": 0, "other": 0, "a": 1, "b": 1}
    assert report.notes == {
        "duplicate rows of the category tree": 1,
        "parents that are no category of the tree, taken as roots": 2,
        "further parents of categories that have several": 1,
    }


def test_codes_stay_with_their_categories():
    made = tree([("a", None)], Report(), codes=[("a", "sports"), ("b", "books")])
    result = {row["category_id"]: row["code"] for row in made.categories.to_pyarrow().to_pylist()}
    assert result == {"a": "sports", "b": "books"}


@pytest.mark.parametrize("used", [(), ("a",)])
def test_no_tree_at_all_is_a_shop_without_edges(used):
    made = tree([], Report(), used=used)
    assert edges_of(made) == []
    assert levels(made) == dict.fromkeys(used, 0)
