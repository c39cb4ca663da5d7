"""Lines of logs in Apache's formats and in W3C extended, and any bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartograph.loaders.access_log.formats.apache import apache
from kartograph.loaders.access_log.formats.w3c import w3c
from kartograph.loaders.access_log.recognize import LineReader
from kartograph.loaders.access_log.requests import Request
from kartograph.tables.errors import BadInput

COMBINED = (
    b'10.0.0.1 - - [20/Feb/2016:00:00:46 -0500] "GET /a/?x=1 HTTP/1.1" 200 24810 "-" "Mozilla/5.0 (a \\"b\\") Gecko"'
)
AT = 1455944446_000  # 2016-02-20 05:00:46 UTC


def test_a_combined_line_has_a_browser():
    assert apache(COMBINED) == Request("10.0.0.1", AT, "GET", "/a/?x=1", 200, 'Mozilla/5.0 (a \\"b\\") Gecko')


def test_of_a_line_that_is_cut_off_the_beginning_of_the_browser_is_left_and_no_referrer_takes_its_place():
    for referrer in (b"-", b"https://shop.example/"):
        line = COMBINED.replace(b'"-"', b'"' + referrer + b'"')
        within, in_an_escape = apache(line[: line.index(b" (a")]), apache(line[: line.index(b'"b')])
        assert within is not None and within.browser == "Mozilla/5.0"
        assert in_an_escape is not None and in_an_escape.browser == "Mozilla/5.0 (a "
    in_the_referrer = apache(COMBINED[: COMBINED.index(b'"-"')] + b'"https://shop.exam')
    assert in_the_referrer is not None and in_the_referrer.browser is None


def test_a_common_line_has_none():
    line = b'host - ann [20/Feb/2016:05:00:46 +0000] "POST /a HTTP/1.0" 404 -'
    assert apache(line) == Request("host", AT, "POST", "/a", 404, None)


def test_a_line_in_a_wrong_encoding_is_read_byte_by_byte():
    result = apache(COMBINED.replace(b"Gecko", b"\xe9\xff"))
    assert result is not None and result.browser is not None and result.browser.endswith("éÿ")


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"nonsense",
        b'1.2.3.4 - - [20/Feb/2016:00:00:46 -0500] "GET /a" 200',
        b'1.2.3.4 - - [31/Feb/2016:00:00:46 -0500] "GET /a HTTP/1.1" 200 1',
        b'1.2.3.4 - - [20/Feb/2016:00:00:61 -0500] "GET /a HTTP/1.1" 200 1',
        b'1.2.3.4 - - [20/Foo/2016:00:00:46 -0500] "GET /a HTTP/1.1" 200 1',
        b'1.2.3.4 - - [20/Feb/2016:00:00:46 -9900] "GET /a HTTP/1.1" 200 1',
        b'1.2.3.4 - - [20/Feb/2016:00:00:46 -0500] "-" 200 1',
        b'1.2.3.4 - - [20/Feb/2016:00:00:46 -0500] "GET /a HTTP/1.1',
        b'1.2.3.4 - - [99/99/9999:99:99:99 +9999] "GET /a HTTP/1.1" 999 1',
        b"[" * 60_000,
        b'"' * 60_000,
        b"a " * 30_000,
        b'1.2.3.4 - - [20/Feb/2016:00:00:46 -0500] "' + b"\\" * 60_000,
        b'1.2.3.4 - - [20/Feb/2016:00:00:46 -0500] "GET ' + b"a" * 60_000,
        bytes(range(256)),
        b"\x00" * 1000,
        b"\xff\xfe1\x002\x00",
    ],
)
def test_a_malformed_line_is_no_request(line):
    assert apache(line) is None


@given(st.binary(max_size=200))
def test_any_bytes_are_a_request_a_directive_or_neither(line):
    try:
        assert isinstance(LineReader()(line), Request | bool | None)
    except BadInput:
        assert line.lower().startswith(b"#fields:")


def test_w3c_lines_are_read_by_their_fields():
    read = LineReader()
    assert read(b"#Version: 1.0") is True
    assert read(b"#Fields: date time c-ip cs-method cs-uri-stem cs-uri-query sc-status cs(User-Agent)") is True
    result = read(b"2016-02-20 05:00:46 10.0.0.1 GET /a x=1 200 Mozilla/5.0+(X11)")
    assert result == Request("10.0.0.1", AT, "GET", "/a?x=1", 200, "Mozilla/5.0 (X11)")
    assert read(b"2016-02-20 05:00:46 10.0.0.1 GET") is None
    assert read(b"2016-02-30 05:00:46 10.0.0.1 GET /a - 200 -") is None


def test_w3c_fields_without_a_client_are_refused():
    with pytest.raises(BadInput, match=r"lacks c-ip: let the server log"):
        w3c(b"#Fields: date time cs-uri-stem sc-status")


@pytest.mark.parametrize(
    ("before", "client"),
    [
        (b"shop.example:443 10.0.0.1 - -", "10.0.0.1"),
        (b"shop.example 10.0.0.1 - ann", "10.0.0.1"),
        (b"192.0.2.80:443 reader.example - -", "192.0.2.80"),
        (b"shop.example:443 reader.example - -", "reader.example"),
        (b"shop.example reader.example - ann", "reader.example"),
        (b"10.0.0.1 - Ann Lee", "10.0.0.1"),
        (b"reader.example - Ann Lee", "reader.example"),
        (b"2001:db8::1 - -", "2001:db8::1"),
        (b"shop.example:443 2001:db8::1 - -", "2001:db8::1"),
        (b"[2001:db8::1]:5000 - -", "2001:db8::1"),
        (b"10.0.0.1:5000 - -", "10.0.0.1"),
        (b"10.0.0.1, 10.9.9.9 - -", "10.0.0.1"),
        (b"- 10.0.0.1 - -", "10.0.0.1"),
        (b"Oct 10 13:55:01 web1 nginx: 10.0.0.1 - -", "10.0.0.1"),
        (b"web_1  | 10.0.0.1 - -", "10.0.0.1"),
    ],
)
def test_the_client_is_found_behind_a_virtual_host_a_proxy_or_a_header(before, client):
    result = apache(before + b' [20/Feb/2016:05:00:46 +0000] "GET /a HTTP/1.1" 200 1 "-" "Mozilla/5.0"')
    assert result == Request(client, AT, "GET", "/a", 200, "Mozilla/5.0")


@pytest.mark.parametrize(
    ("after", "browser", "forwarded"),
    [
        (b' "-" "Mozilla/5.0" "10.1.1.1"', "Mozilla/5.0", "10.1.1.1"),
        (b' "-" "Mozilla/5.0" "10.1.1.1, 10.2.2.2"', "Mozilla/5.0", "10.1.1.1"),
        (b' "-" "Mozilla/5.0" "unknown, 10.1.1.1:99"', "Mozilla/5.0", "10.1.1.1"),
        (b' "-" "Mozilla/5.0" 10.1.1.1, 10.2.2.2', "Mozilla/5.0", "10.1.1.1"),
        (b' "-" "Mozilla/5.0" "-"', "Mozilla/5.0", None),
        (b' "-" "Mozilla/5.0" "-" "10.9.9.9:80"', "Mozilla/5.0", None),
        (b' "-" "Mozilla/5.0" 0.005 10.9.9.9:80', "Mozilla/5.0", None),
        (b' "10.1.1.1" "-" "Mozilla/5.0"', "Mozilla/5.0", "10.1.1.1"),
        (b' "-" "Mozilla/5.0" "for=10.1.1.1;proto=https"', "Mozilla/5.0", "10.1.1.1"),
        (b' "-" "Mozilla/5.0" 7 "shop@docker" "http://10.9.9.9:80" 2ms', "Mozilla/5.0", None),
        (b' 0.005 "http://shop.example/" "Mozilla/5.0"', "Mozilla/5.0", None),
        (b' "Mozilla/5.0"', "Mozilla/5.0", None),
        (b" 0.005", None, None),
    ],
)
def test_further_columns_hide_neither_the_browser_nor_who_was_passed_on(after, browser, forwarded):
    result = apache(b'10.0.0.1 - - [20/Feb/2016:05:00:46 +0000] "GET /a HTTP/1.1" 200 1' + after)
    assert result == Request("10.0.0.1", AT, "GET", "/a", 200, browser, forwarded)


def test_the_fields_of_iis_are_read_with_the_day_of_a_directive():
    read = LineReader()
    for line in (
        b"#Software: Microsoft Internet Information Services 10.0",
        b"#Date: 2016-02-20 00:00:00",
        b"#Fields: time s-ip cs-method cs-uri-stem cs-uri-query c-ip cs(User-Agent) X-Forwarded-For sc-status",
    ):
        assert read(line) is True
    result = read(b'05:00:46 10.9.9.9 GET /a x=1 10.0.0.1:80 "Mozilla/5.0 (X11)" 10.1.1.1,+10.2.2.2 200')
    assert result == Request("10.0.0.1", AT, "GET", "/a?x=1", 200, "Mozilla/5.0 (X11)", "10.1.1.1")


def test_the_columns_of_cloudfront_are_read_between_tabs():
    read = LineReader()
    read(b"#Version: 1.0")
    read(
        b"#Fields: date time x-edge-location c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) "
        b"cs(User-Agent) cs-uri-query x-forwarded-for"
    )
    values = b"2016-02-20 05:00:46 FRA2 10.0.0.1 GET d1.example /a 200 - Mozilla/5.0%2520(X11) x=1 10.1.1.1"
    result = read(values.replace(b" ", b"\t"))
    assert result == Request("10.0.0.1", AT, "GET", "/a?x=1", 200, "Mozilla/5.0 (X11)", "10.1.1.1")
    twice = values.replace(b"/a ", b"/caf%25C3%25A9%2520noir ").replace(b"x=1", b"q=a%252Fb")
    escaped = read(twice.replace(b" ", b"\t"))
    assert isinstance(escaped, Request)
    assert escaped.url == "/caf%C3%A9%20noir?q=a%2Fb"
