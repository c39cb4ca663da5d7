"""Reasons say nothing of a history that is not there, and are not put into words for lists that are written back."""

import pandas as pd
from tests.models.sessions import training

from kartograph.models.baselines.category_popularity import CategoryPopularity
from kartograph.models.item_categories import with_categories
from kartograph.models.reasons import POPULAR
from kartograph.models.registry import make

PLACED = pd.DataFrame({"item_id": list("abc"), "category_id": ["pans", "pans", "pots"]})
TREE = pd.DataFrame({"category_id": ["pans", "pots"], "parent_id": [None, None]})


def test_whoever_met_nothing_is_not_told_that_an_item_was_reached_from_there():
    model = CategoryPopularity().fit(with_categories(training("abc", "ab"), PLACED, TREE))
    found = model.recommend_sessions([[], ["a"]], k=1).set_index("session")
    assert found.loc[0, "reason"] == POPULAR
    assert found.loc[1, "item_id"] == "b"
    assert found.loc[1, "reason"] != POPULAR


def test_what_is_written_back_has_the_parts_of_its_scores_and_no_words():
    model = make("item-knn").fit(training("abc", "ab"))
    [said] = model.portions(["u"], 1, histories={"u": ["a"]})
    [silent] = model.portions(["u"], 1, histories={"u": ["a"]}, words=False)
    assert silent["parts"].tolist() == said["parts"].tolist() != [[]]
    assert silent["reason"].isna().all() and said["reason"].notna().all()
