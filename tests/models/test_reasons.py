"""Reasons say nothing of a history that is not there, and are not put into words for lists that are written back."""

import numpy as np
import pandas as pd
from tests.models.sessions import training

from kartograph.models.array_model import ArrayModel
from kartograph.models.baselines.category_popularity import CategoryPopularity
from kartograph.models.baselines.popularity import Popularity
from kartograph.models.item_categories import with_categories
from kartograph.models.reasons import POPULAR, POPULAR_LATELY
from kartograph.models.registry import make

PLACED = pd.DataFrame({"item_id": list("abc"), "category_id": ["pans", "pans", "pots"]})
TREE = pd.DataFrame({"category_id": ["pans", "pots"], "parent_id": [None, None]})


def test_whoever_met_nothing_is_not_told_that_an_item_was_reached_from_there():
    model = CategoryPopularity().fit(with_categories(training("abc", "ab"), PLACED, TREE))
    result = model.recommend_sessions([[], ["a"]], k=1).set_index("session")
    assert result.loc[0, "reason"] == POPULAR
    assert result.loc[1, "item_id"] == "b"
    assert result.loc[1, "reason"] != POPULAR


def test_what_is_written_back_has_the_parts_of_its_scores_and_no_words():
    model = make("item-knn").fit(training("abc", "ab"))
    [said] = model.portions(["u"], 1, histories={"u": ["a"]})
    [silent] = model.portions(["u"], 1, histories={"u": ["a"]}, words=False)
    assert silent["parts"].tolist() == said["parts"].tolist() != [[]]
    assert silent["reason"].isna().all() and said["reason"].notna().all()


class Rarest(ArrayModel):
    """A list for everybody that is not one of popular items."""

    explains = "none"
    personal = False

    def learn(self, data, progress=None):
        self.items = data.items
        return self

    def scores(self, queries, owners):
        return -np.tile(np.arange(len(self.items), dtype=np.float32), (len(queries), 1))


def test_a_list_for_everybody_says_what_it_is_whoever_asks():
    data = training("abc", "ab")
    for model, words in (
        (Popularity(), POPULAR),
        (Popularity(share=0.5), POPULAR_LATELY),
        (Rarest(), "ranked by Rarest, which gives no reasons"),
    ):
        result = model.fit(data).recommend_sessions([[], ["c"]], k=1)
        assert result["reason"].tolist() == [words, words]


def test_what_is_popular_outside_of_the_category_is_said_to_be_popular():
    model = CategoryPopularity().fit(with_categories(training("abc", "abc"), PLACED, TREE))
    result = model.recommend_sessions([["a"]], k=2)
    assert result["item_id"].tolist() == ["b", "c"]
    assert result["reason"].tolist() == ["because of item a", POPULAR]
