"""The table of what pages show."""

import gzip

import pandas as pd
import pytest

from kartograph.loaders.access_log.pages import page_table, read_page_table
from kartograph.tables.errors import BadInput


def test_pages_that_show_several_items_show_none(tmp_path):
    file = tmp_path / "pages.csv"
    file.write_text("url,item_id\n/a,1\n/b/,2\n/b,3\n/c?id=1,4\n/c,5\n/a,1\n")
    table = read_page_table(file)
    assert table.item_of("/a/") == "1" and table.item_of("/a?utm=x") == "1"
    assert table.item_of("/b") is None and table.shows_several("/b/?x")
    assert (table.item_of("/c?id=1"), table.item_of("/c?id=2")) == ("4", "5")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a,b\n1,2\n", r"has the columns \['a', 'b'\]; it needs url and item_id"),
        (b"url,item_id\n/a,1\n/a,2\n", "no page of the table shows a single item"),
        (b"url,item_id\n", "no page of the table shows a single item"),
        (b"", "is empty"),
        (b"url,item_id\n\xff\xfe,1\n", "cannot be read"),
        (b'url,item_id\n"/a,1\n', "cannot be read|no page of the table"),
        (b"\x00\x01\x02", "holds NUL bytes"),
        (b"%PDF-1.7\n", "is a PDF document"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(tmp_path, content, message):
    file = tmp_path / "pages.csv"
    file.write_bytes(content)
    with pytest.raises(BadInput, match=message):
        read_page_table(file)


@pytest.mark.parametrize(
    "content",
    [
        b"URL;Item\n/a;00123\n",
        "url\titem_id\n/a\t00123\n".encode("utf-16"),
        b'{"url": "/a", "item_id": "00123"}\n{"url": "/a", "item_id": "00123"}\n',
        gzip.compress(b"page,title,object\n/a,A,00123\n"),
    ],
    ids=["semicolons", "UTF-16", "JSON", "gzip"],
)
def test_a_table_may_be_written_in_any_format_of_tables(tmp_path, content):
    (file := tmp_path / "pages.csv").write_bytes(content)
    assert read_page_table(file).item_of("/a") == "00123"


def test_a_missing_table_is_named(tmp_path):
    with pytest.raises(BadInput, match=r"nowhere\.csv is not a file. Name a .* with the columns url and item_id"):
        read_page_table(tmp_path / "nowhere.csv")


@pytest.mark.parametrize(
    ("url", "item"),
    [
        ("/show?id=1", "one"),
        ("/show?utm_source=mail&id=1&color=red", "one"),
        ("/show?color=red&id=2", "red two"),
        ("/show?id=2", "two"),
        ("/show?id=2&color=blue", "two"),
        ("/show?id=3", "any"),
        ("/show", "any"),
        ("/show?sku=a+b", "blank"),
        ("/show?sku=a%20b&id=", "blank"),
        ("/other?id=1", None),
    ],
)
def test_a_request_shows_the_item_of_the_most_parameters_that_it_has(url, item):
    addresses = {
        "/show?id=1": "one", "/show?id=2": "two", "/show?id=2&color=red": "red two", "/show": "any",
        "/show?sku=a%20b": "blank",
    }  # fmt: skip
    table = page_table(pd.Series(list(addresses)), pd.Series(list(addresses.values())))
    assert table.item_of(url) == item


def test_a_table_may_have_tracking_parameters_and_its_parameters_in_any_order():
    table = page_table(
        pd.Series(["https://shop.example/a?utm_source=x&gclid=1", "/b?x=1&y=2", "/b?y=2&x=1"]),
        pd.Series(["A", "B", "C"]),
    )
    assert table.item_of("/a") == table.item_of("/a?fbclid=2") == "A"
    assert table.shows_several("/b?y=2&x=1&z=3") and table.shows_several("/b?x=1&y=2") and not table.shows_several("/b")


def test_columns_are_found_in_any_case(tmp_path):
    file = tmp_path / "pages.csv"
    file.write_bytes(b"\xef\xbb\xbfURL, Item_ID ,x\n/a,1,2\n")
    assert read_page_table(file).items == {"/a": "1"}
