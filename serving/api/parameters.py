"""What may stand behind the `?` of a call: the parameters that it has, and no others."""

from fastapi import Request
from fastapi.routing import APIRoute

from kartograph.tables.errors import BadInput


async def refuse_unknown_parameters(request: Request) -> None:
    """Raise `BadInput` for a parameter that a call of the API does not have.

    Passed over, a misspelt filter would look like one that every item fits. The page at `/` reads its own address.
    """
    route = request.scope.get("route")
    if not request.scope["query_string"] or not isinstance(route, APIRoute) or not route.path.startswith("/v1/"):
        return
    known = [field.alias for field in route.dependant.query_params]
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        there = f"it has {', '.join(known)}" if known else "it has none"
        raise BadInput(f'the call has no query parameter "{unknown[0][:60]}"; {there}')
