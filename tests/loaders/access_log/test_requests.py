"""Lines of logs and what they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartograph.loaders.access_log.requests import LineReader, Request, apache, w3c
from kartograph.tables.errors import BadInput

COMBINED = (
    b'10.0.0.1 - - [20/Feb/2016:00:00:46 -0500] "GET /a/?x=1 HTTP/1.1" 200 24810 "-" "Mozilla/5.0 (a \\"b\\") Gecko"'
)
AT = 1455944446_000  # 2016-02-20 05:00:46 UTC


def test_a_combined_line_has_a_browser():
    assert apache(COMBINED) == Request("10.0.0.1", AT, "GET", "/a/?x=1", 200, 'Mozilla/5.0 (a \\"b\\") Gecko')


def test_a_common_line_has_none():
    line = b'host - ann [20/Feb/2016:05:00:46 +0000] "POST /a HTTP/1.0" 404 -'
    assert apache(line) == Request("host", AT, "POST", "/a", 404, None)


def test_a_line_in_a_wrong_encoding_is_read_byte_by_byte():
    found = apache(COMBINED.replace(b"Gecko", b"\xe9\xff"))
    assert found is not None and found.browser is not None and found.browser.endswith("éÿ")


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"nonsense",
        b'1.2.3.4 - - [20/Feb/2016:00:00:46 -0500] "GET /a" 200',
        b'1.2.3.4 - - [31/Feb/2016:00:00:46 -0500] "GET /a HTTP/1.1" 200 1',
        b'1.2.3.4 - - [20/Foo/2016:00:00:46 -0500] "GET /a HTTP/1.1" 200 1',
        b'1.2.3.4 - - [20/Feb/2016:00:00:46 -9900] "GET /a HTTP/1.1" 200 1',
        b'1.2.3.4 - - [20/Feb/2016:00:00:46 -0500] "\\x16\\x03\\x01" 400 1',
        b'1.2.3.4 - - [20/Feb/2016:00:00:46 -0500] "-" 408 -',
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
    found = read(b"2016-02-20 05:00:46 10.0.0.1 GET /a x=1 200 Mozilla/5.0+(X11)")
    assert found == Request("10.0.0.1", AT, "GET", "/a?x=1", 200, "Mozilla/5.0 (X11)")
    assert read(b"2016-02-20 05:00:46 10.0.0.1 GET") is None
    assert read(b"2016-02-30 05:00:46 10.0.0.1 GET /a - 200 -") is None


def test_w3c_fields_without_a_client_are_refused():
    with pytest.raises(BadInput, match=r"lacks c-ip: let the server log"):
        w3c(b"#Fields: date time cs-uri-stem sc-status")
