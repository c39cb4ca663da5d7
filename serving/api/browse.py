"""What a shop holds, for people and programs that begin without an id: models, users, items, categories, brands."""

from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from kartograph.models.registry import declaration
from kartograph.serving.api.asking import state_of
from kartograph.serving.api.bodies import Answered, Id, RawId
from kartograph.serving.bundle.opened import ServedModel
from kartograph.serving.bundle.texts import NONE
from kartograph.serving.finding import browsing
from kartograph.serving.view import View
from kartograph.tables.errors import BadInput
from kartograph.tables.events import EVENTS

router = APIRouter(prefix="/v1", tags=["shop"])
Starts = Annotated[str, Query(max_length=4_000, description="How the id begins; nothing: every id.")]
Holds = Annotated[str, Query(max_length=4_000, description="What the name holds; nothing: every name.")]
Most = Annotated[int, Query(ge=1, le=200, description="How many at most.")]


class ModelFacts(Answered):
    """A model that answers."""

    name: str
    """Its name."""
    version: str
    """The version that answers."""
    about: str
    """What it does, in one line; empty for one that this installation does not know."""
    explains: str
    """sum: the parts add up to the score; influence: what is lost without an item; paths; none."""


class ShopFacts(Answered):
    """What a shop holds, and who answers."""

    shop: str
    """The name of the shop."""
    items: int
    """How many items there are."""
    users: int
    """How many users there are."""
    categories: int
    """How many categories there are."""
    brands: int
    """How many brands there are."""
    price_min: float | None
    """The lowest price; null where none is known."""
    price_max: float | None
    """The highest price."""
    default: str | None
    """The model that answers where a request names none."""
    models: list[ModelFacts]
    """The models that answer."""
    failed: dict[str, str]
    """Models with a current version that cannot be served, and why."""
    fallbacks: list[str]
    """What fills up a list, in this order."""


class UserFacts(Answered):
    """A user, by how much is known of it."""

    user_id: str
    """The user."""
    events: int
    """How many events the user has."""


class HistoryEvent(Answered):
    """Something that a user did."""

    item_id: str
    """The item."""
    title: str | None
    """Its title, where it has one."""
    event: str
    """view, cart, buy or borrow."""
    timestamp: int
    """Milliseconds UTC, 0 where unknown."""


class History(Answered):
    """The latest events of a user, the latest first."""

    user_id: str
    """The user."""
    total: int
    """How many events the user has in all."""
    events: list[HistoryEvent]
    """The latest of them."""


class ItemFacts(Answered):
    """An item in its present state; null is unknown."""

    item_id: str
    """The item."""
    available: bool | None
    """Whether it can be bought."""
    price: float | None
    """The price."""
    title: str | None
    """What it is called."""
    brand: str | None
    """The brand."""
    category: str | None
    """The id of its category."""
    category_name: str | None
    """What the category is called, where the graph says so."""
    group_id: str | None
    """Of the items of a group one is shown in a list."""
    image: str | None
    """The address of a picture, or the picture itself."""
    attributes: dict[str, Any]
    """What changes said beyond these fields since the data were read."""
    popularity: int
    """Events on it when the data were read."""


class NamedCount(Answered):
    """A category, by its id, or a brand."""

    name: str
    """The id of the category, or the brand."""
    items: int
    """How many items it has; a category with those below it."""
    title: str | None = None
    """What the category is called, where the graph says so."""


@router.get("/shop", response_model=ShopFacts)
async def shop_facts(request: Request) -> ShopFacts:
    """What the shop holds, the models that answer, and what follows where they have too little."""
    state = state_of(request)
    view = state.view
    catalogue = view.catalogue
    priced = catalogue.price[: catalogue.count]
    priced = priced[priced == priced]
    default = state.served(view, None)
    return ShopFacts(
        shop=state.shop.name,
        items=catalogue.count,
        users=len(view.bundle.user_ids),
        categories=len(catalogue.categories.names),
        brands=len(catalogue.brands.names),
        price_min=float(priced.min()) if len(priced) else None,
        price_max=float(priced.max()) if len(priced) else None,
        default=None if default is None else default.name,
        models=[_described(model) for _, model in sorted(view.bundle.models.items())],
        failed=view.bundle.made.failed,
        fallbacks=list(state.config.fallback.chain),
    )


@router.get("/users", response_model=list[UserFacts])
async def list_users(request: Request, starts: Starts = "", k: Most = 20) -> list[UserFacts]:
    """Users whose ids begin with a text, those with most events first; where keys are required, this takes `admin`.

    Users that came since the data were read last are not among them, and answers know them all the same.
    """
    state = state_of(request)
    known = browsing.users(state.view, _whole(starts), k)
    shown = islice((one for one in known if not state.is_suppressed(one[0])), k)
    return [UserFacts(user_id=user, events=events) for user, events in shown]


@router.get("/users/{id}/history", response_model=History)
async def user_history(request: Request, id: RawId, k: Most = 50) -> History:
    """What a user did, the latest first, logged events among it; where keys are required, this takes `admin`."""
    state = state_of(request)
    view = state.view
    history = [] if state.is_suppressed(id) else view.history(id)
    events = [
        HistoryEvent(
            item_id=view.catalogue.id(past.row),
            title=view.catalogue.title(past.row),
            event=EVENTS[past.kind],
            timestamp=past.at,
        )
        for past in history[: -k - 1 : -1]
    ]
    return History(user_id=id, total=len(history), events=events)


@router.get("/items", response_model=list[ItemFacts])
async def list_items(
    request: Request,
    id: Annotated[list[Id] | None, Query(max_length=200, description="Items by id; unknown ones are left out.")] = None,
    starts: Starts = "",
    k: Most = 20,
) -> list[ItemFacts]:
    """What is known of items: of those named, else of those whose ids begin with a text, popular ones first."""
    view = state_of(request).view
    if id is None:
        return [item_facts(view, row) for row in browsing.items(view, _whole(starts), k)]
    rows = (view.catalogue.row(one) for one in dict.fromkeys(id))
    return [item_facts(view, row) for row in rows if row != NONE]


@router.get("/categories", response_model=list[NamedCount])
async def list_categories(request: Request, holds: Holds = "", k: Most = 20) -> list[NamedCount]:
    """Categories whose ids or names hold a text, with the number of items in them and below."""
    listed = browsing.categories(state_of(request).view, holds, k)
    return [NamedCount(name=name, items=items, title=title) for name, items, title in listed]


@router.get("/brands", response_model=list[NamedCount])
async def list_brands(request: Request, holds: Holds = "", k: Most = 20) -> list[NamedCount]:
    """Brands whose names hold a text, with the number of their items."""
    listed = browsing.brands(state_of(request).view, holds, k)
    return [NamedCount(name=name, items=items) for name, items in listed]


def item_facts(view: View, row: int) -> ItemFacts:
    """The present state of a row."""
    catalogue = view.catalogue
    return ItemFacts(
        item_id=catalogue.id(row),
        attributes=catalogue.attributes.get(row, {}),
        popularity=int(catalogue.popularity[row]),
        **catalogue.fields(row),
    )


def _described(served: ServedModel) -> ModelFacts:
    try:
        about = declaration(served.name).about
    except BadInput:  # of a package that is not installed here
        about = ""
    return ModelFacts(name=served.name, version=served.version, about=about, explains=served.model.explains)


def _whole(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadInput("the beginning of an id holds half a character (a lone surrogate)") from None
    return text
