"""Tests of what is fresh: only what changed since is exported anew."""

import pytest
from tests.graph.snapshot.shops import THERE, add_load, add_run

from kartograph.graph.snapshot.snapshot import PARTS, snapshot_folder

pytestmark = pytest.mark.server


def test_what_is_fresh_is_not_exported_again(shop):
    first = shop.snapshot()
    assert first.exported == PARTS  # that there are no communities was looked up too
    again = shop.snapshot()
    assert again.exported == ()
    assert again.key == first.key
    assert again.events.item.tolist() == first.events.item.tolist()


def test_what_was_changed_by_hand_is_exported_again_when_asked_for(shop):
    shop.snapshot("items")
    shop.query("MATCH (i:Item {id: '101'}) SET i.price = 41.0", write=True)
    again = shop.snapshot("items", again=True)
    assert again.exported == ("items",)
    assert again.items.frame()["price"][0] == 41.0


def test_only_the_part_that_a_step_wrote_is_exported_anew(shop):
    first = shop.snapshot()
    shop.query("MATCH (i:Item {id: '101'}) SET i.pagerank = 9.0", write=True)
    add_run(shop, "pagerank")
    second = shop.snapshot()
    assert second.exported == ("ranks",)
    assert second.ranks.items[0] == 9.0
    assert second.key != first.key
    assert first.ranks.items[0] == 1.6  # who still holds the former one reads on


def test_a_load_makes_the_loaded_parts_stale_and_leaves_the_computed_ones(shop):
    shop.snapshot()
    shop.query("MATCH (i:Item {id: '101'}) SET i.price = 41.0", write=True)
    add_load(shop)
    second = shop.snapshot()
    assert second.exported == ("events", "items", "categories")
    assert second.items.frame()["price"][0] == 41.0


def test_a_new_item_renumbers_every_part_that_holds_items(shop):
    shop.snapshot()
    shop.query("CREATE (:Item {id: '1001', title: 'first by its bytes'})", write=True)
    second = shop.snapshot(THERE)
    assert second.exported == THERE
    assert second.item_ids.index[0] == "1001"
    assert second.events.item[:2].tolist() == [1, 2]


def test_old_parts_are_removed(shop):
    shop.snapshot()
    add_run(shop, "pagerank")
    add_load(shop)
    shop.snapshot("items")
    names = [folder.name.partition("-")[0] for folder in snapshot_folder(shop).iterdir() if folder.is_dir()]
    assert sorted(names) == sorted({*names})
    assert not {"ranks", "events", "categories"} & {*names}  # stale, and not asked for
    assert {"items", "embeddings"} <= {*names}
