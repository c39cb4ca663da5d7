"""Prices of two notations in one column."""

import pytest

from kartograph.loaders.interactions import read

EVENTS = "user;item;price\nu;a;12,50\nu;b;1.234\nu;c;1.234,50\nu;d;7\n"


def prices(shop) -> dict[str, float]:
    return {row["item_id"]: row["price"] for row in shop.items.to_pyarrow().to_pylist()}


def test_a_point_beside_decimal_commas_is_told_and_read_as_one(tmp_path, options):
    path = tmp_path / "buys.csv"
    path.write_text(EVENTS)
    (words,) = read(path, options()).report.remarks
    assert words.startswith("column 'price' has decimal commas, and '1.234' is read with a decimal point")
    assert "say --decimal-comma" in words


@pytest.mark.parametrize("text", ["12.50", "12,50\nu;b;13,5", "1.234\nu;b;1,234.50"])
def test_one_notation_is_not_told(tmp_path, options, text):
    path = tmp_path / "buys.csv"
    path.write_text(f"user;item;price\nu;a;{text}\n")
    assert read(path, options()).report.remarks == []


def test_with_decimal_commas_a_point_stands_before_thousands(tmp_path, options):
    path = tmp_path / "buys.csv"
    path.write_text(EVENTS + "u;e;1,234\n")
    shop = read(path, options(decimal_comma=True))
    assert shop.report.remarks == []
    assert prices(shop) == {"a": 12.5, "b": 1234.0, "c": 1234.5, "d": 7.0, "e": 1.234}


def test_a_table_of_items_is_read_and_told_in_the_same_way(tmp_path, options):
    events, items = tmp_path / "views.csv", tmp_path / "items.csv"
    events.write_text("user,item\nu,a\nu,b\n")
    items.write_text("item;price\na;12,50\nb;1.234\n")
    (words,) = read(events, options(items=items)).report.remarks
    assert words.startswith("column 'price' has decimal commas, and '1.234' is read with a decimal point")
    shop = read(events, options(items=items, decimal_comma=True))
    assert prices(shop) == {"a": 12.5, "b": 1234.0}
