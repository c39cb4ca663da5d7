import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.models.sessions import answers, asking, training

from kartograph.models.baselines.category_popularity import CategoryPopularity
from kartograph.models.data import NONE
from kartograph.models.item_categories import with_categories
from kartograph.models.scoring.top_k import top_k_of_dense
from kartograph.tables.errors import BadInput

TREE = pd.DataFrame({"category_id": ["top", "x", "y", "z"], "parent_id": [None, "top", "top", "top"]})
IN = pd.DataFrame({"item_id": list("abcdnm"), "category_id": ["x", "x", "y", "y", "x", "z"]})
"""n is a new item of category x; m is one of z, in which nobody saw anything."""


def _fitted():
    data = with_categories(training("aab", "cccc", "d", "b"), IN, TREE, catalogue=True)
    return CategoryPopularity().fit(data), data


def _asked(model, data, *prefixes: str) -> list[str]:
    return answers(data, model.rank(asking(data, *prefixes), 6))


def test_the_category_of_the_last_item_comes_first_then_what_lies_near_then_all():
    model, data = _fitted()

    # In x: a and b with two events each, n with none; near it m, whose own category nobody saw; then c and d.
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


@given(st.lists(st.text("abcd", max_size=3), min_size=1, max_size=4), st.integers(1, 7), st.integers(0, 63))
def test_lists_are_those_that_picking_from_all_scores_gives(prefixes, k, bits):
    model, data = _fitted()
    model.batch = 2
    queries = asking(data, *prefixes)
    allowed = np.array([bits >> place & 1 for place in range(len(data.items))], bool)
    masked = queries.matrix(len(data.items))
    for only in (None, allowed):
        for seen in (None, masked):
            every = model.scores(queries, np.full(len(queries), NONE))
            every = every if only is None else np.where(only, every, -np.inf)
            columns, values = top_k_of_dense(every, k, seen, data.items.tie_order)
            top = model.rank(queries, k, None, seen, allowed=only)
            assert (top.items.tolist(), top.scores.tolist()) == (columns.tolist(), values.tolist())
