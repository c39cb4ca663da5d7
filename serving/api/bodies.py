"""What comes in and what goes out. Ids are text; times are milliseconds since 1970 (UTC)."""

from typing import Annotated, Any, Literal, Self
from urllib.parse import unquote

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from kartograph.models.where.conditions import Where, where
from kartograph.serving.exposures.answers import PLACE
from kartograph.tables.schema import MAX_ID_BYTES
from kartograph.tables.times import EARLIEST_MS

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
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Answered(BaseModel):
    """What goes out; the words below its fields are those of the description."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class SessionEvent(_Body):
    """What happened in a session at hand."""

    item_id: Id
    """The item."""
    event: Kind = "view"
    """What happened."""
    timestamp: Annotated[int, Field(ge=0, lt=1 << 53)] = 0
    """Milliseconds UTC; 0 where unknown."""


class Session(_Body):
    """A session at hand: its items, or its events, oldest first; of a user where one is known."""

    items: Annotated[list[Id], Field(max_length=MOST_ITEMS)] | None = None
    """Items of the session, oldest first."""
    events: Annotated[list[SessionEvent], Field(max_length=MOST_ITEMS)] | None = None
    """What happened in the session, oldest first; in place of `items`."""
    session_id: Id | None = Field(None, description="Events that were posted for this session come before the others.")
    user_id: Id | None = Field(None, description="What the user did before counts as well.")
    model: Annotated[str, Field(max_length=63)] | None = None
    """A trained model; the configured one by default."""

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if self.items is not None and self.events is not None:
            raise ValueError("give items or events, not both")
        return self


class SessionQuestion(Session):
    """What is asked for a session at hand."""

    k: Count = 20
    filters: Where = NO_FILTER
    """Conditions that each item of the list has to meet."""
    include_seen: bool = False
    """List items of the history as well."""
    diversity: Share = 0.0
    """0: by score alone; towards 1: unlike those before it in the list."""
    per_category: Annotated[int, Field(ge=1, le=1_000)] | None = None
    """Items of one category at most."""
    reasons: bool = True
    """Say of each item why it is in the list."""
    place: PlaceName = "session"


class ExplainedQuestion(Session):
    """An item that is to be explained for a session at hand."""

    item_id: Id
    """The item to explain."""


class EventBody(_Body):
    """Something that a user or a visitor did. Views, carts, buys and borrows are events of the shop; an impression or a
    click says what became of an answer, and so does any event that names one.
    """

    item_id: Id
    """The item."""
    event: Literal["view", "cart", "buy", "borrow", "impression", "click"]
    """What happened."""
    user_id: Id | None = None
    """Who did it, where that is known."""
    session_id: Id | None = None
    """The session in which it happened; needed where no user is known."""
    timestamp: Annotated[int, Field(ge=EARLIEST_MS)] | None = Field(
        None, description="Milliseconds UTC; the time of arrival by default."
    )
    event_id: Id | None = Field(None, description="The client's own id: an event that is sent again counts once.")
    recommendation_id: Id | None = None
    """The answer that showed the item."""
    place: PlaceName | None = Field(None, description="Where it was shown, if elsewhere than the answer was asked for.")


def _address(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise ValueError("the address of a picture begins with https:// or http://")
    return text


Text = Annotated[str, Field(min_length=1, max_length=4_000), AfterValidator(_whole)]


class ItemChange(_Body):
    """What is known anew of an item; a field that is missing stays as it is, null takes its value away."""

    item_id: Id
    """The item; one that is new is created."""
    available: bool | None = None
    """Whether it can be bought."""
    price: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """The price."""
    title: Text | None = None
    """What it is called."""
    brand: Text | None = None
    """The brand."""
    category: Id | None = None
    """The id of its category."""
    image: Annotated[Text, AfterValidator(_address)] | None = Field(None, description="The address of a picture.")
    group_id: Id | None = Field(None, description="One of the items of a group is shown in a list.")
    attributes: Annotated[dict[AttributeName, AttributeValue], Field(max_length=100)] | None = Field(
        None,
        description="Further properties, such as attributes of the ontology; a link names individuals by name or IRI. "
        "An attribute that is null is taken away, those that are not named stay.",
    )


class ListedItem(Answered):
    """An item of a list."""

    item_id: str
    """The item."""
    score: float
    """Larger is better; comparable among items of one `served_by`."""
    rank: int
    """1 for the first."""
    reason: str | None
    """Why it is in the list, in words; null where no reasons are asked for."""
    served_by: str
    """The model, or the fallback, that gave it."""


class ListAnswer(Answered):
    """A list, and who made it."""

    recommendation_id: str
    """The id of this answer; impressions and clicks name it."""
    model: str | None
    """The model that was asked; null where fallbacks alone answer."""
    version: str | None
    """Its version."""
    experiment: str | None
    """The experiment that chose the version, where one did."""
    arm: str | None
    """Of the experiment that chose the version; null for who takes no part in one."""
    served_by: str
    """Who gave the first item; nobody for an empty list."""
    items: list[ListedItem]
    """The list, best first."""


class Explanation(Answered):
    """Why an item goes with a history."""

    recommendation_id: str
    """The id of this answer."""
    model: str | None
    """The model whose score is taken apart."""
    version: str | None
    """Its version."""
    served_by: str
    """Who gives the item its place in a list."""
    item: dict[str, Any]
    """The item in its present state."""
    parts: list[dict[str, Any]]
    """kind, behind, amount, share: what the model's score is made of."""
    paths: list[dict[str, Any]]
    """did, item_id, title, link, weight: items of the history that a relationship of the graph joins with it."""
    alike: list[dict[str, Any]]
    """attribute, value, item_id: what it shares with items of the history."""


class Rejected(Answered):
    """What was not taken, by its position in the request."""

    position: int
    """From 0."""
    reason: str
    """What is wrong with it."""


class Accepted(Answered):
    """What was taken."""

    accepted: int
    """How many were taken."""
    rejected: list[Rejected]
    """The others."""


class Problem(Answered):
    """Why a request was refused."""

    detail: str
    """What was received, what is allowed, and what to do."""
