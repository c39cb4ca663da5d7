"""Addresses in one form, and the table of what pages show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartograph.loaders.access_log.pages import address_of, is_media, read_page_table
from kartograph.tables.errors import BadInput


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("/a/b/", "/a/b"),
        ("//a//b", "/a/b"),
        ("http://shop.example/a?x=1#top", "/a?x=1"),
        ("/a/./b/../c", "/a/c"),
        ("/caf%C3%A9", "/café"),
        ("/", "/"),
        ("/../../etc/passwd", None),
        ("/a/..%2f..%2f..%2fetc/passwd", None),
        ("/..\\..\\windows\\win.ini", None),
        ("/%2e%2e/%2e%2e/etc/passwd", None),
        ("/" + "a" * 5_000, None),
        ("http://[broken", None),
    ],
)
def test_addresses_have_one_form_and_none_climbs_above_the_root(url, address):
    assert address_of(url) == address


@given(st.text(max_size=80))
def test_an_address_in_its_form_stays_as_it_is(url):
    address = address_of(url)
    if address is not None and "%" not in address and "?" not in address and "#" not in address:
        assert address_of(address) == address


def test_media_are_told_by_their_ending():
    assert is_media("/a/b.JPG?x=1.html") and is_media("/feed.xml")
    assert not is_media("/a.b/c") and not is_media("/a.html") and not is_media("/")


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
        (b"", "cannot be read"),
        (b"url,item_id\n\xff\xfe,1\n", "cannot be read"),
        (b'url,item_id\n"/a,1\n', "cannot be read"),
        (b"\x00\x01\x02", "it needs url and item_id|cannot be read"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(tmp_path, content, message):
    file = tmp_path / "pages.csv"
    file.write_bytes(content)
    with pytest.raises(BadInput, match=message):
        read_page_table(file)


def test_a_missing_table_is_named(tmp_path):
    with pytest.raises(BadInput, match=r"there is no file .*nowhere\.csv"):
        read_page_table(tmp_path / "nowhere.csv")
