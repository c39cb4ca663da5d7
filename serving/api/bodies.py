"""What comes in and what goes out. Ids are text; times are milliseconds since 1970 (UTC)."""

from typing import Annotated, Any, Literal, Self
from urllib.parse import unquote

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from kartograph.models.where.filters import Where, where
from kartograph.serving.exposures.answers import PLACE
from kartograph.tables.schema import MAX_ID_BYTES

NO_FILTER = where()
RESERVED = (
    *("id", "item_id", "title", "price", "brand", "available", "group_id", "category", "image"),
    *("popularity", "pagerank", "embedding", "community", "first_seen", "last_seen"),
)
"""Properties of items that are not set as attributes."""
MOST_ITEMS = 1_000
"""Largest k, and the longest session in a request."""


def _id(text: str) -> str:
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise ValueError("an id holds half a character (a lone surrogate)") from None
    if not 0 < size <= MAX_ID_BYTES:
        raise ValueError(f"an id has 1 to {MAX_ID_BYTES:,} bytes, not {size:,}")
    return text


def _raw_id(text: str) -> str:
    try:
        return _id(unquote(text, errors="strict"))
    except UnicodeDecodeError:
        raise ValueError("an id in a path is UTF-8, percent-encoded") from None


def _attribute(name: str) -> str:
    if name in RESERVED or name.endswith("_at"):
        raise ValueError(f"{name} is no further property: it has a field of its own, or the graph computes it")
    return name


def _whole(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("a text holds half a character (a lone surrogate)") from None
    return text


Number = Annotated[float, Field(allow_inf_nan=False)]
AttributeValue = str | bool | Number | Annotated[list[str], Field(min_length=1, max_length=100)] | None
AttributeName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,62}$"), AfterValidator(_attribute)]
Id = Annotated[str, AfterValidator(_id)]
RawId = Annotated[str, AfterValidator(_raw_id)]
"""An id in a path as it was sent: `%2F` is a slash of the id, never one of the path."""
Count = Annotated[int, Field(ge=1, le=MOST_ITEMS, description="Items in the list.")]
PlaceName = Annotated[
    str, Field(pattern=f"^{PLACE}$", description="Where the list stands on the shop's pages, by which it is counted.")
]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Kind = Literal["view", "cart", "buy", "borrow"]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SessionEvent(_Body):
    """What happened in a session at hand."""

    item_id: Id
    event: Kind = "view"
    timestamp: Annotated[int, Field(ge=0, lt=1 << 53)] = 0


class Session(_Body):
    """A session at hand: its items, or its events, oldest first; of a user where one is known."""

    items: Annotated[list[Id], Field(max_length=MOST_ITEMS)] | None = None
    events: Annotated[list[SessionEvent], Field(max_length=MOST_ITEMS)] | None = None
    session_id: Id | None = Field(None, description="Events that were posted for this session come before the others.")
    user_id: Id | None = Field(None, description="What the user did before counts as well.")
    model: Annotated[str, Field(max_length=63)] | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if self.items is not None and self.events is not None:
            raise ValueError("give items or events, not both")
        return self


class SessionQuestion(Session):
    """What is asked for a session at hand."""

    k: Count = 20
    filters: Where = NO_FILTER
    include_seen: bool = False
    diversity: Share = 0.0
    per_category: Annotated[int, Field(ge=1, le=1_000)] | None = None
    reasons: bool = True
    place: PlaceName = "session"


class ExplainedQuestion(Session):
    """An item that is to be explained for a session at hand."""

    item_id: Id


class EventBody(_Body):
    """Something that a user or a visitor did. Views, carts, buys and borrows are events of the shop; an impression or a
    click says what became of an answer, and so does any event that names one.
    """

    item_id: Id
    event: Literal["view", "cart", "buy", "borrow", "impression", "click"]
    user_id: Id | None = None
    session_id: Id | None = None
    timestamp: Annotated[int, Field(ge=0, description="Milliseconds; when the event arrives by default.")] = 0
    event_id: Id | None = Field(None, description="The client's own id: an event that is sent again counts once.")
    recommendation_id: Id | None = None
    place: PlaceName | None = Field(None, description="Where it was shown, if elsewhere than the answer was asked for.")


def _address(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise ValueError("the address of a picture begins with https:// or http://")
    return text


Text = Annotated[str, Field(min_length=1, max_length=4_000), AfterValidator(_whole)]


class ItemChange(_Body):
    """What is known anew of an item; a field that is missing stays as it is, null takes its value away."""

    item_id: Id
    available: bool | None = None
    price: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    title: Text | None = None
    brand: Text | None = None
    category: Id | None = None
    image: Annotated[Text, AfterValidator(_address)] | None = Field(None, description="The address of a picture.")
    group_id: Id | None = Field(None, description="One of the items of a group is shown in a list.")
    attributes: Annotated[dict[AttributeName, AttributeValue], Field(max_length=100)] | None = Field(
        None,
        description="Further properties, such as attributes of the ontology; a link names individuals by name or IRI. "
        "An attribute that is null is taken away, those that are not named stay.",
    )


class ListedItem(BaseModel):
    """An item of a list."""

    item_id: str
    score: float
    rank: int
    reason: str | None
    served_by: str


class ListAnswer(BaseModel):
    """A list, and who made it."""

    recommendation_id: str
    model: str | None
    version: str | None
    experiment: str | None
    arm: str | None
    """Of the experiment that chose the version; null for who takes no part in one."""
    served_by: str
    items: list[ListedItem]


class Explanation(BaseModel):
    """Why an item goes with a history."""

    recommendation_id: str
    model: str | None
    version: str | None
    served_by: str
    item: dict[str, Any]
    parts: list[dict[str, Any]]
    """kind, behind, amount, share: what the model's score is made of."""
    paths: list[dict[str, Any]]
    """did, item_id, title, link, weight: items of the history that a relationship of the graph joins with it."""
    alike: list[dict[str, Any]]
    """attribute, value, item_id: what it shares with items of the history."""


class Rejected(BaseModel):
    """What was not taken, by its position in the request."""

    position: int
    reason: str


class Accepted(BaseModel):
    """What was taken."""

    accepted: int
    rejected: list[Rejected]


class Problem(BaseModel):
    """Why a request was refused."""

    detail: str
