"""Columns that hold a user or an item where the first column of them is empty."""

import json

import pytest

from kartograph.loaders.interactions import read
from kartograph.tables.rejects import RejectLimit

SHOPIFY = (
    "Name,Email,Created at,Lineitem quantity,Lineitem name,Lineitem sku\n"
    "#1,u@example.org,2024-01-15 10:00,1,Lamp,A\n#2,,2024-01-15 11:00,1,Gift card,\n"
)
WOO = (
    "Order Number,Order Date,Customer User ID,Email (Billing),SKU\n1,2024-01-15,0,g@example.org,A\n2,2024-01-15,7,,A\n"
)


def found(source):
    rows = source.interactions.order_by("item_id", "user_id").to_pyarrow().to_pylist()
    return [(row["user_id"], row["item_id"]) for row in rows]


def test_who_is_not_logged_in_is_who_the_tracker_takes_him_for(tmp_path, options):
    rows = [
        {"userId": None, "anonymousId": "a1", "event": "Product Viewed", "properties": {"product_id": "A"}},
        {"userId": "u1", "anonymousId": "a1", "event": "Product Viewed", "properties": {"product_id": "B"}},
        {"anonymousId": "a2", "event": "Product Viewed", "properties": {"product_id": "C"}},
        {"userId": "", "anonymousId": None, "event": "Product Viewed", "properties": {"product_id": "D"}},
    ]
    path = tmp_path / "track.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    source = read(path, options(limit=RejectLimit(share=0.5)))
    assert found(source) == [("a1", "A"), ("u1", "B"), ("a2", "C")]
    assert source.report.rejected == {"no userId or anonymousId": 1}
    assert source.report.notes["rows without userId, whose user is their anonymousId"] == 2
    assert source.report.columns["user"] == "userId, else anonymousId"


def test_visitors_who_log_in_are_two_users_each_and_the_load_says_how_many(tmp_path, options):
    path = tmp_path / "track.csv"
    path.write_text("userId,anonymousId,item\n,a1,x\n,a1,y\nu1,a1,z\n,a2,x\nu3,a3,y\nu3,,z\n,a4,x\nu4,a4,x\nu5,a4,x\n")
    source = read(path, options())
    assert [row["user_id"] for row in source.interactions.to_pyarrow().to_pylist()] == [
        "a1", "a1", "u1", "a2", "u3", "u3", "a4", "u4", "u5",
    ]  # fmt: skip
    [told] = source.report.remarks  # a1 and a4; a3 never came without a login
    assert told.startswith("visitors who have rows with userId and rows without: those are events of two users")
    assert (told.endswith("say --user anonymousId for one user by browser"), source.report.notes[told]) == (True, 2)
    assert read(path, options(user="anonymousId", limit=RejectLimit(share=0.5))).report.remarks == []


def test_names_with_a_dollar_are_a_tracker_s_own(tmp_path, options):
    rows = [
        {
            "event": "Purchase",
            "properties": {"$user_id": "u", "distinct_id": "d", "product_id": "A", "$insert_id": "x"},
        },
        {"event": "Purchase", "properties": {"distinct_id": "d", "product_id": "B", "$x": 2}},
    ]
    path = tmp_path / "track.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    assert found(read(path, options())) == [("u", "A"), ("d", "B")]


def test_a_column_of_users_that_is_said_stands_alone(tmp_path, options):
    path = tmp_path / "track.csv"
    path.write_text("user_id,anonymous_id,item\nu,a,x\n,b,y\n")
    assert found(read(path, options())) == [("u", "x"), ("b", "y")]
    source = read(path, options(user="user_id", limit=RejectLimit(share=0.5)))
    assert (found(source), source.report.rejected) == ([("u", "x")], {"no user_id": 1})


def test_files_without_the_second_column_load_beside_one_that_has_it(tmp_path, options):
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "a.csv").write_text("user_id,anonymous_id,item\nu,a,x\n,b,y\n")
    (folder / "b.csv").write_text("user_id,item\nv,z\n")
    assert found(read(folder, options())) == [("u", "x"), ("b", "y"), ("v", "z")]


@pytest.mark.parametrize(
    ("preset", "text", "events", "words"),
    [
        ("shopify", SHOPIFY, [("u@example.org", "A"), (None, "Gift card")], "Lineitem sku, whose item is their Line"),
        ("woocommerce", WOO, [("7", "A"), ("g@example.org", "A")], "Customer User ID, whose user is their Email"),
    ],
)
def test_what_has_no_sku_has_a_name_and_who_has_no_account_an_address(tmp_path, options, preset, text, events, words):
    path = tmp_path / "orders.csv"
    path.write_text(text)
    source = read(path, options(preset=preset))
    assert (found(source), source.report.rejected) == (events, {})
    assert any(words in note for note in source.report.notes)
