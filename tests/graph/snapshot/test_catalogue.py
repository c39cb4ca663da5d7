"""Tests of the snapshot's items and categories, against arrays written by hand."""

import numpy as np
import pytest
from tests.graph.snapshot.shops import MINUTE, T0

from kartograph.graph.snapshot.events import NO_TIME

pytestmark = pytest.mark.server


def test_items_come_as_a_frame_with_what_they_lack_missing(shop):
    shop.query(
        "MATCH (i:Item {id: '101'}) SET i.available = null, i.price = null, i.brand = null, i.group_id = 'kettles', "
        "i.title = 'Kettle, süß'",
        write=True,
    )
    frame = shop.snapshot(("events", "items")).items.frame().set_index("item_id")
    assert list(frame.index) == ["101", "102", "103", "104", "105", "106", "107"]
    assert frame.loc["101", "title"] == "Kettle, süß"
    assert frame["group_id"].dropna().to_dict() == {"101": "kettles"}
    assert frame["available"].isna().tolist() == [True] + [False] * 6
    assert not frame.loc["105", "available"]
    assert frame["price"].tolist()[1:] == [30.0, 35.0, 20.0, 15.0, 10.0, 25.0]
    assert np.isnan(frame["price"].iloc[0])
    assert frame["brand"].isna().sum() == 1
    assert frame["popularity"].tolist() == [6, 5, 6, 3, 2, 2, 0]
    assert frame.loc["101", ["first_seen", "last_seen"]].tolist() == [T0, T0 + 2940 * MINUTE]
    assert frame.loc[["107"], "first_seen"].isna().all()


def test_categories_come_with_their_tree_the_present_and_the_past(shop):
    categories = shop.snapshot("categories").categories
    assert list(categories.ids.index) == ["1", "2", "3", "4", "5"]
    assert not categories.derived.any()
    assert list(zip(categories.child, categories.parent, strict=True)) == [(1, 0), (2, 0), (3, 1)]
    assert categories.item.tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert categories.category.tolist() == [1, 3, 3, 2, 2, 4, 2]
    noon = T0 + 720 * MINUTE
    assert categories.past_item.tolist() == [2, 2]
    assert categories.past_category.tolist() == [1, 3]
    assert categories.since.tolist() == [NO_TIME, noon]
    assert categories.until.tolist() == [noon, NO_TIME]
