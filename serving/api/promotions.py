"""Promotions over HTTP; in Neo4j Browser they are nodes, `(:Promotion)`."""

import asyncio
from collections.abc import Callable
from typing import Any

import neo4j.exceptions
from fastapi import APIRouter, Request, Response

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.serving.api.asking import state_of
from kartograph.serving.api.bodies import RawId
from kartograph.serving.api.errors import UnknownThing, refusal
from kartograph.serving.promotions import Promotion, of_graph
from kartograph.serving.ranking.promoted import unknown_targets
from kartograph.tables.errors import ServerError

router = APIRouter(prefix="/v1", tags=["promotions"])


@router.get("/promotions", response_model=dict[str, Any])
async def list_promotions(request: Request) -> dict[str, Any] | Response:
    """All promotions by id, the faults of those that are not valid, and the names that the shop does not have."""
    view = state_of(request).view

    def read(graph: Graph) -> dict[str, Any]:
        promotions, wrong = of_graph(graph)
        unknown = {id: names for id, one in promotions.items() if (names := unknown_targets(view, one))}
        told = {id: one.model_dump(exclude_none=True) for id, one in promotions.items()}
        return {"promotions": told, "wrong": wrong, "unknown": unknown}

    return await _with_graph(request, read)


@router.put("/promotions/{id}", response_model=dict[str, Any])
async def put_promotion(request: Request, id: RawId, promotion: Promotion) -> dict[str, Any] | Response:
    """Make a promotion, or replace the one of this id; it acts within some seconds.

    `unknown` lists the items, categories or brands that the shop does not have at present: it acts on them once it has.
    """
    view = state_of(request).view

    def write(graph: Graph) -> dict[str, Any]:
        properties = promotion.model_dump(exclude_none=True, mode="json")
        graph.query(queries.load("serving/put_promotion"), write=True, id=id, properties=properties)
        return {"id": id, **properties, "unknown": unknown_targets(view, promotion)}

    return await _with_graph(request, write)


@router.delete("/promotions/{id}", response_model=dict[str, Any])
async def delete_promotion(request: Request, id: RawId) -> dict[str, Any] | Response:
    """End a promotion for good."""

    def delete(graph: Graph) -> dict[str, Any]:
        if not graph.query(queries.load("serving/delete_promotion"), write=True, id=id)["deleted"][0]:
            raise UnknownThing(f'there is no promotion "{id:.200}"')
        return {"id": id}

    return await _with_graph(request, delete)


async def _with_graph(request: Request, work: Callable[[Graph], dict[str, Any]]) -> dict[str, Any] | Response:
    shop = state_of(request).shop

    def run() -> dict[str, Any]:
        with shop.connect() as graph:
            return work(graph)

    try:
        return await asyncio.to_thread(run)
    except (ServerError, neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError):
        return refusal(503, "Neo4j does not answer, and promotions are kept there", **{"Retry-After": "30"})
