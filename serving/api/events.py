"""Events in: acknowledged when they are on the disk, counted once."""

import sqlite3
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Body, Request, Response

from kartograph.serving.api.asking import state_of
from kartograph.serving.api.bodies import Accepted, EventBody
from kartograph.serving.api.errors import refusal
from kartograph.serving.events.checking import checked

router = APIRouter(prefix="/v1", tags=["events"])
RETRY = {"Retry-After": "5"}
MOST = 10_000
"""Events in one request."""


@router.post("/events", status_code=202, response_model=Accepted)
async def post_events(
    request: Request,
    events: Annotated[list[Any], Body(max_length=MOST, json_schema_extra={"items": EventBody.model_json_schema()})],
) -> Response:
    """Take events: the answer comes when they are on the disk, and an `event_id` that comes again counts once.

    What is no event comes back with its position and the reason; the others are taken. An event that names both
    user_id and session_id gives the user what happened in that session before.
    """
    state = state_of(request)
    if state.events.waiting() > state.config.limits.queued_events:
        return refusal(503, "too many events wait for the graph: send them again later", **RETRY)
    taken, rejected = checked(events, state.is_suppressed)
    try:
        if taken:
            await state.writer.write(taken)
    except sqlite3.Error:
        return refusal(503, "the events could not be written: send them again later", **RETRY)
    body = {"accepted": len(taken), "rejected": rejected}
    return Response(orjson.dumps(body), 202, media_type="application/json")
