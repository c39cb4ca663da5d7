"""Variants of a product in a table of items have the title, the brand and the category of their product."""

import pytest

from kartograph.loaders.interactions import read
from kartograph.tables.errors import BadInput

SHOPIFY = """Handle,Title,Vendor,Product Category,Variant SKU,Variant Price,Image Src
tee,Tee,Lux,Wear > Shirts,TEE-S,19.00,1.png
tee,,,,TEE-M,20.00,2.png
tee,,,,,,3.png
mug,Mug,,Home > Mugs,MUG,9.00,
"""
WOO = """ID,Type,SKU,Name,Brands,Categories,Parent,Regular price
10,variable,TEE,Tee,Lux,Wear > Shirts,,
11,variation,TEE-S,Tee - S,,,TEE,19
12,variable,,Mug,Pot,Home > Mugs,,
13,variation,MUG-R,Mug - red,,,id:12,9
"""


def items_of(tmp_path, options, table, sold):
    (tmp_path / "views.csv").write_text("user,item\n" + "".join(f"u,{one}\n" for one in sold))
    (tmp_path / "products.csv").write_text(table)
    source = read(tmp_path / "views.csv", options(items=str(tmp_path / "products.csv")))
    category = {row["item_id"]: row["category_id"] for row in source.item_categories.to_pyarrow().to_pylist()}
    items = {
        one["item_id"]: (one["title"], one["brand"], category.get(one["item_id"]), one["price"])
        for one in source.items.to_pyarrow().to_pylist()
    }
    return items, source.report


def test_variants_of_shopify_have_what_the_first_row_of_their_handle_says(tmp_path, options):
    items, report = items_of(tmp_path, options, SHOPIFY, ["TEE-S", "TEE-M", "MUG"])
    assert items == {
        "TEE-S": ("Tee", "Lux", "Wear > Shirts", 19.0),
        "TEE-M": ("Tee", "Lux", "Wear > Shirts", 20.0),
        "MUG": ("Mug", None, "Home > Mugs", 9.0),
    }
    assert (report.columns["items: item"], report.columns["items: product"]) == ("Variant SKU", "Handle")
    told = {words: count for words, count in report.notes.items() if words.startswith("rows of products.csv")}
    assert told == {
        "rows of products.csv without a title that have the one of their product": 1,
        "rows of products.csv without a brand that have the one of their product": 1,
        "rows of products.csv without a category that have the one of their product": 1,
        "rows of products.csv without Variant SKU, which say something of a product alone": 1,
    }
    assert report.reads["items"].rejected == {}


def test_the_order_of_the_rows_does_not_matter(tmp_path, options):
    head, *rows = SHOPIFY.splitlines(keepends=True)
    turned = head + "".join(reversed(rows))
    sold = ["TEE-S", "TEE-M", "MUG"]
    assert items_of(tmp_path, options, turned, sold)[0] == items_of(tmp_path, options, SHOPIFY, sold)[0]


def test_events_that_name_the_handle_have_the_product_itself(tmp_path, options):
    items, report = items_of(tmp_path, options, SHOPIFY, ["tee", "mug"])
    assert items["tee"] == ("Tee", "Lux", "Wear > Shirts", 20.0)
    assert report.columns["items: item"] == "Handle"


def test_variations_of_woocommerce_have_what_their_parent_says_by_sku_or_by_number(tmp_path, options):
    items, report = items_of(tmp_path, options, WOO, ["TEE-S", "MUG-R"])
    assert (items["TEE-S"], items["MUG-R"]) == (
        ("Tee - S", "Lux", "Wear > Shirts", 19.0),
        ("Mug - red", "Pot", "Home > Mugs", 9.0),
    )
    assert report.columns["items: product"] == "Parent, else ID, else SKU"


def test_where_variants_of_a_feed_say_several_things_an_empty_one_stays_empty(tmp_path, options):
    feed = "id,item_group_id,title,brand\nA,G,Red,Lux\nB,G,Blue,Lux\nC,G,,\n"
    assert items_of(tmp_path, options, feed, ["A", "B", "C"])[0]["C"] == (None, "Lux", None, None)


def test_a_row_without_item_and_product_is_a_reject(tmp_path, options):
    with pytest.raises(BadInput, match=r"1 of 5 rows of items are bad.*products.csv line 6: no Variant SKU"):
        items_of(tmp_path, options, SHOPIFY + ",Nothing,,,,1.00,\n", ["TEE-S"])


def test_a_parent_beside_no_type_is_none_of_a_product(tmp_path, options):
    table = "id,sku,name,category,parent\n10,A,Home,x,\n11,B,Lamp,,10\n"
    items, report = items_of(tmp_path, options, table, ["A", "B"])
    assert (items["B"], report.columns.get("items: product")) == (("Lamp", None, None, None), None)
