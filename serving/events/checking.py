"""What an event has to be; one that is not comes back with its position and the reason, the others are taken."""

import hashlib
import re
import time
from collections.abc import Callable
from typing import Any

from kartograph.serving.events.log import SHOP_EVENTS, LoggedEvent
from kartograph.serving.exposures.answers import PLACE, PLACE_IS
from kartograph.tables.schema import MAX_ID_BYTES
from kartograph.tables.times import EARLIEST_MS

KINDS = (*SHOP_EVENTS, "impression", "click")
FIELDS = ("event_id", "user_id", "session_id", "item_id", "event", "timestamp", "recommendation_id", "place")
AHEAD_MS = 86_400_000
"""How far a client's clock may be ahead."""


def checked(
    events: list[Any], suppressed: Callable[[str], bool]
) -> tuple[list[LoggedEvent], list[dict[str, int | str]]]:
    """The events that can be taken, and `{position, reason}` of the others."""
    now = time.time_ns() // 1_000_000
    taken, rejected = [], []
    for position, event in enumerate(events):
        reason = _fault(event, now)
        if reason is None and event.get("user_id") is not None and suppressed(event["user_id"]):
            reason = "the user was erased from this shop"
        if reason is None:
            taken.append(_logged(event, now))
        else:
            rejected.append({"position": position, "reason": reason})
    return taken, rejected


def _fault(event: Any, now: int) -> str | None:
    if not isinstance(event, dict):
        return "an event is an object with item_id, event and user_id or session_id"
    if unknown := sorted(set(event) - set(FIELDS)):
        return f'an event has no field "{unknown[0]:.60}"; there are {", ".join(FIELDS)}'
    for name in ("item_id", "user_id", "session_id", "event_id", "recommendation_id"):
        value = event.get(name)
        if value is None:
            continue
        if not isinstance(value, str) or not value:
            return f"{name} is {value!r:.60}: ids are text that is not empty"
        try:
            size = len(value.encode())
        except UnicodeEncodeError:
            return f"{name} holds half a character (a lone surrogate)"
        if size > MAX_ID_BYTES:
            return f"{name} has {size:,} bytes; the longest id has {MAX_ID_BYTES:,}"
    place = event.get("place")
    if place is not None and not (isinstance(place, str) and re.fullmatch(PLACE, place)):
        return f"place is {place!r:.60}: {PLACE_IS}"
    if event.get("item_id") is None:
        return "item_id is missing"
    if event.get("event") not in KINDS:
        received = "missing" if event.get("event") is None else f"{event['event']!r:.60}"
        return f"event is {received}; events are {', '.join(KINDS)}"
    if event["event"] in SHOP_EVENTS and event.get("user_id") is None and event.get("session_id") is None:
        return "neither user_id nor session_id says whose event it is"
    if event["event"] not in SHOP_EVENTS and event.get("recommendation_id") is None:
        return f"{event['event']} needs the recommendation_id of the answer"
    at = _time(event, now)
    if isinstance(at, bool) or not isinstance(at, int):
        return f"timestamp is {at!r:.60}: give whole milliseconds since 1970 (UTC)"
    if not EARLIEST_MS <= at <= now + AHEAD_MS:
        return f"timestamp is {at}: give milliseconds, not seconds, since 1970 (UTC), from 1995 to tomorrow"
    return None


def _time(event: dict[str, Any], now: int) -> Any:
    at = event.get("timestamp")
    return now if at is None else at


def _logged(event: dict[str, Any], now: int) -> LoggedEvent:
    values = [event.get(name) for name in ("user_id", "session_id", "item_id", "event")]
    at = _time(event, now)
    answer = event.get("recommendation_id")
    text = "\x1f".join("\x1e" if value is None else value for value in (*values, str(at), answer))
    own = event.get("event_id") or f"={hashlib.sha256(text.encode()).hexdigest()}"
    user, session, item, kind = values
    return LoggedEvent(own, user, session, str(item), str(kind), at, answer, event.get("place"))
