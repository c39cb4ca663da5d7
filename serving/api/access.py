"""Who is let in: keys with roles beyond loopback, names of the server on it, and so many requests a second."""

import re
import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from fastapi import Response

from kartograph.serving.api.errors import refusal
from kartograph.serving.config import ServeConfig
from kartograph.serving.keys import Key, Role, key_of

OPEN = ("/", "/healthz", "/docs", "/docs/oauth2-redirect", "/openapi.json")
"""Paths that tell nothing of the shop."""
OFFLINE_FOLDER = "/docs/files/"
"""The files of the page of the description."""
OPEN_FOLDERS = ("/window/", OFFLINE_FOLDER)
"""The files of the page at `/`, which asks for a key itself, and of `/docs`."""
PERSONAL = re.compile(r"/v1/users(/[^/]+/history)?")
"""Calls that tell who the users are and what they did."""
QUESTIONS = ("/v1/sessions/recommendations", "/v1/explanations")
"""Calls by POST that change nothing."""
LOOPBACK = ("localhost", "127.0.0.1", "::1", "testserver")
CLIENTS = 10_000
"""Clients whose rates are remembered."""


def role_of(method: str, path: str) -> Role:
    """The role that a call needs."""
    if path == "/v1/events":
        return "events"
    if PERSONAL.fullmatch(path):
        return "admin"
    is_read = method in ("GET", "HEAD") or (method == "POST" and path in QUESTIONS)
    return "read" if is_read else "admin"


class Access:
    """The door of one worker."""

    def __init__(self, config: ServeConfig, keys: list[Key], requires_key: bool) -> None:
        """`requires_key`: the server can be reached from beyond loopback, or the configuration asks so."""
        self.keys, self.requires_key = keys, requires_key
        self._rate = float(config.limits.requests_per_second)
        self._hosts = {*LOOPBACK, *config.security.hosts}
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def refused(self, scope: Mapping[str, Any]) -> Response | None:
        """The refusal of a request, None where it may go on."""
        headers = dict(scope["headers"])
        client = scope.get("client")
        who = client[0] if client else ""
        if not self.requires_key:
            if _host(headers.get(b"host", b"").decode("latin-1")) not in self._hosts:
                return refusal(
                    403, "received a Host that is not allowed: use localhost, or add the name to [security] hosts"
                )
        elif scope["path"] not in OPEN and not scope["path"].startswith(OPEN_FOLDERS):
            key = key_of(self.keys, _secret(headers))
            if key is None:
                return refusal(401, "a key is required: Authorization: Bearer KEY", **{"WWW-Authenticate": "Bearer"})
            role = role_of(scope["method"], scope["path"])
            if not key.may(role):
                return refusal(403, f'the key "{key.name}" has the roles {", ".join(key.roles)}; this needs {role}')
            who = f"key {key.name}"
        if scope["path"] == "/healthz" or self._may_go_on(who):
            return None
        return refusal(429, f"more than {self._rate:g} requests in a second", **{"Retry-After": "1"})

    def _may_go_on(self, who: str) -> bool:
        """Take one from the client's bucket, which fills at the rate and holds what comes in a second."""
        now = time.monotonic()
        left, at = self._left.pop(who, (self._rate, now))
        left = min(self._rate, left + (now - at) * self._rate)
        self._left[who] = (left - 1 if left >= 1 else left), now
        if len(self._left) > CLIENTS:
            self._left.popitem(last=False)
        return left >= 1


def _host(header: str) -> str:
    """The name in a Host header, without the port."""
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.rpartition(":")[0] if ":" in header else header


def _secret(headers: Mapping[bytes, bytes]) -> str:
    scheme, _, secret = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    if scheme.lower() == "bearer":
        return secret.strip()
    return headers.get(b"x-api-key", b"").decode("latin-1")
