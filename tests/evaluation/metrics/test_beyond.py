from math import log2, sqrt

import numpy as np
import pandas as pd
import pytest
from tests.models.sessions import asking, training

from kartograph.evaluation.cases import Cases, Truth
from kartograph.evaluation.metrics.beyond import ItemFacts, beyond_accuracy, gini, list_similarity
from kartograph.models.data import NONE
from kartograph.models.item_categories import with_categories
from kartograph.models.scoring.ranking import TopK

DATA = training("ab", "aab", "ac", "d")
"""a is seen by three sessions in four events, b by two, c and d by one."""
PLACED = pd.DataFrame({"item_id": ["a", "b", "c"], "category_id": ["x", "x", "y"]})
FACTS = ItemFacts.of(with_categories(DATA, PLACED))


def _cases(*prefixes: str, answers: list[int]) -> Cases:
    truth = Truth(np.arange(len(prefixes) + 1), np.array(answers))
    return Cases(list(prefixes), asking(DATA, *prefixes), np.full(len(prefixes), NONE), truth)


def _top(*rows: list[int]) -> TopK:
    return TopK(np.array(rows), np.zeros((len(rows), len(rows[0]))))


def test_the_figures_of_two_lists_are_those_of_hand():
    result = beyond_accuracy(_top([0, 1, 2], [0, 3, NONE]), _cases("a", "b", answers=[1, 0]), FACTS)

    bits = [-log2(3 / 4), -log2(2 / 4), -log2(1 / 4), -log2(3 / 4), -log2(1 / 4)]
    cosine_ab, cosine_ac = 2 / sqrt(3 * 2), 1 / sqrt(3 * 1)
    assert result["Novelty@3"] == pytest.approx(sum(bits) / 5)
    assert result["Diversity@3"] == pytest.approx(((1 - (cosine_ab + cosine_ac + 0) / 3) + 1) / 2)
    assert result["Popularity@3"] == pytest.approx((4 + 2 + 1 + 4 + 1) / 5)
    # Of a and b one category, c another; d has none known, so the second list is left out.
    assert result["CategoryDiversity@3"] == pytest.approx(2 / 3)
    # Shown 1, 1, 1 and 2 times.
    assert result["Gini@3"] == pytest.approx((-3 * 1 - 1 * 1 + 1 * 1 + 3 * 2) / (4 * 5))


def test_a_gini_of_zero_is_even_and_one_item_alone_the_most_uneven():
    assert gini(np.array([2, 2, 2])) == 0
    assert gini(np.array([0, 0, 9])) == pytest.approx(1 - 1 / 3)
    assert gini(np.zeros(3, dtype=int)) is None


def test_long_lists_are_looked_at_in_parts_and_many_through_some(monkeypatch):
    lists = np.random.default_rng(0).integers(0, 4, size=(50, 3))
    whole = list_similarity(lists, FACTS)

    monkeypatch.setattr("kartograph.evaluation.metrics.beyond.PAIRS_AT_ONCE", 7)
    assert np.array_equal(list_similarity(lists, FACTS), whole)

    monkeypatch.setattr("kartograph.evaluation.metrics.beyond.MOST_PAIRS", 30)
    assert list_similarity(lists, FACTS).tolist() == whole[np.linspace(0, 49, 10, dtype=int)].tolist()


def test_lists_without_items_have_no_figures():
    result = beyond_accuracy(_top([NONE, NONE]), _cases("a", answers=[1]), FACTS)

    assert result["Novelty@2"] is result["Diversity@2"] is result["Popularity@2"] is None


def test_the_shares_of_cold_users_and_items_count_who_is_served():
    cases = _cases("", "", "a", answers=[NONE, 1, 0])

    result = beyond_accuracy(_top([0, 1], [NONE, NONE], [0, 1]), cases, FACTS)

    assert result["ColdUsersServed"] == pytest.approx(1 / 2)
    assert result["ColdItemsServed@2"] == 0
    assert beyond_accuracy(_top([0]), _cases("a", answers=[0]), FACTS)["ColdUsersServed"] is None
