"""Looking around: users, items, categories and brands by the beginning of their names, what a user did."""

from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.serving.bundles import bundle, view

from kartograph.serving.bundle.texts import Texts, packed
from kartograph.serving.finding import browsing

ITEMS = [
    {"item_id": "a1", "category": "pots", "brand": "Acme"},
    {"item_id": "a2", "category": "pots", "brand": "Bolt"},
    {"item_id": "b1", "category": "home", "brand": "Bolt"},
]
USERS = {"ann": [("a1", 1)], "anna": [("a1", 2), ("a2", 3)], "bob": [("b1", 4), ("a1", 5), ("a2", 6)]}


@given(st.lists(st.text(max_size=4), unique=True, max_size=30), st.text(max_size=3))
def test_the_rows_of_a_beginning_are_those_that_begin_so(texts, starts) -> None:
    texts = sorted((text.encode("utf-8", "replace").decode() for text in set(texts)), key=str.encode)
    starts = starts.encode("utf-8", "replace").decode()
    result = browsing.beginning(Texts(*packed(texts)), starts)
    assert [texts[row] for row in result] == [text for text in texts if text.startswith(starts)]


@given(st.lists(st.integers(0, 5), max_size=40), st.integers(1, 12))
def test_places_come_in_falling_order_of_their_counts_each_once(counts, most) -> None:
    places = list(browsing.largest_first(np.array(counts, np.int64), most))
    assert places == sorted(range(len(counts)), key=lambda place: (-counts[place], place))


def test_users_and_items_come_with_most_events_first(tmp_path) -> None:
    shop = view(bundle(ITEMS, USERS), tmp_path)
    assert list(islice(browsing.users(shop, "", 2), 3)) == [("bob", 3), ("anna", 2), ("ann", 1)]
    assert list(browsing.users(shop, "ann", 5)) == [("anna", 2), ("ann", 1)]
    assert list(browsing.users(shop, "z", 5)) == []
    assert [shop.catalogue.id(row) for row in browsing.items(shop, "a", 5)] == ["a1", "a2"]
    shop.catalogue.apply([("a3", {"title": "new"})])
    assert [shop.catalogue.id(row) for row in browsing.items(shop, "a", 2)] == ["a3", "a1"]


def test_categories_count_what_lies_below_them(tmp_path) -> None:
    shop = view(bundle(ITEMS, USERS, parents={"pots": "home"}), tmp_path)
    assert browsing.categories(shop, "", 5) == [("home", 3, None), ("pots", 2, None)]
    assert browsing.categories(shop, "POT", 5) == [("pots", 2, None)]
    assert browsing.brands(shop, "", 5) == [("Bolt", 2), ("Acme", 1)]
    assert browsing.brands(shop, "Acme", 1) == [("Acme", 1)]


def test_a_shop_without_anything_has_nothing_to_look_at(tmp_path) -> None:
    shop = view(bundle([]), tmp_path)
    assert list(browsing.users(shop, "", 5)) == []
    assert browsing.items(shop, "", 5) == []
    assert (browsing.categories(shop, "", 5), browsing.brands(shop, "", 5)) == ([], [])


@pytest.mark.server
def test_a_served_shop_tells_what_it_holds(served) -> None:
    shop = served.client.get("/v1/shop").json()
    facts = {name: shop[name] for name in ("items", "users", "price_min", "price_max", "default")}
    assert facts == {"items": 7, "users": 6, "price_min": 10.0, "price_max": 40.0, "default": "item-knn"}
    assert [(model["name"], model["explains"]) for model in shop["models"]] == [("item-knn", "sum"), ("stan", "sum")]
    assert served.client.get("/v1/users", params={"k": 1}).json() == [{"user_id": "1", "events": 6}]
    [first, second] = served.client.get("/v1/users/1/history", params={"k": 2}).json()["events"]
    assert (first["item_id"], second["item_id"], second["event"]) == ("104", "103", "view")
    assert served.client.get("/v1/users/nobody/history").json() == {"user_id": "nobody", "total": 0, "events": []}
    [kettle] = served.client.get("/v1/items", params={"id": ["101", "none"]}).json()
    assert (kettle["title"], kettle["price"], kettle["category"]) == ("Copper kettle", 40.0, "2")
    assert served.client.get("/v1/categories", params={"holds": "3"}).json() == [
        {"name": "3", "items": 3, "title": "home.garden"}
    ]


@pytest.mark.server
def test_a_session_is_explained_as_it_is_asked(served) -> None:
    body = {"item_id": "102", "events": [{"item_id": "101", "event": "cart", "timestamp": 5}], "model": "item-knn"}
    told = served.client.post("/v1/explanations", json=body).json()
    assert [(path["item_id"], path["did"]) for path in told["paths"]] == [("101", "cart")]
    assert told["parts"][0]["behind"] == "101"


@pytest.mark.server
def test_a_picture_is_an_address_and_stays_with_the_item(served) -> None:
    address = "https://shop.example/101.jpg"
    wrong = served.client.patch("/v1/items", json=[{"item_id": "101", "image": "javascript:alert(1)"}]).json()
    assert "begins with https://" in wrong["rejected"][0]["reason"]
    served.client.patch("/v1/items", json=[{"item_id": "101", "image": address}])
    assert served.client.get("/v1/items", params={"id": "101"}).json()[0]["image"] == address
    served.client.patch("/v1/items", json=[{"item_id": "101", "image": None}])
    assert served.client.get("/v1/items", params={"id": "101"}).json()[0]["image"] is None


def test_categories_are_found_by_what_they_are_called(tmp_path) -> None:
    items = [{"item_id": "kettle", "category": "17"}, {"item_id": "rake", "category": "18"}]
    shop = view(bundle(items, category_names={"17": "Kitchen"}), tmp_path)
    assert browsing.categories(shop, "kitch", 5) == [("17", 1, "Kitchen")]
    assert browsing.categories(shop, "1", 5) == [("17", 1, "Kitchen"), ("18", 1, None)]
    called = [shop.catalogue.fields(shop.catalogue.row(item))["category_name"] for item in ("kettle", "rake")]
    assert called == ["Kitchen", None]
    shop.catalogue.apply([("rake", {"category": "new"})])
    assert shop.catalogue.fields(shop.catalogue.row("rake"))["category_name"] is None
