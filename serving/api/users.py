"""Erasure of a user."""

import asyncio
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
    except (ServerError, neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError):
        return refusal(
            503, "Neo4j does not answer, so nothing was erased: send it again later", **{"Retry-After": "30"}
        )
