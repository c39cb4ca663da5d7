"""One request of a log, whatever format wrote it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Request:
    """One request, as far as sessions need it."""

    address: str
    """The client."""
    time: int
    """Milliseconds since 1970-01-01 UTC."""
    method: str
    url: str
    """Path and query, as the client sent them."""
    status: int
    browser: str | None
    """None where the format has no browser."""
    forwarded: str | None = None
    """The client that a proxy passed on in a column of its own (X-Forwarded-For)."""


FAILED = 400
"""A status from here on says that there may be no request at all: `-`, or bytes of another protocol."""
NO_ANSWER = 0
"""The status where a client went before it had one."""
NO_REQUEST = ("-", "-")
"""Method and address of these."""
Parse = Callable[[bytes], Request | None]
"""From a line to its request; None where the line does not parse."""


def text_of(raw: bytes) -> str:
    """UTF-8 where it is, else one character per byte: a wrong encoding loses no line."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
