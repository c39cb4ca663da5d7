"""Logs of JSON lines, as servers write them."""

import json

import pytest

from kartograph.loaders.access_log.formats.structured import structured
from kartograph.loaders.access_log.recognize import LineReader
from kartograph.loaders.access_log.requests import Request

AT = 1455944446_000  # 2016-02-20 05:00:46 UTC
PLAIN = Request("10.0.0.1", AT, "GET", "/a?x=1", 200, "Mozilla/5.0")


def line(content: object) -> bytes:
    return json.dumps(content).encode()


@pytest.mark.parametrize(
    "content",
    [
        {
            "level": "info", "ts": 1455944446.0, "status": 200, "duration": 0.1,
            "request": {
                "remote_ip": "10.0.0.1", "remote_port": "99", "method": "GET", "host": "shop.example",
                "uri": "/a?x=1", "headers": {"User-Agent": ["Mozilla/5.0"], "Accept": ["*/*"]},
            },
        },
        {
            "time_iso8601": "2016-02-20T05:00:46+00:00", "host": "shop.example", "remote_addr": "10.0.0.1",
            "request": "GET /a?x=1 HTTP/1.1", "status": "200", "http_user_agent": "Mozilla/5.0", "request_time": "0.1",
        },
        {
            "msec": "1455944446.000", "request_time": "0.1", "remote_addr": "10.0.0.1", "request_method": "GET",
            "uri": "/a", "args": "x=1", "status": "200", "http_user_agent": "Mozilla/5.0",
        },
        {
            "ClientAddr": "10.0.0.1:99", "ClientHost": "10.0.0.1", "DownstreamStatus": 200, "OriginStatus": 500,
            "RequestHost": "shop.example", "RequestMethod": "GET", "RequestPath": "/a?x=1",
            "request_User-Agent": "Mozilla/5.0", "StartUTC": "2016-02-20T05:00:46.000000999Z",
            "time": "2016-02-20T05:00:47Z",
        },
        {
            "httpRequest": {
                "requestMethod": "GET", "requestUrl": "/a?x=1", "status": 200, "userAgent": "Mozilla/5.0",
                "remoteIp": "10.0.0.1",
            },
            "timestamp": "2016-02-20T05:00:46Z",
        },
        {
            "date": "2016-02-20", "time": "05:00:46", "c-ip": "10.0.0.1", "cs-method": "GET", "cs-uri-stem": "/a",
            "cs-uri-query": "x=1", "sc-status": "200", "cs(User-Agent)": "Mozilla/5.0",
        },
        {
            "time": "[20/Feb/2016:00:00:46 -0500]", "clientip": "10.0.0.1", "verb": "get", "path": "/a",
            "query": "?x=1", "code": 200, "agent": "Mozilla/5.0",
        },
        {
            "time": "2016-02-20T05:00:46Z", "category": "FrontDoorAccessLog",
            "properties": {
                "clientIp": "10.0.0.1", "httpMethod": "GET", "requestUri": "/a?x=1", "httpStatusCode": "200",
                "userAgent": "Mozilla/5.0",
            },
        },
        {
            "reqTimeSec": "1455944446.000", "cliIP": "10.0.0.1", "reqMethod": "GET", "reqPath": "/a", "queryStr": "x=1",
            "statusCode": "200", "UA": "Mozilla/5.0",
        },
        {
            "timestamp": 1455944446000,
            "proxy": {
                "timestamp": 1455944446000, "method": "GET", "path": "/a?x=1", "statusCode": 200,
                "clientIp": "10.0.0.1", "userAgent": ["Mozilla/5.0"],
            },
        },
    ],
    ids=[
        "Caddy", "nginx with a request line", "nginx with parts", "Traefik", "httpRequest", "CloudFront", "others",
        "Azure", "Akamai", "Vercel",
    ],
)  # fmt: skip
def test_the_fields_of_servers_are_known(content):
    assert structured(line(content)) == PLAIN


def test_a_client_that_was_passed_on_is_kept_and_stands_for_one_that_is_missing():
    content = {"ts": AT / 1000, "uri": "/a", "status": 200, "http_x_forwarded_for": "10.1.1.1, 10.2.2.2"}
    assert structured(line(content)) == Request("10.1.1.1", AT, "GET", "/a", 200, None, "10.1.1.1")
    result = structured(line({**content, "remote_addr": "10.0.0.1"}))
    assert result is not None and (result.address, result.forwarded) == ("10.0.0.1", "10.1.1.1")


def test_what_a_console_writes_before_the_object_is_left_out():
    before = b"2016/02/20 05:00:46.000\tINFO\thttp.log.access\thandled request\t"
    result = structured(before + line({"request": {"remote_ip": "10.0.0.1", "uri": "/a"}, "status": 200}))
    assert result is not None and result.time == AT


@pytest.mark.parametrize(
    "content",
    [
        [],
        {},
        {"ts": 1455944446, "remote_addr": "10.0.0.1", "uri": "/a"},
        {"ts": True, "remote_addr": "10.0.0.1", "uri": "/a", "status": 200},
        {"ts": 5, "remote_addr": "10.0.0.1", "uri": "/a", "status": 200},
        {"ts": 1455944446, "remote_addr": "10.0.0.1", "uri": "", "status": 200},
        {"ts": 1455944446, "uri": "/a", "status": 200},
        {"ts": 1455944446, "remote_addr": "10.0.0.1", "uri": "/a", "status": "fine"},
    ],
)
def test_an_object_that_is_no_request_is_none(content):
    assert structured(line(content)) is None


def test_a_deep_object_and_broken_ones_are_none():
    assert structured(b'{"a":' * 20_000 + b"1" + b"}" * 20_000) is None
    assert structured(b'{"a": 1') is None and structured(b"{x}") is None


def test_docker_keeps_lines_in_objects_and_a_list_may_be_spread_over_lines():
    content = {"ts": 1455944446.0, "remote_ip": "10.0.0.1", "method": "GET", "uri": "/a?x=1", "status": 200}
    whole = {**content, "user_agent": "Mozilla/5.0"}
    plain = '10.0.0.1 - - [20/Feb/2016:05:00:46 +0000] "GET /a?x=1 HTTP/1.1" 200 9 "-" "Mozilla/5.0"\n'
    for kept in (plain, json.dumps(whole)):
        assert LineReader()(line({"log": kept, "stream": "stdout", "time": "2016-02-20T05:00:47Z"})) == PLAIN
    assert structured(b"[" + line(whole) + b",") == structured(line(whole) + b"]") == PLAIN
