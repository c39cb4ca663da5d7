"""The cut at k: filters and seen items before it, one item per group, fallbacks until the list is full."""

from dataclasses import replace

import numpy as np
import pytest
from tests.serving.bundles import bundle, view

from kartograph.models.baselines.category_popularity import CategoryPopularity
from kartograph.models.baselines.popularity import Popularity
from kartograph.models.where.conditions import where
from kartograph.serving.bundle.opened import ServedModel
from kartograph.serving.config import FallbackSection
from kartograph.serving.ranking.cut import Listed
from kartograph.serving.ranking.lists import recommended
from kartograph.serving.ranking.question import Past, Question
from kartograph.serving.ranking.reasons import reasons

AVAILABLE = where(available=True)
CHAIN = FallbackSection().chain
ITEMS = [
    {"item_id": "kettle", "category": "kitchen", "title": "Kettle"},
    {"item_id": "pan", "category": "kitchen"},
    {"item_id": "pot", "category": "kitchen", "available": False},
    {"item_id": "rake", "category": "garden"},
    {"item_id": "spade", "category": "garden"},
]
USERS = {"u": [("kettle", 1), ("pan", 2), ("rake", 3)], "v": [("kettle", 4), ("rake", 5)], "w": [("kettle", 6)]}


def listed(shop, k=10, history=(), only=AVAILABLE, **more) -> list[tuple[str, str]]:
    past = [Past(shop.catalogue.row(item), 0, 0) for item in history]
    result = recommended(shop, Question(k, only, past, **more), None, CHAIN)
    return [(shop.catalogue.id(item.row), item.served_by) for item in result]


def test_fallbacks_follow_in_their_order_until_everything_is_listed(tmp_path) -> None:
    shop = view(bundle(ITEMS, USERS, [("kettle", "rake", 2.0)]), tmp_path)
    assert listed(shop, history=["kettle"]) == [
        ("rake", "co-occurrence"),
        ("pan", "category-popularity"),
        ("spade", "popularity"),
    ], "the pot is sold out, the kettle seen"


def test_a_list_of_nobody_begins_with_what_is_trending(tmp_path) -> None:
    shop = view(bundle(ITEMS, USERS), tmp_path)
    assert [item for item, _ in listed(shop, k=2)] == ["kettle", "rake"]
    assert listed(shop, k=2)[0][1] == "trending"


@pytest.mark.parametrize("items", [[], ITEMS[:1], ITEMS[:3]])
def test_a_shop_of_none_one_or_three_items_gives_what_it_has(tmp_path, items) -> None:
    shop = view(bundle(items), tmp_path)
    assert len(listed(shop, k=1000)) == sum(item.get("available") is not False for item in items)
    assert listed(shop, only=where(price_max=0)) == []


def test_a_user_who_saw_everything_gets_nothing_but_what_was_seen(tmp_path) -> None:
    shop = view(bundle(ITEMS, USERS), tmp_path)
    everything = [item["item_id"] for item in ITEMS]
    assert listed(shop, history=everything) == []
    assert len(listed(shop, history=everything, include_seen=True)) == 4


def test_one_of_a_group_is_listed_and_the_list_is_filled_all_the_same(tmp_path) -> None:
    sizes = [{"item_id": f"shirt-{size}", "group_id": "shirt"} for size in "SML"]
    shop = view(bundle([*sizes, {"item_id": "hat"}]), tmp_path)
    assert len(listed(shop, k=2)) == 2
    assert len(listed(shop, k=4)) == 2
    assert len(listed(shop, k=4, one_per_group=False)) == 4


def test_what_was_bought_lately_is_left_out_for_so_many_days(tmp_path) -> None:
    import time

    shop = view(bundle(ITEMS, USERS), tmp_path)
    now = int(time.time() * 1000)
    history = [Past(shop.catalogue.row("kettle"), 2, now), Past(shop.catalogue.row("pan"), 2, now - 10 * 86_400_000)]
    question = Question(10, where(available=True, not_bought_days=3), history, include_seen=True)
    result = {shop.catalogue.id(item.row) for item in recommended(shop, question, None, CHAIN)}
    assert "kettle" not in result
    assert "pan" in result


def test_reasons_name_the_item_behind_with_its_title(tmp_path) -> None:
    shop = view(bundle(ITEMS, USERS, [("kettle", "rake", 2.0)]), tmp_path)
    history = [Past(shop.catalogue.row("kettle"), 0, 0)]
    result = recommended(shop, Question(3, where(available=True), history), None, CHAIN)
    assert reasons(shop, result, history, of_user=True) == [
        "often in the same session as Kettle (kettle), which you viewed",
        "popular in the category of Kettle (kettle), which you viewed",
        "popular in the whole shop",
    ]


def test_an_item_behind_has_the_strongest_event_however_often_it_was_viewed_afterwards(tmp_path) -> None:
    shop = view(bundle(ITEMS, USERS, [("kettle", "rake", 2.0)]), tmp_path)
    bought, viewed = Past(shop.catalogue.row("kettle"), 2, 0), Past(shop.catalogue.row("pan"), 0, 1)
    history = [bought, *[viewed] * 30, bought._replace(kind=0)]
    [rake] = recommended(shop, Question(1, where(available=True), history), None, CHAIN)
    assert reasons(shop, [rake], history, of_user=True) == [
        "often in the same session as Kettle (kettle), which you bought"
    ]


def test_a_model_whose_list_is_the_same_for_everybody_gives_one_reason(tmp_path) -> None:
    served = ServedModel("popularity", "v", Popularity(), np.zeros(0, np.int64), np.zeros(0, np.int64))
    known = replace(bundle(ITEMS, USERS, [("kettle", "rake", 2.0)]), models={"popularity": served})
    shop = view(known, tmp_path)
    history = [Past(shop.catalogue.row("kettle"), 0, 0)]
    result = [Listed(shop.catalogue.row(item), 1.0, "popularity") for item in ("rake", "pan", "spade")]
    assert reasons(shop, result, history, of_user=True) == ["popular in the whole shop"] * 3


def test_popularity_by_category_names_the_category_and_not_what_the_item_occurs_with(tmp_path) -> None:
    model = ServedModel("category-popularity", "v", CategoryPopularity(), np.zeros(0, np.int64), np.zeros(0, np.int64))
    known = replace(bundle(ITEMS, USERS, [("kettle", "rake", 2.0)]), models={"category-popularity": model})
    shop = view(known, tmp_path)
    history = [Past(shop.catalogue.row("kettle"), 0, 0)]
    result = [Listed(shop.catalogue.row(item), 1.0, "category-popularity") for item in ("pan", "rake")]
    assert reasons(shop, result, history, of_user=False) == [
        "popular in the category of Kettle (kettle)",
        "popular in the whole shop",
    ]


def test_a_logged_event_joins_the_history_once_though_the_bundle_holds_it(tmp_path) -> None:
    from kartograph.serving.events.log import LoggedEvent

    shop = view(bundle(ITEMS, USERS), tmp_path)
    known = LoggedEvent("a", "w", None, "kettle", "view", 6, None)
    fresh = LoggedEvent("b", "w", "s", "rake", "buy", 9, None)
    before = LoggedEvent("c", None, "s", "pan", "view", 8, None)
    shop.events.append([[known, fresh, before]])
    assert [(shop.catalogue.id(past.row), past.at) for past in shop.history("w")] == [
        ("kettle", 6),
        ("pan", 8),
        ("rake", 9),
    ]
    assert shop.history("nobody") == []
