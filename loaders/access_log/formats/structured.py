"""Logs of JSON lines: nginx (`escape=json`), Caddy, Traefik, and others that name their fields as usual.

Nested objects are read by the names on the way to a value, joined by dots; case and punctuation do not count.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from kartograph.loaders.access_log.formats import w3c
from kartograph.loaders.access_log.formats.fields import plain, request_of
from kartograph.loaders.access_log.requests import Request, text_of

_WRAPPERS = ("_source", "result")
"""Fields in which Elasticsearch and Splunk export what they were given."""
_KEPT = ("log", "message", "MESSAGE", "textPayload", "_raw", "msg", "line", "event.original")
"""Fields that hold a line as the server wrote it, with the time when it was received in one of those below."""
_RECEIVED = ("time", "@timestamp", "timestamp", "ts")


def structured(line: bytes) -> Request | None:
    """A line with a JSON object; the time and the words that a console or a container writes before it are left out.

    So are the brackets and commas of a list that is spread over lines.
    """
    content = _object(line)
    if content is None:
        return None
    if "cs-uri-stem" in content and "time" in content:
        return _w3c(content)
    return request_of(dict(_flat(content, "")), text_of(line[: line.find(b"{")]))


def kept_line(line: bytes) -> bytes | None:
    """The server's own line that a JSON object keeps, as Docker, log shippers and journals do, behind its time.

    None where the line is no object, or keeps none.
    """
    content = _object(line) or {}
    inner = next((content[name] for name in _KEPT if isinstance(content.get(name), str)), None)
    if not inner or not inner.strip():
        return None
    received = next((str(content[name]) for name in _RECEIVED if name in content), "")
    return f"{received} {inner.strip()}".strip().encode("utf-8", "replace")


def _object(line: bytes) -> dict[str, Any] | None:
    """The JSON object of a line, without what it was wrapped in."""
    begin, end = line.find(b"{"), line.rfind(b"}") + 1
    if begin < 0 or line[end:].strip(b" \t,]"):
        return None
    try:
        content = json.loads(text_of(line[begin:end]))
    except (ValueError, RecursionError):
        return None
    for name in _WRAPPERS:
        if isinstance(content, dict) and isinstance(content.get(name), dict):
            content = content[name]
    return content if isinstance(content, dict) else None


def _w3c(content: dict[str, Any]) -> Request | None:
    """CloudFront writes the fields of its W3C logs as JSON too."""
    values = {name.lower(): str(value) for name, value in content.items()}
    return w3c.request_of(values) if {"date", "sc-status", "c-ip"} <= set(values) else None


def _flat(content: Mapping[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    """Every value with its name: `request.headers.useragent`; of a list the first element, of pairs all."""
    for name, value in content.items():
        key = before + plain(name)
        if isinstance(value, list):
            value = _of_list(value)
        if isinstance(value, str) and value.startswith("{") and (inner := _object(value.encode())) is not None:
            value = inner
        if isinstance(value, dict):
            yield from _flat(value, f"{key}.")
        elif value is not None:
            yield key, value


def _of_list(values: list[Any]) -> Any:
    """Objects of a name and a value as one object of them, else the first element."""
    if values and all(isinstance(one, dict) and {"name", "value"} <= one.keys() for one in values):
        return {str(one["name"]): one["value"] for one in values}
    return values[0] if values else None
