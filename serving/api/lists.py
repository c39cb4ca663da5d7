"""Lists of items: for a user, for a session, like an item, together with one, trending."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from kartograph.serving.api.asking import answer, completed, filters_of, state_of
from kartograph.serving.api.bodies import Count, Id, ListAnswer, PlaceName, RawId, Session, SessionQuestion, Share
from kartograph.serving.api.errors import UnknownThing
from kartograph.serving.bundle.texts import NONE
from kartograph.serving.direct import BodyRoute
from kartograph.serving.ranking.cut import Cut
from kartograph.serving.ranking.fallbacks import co_occurring, ordered_by_counts, popular
from kartograph.serving.ranking.lists import recommended
from kartograph.serving.ranking.question import Past, Question
from kartograph.serving.state import ServingState
from kartograph.serving.view import View
from kartograph.tables.errors import BadInput
from kartograph.tables.events import EVENTS

router = APIRouter(prefix="/v1", tags=["lists"])
sessions = APIRouter(prefix="/v1", tags=["lists"], route_class=BodyRoute)
Filters = Annotated[
    str | None, Query(max_length=16_384, description='A filter as JSON: {"category": "1613", "price_max": 50}.')
]
Model = Annotated[str | None, Query(max_length=63, description="A trained model; the configured one by default.")]
Place = Annotated[PlaceName, Query()]
PerCategory = Annotated[int | None, Query(ge=1, le=1_000, description="Items of one category at most.")]
Reasons = Annotated[bool, Query(description="Say of each item why it is in the list.")]
IncludeSeen = Annotated[bool, Query(description="List items of the history as well.")]
Diversity = Annotated[Share, Query(description="0: by score alone; towards 1: unlike those before it in the list.")]


@router.get("/users/{id}/recommendations", response_model=ListAnswer)
async def recommend_user(
    request: Request,
    id: RawId,
    k: Annotated[Count, Query()] = 20,
    model: Model = None,
    filters: Filters = None,
    include_seen: IncludeSeen = False,
    diversity: Diversity = 0.0,
    per_category: PerCategory = None,
    reasons: Reasons = True,
    place: Place = "user",
) -> Response:
    """Items for a user by everything that is known of the user up to now; somebody unknown gets the fallbacks."""
    state = state_of(request)
    view = state.view
    served, assignment = state.assigned(view, model, id)
    question = Question(
        k,
        completed(filters_of(filters), state),
        view.history(id),
        id,
        include_seen,
        state.config.filters.one_per_group,
        diversity,
        per_category,
    )
    listed = recommended(view, question, served, state.config.fallback.chain)
    return answer(state, view, served, listed, question.history, place, reasons, True, assignment)


@sessions.post("/sessions/recommendations", response_model=ListAnswer)
async def recommend_session(request: Request, body: SessionQuestion) -> Response:
    """Items for a session at hand; what its user did before counts too where `user_id` is given."""
    state = state_of(request)
    view = state.view
    served, assignment = state.assigned(view, body.model, body.user_id, body.session_id)
    history = history_of(state, view, body)
    question = Question(
        body.k,
        completed(body.filters, state),
        history,
        body.user_id,
        body.include_seen,
        state.config.filters.one_per_group,
        body.diversity,
        body.per_category,
    )
    listed = recommended(view, question, served, state.config.fallback.chain)
    return answer(state, view, served, listed, history, body.place, body.reasons, assignment=assignment)


@router.get("/items/{id}/similar", response_model=ListAnswer)
async def similar_items(
    request: Request,
    id: RawId,
    k: Annotated[Count, Query()] = 20,
    model: Model = None,
    filters: Filters = None,
    place: Place = "similar",
) -> Response:
    """Items that the model ranks first after this one alone; where it does not know it, those of its category."""
    state = state_of(request)
    view = state.view
    served = state.served(view, model)
    question = _after_item(state, view, id, k, filters)
    listed = recommended(view, question, served, state.config.fallback.chain)
    return answer(state, view, served, listed, question.history, place)


@router.get("/items/{id}/together", response_model=ListAnswer)
async def items_together(
    request: Request,
    id: RawId,
    k: Annotated[Count, Query()] = 20,
    filters: Filters = None,
    place: Place = "together",
) -> Response:
    """Items that occur in the same sessions as this one, and only those: the list may be short or empty."""
    state = state_of(request)
    view = state.view
    question = _after_item(state, view, id, k, filters)
    allowed = view.masks.allowed(question.where)
    cut = Cut(view, question)
    cut.take("co-occurrence", lambda: co_occurring(view, question, allowed))
    return answer(state, view, None, cut.listed, question.history, place)


@router.get("/trending", response_model=ListAnswer)
async def trending_items(
    request: Request,
    category: Annotated[Id | None, Query(description="A category, with all below it.")] = None,
    hours: Annotated[
        float, Query(gt=0, le=2160, allow_inf_nan=False, description="How many hours up to the latest event count.")
    ] = 24,
    k: Annotated[Count, Query()] = 20,
    filters: Filters = None,
    place: Place = "trending",
) -> Response:
    """Items with most events in the latest hours that the shop has seen, then the popular ones."""
    state = state_of(request)
    view = state.view
    where = completed(filters_of(filters), state)
    if category is not None:
        if where.category is not None:
            raise BadInput("received a category in `filters` and as `category`: give it once")
        where = where.model_copy(update={"category": (category,)})
    question = Question(k, where, one_per_group=state.config.filters.one_per_group)
    allowed = view.masks.allowed(where)
    cut = Cut(view, question)
    cut.take("trending", lambda: ordered_by_counts(view, view.trends(hours), allowed))
    cut.take("popularity", lambda: popular(view, question, allowed))
    return answer(state, view, None, cut.listed, [], place)


def session_rows(view: View, text: str | None) -> list[Past]:
    """The items of a session written as a,b,c, as far as the catalogue knows them."""
    rows = (view.catalogue.row(item) for item in (text or "").split(",") if item)
    return [Past(row, 0, 0) for row in rows if row != NONE]


def history_of(state: ServingState, view: View, body: Session) -> list[Past]:
    """What the user did, then what was logged for the session, then what the request brings."""
    history = view.history(body.user_id) if body.user_id is not None else []
    if body.session_id is not None:
        known = set(history)
        history += [past for past in view.rows_of(state.events.of_session(body.session_id)) if past not in known]
    return history + _at_hand(view, body)


def _at_hand(view: View, body: Session) -> list[Past]:
    """The items or events of the request, as far as the catalogue knows them."""
    rows = [(view.catalogue.row(item), 0, 0) for item in body.items or ()]
    rows += [(view.catalogue.row(one.item_id), EVENTS.index(one.event), one.timestamp) for one in body.events or ()]
    return [Past(*row) for row in rows if row[0] != NONE]


def _after_item(state: ServingState, view: View, item: str, k: int, filters: str | None) -> Question:
    row = view.catalogue.row(item)
    if row == NONE:
        raise UnknownThing(f'the shop has no item "{item:.200}"')
    where = completed(filters_of(filters), state)
    return Question(k, where, [Past(row, 0, 0)], one_per_group=state.config.filters.one_per_group)
