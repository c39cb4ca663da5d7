"""The page of the HTTP interface, made of its OpenAPI description: `python -m kartograph.reference.http` writes it."""

import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from kartograph.reference import DOCS
from kartograph.reference.markdown import code, table
from kartograph.serving.app import described

PAGE = DOCS / "http.md"
INTRODUCTION = """\
# HTTP

The calls of `kartograph serve`, with JSON in both directions. [Serving a shop](serving.md) says how lists are made,
what events count and which keys clients show. A running server shows the same description at `/docs` and
`/openapi.json`. This page is made by `python -m kartograph.reference.http`.
"""
REFUSED = 'A refused request is answered with `{{"detail": "…"}}` and the status {statuses}.'

Schema = Mapping[str, Any]


def page() -> str:
    """Return the page as Markdown."""
    api = described().openapi()
    calls = [(path, method, call) for path, calls in api["paths"].items() for method, call in calls.items()]
    statuses = sorted({status for *_, call in calls for status in call["responses"] if status >= "400"})
    refused = REFUSED.format(statuses=", ".join(f"{one} ({HTTPStatus(int(one)).phrase})" for one in statuses))
    parts = [INTRODUCTION + "\n" + refused, *(_call(*one) for one in calls), "## Bodies"]
    bodies = api["components"]["schemas"] | {schema["title"]: schema for *_, call in calls for schema in _inlined(call)}
    parts += [_body(name, schema) for name, schema in sorted(bodies.items())]
    return "\n\n".join(parts) + "\n"


def _call(path: str, method: str, call: Schema) -> str:
    parts = [f"## {method.upper()} {path}", call.get("description", "")]
    rows = [
        (code(one["name"]), one.get("description", ""), one["in"], code(_type(one["schema"])) + _needed(one))
        for one in call.get("parameters", ())
    ]
    if rows:
        parts.append(table(("parameter", "meaning", "in", "type"), rows))
    if body := _received(call):
        parts.append(f"Body: {_linked(body)}.")
    parts += [f"Answer {status}: {answer}." for status, answer in _answers(call)]
    return "\n\n".join(part for part in parts if part)


def _received(call: Schema) -> Schema:
    """The schema of the body of a call, empty where it takes none."""
    return call.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})


def _inlined(call: Schema) -> Iterator[Schema]:
    """The bodies that a call describes in place: those of lists whose elements are accepted or rejected one by one."""
    items = _received(call).get("items", {})
    if "properties" in items:
        yield items


def _answers(call: Schema) -> Iterator[tuple[str, str]]:
    for status, response in call["responses"].items():
        if status < "400":
            content = response.get("content", {})
            kinds = [_linked(one["schema"]) if one.get("schema") else code(kind) for kind, one in content.items()]
            yield status, ", ".join(kinds) or "no body"


def _body(name: str, schema: Schema) -> str:
    rows = [
        (
            code(key),
            _meaning(one),
            code(_type(one)) + _needed({"required": key in schema.get("required", ()), "schema": one}),
        )
        for key, one in schema.get("properties", {}).items()
    ]
    fields = table(("field", "meaning", "type"), rows) if rows else ""
    return "\n\n".join(part for part in (f"### {name}", schema.get("description", ""), fields) if part)


def _meaning(schema: Schema) -> str:
    return schema.get("description", "")


def _needed(parameter: Schema) -> str:
    default = parameter["schema"].get("default")
    if parameter.get("required"):
        return ", required"
    if default in (None, [], "", {}):
        return ""
    return f", default {code(json.dumps(default) if isinstance(default, bool) else default)}"


def _type(schema: Schema) -> str:
    """A schema in a few words: `integer, 1 to 100`."""
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(f'"{one}"' for one in schema["enum"])
    if "const" in schema:
        return f'"{schema["const"]}"'
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    words = {"minimum": "from", "exclusiveMinimum": "above", "maximum": "to", "exclusiveMaximum": "below"}
    bounds = [f"{word} {_bound(schema, bound):,}" for bound, word in words.items() if bound in schema]
    name = schema["title"] if "properties" in schema else schema.get("type", "any")
    return " ".join([name, *bounds])


def _bound(schema: Schema, bound: str) -> float:
    """A bound of a number, a whole one without decimals."""
    value = schema[bound]
    return int(value) if value == int(value) else value


def _linked(schema: Schema) -> str:
    if "items" in schema and {"$ref", "properties"} & set(schema["items"]):
        return f"a list of {_linked(schema['items'])}"
    name = _type(schema)
    return f"[{name}](#{name.lower()})" if {"$ref", "properties"} & set(schema) else code(name)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
