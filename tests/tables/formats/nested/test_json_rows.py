"""Nested JSON records give a row for each object of a list, and columns for names and values."""

import json

from kartograph.tables.formats import fields


def lines(*records) -> bytes:
    return "\n".join(map(json.dumps, records)).encode()


def test_names_and_values_in_a_list_are_columns(read, tmp_path):
    records = [
        {
            "id": "e1",
            "event_params": [
                {"key": "session", "value": {"int_value": "17"}},
                {"key": "page", "value": {"string_value": "/p"}},
            ],
            "items": [{"sku": "A", "more": [{"name": "size", "value": 7}]}, {"sku": "B"}],
        },
        {"id": "e2", "event_params": [], "items": [{"sku": "C"}]},
    ]
    columns = ("id", "sku", "event_params.session", "event_params.page", "more.size")
    rows, bad, notes = read(lines(*records), "rows.jsonl", {name: fields.text(name) for name in columns})
    assert rows == [
        ("e1", "A", "17", "/p", "7"),
        ("e1", "B", "17", "/p", None),
        ("e2", "C", None, None, None),
    ]
    assert (bad, notes) == ([], {})


def test_a_record_that_holds_the_item_itself_is_a_row_beside_those_with_a_list(read, tmp_path):
    records = [
        {"user": "u", "properties": {"product_id": "A", "price": 1}},
        {"user": "u", "properties": {"products": [{"product_id": "B", "price": 2}, {"product_id": "C"}]}},
        {"user": "u", "properties": {"products": []}},
    ]
    wanted = {name: fields.text(name) for name in ("user", "product_id", "price")}
    rows, _, notes = read(lines(*records), "rows.jsonl", wanted)
    assert rows == [("u", "A", "1"), ("u", "B", "2"), ("u", "C", None)]
    said = "objects whose list 'properties.products' is empty or missing: 1"
    assert list(notes) == [f"left out: {tmp_path}/rows.jsonl: {said}"]


def test_lines_that_say_what_the_next_one_is_for_are_no_rows(read):
    bulk = lines({"index": {"_id": "7"}}, {"id": "1", "title": "a"}, {"create": {}}, {"id": "3", "title": "c"})
    assert read(bulk, "rows.ndjson")[:2] == ([("1", "a"), ("3", "c")], [])


def test_the_types_that_databases_write_around_values_are_no_names(read):
    wanted = {"id": fields.text("id"), "title": fields.text("title")}
    dynamo = lines({"id": {"N": "1"}, "title": {"S": "a"}}, {"id": {"S": "3"}, "title": {"S": "c"}})
    assert read(dynamo, "rows.jsonl", wanted)[0] == [("1", "a"), ("3", "c")]
    mongo = lines({"id": {"$numberInt": "1"}, "title": "a"}, {"id": {"$numberLong": "3"}, "title": "c"})
    assert read(mongo, "rows.jsonl", wanted)[0] == [("1", "a"), ("3", "c")]


def test_a_list_that_adds_nothing_to_an_item_around_it_multiplies_and_loses_no_row(read, tmp_path):
    lines_of = [{"product_id": "A", "tax_lines": [{"rate": 1}, {"rate": 2}]}, {"product_id": "B", "tax_lines": []}]
    order = {"user": "u", "line_items": lines_of, "payments": [{"date": "2024-01-01"}]}
    wanted = {name: fields.text(name) for name in ("user", "product_id")}
    rows, _, notes = read(lines(order), "rows.jsonl", wanted)
    assert rows == [("u", "A"), ("u", "B")]
    assert [words.rpartition("list ")[2] for words in notes] == ["'payments'", "'tax_lines'"]


def test_a_list_below_an_item_that_names_users_or_items_is_its_rows(read):
    wanted = {name: fields.text(name) for name in ("user", "product_id")}
    reviews = {"product_id": "A", "photos": [{"url": "x"}], "reviews": [{"user": "u"}, {"user": "v"}]}
    assert read(lines(reviews), "rows.jsonl", wanted)[0] == [("u", "A"), ("v", "A")]
    variants = {"title": "Lamp", "images": [{"src": "x"}], "variants": [{"sku": "A"}, {"sku": "B"}]}
    wanted = {name: fields.text(name) for name in ("sku", "title")}
    assert read(lines(variants), "rows.jsonl", wanted)[0] == [("A", "Lamp"), ("B", "Lamp")]


def test_a_view_of_matomo_is_a_row_beside_the_products_of_an_order(read):
    records = [
        {"type": "action", "productViewSku": "A", "productViewName": "Lamp"},
        {"type": "action", "url": "https://shop/"},
        {"type": "ecommerceOrder", "itemDetails": [{"itemSKU": "A", "itemName": "Lamp"}, {"itemSKU": "B"}]},
    ]
    wanted = {name: fields.text(name) for name in ("type", "itemSKU", "itemName")}
    rows, _, _ = read(lines(*records), "rows.jsonl", wanted)
    assert rows == [("action", "A", "Lamp"), ("ecommerceOrder", "A", "Lamp"), ("ecommerceOrder", "B", None)]
