from math import exp, log

import numpy as np
import pytest
from tests.models.sessions import answers, asking, training

from kartograph.models.base import NONE, TopK
from kartograph.models.blend import Blend, BlendOptions, learn_weights
from kartograph.models.popularity import Popularity
from kartograph.models.sequential_rules import SequentialRules
from kartograph.tables.errors import BadInput

DATA = training("ab", "ab", "ac", "d")


def _blend(weights: dict[str, float], **options) -> Blend:
    parts = {"rules": SequentialRules(), "popular": Popularity()}
    return Blend(parts, BlendOptions(weights, **options)).fit(DATA)


def _table(blend: Blend, prefix: str, offered: dict[str, TopK]) -> dict[str, dict[str, float]]:
    found = blend.candidates(offered, asking(DATA, prefix))
    return {
        str(DATA.items.external[item]): dict(zip(blend.names, row.tolist(), strict=True))
        for item, row in zip(found.items, found.features, strict=True)
    }


def _top(items: str, scores: list[float]) -> TopK:
    return TopK(np.array([DATA.items.rows(list(items))]), np.array([scores], dtype=np.float32))


def test_the_features_are_those_of_the_formulas():
    table = _table(_blend({}), "da", {"rules": _top("bc", [3.0, 1.0]), "popular": _top("ab", [3.0, 2.0])})

    assert sorted(table) == ["a", "b", "c"]
    assert table["c"]["log rules"] == pytest.approx(log(1 / 3 + 1e-3), rel=1e-4)
    assert table["c"]["share rules"] == pytest.approx(1 / 4)
    assert table["a"]["log rules"] == pytest.approx(log(1e-3), rel=1e-4)
    assert table["a"]["share rules"] == 0
    assert (table["a"]["age 0"], table["a"]["age 1"], table["b"]["age 0"]) == (1, 0, 0)
    assert table["a"]["popularity"] == pytest.approx(log(1 + 3))


def test_log_probabilities_enter_as_they_are_and_one_below_the_lowest_where_missing():
    blend = _blend({}, log_probabilities=("rules",))

    table = _table(blend, "a", {"rules": _top("bc", [-1.0, -3.0]), "popular": _top("ad", [3.0, 1.0])})

    assert (table["b"]["log rules"], table["a"]["log rules"]) == (-1, -4)
    assert table["b"]["share rules"] == pytest.approx(exp(-1))
    assert table["a"]["share rules"] == 0


def test_an_empty_place_is_no_candidate():
    partly = TopK(np.array([[1, NONE]]), np.array([[1.0, -np.inf]]))

    assert list(_table(_blend({}), "a", {"rules": partly, "popular": partly})) == ["b"]


def test_the_weights_decide_the_order():
    by_rules = _blend({"share rules": 1.0}).recommend(asking(DATA, "a"), 2)
    not_seen = _blend({"popularity": 1.0, "age 0": -10.0}).recommend(asking(DATA, "a"), 4)

    assert answers(DATA, by_rules) == ["bc"]
    assert answers(DATA, not_seen) == ["bcda"]


def test_learning_finds_the_feature_that_tells_right_from_wrong():
    blend = _blend({})
    queries = asking(DATA, *["a"] * 9)
    offered = {name: part.recommend(queries, 4) for name, part in blend.components.items()}
    right = DATA.items.rows(list("bbbbbbccc"))

    weights = learn_weights(blend.candidates(offered, queries), right, blend.names)
    blend.options = BlendOptions(weights)

    assert answers(DATA, blend.recommend(asking(DATA, "a"), 2)) == ["bc"]
    scores = blend.scores(asking(DATA, "a"), np.array([NONE])).toarray()[0]
    shares = np.exp(scores) / np.exp(scores).sum()
    assert shares[DATA.items.rows(["b"])[0]] == pytest.approx(6 / 9, abs=0.02)


def test_a_weight_for_no_feature_is_refused():
    with pytest.raises(BadInput, match="There is no feature 'log magic' to weigh"):
        _blend({"log magic": 1.0})
