"""Tests of which databases of a shop stay and which go; no server is started."""

import pytest

from kartograph.graph.managed.generations import (
    activate,
    give_up_kept,
    kept_generation,
    new_generation,
    reactivate,
    remove_leftovers,
)
from kartograph.graph.managed.home import ShopDirectory
from kartograph.tables.errors import NothingThere


@pytest.fixture
def shop(tmp_path):
    return ShopDirectory.of("shop", root=tmp_path)


def loaded(shop):
    paths = new_generation(shop)
    activate(shop, paths)
    return paths.folder.name


def folders(shop):
    return {folder.name for folder in shop.generations.iterdir()}


def test_the_database_before_the_active_one_is_kept_for_one_more_load(shop):
    one, two = loaded(shop), loaded(shop)
    assert (shop.generation, kept_generation(shop), folders(shop)) == (two, one, {one, two})
    abandoned = new_generation(shop)
    assert remove_leftovers(shop) == [abandoned.folder]
    assert folders(shop) == {one, two}
    three = loaded(shop)
    assert (kept_generation(shop), folders(shop)) == (two, {two, three})


def test_undone_twice_is_as_before(shop):
    one, two = loaded(shop), loaded(shop)
    reactivate(shop)
    assert (shop.generation, kept_generation(shop)) == (one, two)
    reactivate(shop)
    assert (shop.generation, kept_generation(shop)) == (two, one)


def test_what_was_undone_is_kept_by_the_next_load_no_longer(shop):
    one, _ = loaded(shop), loaded(shop)
    reactivate(shop)
    three = loaded(shop)
    assert (kept_generation(shop), folders(shop)) == (one, {one, three})


def test_a_shop_that_was_loaded_once_has_nothing_to_undo(shop):
    with pytest.raises(NothingThere, match='The shop "shop" keeps no former database'):
        reactivate(shop)
    one = loaded(shop)
    with pytest.raises(NothingThere):
        reactivate(shop)
    assert shop.generation == one
    assert give_up_kept(shop) is False


def test_room_is_made_by_giving_the_kept_one_up(shop):
    _, two = loaded(shop), loaded(shop)
    assert give_up_kept(shop) is True
    assert (kept_generation(shop), folders(shop)) == (None, {two})
