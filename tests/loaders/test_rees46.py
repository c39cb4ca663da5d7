"""Tests of reading REES46 event files."""

import ibis

from kartograph.loaders.rees46 import read, tree_of_codes
from kartograph.loaders.shared.options import ReadOptions
from kartograph.tables.derived.derive import derive

CODES = ibis.schema({"category_id": "string", "code": "string"})
HEADER = "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session\n"
ROWS = """2019-10-01 00:00:00 UTC,view,p1,c1,appliances.kitchen.oven,acme,10.00,u1,s1
2019-10-01 00:01:00 UTC,cart,p1,c1,appliances.kitchen.oven,acme,12.00,u1,s1
2019-10-01 00:02:00 UTC,remove_from_cart,p1,c1,,acme,12.00,u1,s1
2019-10-01 00:03:00 UTC,purchase,p1,c1,,,,u1,s1
2019-10-01 00:04:00 UTC,view,p2,c2,,,5,u2,
"""


def test_events_items_and_sessions_of_a_small_file(tmp_path):
    path = tmp_path / "2019-Oct.csv"
    path.write_text(HEADER + ROWS)
    source = read(path, ReadOptions(rejects=tmp_path / "rejects.csv"))
    events = source.interactions.order_by("timestamp").to_pyarrow().to_pylist()
    assert [row["event"] for row in events] == ["view", "cart", "buy", "view"]
    assert events[0]["timestamp"] == 1_569_888_000_000
    assert source.report.notes == {"remove_from_cart events, left out": 1}
    items = {row["item_id"]: (row["price"], row["brand"]) for row in source.items.to_pyarrow().to_pylist()}
    assert items == {"p1": (12.0, "acme"), "p2": (5.0, None)}
    shop = derive(source)
    sessions = {row["session_id"] for row in shop.sessions.to_pyarrow().to_pylist()}
    assert sessions == {"s1", "u2@1569888240000"}
    levels = {row["category_id"]: row["level"] for row in shop.categories.to_pyarrow().to_pylist()}
    assert levels == {"appliances": 0, "appliances.kitchen": 1, "c1": 2, "c2": 0}


def test_codes_make_a_tree_whose_inner_categories_have_their_code_as_id():
    codes = ibis.memtable([("1", "a.b.c"), ("2", "a"), ("3", None)], schema=CODES)
    tree, categories = tree_of_codes(codes)
    below = tree[tree["parent_id"].notna()]
    assert dict(zip(below["category_id"], below["parent_id"], strict=True)) == {"1": "a.b", "a.b": "a"}
    assert set(categories["category_id"]) == {"1", "2", "3", "a", "a.b"}


def test_the_real_file_reads_whole(real_data, tmp_path):
    source = read(real_data / "rees46" / "2019-Oct.csv.gz", ReadOptions(rejects=tmp_path / "rejects.csv"))
    assert source.report.rejected == {}
    assert source.report.rows == 17_434
    derive(source)
    assert source.report.counts["items"] == 6_493
    # One of the file's 5,066 sessions has two users.
    assert source.report.counts["sessions"] == 5_066 + 1
