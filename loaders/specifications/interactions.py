"""Any table of interactions, a row for what a user did with an item."""

import re
from dataclasses import dataclass, make_dataclass, replace

from kartograph.loaders.registry import Loader
from kartograph.loaders.shared.declared import option
from kartograph.loaders.shared.event_words import KINDS, said_words
from kartograph.loaders.shared.options import ReadOptions, names
from kartograph.tables.errors import BadInput
from kartograph.tables.formats.delimited.dialect import Dialect

PARTS = (
    "user", "item", "event", "time", "date", "session", "position", "quantity", "rating", "title", "price", "brand",
    "category",
)  # fmt: skip
"""The parts of an interaction that a column can be said for."""
ITEMS_WORDS = "A table of items: titles, prices, brands, categories, availability."
"""What `--items` is, wherever a command takes it."""


@dataclass(frozen=True)
class InteractionOptions(ReadOptions):
    """Which column is what, and what values mean; a column that is not said is guessed by its name."""

    user: str | None = option(None, "The users' column.", "guessed")
    item: str | None = option(None, "The items' column.", "guessed")
    event: str | None = option(None, "The events' column.", "guessed; else all views")
    time: str | None = option(None, "The times' column; beside --date that of the clock.", "guessed")
    date: str | None = option(None, "The days' column, where the time of day has one of its own.", "guessed")
    session: str | None = option(None, "The sessions' column.", "guessed")
    position: str | None = option(None, "The column of the order in a session, where there are no times.", "guessed")
    quantity: str | None = option(None, "The quantities' column; a purchase of a negative one is a return.", "guessed")
    rating: str | None = option(None, "The ratings' column, for --rating-at-least.", "guessed")
    title: str | None = option(None, "The titles' column, in the events or in the table of items.", "guessed")
    price: str | None = option(None, "The prices' column, in the events or in the table of items.", "guessed")
    brand: str | None = option(None, "The brands' column, in the events or in the table of items.", "guessed")
    category: str | None = option(None, "The categories' column, in the events or in the table of items.", "guessed")
    preset: str | None = option(
        None,
        "A known layout: ga4, shopify, woocommerce, orders, invoices, otto, taobao, movielens, recbole, gorse or "
        "diginetica.",
        "none",
    )  # fmt: skip
    event_map: tuple[str, ...] = option(
        (), "What a word for an event means, as fav=view; kinds: view, cart, buy, borrow, return, uncart, ignore.",
        "usual words",
    )  # fmt: skip
    default_event: str | None = option(None, "The kind of events that name none.", "view")
    rating_at_least: float | None = option(None, "Leave out lower ratings.", "all count")
    no_items: str | None = option(None, "A pattern of ids that are not items, such as postage: 'POST|FEE.*'.", "none")
    items: str | None = option(None, ITEMS_WORDS, "none")
    decimal_comma: bool = option(False, "Prices have decimal commas alone: 1.234 is a thousand, 1,234 is not.")
    repair_ids: bool = option(
        False, "Repair ids where it is certain: 17850.0 becomes 17850, blanks around ids are removed."
    )
    name: str = option("interactions", "The source's name; two sources with events of the same users need two names.")
    headerless: str | None = None
    """Names of the columns that hold where the first line looks like a row: a preset's."""

    no_users: str | None = None
    """An id of users that stands for nobody, as shops give it to guests: a preset's."""
    told_once: bool = False
    """What became of an order stands in its first row alone, and holds for the others: a preset's."""

    def __post_init__(self) -> None:
        """Refuse kinds that do not exist, words without a meaning and patterns that are none."""
        if self.default_event is not None and self.default_event not in KINDS:
            raise BadInput(f"{self.default_event!r} is no kind of event. Allowed are {', '.join(KINDS)}.")
        said_words(self.event_map)
        try:
            re.compile(self.no_items or "")
        except re.error as error:
            raise BadInput(f"{self.no_items!r} is no pattern for --no-items: {error}.") from None

    @property
    def dialect(self) -> Dialect:
        """What was said of how text tables are written, and the names that a preset knows."""
        return replace(super().dialect, headerless=names(self.headerless))


def options_of_layout(name: str) -> type[InteractionOptions]:
    """The options of a table whose layout a loader declares: the source has the loader's name."""
    words = InteractionOptions.__dataclass_fields__["name"].metadata["help"]
    return make_dataclass(
        "LayoutOptions", [("name", str, option(name, words))], bases=(InteractionOptions,), frozen=True
    )


LOADER = Loader(
    "interactions",
    "Load any table of interactions, a row for what a user did with an item.",
    path="CSV, JSON, XML, Parquet, a workbook, packed or not: a file, a folder or a pattern.",
    example="clicks.csv --user visitor --item sku --time when --live",
    options=InteractionOptions,
    read="kartograph.loaders.interactions:read",
    recognize="kartograph.loaders.shared.recognizing.recognize:interactions",
)
