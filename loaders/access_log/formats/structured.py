"""Logs of JSON lines: nginx (`escape=json`), Caddy, Traefik, and others that name their fields as usual.

Nested objects are read by the names on the way to a value, joined by dots; case and punctuation do not count.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from kartograph.loaders.access_log.clients import addresses_in, first_address
from kartograph.loaders.access_log.formats.apache import apache
from kartograph.loaders.access_log.formats.w3c import request_of
from kartograph.loaders.access_log.requests import Request, text_of
from kartograph.loaders.access_log.times import epoch, time_of

NAMES: Mapping[str, tuple[str, ...]] = {
    "client": (
        "request.clientip", "clientip", "remoteaddr", "remoteip", "clienthost", "request.remoteip",
        "httprequest.remoteip", "remotehost", "clientaddr", "request.remoteaddr", "sourceip", "source.ip",
        "client.ip", "client", "ip", "properties.clientip",
    ),
    "forwarded": (
        "httpxforwardedfor", "xforwardedfor", "requestxforwardedfor", "request.headers.xforwardedfor",
        "headers.xforwardedfor", "requestheaders.xforwardedfor", "forwardedfor", "forwarded",
    ),
    "time": (
        "ts", "startutc", "timeiso8601", "timelocal", "time", "timestamp", "msec", "startlocal", "requesttime",
        "edgestarttimestamp", "datetime", "date",
    ),
    "request": ("request", "requestline"),
    "method": (
        "requestmethod", "method", "request.method", "httpmethod", "httprequest.requestmethod",
        "clientrequestmethod", "http.request.method", "verb", "properties.httpmethod",
    ),
    "url": (
        "requesturi", "request.uri", "uri", "url", "requestpath", "httprequest.requesturl", "clientrequesturi",
        "request.url", "requesturl", "url.original", "url.path", "clientrequestpath", "path", "request.path",
        "properties.requesturi",
    ),
    "query": ("args", "querystring", "query", "url.query", "request.query"),
    "status": (
        "downstreamstatus", "status", "statuscode", "httprequest.status", "edgeresponsestatus",
        "http.response.statuscode", "response.status", "responsestatus", "responsecode", "httpstatus",
        "originstatus", "code", "properties.httpstatuscode", "properties.httpstatus",
    ),
    "browser": (
        "httpuseragent", "requestuseragent", "useragent", "request.headers.useragent", "headers.useragent",
        "requestheaders.useragent", "httprequest.useragent", "clientrequestuseragent", "useragent.original",
        "request.useragent", "agent", "properties.useragent",
    ),
}  # fmt: skip
"""Names of the fields, the likelier first."""
_REQUEST = re.compile(r"([A-Z]{3,20}) (\S+)(?: HTTP/[\d.]+)?")
_OTHER = re.compile(r"[^a-z0-9]")


def structured(line: bytes) -> Request | None:
    """A line with a JSON object; the time and the words that a console or a container writes before it are left out.

    So are the brackets and commas of a list that is spread over lines. Docker keeps each line of a container as the
    value `log` of an object: that is read instead.
    """
    begin, end = line.find(b"{"), line.rfind(b"}") + 1
    if begin < 0 or line[end:].strip(b" \t,]"):
        return None
    try:
        content = json.loads(text_of(line[begin:end]))
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    if {"log", "stream"} <= set(content):
        inner = str(content["log"]).strip().encode()
        return apache(inner) or (structured(inner) if inner.startswith(b"{") else None)
    if "cs-uri-stem" in content and "time" in content:
        return _w3c(content)
    fields = dict(_flat(content, ""))
    at = {name: next((fields[key] for key in keys if key in fields), None) for name, keys in NAMES.items()}
    time = _time_among(fields, text_of(line[:begin]))
    status = next((str(fields[key]) for key in NAMES["status"] if str(fields.get(key, "")).isdecimal()), None)
    method, url = _asked(at)
    if time is None or status is None or not url:
        return None
    passed_on = addresses_in(str(at["forwarded"] or ""))
    forwarded = passed_on[0] if passed_on else None
    client = first_address(str(at["client"])) if at["client"] else forwarded
    if client is None:
        return None
    return Request(
        client, time, method, url, int(status), None if at["browser"] is None else str(at["browser"]), forwarded
    )


def _w3c(content: dict[str, Any]) -> Request | None:
    """CloudFront writes the fields of its W3C logs as JSON too."""
    values = {name.lower(): str(value) for name, value in content.items()}
    return request_of(values) if {"date", "sc-status", "c-ip"} <= set(values) else None


def _asked(at: Mapping[str, Any]) -> tuple[str, str]:
    """Method and address, of their own fields or of a request line."""
    sent = _REQUEST.fullmatch(str(at["request"] or at["url"] or ""))
    if sent is not None:
        return sent[1], sent[2]
    url, query = str(at["url"] or ""), str(at["query"] or "")
    if query not in ("", "-") and "?" not in url:
        url += "?" + query.removeprefix("?")
    return str(at["method"] or "GET").upper(), url


def _time_among(fields: Mapping[str, Any], before: str) -> int | None:
    """The first field that names an instant, a day and a time in two fields, or what stands before the object."""
    days = [fields[key] for key in ("date", "time") if key in fields]
    values = [*(fields[key] for key in NAMES["time"] if key in fields), " ".join(map(str, days)), before.split("\t")[0]]
    return next((at for value in values if (at := _time(value)) is not None), None)


def _time(value: Any) -> int | None:
    if isinstance(value, bool) or value is None:
        return None
    return epoch(float(value)) if isinstance(value, int | float) else time_of(str(value).strip("[]"))


def _flat(content: Mapping[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    """Every value with its name: `request.headers.useragent`; of a list the first element."""
    for name, value in content.items():
        key = before + _OTHER.sub("", name.lower())
        if isinstance(value, list):
            value = value[0] if value else None
        if isinstance(value, dict):
            yield from _flat(value, f"{key}.")
        elif value is not None:
            yield key, value
