from dataclasses import replace
from math import log

import numpy as np
import pandas as pd
import pytest
from tests.models.sessions import asking, training

from kartograph.models.blend.features import Candidates, candidates, concatenated, feature_names
from kartograph.models.blend.known_items import known_items
from kartograph.models.blend.pair_kernels import OF_PAIR
from kartograph.models.computed import Computed
from kartograph.models.data import NONE, Histories, TrainingData
from kartograph.models.item_categories import with_categories
from kartograph.models.scoring.ranking import TopK

DATA = training("ab", "ab", "ac", "d")


def _table(prefix: str, offered: dict[str, TopK], data: TrainingData = DATA, logarithmic: tuple[str, ...] = ()):
    tops, logarithms = list(offered.values()), [name in logarithmic for name in offered]
    known = known_items(data)
    result = candidates(tops, logarithms, asking(data, prefix), known)
    names = feature_names(list(offered), known)
    return {
        str(data.items.external[item]): dict(zip(names, row.tolist(), strict=True))
        for item, row in zip(result.items, result.features, strict=True)
    }


def _top(items: str, scores: list[float]) -> TopK:
    return TopK(np.array([DATA.items.rows(list(items))]), np.array([scores], dtype=np.float32))


def test_what_components_say_follows_the_formulas():
    table = _table("da", {"rules": _top("bc", [3.0, 1.0]), "popular": _top("ab", [3.0, 2.0])})

    assert sorted(table) == ["a", "b", "c"]
    assert table["c"]["log rules"] == pytest.approx(log(1 / 3 + 1e-4), rel=1e-4)
    assert table["c"]["share rules"] == pytest.approx(1 / 4)
    assert (table["b"]["rank rules"], table["c"]["rank rules"]) == (1, 1 / 2)
    assert table["c"]["raw rules"] == pytest.approx(log(1 + 1))
    assert table["a"]["log rules"] == pytest.approx(log(1e-4), rel=1e-4)
    assert (table["a"]["share rules"], table["a"]["rank rules"], table["a"]["raw rules"]) == (0, 0, 0)


def test_the_history_tells_the_age_of_an_item_how_often_and_how_it_was_touched_and_how_long_it_is():
    table = _table("daa", {"popular": _top("ab", [3.0, 2.0])})

    assert (table["a"]["age 0"], table["a"]["age 1"], table["b"]["age 0"]) == (1, 0, 0)
    assert table["a"]["times"] == pytest.approx(log(1 + 2))
    assert table["b"]["times"] == 0
    assert table["b"]["length"] == pytest.approx(log(3))
    assert table["b"]["distinct"] == pytest.approx(2 / 3)
    assert table["b"]["items"] == pytest.approx(log(2))


def test_what_happened_to_an_item_is_told_by_the_kind_of_event():
    # Views of a, a cart of b, a purchase of c.
    query = Histories.of(np.zeros(3, dtype=int), DATA.items.rows(list("abc")), 1, np.array([0, 1, 2]))

    known = known_items(DATA)
    result = candidates([_top("abc", [3.0, 2.0, 1.0])], [False], query, known)
    table = [dict(zip(feature_names(["popular"], known), row.tolist(), strict=True)) for row in result.features]

    assert [(row["carted"], row["bought"]) for row in table] == [(0, 0), (1, 0), (0, 1)]


def test_the_order_of_the_sessions_tells_how_popular_an_item_is_when():
    data = training(*["ab"] * 199, "cc")
    offered = {"popular": TopK(data.items.rows(list("abc"))[None], np.ones((1, 3), dtype=np.float32))}

    table = _table("a", offered, data)
    a, c = table["a"], table["c"]

    assert a["popularity"] == pytest.approx(log(1 + 199))
    # The latest hundredth of 200 sessions are two.
    assert (a["lately 0.01"], c["lately 0.01"]) == pytest.approx((log(1 + 1), log(1 + 2)))
    assert (a["since last"], a["since first"]) == pytest.approx((log(1 + 1 / 100), log(1 + 199 / 100)))
    assert (c["since last"], c["since first"]) == (0, 0)
    assert (a["returns"], c["returns"]) == (1, 2)
    assert (a["among"], c["among"]) == pytest.approx((log(2), log(2)))
    assert (a["ends"], c["ends"]) == (0, 1)


def test_a_component_that_answers_in_logarithms_enters_with_their_exponentials():
    offered = {"net": _top("bc", [-1.0, -3.0]), "popular": _top("ad", [3.0, 1.0])}

    table = _table("a", offered, logarithmic=("net",))

    assert table["c"]["log net"] == pytest.approx(log(np.exp(-2) + 1e-4), rel=1e-4)
    assert table["b"]["share net"] == pytest.approx(np.exp(-1) / (np.exp(-1) + np.exp(-3)))


def test_an_empty_place_is_no_candidate():
    partly = TopK(np.array([[1, NONE]]), np.array([[1.0, -np.inf]]))

    assert list(_table("a", {"rules": partly, "popular": partly})) == ["b"]


def test_candidates_are_cut_and_joined_by_query():
    result = Candidates(np.array([0, 2, 2, 3]), np.array([4, 5, 6]), np.arange(3.0)[:, None])

    kept = result.thinned(np.array([False, True, True]))
    twice = concatenated([kept, result])

    assert result.queries.tolist() == [0, 0, 2]
    assert (kept.offsets.tolist(), kept.items.tolist()) == ([0, 1, 1, 2], [5, 6])
    assert twice.offsets.tolist() == [0, 1, 1, 2, 4, 4, 5]
    assert twice.features[:, 0].tolist() == [1, 2, 0, 1, 2]


def test_names_stand_in_the_order_of_the_columns():
    known = known_items(DATA)

    assert feature_names(["x"], known)[:5] == ("log x", "share x", "rank x", "raw x", "age 0")
    assert feature_names(["x"], known)[-3:] == ("share last", "with second", "cosine second")


def test_what_the_shop_knows_of_items_is_compared_with_the_last_item_of_the_history():
    known = {
        "price": [10.0, 20.0, np.nan, 10.0],
        "brand": ["x", "y", "x", None],
        "available": [True, False, True, None],
    }
    facts = pd.DataFrame({"item_id": list("abcd"), **known})
    placed = pd.DataFrame({"item_id": list("abc"), "category_id": ["pans", "pots", "spades"]})
    tree = pd.DataFrame({"category_id": ["pans", "pots", "spades"], "parent_id": ["kitchen", "kitchen", "garden"]})
    data = with_categories(replace(DATA, facts=facts), placed, tree)

    table = _table("da", {"popular": _top("abcd", [4.0, 3.0, 2.0, 1.0])}, data)

    groups = ("same category", "same parent category", "same root category", "same brand")
    assert [table["a"][group] for group in groups] == [1, 1, 1, 1]
    assert [table["b"][group] for group in groups] == [0, 1, 1, 0]
    assert [table["c"][group] for group in groups] == [0, 0, 0, 1]
    assert [table["d"][group] for group in groups] == [0, 0, 0, 0]
    assert [table[item]["price ratio"] for item in "abcd"] == pytest.approx([0, log(2), 0, 0])
    assert [table[item]["price"] for item in "bc"] == pytest.approx([log(1 + 20), 0])
    assert [table[item]["available"] for item in "abcd"] == [1, 0, 1, 1]


def test_what_the_graph_computed_is_a_feature():
    computed = Computed(item_pagerank=np.array([0.5, 0.1, np.nan, 0.2]), communities=np.array([3, 3, NONE, NONE]))

    table = _table("a", {"popular": _top("abc", [4.0, 3.0, 2.0])}, replace(DATA, computed=computed))

    assert [table[item]["same community"] for item in "abc"] == [1, 1, 0]
    assert [table[item]["pagerank"] for item in "abc"] == pytest.approx([log(0.5), log(0.1), log(1e-9)], rel=1e-4)


def test_how_often_items_go_together_is_counted_by_owners():
    # a and b share two sessions of three with a and two with b; a and c share one, c and b none.
    table = _table("ba", {"popular": _top("bcd", [3.0, 2.0, 1.0])})
    b, c, d = table["b"], table["c"], table["d"]

    assert (b["with last"], c["with last"], d["with last"]) == pytest.approx((log(1 + 2), log(1 + 1), 0))
    assert (b["cosine last"], c["cosine last"]) == pytest.approx((2 / (2 * 3) ** 0.5, 1 / 3**0.5))
    assert (b["share last"], c["share last"]) == pytest.approx((2 / 3, 1 / 3))
    assert (c["with second"], c["cosine second"]) == (0, 0)
    # An item is with itself in all of its sessions.
    assert (b["with second"], b["cosine second"]) == pytest.approx((log(1 + 2), 1))


def test_a_history_of_one_item_has_no_second_and_an_empty_one_no_pair_at_all():
    one, none = (_table(prefix, {"popular": _top("b", [3.0])})["b"] for prefix in ("a", ""))

    assert (one["with last"], one["with second"]) == pytest.approx((log(1 + 2), 0))
    assert [none[name] for name in OF_PAIR] == [0] * len(OF_PAIR)


def test_the_vectors_of_items_are_compared_with_the_last_item_and_with_the_history():
    known = known_items(DATA)
    vectors = dict(zip("abcd", np.eye(4, dtype=np.float32)[[0, 0, 1, 2]], strict=True))  # a and b are alike
    pairs = replace(known.pairs, vectors=np.array([vectors[item] for item in DATA.items.external]))
    result = candidates([_top("bcd", [3.0, 2.0, 1.0])], [False], asking(DATA, "ac"), replace(known, pairs=pairs))

    names = feature_names(["popular"], known)
    table = [dict(zip(names, row.tolist(), strict=True)) for row in result.features]

    # The history is 0.7 · a + c, of length √(0.7² + 1).
    length = (0.7**2 + 1) ** 0.5
    assert [row["like last"] for row in table] == [0, 1, 0]
    assert [row["like history"] for row in table] == pytest.approx([0.7 / length, 1 / length, 0])
