"""What stands before every call: raw paths, the door, unknown parameters, bodies too large or too slow, latencies."""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute

from kartograph.serving.api.access import Access
from kartograph.serving.api.errors import refusal
from kartograph.serving.config import LimitsSection
from kartograph.serving.metrics import Metrics
from kartograph.tables.errors import BadInput

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
FEED = ("PUT", "/v1/items")
LIMITS = {FEED: "feed_mib", ("POST", "/v1/events"): "batch_mib", ("PATCH", "/v1/items"): "batch_mib"}
"""The limits of bodies that may be larger than `body_kib`."""
FEED_TIMES = 30
"""How many times as long as another body a feed may take to arrive."""


class Guard:
    """Routes by the path as it was sent, and reads the body before the call runs."""

    def __init__(self, app: App, limits: LimitsSection, access: Access, metrics: Metrics) -> None:
        """Stand before an application."""
        self._app, self._limits, self._access, self._metrics = app, limits, access, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer what is wrong with it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                milliseconds = (time.perf_counter() - began) * 1000
                message["headers"] = [*message["headers"], (b"server-timing", b"app;dur=%.2f" % milliseconds)]
            await send(message)

        # The decoded path would make two parts of an id that holds a slash.
        scope["path"] = scope["raw_path"].decode("latin-1").partition("?")[0]
        try:
            await self._answer(scope, receive, sending)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            self._metrics.answered(scope["method"], route, status, time.perf_counter() - began)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = self._access.refused(scope)
        if refused is not None:
            await refused(scope, receive, send)
            return
        if scope["method"] in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        call = scope["method"], scope["path"]
        limit = LIMITS.get(call, "body_kib")
        most = getattr(self._limits, limit) * (2**20 if call in LIMITS else 2**10)
        seconds = self._limits.body_seconds * (FEED_TIMES if call == FEED else 1)
        try:
            async with asyncio.timeout(seconds):
                body = await _read(receive, most)
        except _TooLarge:
            words = f"the body is larger than {most:,} bytes: send less at once, or raise limits.{limit} in serve.toml"
            await refusal(413, words)(scope, receive, send)
            return
        except TimeoutError:
            await refusal(408, f"the body did not arrive within {seconds} seconds")(scope, receive, send)
            return
        if body is None:  # the client has gone
            return
        message: Message = {"type": "http.request", "body": body, "more_body": False}

        async def read() -> Message:
            nonlocal message
            held, message = message, {"type": "http.disconnect"}
            return held

        await self._app(scope, read, send)


class _TooLarge(Exception):
    """A body is larger than allowed."""


async def _read(receive: Receive, most: int) -> bytes | None:
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            raise _TooLarge
        if not message.get("more_body"):
            return b"".join(parts)


async def refuse_unknown_parameters(request: Request) -> None:
    """Raise `BadInput` for a parameter that a call of the API does not have.

    Passed over, a misspelt filter would look like one that every item fits. The page at `/` reads its own address.
    """
    route = request.scope.get("route")
    if not request.scope["query_string"] or not isinstance(route, APIRoute) or not route.path.startswith("/v1/"):
        return
    known = [field.alias for field in route.dependant.query_params]
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        there = f"it has {', '.join(known)}" if known else "it has none"
        raise BadInput(f'the call has no query parameter "{unknown[0][:60]}"; {there}')
