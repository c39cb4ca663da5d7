"""Requests of fields that have names: of JSON, of pairs `name=value`, of a table with a header.

Names are those on the way to a value, joined by dots, in lower case and without punctuation: `request.useragent`.
"""

import re
from collections.abc import Mapping
from typing import Any

from kartograph.loaders.access_log.clients import addresses_in, first_address
from kartograph.loaders.access_log.requests import Request
from kartograph.loaders.access_log.times import epoch, time_of

NAMES: Mapping[str, tuple[str, ...]] = {
    "client": (
        "request.clientip", "clientip", "remoteaddr", "remoteip", "clienthost", "request.remoteip",
        "httprequest.remoteip", "remotehost", "clientaddr", "request.remoteaddr", "sourceip", "source.ip",
        "client.ip", "client", "ip", "properties.clientip", "properties.cip", "cip", "clientaddress", "remoteaddress",
        "sourceaddress", "source.address", "client.address", "callerip", "clientipaddress", "httprequest.clientip",
        "network.client.ip", "downstreamremoteaddress", "downstreamremoteaddresswithoutport", "peer", "remote",
        "ipaddress", "jsonpayload.remoteip", "req.remoteaddress", "req.ip", "cliip", "proxy.clientip",
    ),
    "forwarded": (
        "httpxforwardedfor", "xforwardedfor", "requestxforwardedfor", "request.headers.xforwardedfor",
        "headers.xforwardedfor", "requestheaders.xforwardedfor", "forwardedfor", "forwarded", "fwd",
        "req.headers.xforwardedfor",
    ),
    "time": (
        "ts", "startutc", "timeiso8601", "timelocal", "time", "timestamp", "msec", "startlocal", "requesttime",
        "edgestarttimestamp", "datetime", "date", "starttime", "edgeendtimestamp", "timegenerated",
        "timegeneratedutc", "eventtime", "requestdatetime", "requesttimestamp", "realtimetimestamp",
        "starttimestamp", "t", "reqtimesec", "proxy.timestamp",
    ),
    "request": ("request", "requestline", "req"),
    "method": (
        "requestmethod", "method", "request.method", "httpmethod", "httprequest.requestmethod",
        "clientrequestmethod", "http.request.method", "verb", "properties.httpmethod", "properties.csmethod",
        "csmethod", "http.method", "requestverb", "req.method", "httprequest.httpmethod", "reqmethod", "proxy.method",
    ),
    "url": (
        "requesturi", "request.uri", "uri", "url", "requestpath", "httprequest.requesturl", "clientrequesturi",
        "request.url", "requesturl", "url.original", "url.path", "clientrequestpath", "path", "request.path",
        "properties.requesturi", "properties.csuristem", "csuristem", "http.url", "http.request.uri", "urlpath",
        "originalpath", "req.url", "httprequest.uri", "target", "reqpath", "proxy.path",
    ),
    "query": (
        "args", "querystring", "querystr", "query", "url.query", "request.query", "properties.requestquery",
        "properties.csuriquery", "csuriquery", "httprequest.args",
    ),
    "status": (
        "downstreamstatus", "status", "statuscode", "httprequest.status", "edgeresponsestatus",
        "http.response.statuscode", "response.status", "responsestatus", "responsecode", "httpstatus",
        "originstatus", "code", "properties.httpstatuscode", "properties.httpstatus", "properties.scstatus",
        "scstatus", "http.statuscode", "httpstatuscode", "elbstatuscode", "res.statuscode", "response.statuscode",
        "resultcode", "responsecodesent", "http.status", "response", "proxy.statuscode",
    ),
    "browser": (
        "httpuseragent", "requestuseragent", "useragent", "request.headers.useragent", "headers.useragent",
        "requestheaders.useragent", "httprequest.useragent", "clientrequestuseragent", "useragent.original",
        "request.useragent", "agent", "properties.useragent", "properties.csuseragent", "csuseragent", "ua",
        "http.useragent", "req.headers.useragent", "browser", "proxy.useragent",
    ),
}  # fmt: skip
"""Names of the fields, the likelier first."""
_REQUEST = re.compile(r"([A-Z]{3,20}) (\S+)(?: HTTP/[\d.]+)?")
_MOMENT = re.compile(r"\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?(?:Z|[+-]\d\d:?\d\d))?")
_OTHER = re.compile(r"[^a-z0-9]")


def plain(name: str) -> str:
    """A name in lower case, its letters and digits alone."""
    return _OTHER.sub("", name.lower())


def request_of(fields: Mapping[str, Any], before: str = "") -> Request | None:
    """The request of fields by their plain names; `before`, what stands before them, may hold the time."""
    at = {name: next((fields[key] for key in keys if key in fields), None) for name, keys in NAMES.items()}
    time = _time_among(fields, before)
    status = next((code for key in NAMES["status"] if (code := _status(fields.get(key))) is not None), None)
    method, url = _asked(at)
    if time is None or status is None or not url:
        return None
    passed_on = addresses_in(str(at["forwarded"] or ""))
    forwarded = passed_on[0] if passed_on else None
    known = at["client"] not in (None, "", "-")
    client = first_address(str(at["client"])) if known else forwarded
    if client is None:
        return None
    return Request(client, time, method, url, status, None if at["browser"] is None else str(at["browser"]), forwarded)


def can_tell(names: set[str]) -> bool:
    """Whether fields with these plain names say who asked for which page, when, and what came of it."""
    asked = names & {*NAMES["url"], *NAMES["request"]}
    return bool(asked) and all(names & {*NAMES[kind]} for kind in ("time", "status")) and bool(
        names & {*NAMES["client"], *NAMES["forwarded"]}
    )  # fmt: skip


def _status(value: Any) -> int | None:
    """A status as number or text, `200` or `200.0`; none of a truth value."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value)
    return int(text) if text.isdecimal() and len(text) <= 3 else None


def _asked(at: Mapping[str, Any]) -> tuple[str, str]:
    """Method and address, of their own fields or of a request line."""
    sent = _REQUEST.fullmatch(str(at["request"] or at["url"] or ""))
    if sent is not None:
        return sent[1], sent[2]
    asked = str(at["request"] or "")
    url, query = str(at["url"] or (asked if asked.startswith("/") else "")), str(at["query"] or "")
    if query not in ("", "-") and "?" not in url:
        url += "?" + query.removeprefix("?")
    return str(at["method"] or "GET").upper(), url


def _time_among(fields: Mapping[str, Any], before: str) -> int | None:
    """The first field that names an instant, a day and a time in two fields, or what stands before the fields."""
    days = [fields[key] for key in ("date", "time") if key in fields]
    moment = _MOMENT.search(before)
    values = [*(fields[key] for key in NAMES["time"] if key in fields), " ".join(map(str, days))]
    return next((at for value in [*values, moment and moment[0]] if (at := _time(value)) is not None), None)


def _time(value: Any) -> int | None:
    if isinstance(value, bool) or value is None:
        return None
    return epoch(float(value)) if isinstance(value, int | float) else time_of(str(value).strip("[]"))
