"""Errors as one sentence: what was received, what is allowed; never a trace of the program."""

import logging
import re
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from kartograph.serving.api.bodies import Problem
from kartograph.tables.errors import KartographError, refusal_of
from kartograph.tables.toml_files import fields_beside

log = logging.getLogger("kartograph.serving")
JSON = re.compile(r"application/([\w.-]+\+)?json\b", re.IGNORECASE)
_TOO_LONG = {"description": "The address is longer than the HTTP server reads; its answer has no body."}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    **{status: {"model": Problem} for status in (400, 401, 403, 404, 405, 408, 413, 415, 422, 429, 503)},
    414: _TOO_LONG,
}
"""The refusals that OpenAPI describes for every call."""


class UnknownThing(KartographError):
    """What a path names does not exist.

    Raised: over HTTP, as an answer with status 404.

    Remedy: check the id in the path, and that it is percent-encoded.
    """


def refusal(status: int, detail: str, **headers: str) -> Response:
    """The answer of a refusal."""
    return Response(orjson.dumps({"detail": detail}), status, headers, media_type="application/json")


def add_handlers(app: FastAPI) -> None:
    """Turn exceptions into refusals."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(UnknownThing, lambda _, error: refusal(404, str(error)))
    app.add_exception_handler(KartographError, lambda _, error: refusal(422, str(error)))
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def _invalid(request: Request, error: Exception) -> Response:
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    kind = request.headers.get("content-type")
    if any(fault["loc"][:1] == ("body",) for fault in faults) and not JSON.match(kind or ""):
        received = f"received Content-Type {kind:.60}" if kind else "received no Content-Type"
        return refusal(415, f"{received}: send a body of JSON with the header Content-Type: application/json")
    field = getattr(request.scope.get("route"), "body_field", None)
    body = None if field is None else field.field_info.annotation
    return refusal(422, "; ".join(_fault(fault, body) for fault in faults[:5]).encode("utf-8", "replace").decode())


def _fault(fault: Mapping[str, Any], body: Any) -> str:
    """The place, the value received where it is short, and what is wrong with it; `body` is the model of the body."""
    field, value, kind = ".".join(str(part)[:60] for part in fault["loc"]), fault.get("input"), fault["type"]
    if kind == "json_invalid":
        return f"the body is no JSON: {fault['ctx']['error']} at character {fault['loc'][-1]}"
    if kind == "extra_forbidden":
        return no_field(field, fields_beside(body, fault["loc"][1:]))
    said = isinstance(value, str | int | float) and kind != "missing"
    return f"{field} is {value!r:.80}: {refusal_of(fault)}" if said else f"{field}: {refusal_of(fault)}"


def no_field(field: str, known: Iterable[str]) -> str:
    """What is said of a field that does not exist."""
    there = f"there are {', '.join(known)}" if known else "/docs lists those that there are"
    return f"there is no field {field}; {there}"


def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    detail = {404: "there is nothing under this path; /docs lists the calls"}
    if methods := headers.get("Allow"):
        detail[405] = f"this path has no such method, allowed: {methods}; /docs lists the calls"
    return refusal(error.status_code, detail.get(error.status_code, str(error.detail)), **headers)


def _unexpected(_: Request, error: Exception) -> Response:
    log.error("a request failed", exc_info=error)
    return refusal(500, "the request failed: see the log of the server")
