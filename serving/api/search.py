"""Items by words, in the order of who asks."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from kartograph.serving.api.asking import answer, completed, filters_of, state_of
from kartograph.serving.api.bodies import Count, Id, ListAnswer
from kartograph.serving.api.lists import Filters, Model, Place, session_rows
from kartograph.serving.finding.search import personal_order
from kartograph.serving.ranking.cut import Cut
from kartograph.serving.ranking.model import candidates
from kartograph.serving.ranking.question import Question

router = APIRouter(prefix="/v1", tags=["lists"])


@router.get("/items/search", response_model=ListAnswer)
async def search_items(
    request: Request,
    q: Annotated[str, Query(min_length=1, max_length=200, description="Words of the title.")],
    user: Annotated[Id | None, Query(description="Who asks: what goes with the user's history comes first.")] = None,
    session: Annotated[str | None, Query(max_length=16_384, description="Items of a session at hand: a,b,c.")] = None,
    k: Annotated[Count, Query()] = 20,
    model: Model = None,
    filters: Filters = None,
    place: Place = "search",
) -> Response:
    """Items whose titles hold the words; what goes with the history of who asks comes first, seen items are shown."""
    state = state_of(request)
    view = state.view
    served, assignment = state.assigned(view, model, user)
    history = (view.history(user) if user is not None else []) + session_rows(view, session)
    one_per_group = state.config.filters.one_per_group
    question = Question(k, completed(filters_of(filters), state), history, user, True, one_per_group)
    allowed = view.masks.allowed(question.where)
    hits = {row: score for row, score in view.search.hits(view, q).items() if allowed[row]}
    liked: dict[int, float] = {}
    if served is not None and history:
        for rows, scores in candidates(served, history, user, allowed, len(allowed)):
            liked = dict(zip(rows, scores, strict=True))
    ordered = personal_order(hits, liked, view.catalogue.popularity)
    cut = Cut(view, question)
    cut.take("search", lambda: iter([([row for row, _ in ordered], [score for _, score in ordered])]))
    return answer(state, view, served, cut.listed, history, place, True, user is not None, assignment)
