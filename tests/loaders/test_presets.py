"""Tests of known layouts, each with a small sample of our own making."""

import json

import pytest

from kartograph.loaders.interactions import InteractionOptions, read
from kartograph.loaders.presets import presets
from kartograph.loaders.shared.declared import declared
from kartograph.tables.errors import BadInput

GA4 = {
    "event_date": "20240115", "event_timestamp": "1705312800000000", "event_name": "purchase", "user_pseudo_id": "p.1",
    "items": [{"item_id": "A", "item_name": "Lamp", "price": 3.5, "quantity": 1}, {"item_id": "B", "quantity": 1}],
}  # fmt: skip
SHOPIFY = (
    "Name,Email,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Vendor\n"
    "#1,u@example.org,2024-01-15 10:00:00 +0100,1,Lamp,3.50,A,Lux\n"
    "#1,u@example.org,2024-01-15 10:00:00 +0100,1,Rug,9,B,\n"
)
WOO = (
    "Order Number,Order Date,Order Status,Customer User ID,SKU,Item Name,Quantity,Item Cost\n"
    "1,2024-01-15 09:00,Completed,u,A,Lamp,1,3.5\n2,2024-01-15 10:00,wc-cancelled,u,B,Rug,1,9\n"
)
INVOICES = (
    "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n"
    "1,85A,Lamp,2,2010-12-01 09:00:00,3.5,17.0,X\n1,71B,Rug,1,2010-12-01 09:00:00,9,17.0,X\n"
    "C2,85A,Lamp,-2,2010-12-01 10:00:00,3.5,17.0,X\n3,POST,POSTAGE,1,2010-12-01 11:00:00,4,17.0,X\n"
)
REFUNDED = (
    "Name,Email,Financial Status,Created at,Lineitem quantity,Lineitem name,Lineitem sku\n"
    "#1,u@example.org,paid,2024-01-15 10:00,1,Lamp,A\n#1,u@example.org,,2024-01-15 10:00,1,Rug,B\n"
    "#2,u@example.org,refunded,2024-01-16 10:00,1,Lamp,A\n#2,u@example.org,,2024-01-16 10:00,1,Rug,B\n"
)
MAGENTO = (
    "order_id,created_at,status,customer_id,item_id,product_id,qty_ordered\n1,2024-01-15 09:00,complete,7,101,20,2.0\n"
    "2,2024-01-15 10:00,canceled,8,102,20,1.0\n3,2024-01-15 11:00,processing,0,103,21,1.0\n"
)
"""Lines of orders: `item_id` is the line, and 0 nobody."""
OTTO = {
    "session": 7,
    "events": [{"aid": 1, "ts": 1661724000278, "type": "carts"}, {"aid": 2, "ts": 1661724000279, "type": "orders"}],
}
TAOBAO = "1,11,5,pv,1511544070\n1,12,5,fav,1511544071\n2,11,5,cart,1511544072\n"
MOVIELENS = "1::1193::5::978300760\n2::661::3::978302109\n"
RECBOLE = "user_id:token\titem_id:token\trating:float\ttimestamp:float\n1\tA\t5.0\t978300760.0\n"
GORSE = {"FeedbackType": "star", "UserId": "u", "ItemId": "A", "Timestamp": "2024-01-15T09:00:00Z"}
DIGINETICA = (
    "sessionId;userId;itemId;timeframe;eventdate\n1;NA;81766;526309;2016-05-09\n1;NA;31331;1031018;2016-05-09\n"
)


@pytest.mark.parametrize(
    ("name", "file", "text", "events"),
    [
        ("ga4", "e.json", json.dumps(GA4), [("p.1", "A", "buy"), ("p.1", "B", "buy")]),
        ("shopify", "o.csv", SHOPIFY, [("u@example.org", "A", "buy"), ("u@example.org", "B", "buy")]),
        ("woocommerce", "o.csv", WOO, [("u", "A", "buy")]),
        ("shopify", "o.csv", REFUNDED, [("u@example.org", "A", "buy"), ("u@example.org", "B", "buy")]),
        ("woocommerce", "o.csv", WOO.replace(",u,", ",0,"), [(None, "A", "buy")]),
        ("orders", "o.csv", MAGENTO, [("7", "20", "buy"), (None, "21", "buy")]),
        ("invoices", "i.csv", INVOICES, [("17", "71B", "buy"), ("17", "85A", "buy"), ("17", "85A", "return")]),
        ("otto", "s.jsonl", json.dumps(OTTO) + "\n", [(None, "1", "cart"), (None, "2", "buy")]),
        ("taobao", "UserBehavior.csv", TAOBAO, [("1", "11", "view"), ("1", "12", "view"), ("2", "11", "cart")]),
        ("movielens", "ratings.dat", MOVIELENS, [("1", "1193", "view"), ("2", "661", "view")]),
        ("movielens", "ratings.csv", "userId,movieId,rating,timestamp\n1,2,5,978300760\n", [("1", "2", "view")]),
        ("recbole", "x.inter", RECBOLE, [("1", "A", "view")]),
        ("gorse", "f.jsonl", json.dumps(GORSE) + "\n", [("u", "A", "view")]),
        ("diginetica", "v.csv", DIGINETICA, [(None, "31331", "view"), (None, "81766", "view")]),
    ],
)
def test_a_sample_of_each_layout_reads(tmp_path, name, file, text, events):
    (tmp_path / file).write_text(text)
    source = read(tmp_path / file, InteractionOptions(rejects=tmp_path / "rejects.csv", preset=name))
    rows = source.interactions.order_by("user_id", "item_id", "event").to_pyarrow().to_pylist()
    assert [(row["user_id"], row["item_id"], row["event"]) for row in rows] == events
    assert all(row["timestamp"] is not None for row in rows)
    assert source.report.rejected == {}


def test_the_session_of_google_analytics_is_read_from_the_parameters_of_an_event(tmp_path):
    params = [{"key": "ga_session_id", "value": {"int_value": "17"}}, {"key": "page", "value": {"string_value": "/p"}}]
    page = {**GA4, "event_name": "page_view", "items": [], "event_params": params}
    (tmp_path / "e.json").write_text("\n".join(map(json.dumps, [{**GA4, "event_params": params}, page])))
    for preset in ("ga4", None):
        source = read(tmp_path / "e.json", InteractionOptions(rejects=tmp_path / "rejects.csv", preset=preset))
        rows = source.interactions.order_by("item_id").to_pyarrow().to_pylist()
        assert [(row["session_id"], row["item_id"], row["event"]) for row in rows] == [
            ("17", "A", "buy"), ("17", "B", "buy"),
        ]  # fmt: skip
        assert any("list 'items' is empty or missing: 1" in words for words in source.report.notes)


@pytest.mark.parametrize("key", [None, "orders"])
def test_an_order_in_json_is_one_session_whatever_ids_its_lines_have(tmp_path, key):
    taxes = [{"id": 9, "total": "1"}, {"id": 8, "total": "2"}]
    order = {
        "id": 1, "status": "completed", "date_created_gmt": "2024-01-01T09:00:00", "customer_id": 5,
        "line_items": [
            {"id": 31, "product_id": 7, "quantity": 2, "taxes": taxes}, {"id": 32, "product_id": 8, "taxes": []},
        ],
    }  # fmt: skip
    (tmp_path / "o.json").write_text(json.dumps([order] if key is None else {key: [order]}))
    source = read(tmp_path / "o.json", InteractionOptions(rejects=tmp_path / "rejects.csv", preset="woocommerce"))
    rows = source.interactions.order_by("item_id").to_pyarrow().to_pylist()
    assert [(row["session_id"], row["item_id"], row["quantity"]) for row in rows] == [("1", "7", 2.0), ("1", "8", None)]


@pytest.mark.parametrize("wrapped", [True, False])
def test_an_order_of_shopify_in_json_is_a_session_though_its_lines_have_names(tmp_path, wrapped):
    orders = [
        {
            "id": number, "name": f"#{number}", "order_number": number, "created_at": "2024-01-15T10:00:00Z",
            "financial_status": "paid", "customer": {"id": 5},
            "line_items": [{"id": 9, "product_id": 3, "title": "Lamp", "name": "Lamp - red", "quantity": 1}],
        }
        for number in (1, 2)
    ]  # fmt: skip
    for without in ("", "order_number", "name"):
        orders = [{name: value for name, value in order.items() if name != without} for order in orders]
        (tmp_path / "o.json").write_text(json.dumps({"orders": orders} if wrapped else orders))
        source = read(tmp_path / "o.json", InteractionOptions(rejects=tmp_path / "rejects.csv", preset="shopify"))
        sessions = source.interactions.order_by("session_id").to_pyarrow()["session_id"].to_pylist()
        assert sessions == (["#1", "#2"] if without == "order_number" else ["1", "2"])


def test_what_is_said_goes_before_the_preset_and_unknown_ones_are_refused(tmp_path):
    path = tmp_path / "UserBehavior.csv"
    path.write_text(TAOBAO)
    said = {"rejects": tmp_path / "rejects.csv", "preset": "taobao"}
    source = read(
        path, InteractionOptions(**said, event_map=("fav=cart",), columns="item_id,user_id,-,behavior,timestamp")
    )
    rows = source.interactions.order_by("timestamp").to_pyarrow().to_pylist()
    assert [(row["user_id"], row["item_id"], row["event"]) for row in rows] == [
        ("11", "1", "view"), ("12", "1", "cart"), ("11", "2", "cart"),
    ]  # fmt: skip
    with pytest.raises(BadInput, match=r"'tabao' is no preset. Allowed are ga4, shopify"):
        read(path, InteractionOptions(preset="tabao"))


def test_the_help_names_every_preset():
    words = next(one.metadata["help"] for one in declared(InteractionOptions) if one.name == "preset")
    assert [name for name in presets() if name not in words] == []
