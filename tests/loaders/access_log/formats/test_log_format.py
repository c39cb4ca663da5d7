"""Formats that a format string describes, and those that are recognised by themselves."""

import pytest

from kartograph.loaders.access_log.formats.log_format import compile_format
from kartograph.loaders.access_log.recognize import LineReader
from kartograph.loaders.access_log.requests import Request
from kartograph.tables.errors import BadInput

AT = 1455944446_000  # 2016-02-20 05:00:46 UTC
REQUEST = Request("10.0.0.1", AT, "GET", "/a?x=1", 200, "Mozilla/5.0 (X11)")


@pytest.mark.parametrize(
    ("format", "line"),
    [
        (
            '%v:%p %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i"',
            'shop:80 10.0.0.1 - - [20/Feb/2016:05:00:46 +0000] "GET /a?x=1 HTTP/1.1" 200 9 "-" "Mozilla/5.0 (X11)"',
        ),
        (
            '%{%Y-%m-%d %T %z}t|%a|%m|%U%q|%s|%{user-agent}i|%D',
            "2016-02-20 06:00:46 +0100|10.0.0.1|GET|/a?x=1|200|Mozilla/5.0 (X11)|12",
        ),
        ('%{msec}t %h %m "%U" "%q" %>s %{User-Agent}i', '1455944446000 10.0.0.1 GET "/a" "?x=1" 200 Mozilla/5.0 (X11)'),
        (
            '\\"%r\\" %>s %{begin:sec}t.%{msec_frac}t %h \\"%{User-Agent}i\\"',
            '"GET /a?x=1 HTTP/1.1" 200 1455944446.123 10.0.0.1 "Mozilla/5.0 (X11)"',
        ),
        (
            '$remote_addr [$time_iso8601] $status "$request" rt=$request_time ua="$http_user_agent"',
            '10.0.0.1 [2016-02-20T05:00:46+00:00] 200 "GET /a?x=1 HTTP/2.0" rt=0.1 ua="Mozilla/5.0 (X11)"',
        ),
        (
            "${msec}\t$remote_addr\t$request_method\t$uri$is_args$args\t$status\t$http_user_agent",
            "1455944446.000\t10.0.0.1\tGET\t/a?x=1\t200\tMozilla/5.0 (X11)",
        ),
        ("$time_local $remote_addr $request $status $http_user_agent",
         "20/Feb/2016:05:00:46 +0000 10.0.0.1 GET /a?x=1 HTTP/1.1 200 Mozilla/5.0 (X11)"),
        (
            '{"t":"$time_iso8601","c":"$remote_addr","u":"$request_uri","s":$status,"b":"$http_user_agent"}',
            '{"t":"2016-02-20T05:00:46Z","c":"10.0.0.1","u":"/a?x=1","s":200,"b":"Mozilla/5.0 (X11)"}',
        ),
        ("100%% %h %t %U %s %{User-Agent}i", "100% 10.0.0.1 [20/Feb/2016:05:00:46 +0000] /a?x=1 200 Mozilla/5.0 (X11)"),
    ],
)  # fmt: skip
def test_a_line_is_read_as_its_format_says(format, line):
    assert compile_format(format)(line.encode()) == REQUEST
    assert LineReader(compile_format(format))(line.encode()) == REQUEST


def test_a_format_without_a_client_takes_the_one_passed_on():
    parse = compile_format('%{X-Forwarded-For}i %t "%r" %>s')
    result = parse(b'10.1.1.1, 10.2.2.2 [20/Feb/2016:05:00:46 +0000] "GET /a HTTP/1.1" 200')
    assert result == Request("10.1.1.1", AT, "GET", "/a", 200, None, "10.1.1.1")
    assert parse(b'- [20/Feb/2016:05:00:46 +0000] "GET /a HTTP/1.1" 200') is None


@pytest.mark.parametrize(
    "line",
    ["", "x", "10.0.0.1 [20/Feb/2016:05:00:46 +0000] GET 200", '10.0.0.1 [no time] "GET /a HTTP/1.1" 200',
     '10.0.0.1 [20/Feb/2016:05:00:46 +0000] "GET /a HTTP/1.1" x', '10.0.0.1 [20/Feb/2016:05:00:46 +0000] "junk" 200',
     '10.0.0.1 [20/Feb/2016:05:00:46 +0000] "GET /a HTTP/1.1" 200 "one more"', "a " * 30_000, '"' * 60_000],
)  # fmt: skip
def test_a_line_in_another_format_is_no_request(line):
    assert compile_format('%h %t "%r" %>s')(line.encode()) is None


@pytest.mark.parametrize(
    ("format", "lacking"),
    [
        ("", "lacks the client"),
        ("combined", "lacks the client"),
        ("%h %t %s", r"lacks the address of the page \(%r, %U or \$request\); give it as"),
        ("$remote_addr $request", r"lacks the time \(%t or \$time_local\), the status"),
        ("%h %l %u %q", "lacks the time"),
    ],
)
def test_a_format_that_lacks_what_sessions_need_is_refused(format, lacking):
    with pytest.raises(BadInput, match=lacking):
        compile_format(format)


@pytest.mark.parametrize(
    "line",
    [
        'https 2016-02-20T05:00:46.000999Z app/lb/1 10.0.0.1:99 10.9.9.9:80 0.0 0.1 0.0 200 404 34 366 '
        '"GET https://shop.example:443/a?x=1 HTTP/2.0" "Mozilla/5.0 (X11)" ECDHE TLSv1.2 arn:aws "Root=1" "-" "-" 0',
        '2016-02-20T05:00:46.000000Z lb 10.0.0.1:99 10.9.9.9:80 0.0 0.1 0.0 200 200 0 29 '
        '"GET http://shop.example:80/a?x=1 HTTP/1.1" "Mozilla/5.0 (X11)" - -',
        '79a5 bucket [20/Feb/2016:05:00:46 +0000] 10.0.0.1 arn:aws:iam 3E57 REST.GET.OBJECT a '
        '"GET /a?x=1 HTTP/1.1" 200 - 113 - 7 - "-" "Mozilla/5.0 (X11)" - s9lz SigV4',
    ],
    ids=["application load balancer", "classic load balancer", "S3"],
)  # fmt: skip
def test_formats_of_fixed_columns_are_recognised(line):
    result = LineReader()(line.encode())
    assert isinstance(result, Request)
    assert (result.address, result.time, result.status, result.browser) == ("10.0.0.1", AT, 200, "Mozilla/5.0 (X11)")
    assert result.url.endswith("/a?x=1")


def test_a_log_may_change_its_format_from_one_line_to_the_next():
    read = LineReader()
    plain = b'10.0.0.1 - - [20/Feb/2016:05:00:46 +0000] "GET /a?x=1 HTTP/1.1" 200 1 "-" "Mozilla/5.0 (X11)"'
    json = b'{"ts":1455944446,"remote_ip":"10.0.0.1","uri":"/a?x=1","status":200,"user_agent":"Mozilla/5.0 (X11)"}'
    assert [read(line) for line in (plain, json, b"junk", plain, json)] == [REQUEST, REQUEST, None, REQUEST, REQUEST]
