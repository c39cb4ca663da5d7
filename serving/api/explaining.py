"""Explanations of one item for a user or a session."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from kartograph.serving.api.asking import state_of
from kartograph.serving.api.bodies import Explanation, Id
from kartograph.serving.api.errors import UnknownThing
from kartograph.serving.api.lists import Model, session_rows
from kartograph.serving.bundle.texts import NONE
from kartograph.serving.exposures.answers import answer_id
from kartograph.serving.ranking import explained
from kartograph.tables.errors import BadInput

router = APIRouter(prefix="/v1", tags=["explanations"])


@router.get("/explanations", response_model=Explanation)
async def explain(
    request: Request,
    item: Annotated[Id, Query(description="The item to explain.")],
    user: Annotated[Id | None, Query()] = None,
    session: Annotated[str | None, Query(max_length=16_384, description="Items of a session at hand: a,b,c.")] = None,
    model: Model = None,
) -> dict[str, Any]:
    """Why an item goes with a user or a session: parts of the model's score, paths over items, attributes alike."""
    if (user is None) == (session is None):
        raise BadInput("explain for a user or for a session: give one of the two")
    state = state_of(request)
    view = state.view
    served = state.served(view, model)
    row = view.catalogue.row(item)
    if row == NONE:
        raise UnknownThing(f'the shop has no item "{item:.200}"')
    history = view.history(user) if user is not None else session_rows(view, session)
    parts = [] if served is None else explained.parts(served, view, history, row)
    return {
        "recommendation_id": answer_id(None if served is None else served.version, "explanation"),
        "model": None if served is None else served.name,
        "version": None if served is None else served.version,
        "served_by": served.name if served is not None and parts else "nobody",
        "item": {"item_id": item, **view.catalogue.fields(row)},
        "parts": parts,
        "paths": explained.paths(view, history, row),
        "alike": explained.alike(view, history, row),
    }
