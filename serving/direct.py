"""The route of a call that is asked most: from the bytes of its body to its function without FastAPI's steps between.

They take as long as the list itself. The call is declared and described like any other; a request that is not as it
should be goes FastAPI's way, which finds out what is wrong with it.
"""

import json
from collections.abc import Callable, Coroutine
from inspect import signature
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

JSON = "application/json"


class BodyRoute(APIRoute):
    """A route to `async def call(request: Request, body: SomeModel) -> Response`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers a request."""
        usual, call = super().get_route_handler(), self.endpoint
        model = signature(call).parameters["body"].annotation

        async def answer(request: Request) -> Response:
            if request.scope["query_string"] or request.headers.get("content-type") != JSON:
                return await usual(request)
            try:
                body = model.model_validate(json.loads(await request.body()))
            except ValueError:
                return await usual(request)
            return await call(request, body)

        return answer
