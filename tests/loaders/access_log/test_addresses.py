"""Addresses of pages in one form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartograph.loaders.access_log.addresses import address_of, is_media


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("/a/b/", "/a/b"),
        ("//a//b", "/a/b"),
        ("http://shop.example/a?x=1#top", "/a?x=1"),
        ("/a/./b/../c", "/a/c"),
        ("/caf%C3%A9", "/café"),
        ("/caf\\xc3\\xA9?q=\\x20", "/café?q=%20"),
        ("/\\x2e\\x2e/etc/passwd", None),
        ("/", "/"),
        ("/../../etc/passwd", None),
        ("/a/..%2f..%2f..%2fetc/passwd", None),
        ("/..\\..\\windows\\win.ini", None),
        ("/%2e%2e/%2e%2e/etc/passwd", None),
        ("/" + "a" * 5_000, None),
        ("http://[broken", None),
        ("/a?utm_source=mail&x=1&gclid=2&UTM_Medium=b", "/a?x=1"),
        ("/a?fbclid=1&msclkid=2", "/a"),
        ("/a;jsessionid=8F2?PHPSESSID=9", "/a"),
        ("/a?utmost=1&gclidx=2", "/a?utmost=1&gclidx=2"),
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
