"""Formats of servers, balancers and proxies are recognised by their lines, plain or behind what others write first."""

# ruff: noqa: E501

import json

import pytest

from kartograph.loaders.access_log.formats.headers import without_header
from kartograph.loaders.access_log.formats.lacking import LACKING, lacking
from kartograph.loaders.access_log.recognize import LineReader
from kartograph.loaders.access_log.requests import Request

AT = 1795687200_000  # 2026-11-26 10:00:00 UTC
AGENT = "Mozilla/5.0 (X11)"
PLAIN = Request("203.0.113.9", AT, "GET", "/p/1?x=1", 200, AGENT)
COMBINED = f'203.0.113.9 - - [26/Nov/2026:10:00:00 +0000] "GET /p/1?x=1 HTTP/1.1" 200 9 "-" "{AGENT}"'
VERSION6 = COMBINED.replace("203.0.113.9", "2001:db8::9")

HEADERS = {
    "RFC 3164": "Nov 26 10:00:00 web1 nginx: ",
    "RFC 3164 with a priority": "<190>Nov  6 10:00:00 web1 nginx: ",
    "RFC 3164 with a number": "<190>Nov 26 10:00:00 web1 nginx[123]: ",
    "RFC 3164 without a host": "<190>Nov 26 10:00:00 nginx: ",
    "RFC 3164 of an address": "Nov 26 10:00:00 10.0.0.5 nginx: ",
    "RFC 3164 with a year": "Nov 26 2026 10:00:00 web1 nginx: ",
    "BusyBox": "Nov 26 10:00:00 web1 daemon.info nginx: ",
    "rsyslog": "2026-11-26T10:00:01.123456+01:00 web1 nginx[7]: ",
    "journalctl": "2026-11-26T10:00:01+0000 web1 nginx[7]: ",
    "RFC 5424": "<190>1 2026-11-26T10:00:01.003Z 10.0.0.5 nginx 123 access - ",
    "RFC 5424 with data": '<190>1 2026-11-26T10:00:01Z web1 nginx - - [meta sequenceId="1" x="a \\"b\\" ]"][origin ip="10.0.0.5"] ',
    "RFC 5424 counted, with a mark": "312 <190>1 2026-11-26T10:00:01Z web1 nginx - - - \ufeff",
    "container runtime": "2026-11-26T10:00:01.123456789Z stdout F ",
    "docker logs -t": "2026-11-26T10:00:01.123456789Z ",
    "Docker Compose": "web_1  | ",
    "Docker Compose in colours": "\x1b[36mweb-1  | \x1b[0m",
    "kubectl": "[pod/web-5d4/nginx] ",
    "syslog of a container": "2026-11-26T10:00:01.1Z stdout F <190>Nov 26 10:00:00 10.0.0.5 nginx: ",
}  # fmt: skip


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
@pytest.mark.parametrize("line", [COMBINED, VERSION6], ids=["4", "6"])
def test_a_line_behind_a_header_is_the_servers_own(header, line):
    result = LineReader()((header + line).encode())
    assert isinstance(result, Request)
    assert (result.address, result.forwarded) == (line.split()[0], None)
    assert (result.time, result.url, result.status, result.browser) == (AT, "/p/1?x=1", 200, AGENT)


def test_a_line_without_a_header_stays_as_it_is():
    for line in (COMBINED, VERSION6, "::1 - - [", "shop.example:443 " + COMBINED, "a b: c", '{"log": "x"}', ""):
        assert without_header(line.encode()) == line.encode()


WITH_BROWSER = {
    "vhost and port": "shop.example:443 " + COMBINED,
    "vhost that is an address": "10.0.0.5:443 " + COMBINED,
    "Apache with %D": COMBINED + " 12345",
    "Apache with %T/%D": COMBINED + " **0/12345**",
    "Apache with %I %O %D and a cookie": COMBINED + ' 310 5321 12345 "a=b; c=d"',
    "lighttpd": COMBINED.replace("- -", "shop.example -"),
    "Varnish": COMBINED.replace("GET /", "GET http://shop.example/"),
    "Traefik": COMBINED + ' 12 "shop@docker" "http://10.0.0.5:80" 3ms',
    "ingress-nginx": COMBINED + " 100 0.001 [default-web-80] [] 10.0.0.5:80 612 0.001 200 0d1f",
    "ingress-nginx, older": COMBINED.replace("- - [", "- [203.0.113.9] - - [") + " 100 0.001 [d-w-80] 10.0.0.5:80 9 0.1 200",
    "gunicorn": COMBINED,
    "HAProxy": (
        "Nov 26 10:00:00 lb haproxy[14389]: 203.0.113.9:33317 [26/Nov/2026:10:00:00.000] https~ static/srv1 10/0/30/69/109 "
        f'200 2750 - - ---- 1/1/1/1/0 0/0 {{shop.example|{AGENT}|}} {{}} "GET /p/1?x=1 HTTP/1.1"'
    ),
    "HAProxy over HTTPS": (
        "haproxy[1]: 203.0.113.9:33317 [26/Nov/2026:10:00:00.000] https~ static/srv1 0/0/30/69/+109 200 +2750 - - ---- 1/1/1/1/0 "
        f'0/0 {{{AGENT}}} "GET https://shop.example/p/1?x=1 HTTP/2.0" 0/0/0/0/0 shop.example/TLSv1.3/TLS_AES_256'
    ),
    "Istio": (
        f'[2026-11-26T10:00:00.000Z] "GET /p/1?x=1 HTTP/1.1" 200 - via_upstream - "-" 0 135 3 1 "-" "{AGENT}" "84961386-6d84" '
        '"shop.example" "127.0.0.1:80" inbound|8000|| 127.0.0.1:41854 10.44.1.27:80 203.0.113.9:37652 outbound default'
    ),
    "Istio, older": (
        f'[2026-11-26T10:00:00.000Z] "GET /p/1?x=1 HTTP/1.1" 200 - "-" "-" 0 135 3 1 "-" "{AGENT}" "84961386-6d84" '
        '"shop.example" "127.0.0.1:80" inbound|8000|| 127.0.0.1:41854 10.44.1.27:80 203.0.113.9:37652 outbound default'
    ),
    "LTSV": (
        f"time:[26/Nov/2026:10:00:00 +0000]\thost:203.0.113.9\tforwardedfor:-\treq:GET /p/1?x=1 HTTP/1.1\tstatus:200\tsize:9\t"
        f"referer:-\tua:{AGENT}\tvhost:shop.example"
    ),
    "logfmt": (
        'time="2026-11-26T10:00:00Z" level=info msg="request done" remote_addr=203.0.113.9:55 method=GET uri="/p/1?x=1" '
        f'status=200 duration=1.5ms user_agent="{AGENT}"'
    ),
    "lograge": (
        "I, [2026-11-26T10:00:00.000000 #12]  INFO -- : method=GET path=/p/1?x=1 format=html controller=P action=show "
        f'status=200 duration=9.12 view=4.5 ip=203.0.113.9 user_agent="{AGENT}"'
    ),
}  # fmt: skip


@pytest.mark.parametrize("line", WITH_BROWSER.values(), ids=WITH_BROWSER)
def test_a_request_has_its_browser_where_the_format_has_one(line):
    result = LineReader()(line.encode())
    assert isinstance(result, Request) and result.url.endswith("/p/1?x=1")
    assert result == Request("203.0.113.9", AT, "GET", result.url, 200, AGENT, None)


WITHOUT_BROWSER = {
    "Squid": "1795687200.000    310 203.0.113.9 TCP_MISS/200 6200 GET http://shop.example/p/1?x=1 - DIRECT/10.0.0.5 text/html",
    "HAProxy": (
        "haproxy[1]: 203.0.113.9:3331 [26/Nov/2026:10:00:00.000] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- "
        '1/1/1/1/0 0/0 "GET /p/1?x=1 HTTP/1.1"'
    ),
    "PHP": "[Thu Nov 26 10:00:00 2026] 203.0.113.9:51234 [200]: GET /p/1?x=1",
    "Flask": '203.0.113.9 - - [26/Nov/2026 10:00:00] "GET /p/1?x=1 HTTP/1.1" 200 -',
}  # fmt: skip


@pytest.mark.parametrize("line", WITHOUT_BROWSER.values(), ids=WITHOUT_BROWSER)
def test_a_request_has_none_elsewhere(line):
    result = LineReader()(line.encode())
    assert isinstance(result, Request) and result.url.endswith("/p/1?x=1")
    assert result == Request("203.0.113.9", AT, "GET", result.url, 200, None)


HEROKU = (
    'at=info method=GET path="/p/1?x=1" host=shop.example request_id=8601b555 fwd="203.0.113.9, 10.0.0.5" dyno=web.1 '
    "connect=1ms service=18ms status=200 bytes=13 protocol=https"
)


def test_herokus_router_tells_the_time_before_its_pairs_and_the_client_as_passed_on():
    for before in (
        "2026-11-26T10:00:00.000000+00:00 heroku[router]: ",
        "<158>1 2026-11-26T10:00:00.000000+00:00 host heroku router - ",
    ):
        result = LineReader()((before + HEROKU).encode())
        assert result == Request("203.0.113.9", AT, "GET", "/p/1?x=1", 200, None, "203.0.113.9")


def test_envoys_default_format_has_the_client_that_was_passed_on():
    line = (
        f'[2026-11-26T10:00:00.000Z] "GET /p/1?x=1 HTTP/2" 200 - 0 226 100 99 "203.0.113.9,10.0.0.5" "{AGENT}" "cc21d9b0" '
        '"shop.example" "10.0.2.1:80"'
    )
    assert LineReader()(line.encode()) == Request("203.0.113.9", AT, "GET", "/p/1?x=1", 200, AGENT, "203.0.113.9")
    alone = line.replace("203.0.113.9,10.0.0.5", "-").encode()
    assert LineReader()(alone) is None
    assert "Envoy's default format without a client: it names none unless" in str(lacking(alone))


@pytest.mark.parametrize("status", ["-", "-1"])
def test_a_client_that_went_before_the_answer_is_a_request_with_another_status(status):
    result = LineReader()(
        b"haproxy[1]: 203.0.113.9:3331 [26/Nov/2026:10:00:00.000] http-in static/<NOSRV> -1/-1/-1/-1/109 -1 0 - - CR-- "
        b'1/1/1/1/0 0/0 "<BADREQ>"'
        if status == "-1"
        else b"http 2026-11-26T10:00:00.0Z app/lb/1 203.0.113.9:99 - -1 -1 -1 - - 34 0 "
        b'"GET http://shop.example:80/ HTTP/1.1" "Mozilla/5.0" - -'
    )
    assert isinstance(result, Request) and result.status == 0


JSON = {
    "Cloudflare": {
        "ClientIP": "203.0.113.9", "ClientRequestHost": "shop.example", "ClientRequestMethod": "GET",
        "ClientRequestURI": "/p/1?x=1", "EdgeEndTimestamp": 1795687200000000000, "EdgeResponseStatus": 200,
        "ClientRequestUserAgent": AGENT, "RayID": "3a6050bcbe121a87",
    },
    "Fastly": {
        "timestamp": "2026-11-26T10:00:00+0000", "client_ip": "203.0.113.9", "geo_country": "austria",
        "host": "shop.example", "url": "/p/1?x=1", "request_method": "GET", "request_protocol": "HTTP/1.1",
        "request_user_agent": AGENT, "response_state": "HIT", "response_status": 200,
    },
    "Google Cloud": {
        "insertId": "1", "httpRequest": {
            "requestMethod": "GET", "requestUrl": "/p/1?x=1", "status": 200, "userAgent": AGENT,
            "remoteIp": "203.0.113.9", "latency": "0.01s",
        }, "timestamp": "2026-11-26T10:00:00.000000Z", "resource": {"type": "http_load_balancer"},
    },
    "Azure App Service": {
        "time": "2026-11-26T10:00:00.0000000Z", "category": "AppServiceHTTPLogs", "properties": json.dumps({
            "CsHost": "shop.example", "CIp": "203.0.113.9", "CsUriStem": "/p/1", "CsUriQuery": "x=1",
            "CsMethod": "GET", "ScStatus": 200, "UserAgent": AGENT,
        }),
    },
    "Azure Application Gateway": {
        "timeStamp": "2026-11-26T10:00:00Z", "operationName": "ApplicationGatewayAccess", "properties": {
            "clientIP": "203.0.113.9", "httpMethod": "GET", "requestUri": "/p/1", "requestQuery": "x=1",
            "userAgent": AGENT, "httpStatus": 200,
        },
    },
    "AWS API Gateway": {
        "requestId": "1", "ip": "203.0.113.9", "requestTime": "26/Nov/2026:10:00:00 +0000", "httpMethod": "GET",
        "path": "/p/1?x=1", "status": "200", "protocol": "HTTP/1.1", "userAgent": AGENT,
    },
    "Envoy as JSON": {
        "start_time": "2026-11-26T10:00:00.000Z", "method": "GET", "path": "/p/1?x=1", "response_code": 200,
        "downstream_remote_address": "203.0.113.9:5", "user_agent": AGENT,
    },
    "pino": {
        "level": 30, "time": 1795687200000, "req": {
            "method": "GET", "url": "/p/1?x=1", "remoteAddress": "203.0.113.9", "headers": {"user-agent": AGENT},
        }, "res": {"statusCode": 200}, "msg": "request completed",
    },
    "Elastic Common Schema": {
        "@timestamp": "2026-11-26T10:00:00.000Z", "client": {"ip": "203.0.113.9"}, "url": {"original": "/p/1?x=1"},
        "http": {"request": {"method": "GET"}, "response": {"status_code": 200.0}},
        "user_agent": {"original": AGENT, "name": "Firefox"},
    },
    "headers as names and values": {
        "timestamp": 1795687200000, "clientIp": "203.0.113.9", "uri": "/p/1", "args": "x=1", "httpMethod": "GET",
        "status": 200, "request": {"headers": [{"name": "Host", "value": "a"}, {"name": "User-Agent", "value": AGENT}]},
    },
    "Elasticsearch": {"_index": "a", "_source": {
        "@timestamp": "2026-11-26T10:00:00.000Z", "clientip": "203.0.113.9", "verb": "GET", "request": "/p/1?x=1",
        "response": "200", "agent": AGENT,
    }},
    "Docker": {"log": COMBINED + "\n", "stream": "stdout", "time": "2026-11-26T10:00:01.1Z"},
    "Fluent Bit": {"log": COMBINED, "kubernetes": {"pod_name": "web"}},
    "Filebeat": {"@timestamp": "2026-11-26T10:00:01.1Z", "message": COMBINED, "host": {"name": "web"}},
    "journal": {"MESSAGE": COMBINED, "__REALTIME_TIMESTAMP": "1795687201000000", "_PID": "7"},
    "Splunk": {"preview": False, "result": {"_raw": COMBINED}},
    "Google Cloud text": {"textPayload": COMBINED, "timestamp": "2026-11-26T10:00:01Z"},
    "Docker with JSON inside": {
        "log": json.dumps({"ts": 1795687200, "remote_ip": "203.0.113.9", "uri": "/p/1?x=1", "status": 200, "ua": AGENT}),
        "stream": "stdout", "time": "2026-11-26T10:00:01.1Z",
    },
}  # fmt: skip


@pytest.mark.parametrize("content", JSON.values(), ids=JSON)
def test_objects_of_clouds_shippers_and_programs_are_read(content):
    assert LineReader()(json.dumps(content).encode()) == PLAIN


def test_a_line_kept_in_an_object_has_the_time_of_the_object_where_it_has_none():
    kept = {"log": HEROKU, "stream": "stdout", "time": "2026-11-26T10:00:00Z"}
    result = LineReader()(json.dumps(kept).encode())
    assert isinstance(result, Request) and result.time == AT


TABLES = {
    "names with blanks": (
        "Timestamp [UTC],Client IP,Method,Request URI,Status,User Agent",
        f'2026-11-26T10:00:00Z,203.0.113.9,GET,/p/1?x=1,200,"{AGENT}"',
    ),
    "names on the way": (
        "httpRequest.requestMethod,httpRequest.requestUrl,httpRequest.status,httpRequest.userAgent,httpRequest.remoteIp,timestamp",
        f"GET,/p/1?x=1,200,{AGENT},203.0.113.9,2026-11-26T10:00:00Z",
    ),
    "tabs": ("TimeGenerated\tCIp\tCsMethod\tCsUriStem\tCsUriQuery\tScStatus\tUserAgent",
             f"2026-11-26T10:00:00Z\t203.0.113.9\tGET\t/p/1\tx=1\t200\t{AGENT}"),
}  # fmt: skip


@pytest.mark.parametrize(("header", "row"), TABLES.values(), ids=TABLES)
def test_a_log_may_be_a_table_whose_header_names_the_columns(header, row):
    read = LineReader()
    assert read(header.encode()) is True
    assert read(row.encode()) == PLAIN
    assert read(b"one,value") is None


@pytest.mark.parametrize(
    ("fields", "row"),
    [
        ("c-ip date time cs-method cs-uri sc-status cs(User-Agent)", '203.0.113.9 2026-11-26 10:00:00 GET /p/1?x=1 200 "{}"'),
        ("date time c-ip sc-status cs-method cs-uri-scheme cs-host cs-uri-path cs-uri-query cs(User-Agent)",
         '2026-11-26 10:00:00 203.0.113.9 200 GET http shop /p/1 ?x=1 "{}"'),
        ("date\ttime\tc-ip\tcs-method\tcs-uri\tsc-status\tcs(User-Agent)", "2026-11-26\t10:00:00\t203.0.113.9\tGET\t/p/1?x=1\t200\t{}"),
    ],
    ids=["Tomcat", "ProxySG", "WebLogic"],
)  # fmt: skip
def test_the_fields_of_other_servers_in_w3c_logs_are_known(fields, row):
    read = LineReader()
    assert read(f"#Fields: {fields}".encode()) is True
    assert read(row.format(AGENT).encode()) == PLAIN


def test_the_day_of_a_w3c_log_may_be_written_as_the_draft_has_it():
    read = LineReader()
    read(b"#Date: 26-Nov-2026 00:00:00")
    read(b"#Fields: time c-ip cs-method cs-uri sc-status")
    result = read(b"10:00:00 203.0.113.9 GET /p/1 200")
    assert isinstance(result, Request) and result.time == AT


LACKING_LINES = {
    "HAProxy's TCP format": "haproxy[1]: 203.0.113.9:33313 [26/Nov/2026:10:00:00.655] fnt bck/srv1 0/0/5007 212 -- 0/0/0/0/3 0/0",
    "Heroku's router without a moment": HEROKU,
    "Uvicorn's format": 'INFO:     203.0.113.9:54321 - "GET /p/1 HTTP/1.1" 200 OK',
    "the format of Django's development server": '[26/Nov/2026 10:00:00] "GET /p/1 HTTP/1.1" 200 1234',
    "morgan's format dev, tiny or short": "\x1b[0mGET /p/1 \x1b[32m200\x1b[0m 5.1 ms - 12",
    "Rails' format of several lines": 'Started GET "/p/1" for 203.0.113.9 at 2026-11-26 10:00:00 +0000',
    "IIS's own format": "203.0.113.9, -, 11/26/26, 10:00:00, W3SVC2, WEB1, 10.0.0.5, 4502, 163, 3223, 200, 0, GET, /p/1, -,",
    "AWS WAF's format": '{"timestamp":1795687200000,"webaclId":"a","action":"ALLOW","httpRequest":{"clientIp":"203.0.113.9","uri":"/p/1"}}',
    "a log of errors": "[Thu Nov 26 10:00:00.1 2026] [php:error] [pid 9] [client 203.0.113.9:55] oh",
    "Envoy's default format without a client": '[2026-11-26T10:00:00.310Z] "POST /api HTTP/2" 204 - 154 0 226 100 "-" "b" "c" "d" "e"',
}  # fmt: skip


def test_every_format_that_lacks_something_is_named_with_a_remedy():
    assert set(LACKING_LINES) == {name for name, _, _ in LACKING}
    for name, line in LACKING_LINES.items():
        assert LineReader()(line.encode()) is None
        assert str(lacking(line.encode())).startswith(f"{name}: ")
        assert str(lacking(b"Nov 26 10:00:00 web1 app[7]: " + line.encode())).startswith(f"{name}: ")
    for line in (COMBINED, "nonsense", ""):
        assert lacking(line.encode()) is None
