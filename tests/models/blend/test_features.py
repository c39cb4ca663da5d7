from math import exp, log

import numpy as np
import pytest
from tests.models.sessions import asking, training

from kartograph.models.blend.features import CandidateFeatures, Candidates, feature_names
from kartograph.models.data import NONE
from kartograph.models.ranking import TopK

DATA = training("ab", "ab", "ac", "d")


def _table(prefix: str, offered: dict[str, TopK], log_probabilities: tuple[str, ...] = ()):
    found = CandidateFeatures(log_probabilities, DATA).candidates(offered, asking(DATA, prefix))
    return {
        str(DATA.items.external[item]): dict(zip(feature_names(list(offered)), row.tolist(), strict=True))
        for item, row in zip(found.items, found.features, strict=True)
    }


def _top(items: str, scores: list[float]) -> TopK:
    return TopK(np.array([DATA.items.rows(list(items))]), np.array([scores], dtype=np.float32))


def test_what_components_say_follows_the_formulas():
    table = _table("da", {"rules": _top("bc", [3.0, 1.0]), "popular": _top("ab", [3.0, 2.0])})

    assert sorted(table) == ["a", "b", "c"]
    assert table["c"]["log rules"] == pytest.approx(log(1 / 3 + 1e-3), rel=1e-4)
    assert table["c"]["share rules"] == pytest.approx(1 / 4)
    assert table["a"]["log rules"] == pytest.approx(log(1e-3), rel=1e-4)
    assert table["a"]["share rules"] == 0


def test_the_history_tells_the_age_of_an_item_its_length_and_how_many_items_are_in_it():
    table = _table("daa", {"popular": _top("ab", [3.0, 2.0])})

    assert (table["a"]["age 0"], table["a"]["age 1"], table["b"]["age 0"]) == (1, 0, 0)
    assert table["b"]["length"] == pytest.approx(log(3))
    assert table["b"]["distinct"] == pytest.approx(2 / 3)


def test_the_order_of_the_sessions_tells_how_popular_an_item_is_when():
    data = training(*["ab"] * 199, "cc")
    offered = {"popular": TopK(data.items.rows(list("abc"))[None], np.ones((1, 3), dtype=np.float32))}

    found = CandidateFeatures((), data).candidates(offered, asking(data, "a"))
    a, _, c = (dict(zip(feature_names(["popular"]), row.tolist(), strict=True)) for row in found.features)

    assert a["popularity"] == pytest.approx(log(1 + 199))
    # The latest hundredth of 200 sessions are two.
    assert (a["lately 0.01"], c["lately 0.01"]) == pytest.approx((log(1 + 1), log(1 + 2)))
    assert (a["since last"], a["since first"]) == pytest.approx((log(1 + 1 / 100), log(1 + 199 / 100)))
    assert (c["since last"], c["since first"]) == (0, 0)
    assert (a["returns"], c["returns"]) == (1, 2)


def test_log_probabilities_enter_as_they_are_and_one_below_the_lowest_where_missing():
    offered = {"rules": _top("bc", [-1.0, -3.0]), "popular": _top("ad", [3.0, 1.0])}

    table = _table("a", offered, log_probabilities=("rules",))

    assert (table["b"]["log rules"], table["a"]["log rules"]) == (-1, -4)
    assert table["b"]["share rules"] == pytest.approx(exp(-1))
    assert table["a"]["share rules"] == 0


def test_an_empty_place_is_no_candidate():
    partly = TopK(np.array([[1, NONE]]), np.array([[1.0, -np.inf]]))

    assert list(_table("a", {"rules": partly, "popular": partly})) == ["b"]


def test_every_candidate_knows_its_query():
    found = Candidates(np.array([0, 2, 2, 3]), np.array([4, 5, 6]), np.arange(3.0)[:, None])

    assert found.queries.tolist() == [0, 0, 2]


def test_names_stand_in_the_order_of_the_columns():
    assert feature_names(["x"])[:3] == ("log x", "share x", "age 0")
    assert feature_names(["x"])[-2:] == ("length", "distinct")
