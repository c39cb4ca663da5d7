import numpy as np
import pandas as pd
import pytest
from tests.models.sessions import answers, asking, training

from kartograph.models.baselines.category_popularity import CategoryPopularity
from kartograph.models.data import NONE
from kartograph.models.item_categories import with_categories
from kartograph.tables.errors import BadInput

TREE = pd.DataFrame({"category_id": ["top", "x", "y", "z"], "parent_id": [None, "top", "top", "top"]})
IN = pd.DataFrame({"item_id": list("abcdnm"), "category_id": ["x", "x", "y", "y", "x", "z"]})
"""n is a new item of category x; m is one of z, in which nobody met anything."""


def _fitted():
    data = with_categories(training("aab", "cccc", "d", "b"), IN, TREE, catalogue=True)
    return CategoryPopularity().fit(data), data


def _asked(model, data, *prefixes: str) -> list[str]:
    return answers(data, model.rank(asking(data, *prefixes), 6))


def test_the_category_of_the_last_item_comes_first_then_what_lies_near_then_all():
    model, data = _fitted()

    # In x: a and b with two events each, n with none; near it m, whose own category nobody met; then c and d.
    assert _asked(model, data, "ca") == ["abnmcd"]


def test_a_user_without_events_gets_what_is_popular_overall():
    model, data = _fitted()

    assert _asked(model, data, "") == ["cabd"]


def test_a_category_alone_is_enough():
    model, data = _fitted()
    assert data.categories is not None

    scores = model.category_scores(np.r_[data.categories.ids.rows(["y"]), NONE])

    ranked = [data.items.external[row] for row in np.argsort(-scores[0], kind="stable")[:3]]
    assert ranked == ["c", "d", "m"]
    assert np.isneginf(scores[1][data.items.rows(["n", "m"])]).all()


def test_data_without_categories_is_refused():
    with pytest.raises(BadInput, match="needs the categories of the items"):
        CategoryPopularity().fit(training("ab"))
