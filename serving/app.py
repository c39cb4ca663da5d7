"""The application of one worker, composed of the groups of calls."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import Depends, FastAPI
from fastapi_offline import FastAPIOffline
from starlette.middleware.cors import CORSMiddleware

from kartograph.serving.api import browse, events, explaining, items, lists, operate, promotions, search, users, window
from kartograph.serving.api.access import OFFLINE_FOLDER, Access
from kartograph.serving.api.errors import PROBLEMS, add_handlers
from kartograph.serving.api.guard import App, Guard, refuse_unknown_parameters
from kartograph.serving.config import ServeConfig
from kartograph.serving.keys import read_keys
from kartograph.serving.metrics import Metrics
from kartograph.serving.reach import Shop
from kartograph.serving.state import ServingState

ROUTERS = (
    lists.sessions,
    lists.router,
    events.router,
    window.router,
    browse.router,
    search.router,
    explaining.router,
    items.router,
    users.router,
    promotions.router,
    operate.router,
)
"""In the order in which they are looked through: what is asked most comes first."""


def described() -> FastAPI:
    """All calls, without a shop behind them: what the OpenAPI description is made of.

    The page of the description (`/docs`) comes with its own files, and asks nothing of the network.
    """
    app = FastAPIOffline(
        title="Kartograph",
        version="1",
        summary="Recommendations of one shop, with the reason beside each item.",
        redirect_slashes=False,
        responses=PROBLEMS,
        redoc_url=None,
        static_url=OFFLINE_FOLDER.rstrip("/"),
    )
    for router in ROUTERS:
        app.include_router(router, dependencies=[Depends(refuse_unknown_parameters)])
    add_handlers(app)
    return app


def worker(shop: Shop, config: ServeConfig, requires_key: bool = False) -> App:
    """The application over the bundle in use. Raises `ServerError` where there is none."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        following = asyncio.create_task(state.follow())
        yield
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
        state.close()

    app = described()
    app.router.lifespan_context = lifespan
    if config.security.cors_origins:
        methods, headers = ("GET", "POST"), ("Authorization", "Content-Type")
        origins = list(config.security.cors_origins)
        app.add_middleware(CORSMiddleware, allow_origins=origins, allow_methods=methods, allow_headers=headers)
    access = Access(config, read_keys(shop.paths.keys), requires_key or config.security.require_key)
    state = app.state.serving = ServingState(shop, config, access, Metrics())
    return Guard(app, config.limits, access, state.metrics)
