"""Erasure of a user."""

import asyncio
import logging
from typing import Any

import neo4j.exceptions
from fastapi import APIRouter, Request, Response

from kartograph.graph.erasure.suppression import suppress
from kartograph.serving.api.asking import state_of
from kartograph.serving.api.bodies import RawId
from kartograph.serving.api.errors import refusal
from kartograph.serving.erase import erase_user
from kartograph.tables.errors import ServerError

router = APIRouter(prefix="/v1", tags=["users"])
log = logging.getLogger("kartograph.serving")


@router.delete("/users/{id}", response_model=dict[str, Any])
async def delete_user(request: Request, id: RawId) -> dict[str, Any] | Response:
    """Erase a user from the graph, the logs, the snapshot and the trained versions; the receipt says what went.

    From the first step on the user is suppressed: no event, load or restore brings the user back. Needs Neo4j.
    """
    state = state_of(request)

    def erase() -> dict[str, Any]:
        suppress(state.shop.suppression, id)
        with state.shop.connect() as graph:
            return erase_user(state.shop, graph, id)

    try:
        return await asyncio.to_thread(erase)
    except (ServerError, neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError) as error:
        log.error("an erasure did not come to its end", extra={"error": str(error)})
        words = "The user is suppressed and not wholly erased yet: Neo4j does not answer, or a file cannot be removed"
        return refusal(503, f"{words}. Send it again later: it goes on", **{"Retry-After": "30"})
