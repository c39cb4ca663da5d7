"""Explanations of one item for a user or a session."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from kartograph.serving.api.asking import state_of
from kartograph.serving.api.bodies import ExplainedQuestion, Explanation, Id
from kartograph.serving.api.errors import UnknownThing
from kartograph.serving.api.lists import Model, history_of, session_rows
from kartograph.serving.bundle.opened import ServedModel
from kartograph.serving.bundle.texts import NONE
from kartograph.serving.exposures.answers import answer_id
from kartograph.serving.ranking import explanations
from kartograph.serving.ranking.question import Past
from kartograph.serving.view import View
from kartograph.tables.errors import BadInput

router = APIRouter(prefix="/v1", tags=["explanations"])


@router.get("/explanations", response_model=Explanation)
async def explain(
    request: Request,
    item: Annotated[Id, Query(description="The item to explain.")],
    user: Annotated[Id | None, Query(description="The user whose history it is explained by.")] = None,
    session: Annotated[str | None, Query(max_length=16_384, description="Items of a session at hand: a,b,c.")] = None,
    model: Model = None,
) -> dict[str, Any]:
    """Why an item goes with a user or a session: parts of the model's score, paths over items, attributes alike."""
    if (user is None) == (session is None):
        raise BadInput("received `user` and `session`, or neither: give one of them")
    state = state_of(request)
    view = state.view
    history = view.history(user) if user is not None else session_rows(view, session)
    served, _ = state.assigned(view, model, user)
    return _explained(view, served, history, item)


@router.post("/explanations", response_model=Explanation)
async def explain_session(request: Request, body: ExplainedQuestion) -> dict[str, Any]:
    """Why an item goes with a session at hand, given as for its recommendations; a user's events count before it."""
    state = state_of(request)
    view = state.view
    served, _ = state.assigned(view, body.model, body.user_id, body.session_id)
    return _explained(view, served, history_of(state, view, body), body.item_id)


def _explained(view: View, served: ServedModel | None, history: list[Past], item: str) -> dict[str, Any]:
    row = view.catalogue.row(item)
    if row == NONE:
        raise UnknownThing(f'the shop has no item "{item:.200}"')
    parts = [] if served is None else explanations.parts(served, view, history, row)
    return {
        "recommendation_id": answer_id(None if served is None else served.version, "explanation"),
        "model": None if served is None else served.name,
        "version": None if served is None else served.version,
        "served_by": served.name if served is not None and parts else "nobody",
        "item": {"item_id": item, **view.catalogue.fields(row)},
        "parts": parts,
        "paths": explanations.paths(view, history, row),
        "alike": explanations.alike(view, history, row),
    }
