"""Tests of what changes in a catalogue: properties, categories in time, the tree."""

from dataclasses import replace
from itertools import chain

import ibis
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from tests.tables.derived.told import PROPERTIES, source_of, view

from kartograph.tables.contents.categories import category_history
from kartograph.tables.derived.incremental_catalogue import KnownCatalogue, catalogue_changes, catalogue_items
from kartograph.tables.report import Report
from kartograph.tables.schema import CATEGORIES, CATEGORY_TREE, ITEM_CATEGORIES


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
    result = catalogue(engine, (known, (), (), ()), source_of(engine, [view("u", "e", 0)], items=new))
    assert plain(result.items_changed) == [item("a", 1.0, 10, "new"), item("b", 6.0, 11)]
    assert plain(result.items_added) == [item("d", 7.0, 1), item("e", None, None)]


def test_a_late_category_cuts_the_period_that_it_falls_into(engine):
    known = [observed("a", "c1", None, None, 10, 30), observed("b", "c1", None, None, 10)]
    new = [observed("a", "c2", None, None, 20), observed("b", "c1", None, None, 10)]
    result = catalogue(engine, ((), known, (), ()), source_of(engine, [], periods=new))
    cut = [observed("a", "c1", 30, None, 30), observed("a", "c1", None, 20, 10), observed("a", "c2", 20, 30, 20)]
    assert plain(result.item_categories) == sorted(cut, key=str)
    assert len(plain(result.history)) == 4


def test_a_known_category_that_is_seen_again_changes_no_period(engine):
    known = [observed("a", "c1", None, None, 10), observed("b", "c1", None, 20, 10), observed("b", "c2", 20, None, 20)]
    new = [observed("a", "c1", None, None, 10, 30), observed("b", "c2", None, None, 25)]
    result = catalogue(engine, ((), known, (), ()), source_of(engine, [], periods=new))
    assert plain(result.item_categories) == []
    again = [observed("a", "c1", None, None, 10, 30), observed("b", "c2", 20, None, 20, 25)]
    assert plain(result.observations) == sorted(again, key=str)


OBSERVATION = st.tuples(st.sampled_from("ab"), st.sampled_from(["c1", "c2", "c3"]), st.integers(0, 6))


def told_categories(engine, rows):
    """The periods that a loader makes of rows (item, category, ms)."""
    schema = ibis.schema({"item_id": "string", "category_id": "string", "timestamp": "int64"})
    return category_history(engine.store("told", ibis.memtable(rows, schema=schema)), Report())


@pytest.mark.slow
@given(st.lists(st.lists(OBSERVATION, min_size=1, max_size=5), min_size=2, max_size=4))
@settings(max_examples=5, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@example([[("a", "c1", 0), ("a", "c1", 1), ("a", "c1", 3), ("a", "c1", 4)], [("a", "c2", 2)]])
@example([[("a", "c2", 0), ("a", "c2", 2)], [("a", "c1", 0)], [("a", "c2", 1)]])
def test_categories_told_in_any_split_and_order_have_the_same_periods(engine, loads):
    known = []
    for rows in loads:
        source = replace(source_of(engine, []), item_categories=told_categories(engine, rows))
        known = plain(catalogue(engine, ((), known, (), ()), source).history)
    assert known == plain(told_categories(engine, list(chain(*loads))))


def test_a_category_gets_the_parents_that_the_source_gives_and_keeps_those_it_does_not_name(engine):
    known = [("root", None, 0), ("a", None, 1), ("b", None, 2)], [("a", "root"), ("b", "a")]
    result = catalogue(engine, ((), (), *known), source_of(engine, [], tree=[("b", "root"), ("root", None)]))
    assert plain(result.edges_added) == [("b", "root")]
    assert plain(result.edges_removed) == [("b", "a")]
    assert plain(result.categories_changed) == [("b", None, 1)]
