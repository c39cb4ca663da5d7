"""Reasons say nothing of a history that is not there."""

import pandas as pd
from tests.models.sessions import training

from kartograph.models.baselines.category_popularity import CategoryPopularity
from kartograph.models.item_categories import with_categories
from kartograph.models.reasons import POPULAR

PLACED = pd.DataFrame({"item_id": list("abc"), "category_id": ["pans", "pans", "pots"]})
TREE = pd.DataFrame({"category_id": ["pans", "pots"], "parent_id": [None, None]})


def test_whoever_met_nothing_is_not_told_that_an_item_was_reached_from_there():
    model = CategoryPopularity().fit(with_categories(training("abc", "ab"), PLACED, TREE))
    found = model.recommend_sessions([[], ["a"]], k=1).set_index("session")
    assert found.loc[0, "reason"] == POPULAR
    assert found.loc[1, "item_id"] == "b"
    assert found.loc[1, "reason"] != POPULAR
