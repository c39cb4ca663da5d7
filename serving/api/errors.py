"""Errors as one sentence: what was received, what is allowed; never a trace of the program."""

import logging
from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from kartograph.serving.api.bodies import Problem
from kartograph.tables.errors import KartographError, refusal_of

log = logging.getLogger("kartograph.serving")
_TOO_LONG = {"description": "The address is longer than the HTTP server reads; its answer has no body."}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    **{status: {"model": Problem} for status in (400, 401, 403, 404, 405, 408, 413, 422, 429, 503)},
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


def _invalid(_: Request, error: Exception) -> Response:
    found = error.errors() if isinstance(error, RequestValidationError) else []
    return refusal(422, "; ".join(map(_fault, found[:5])).encode("utf-8", "replace").decode())


def _fault(fault: Mapping[str, Any]) -> str:
    """The place, the value received where it is short, and what is wrong with it."""
    place, value = ".".join(str(part)[:60] for part in fault["loc"]), fault.get("input")
    said = isinstance(value, str | int | float) and fault["type"] not in ("missing", "extra_forbidden", "json_invalid")
    return f"{place} is {value!r:.80}: {refusal_of(fault)}" if said else f"{place}: {refusal_of(fault)}"


def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail = {404: "there is nothing under this path; /docs lists the calls", 405: "this path has no such method"}
    return refusal(error.status_code, detail.get(error.status_code, str(error.detail)), **(error.headers or {}))


def _unexpected(_: Request, error: Exception) -> Response:
    log.error("a request failed", exc_info=error)
    return refusal(500, "the request failed: see the log of the server")
