"""Whether the server lives, and what it answers from."""

import time
from typing import Any

from fastapi import APIRouter, Request, Response

from kartograph.serving.api.asking import state_of

router = APIRouter(tags=["operation"])


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.head("/readyz", include_in_schema=False)
@router.get("/readyz")
async def readyz(request: Request) -> dict[str, Any]:
    """What answers are made from. Without Neo4j they go on from memory, and `neo4j` says so."""
    state = state_of(request)
    view = state.view
    health = state.health()
    return {
        "status": "ready",
        "neo4j": health.get("neo4j", "unknown"),
        "models": view.bundle.made.versions,
        "failed": view.bundle.made.failed,
        "items": view.catalogue.count,
        "data_age_seconds": round(time.time() - view.bundle.made.made / 1000),
        "queued_events": state.events.waiting(),
        "queued_changes": health.get("queued_changes", 0),
        "error": health.get("error"),
    }


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def metrics(request: Request) -> Response:
    """Counts and latencies of all workers, for Prometheus."""
    state = state_of(request)
    return Response(state.metrics.text(state), media_type="text/plain; version=0.0.4; charset=utf-8")
