"""What a person can say about the files of a source: each option once, for Python, `kartograph load` and cron alike.

An option is a field of a class here, with its words in the metadata. `kartograph load` and `python -m
kartograph.loaders.NAME` make their flags from the fields: `null_words` becomes `--null-words`, a tuple can be given
several times.
"""

import argparse
from collections.abc import Callable
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, get_args


def option(default: Any, words: str, default_words: str | None = None) -> Any:
    """A field of an option: its default, its help, and what to show as the default where that is not a value."""
    return field(default=default, metadata={"help": words, "default": default_words})


@dataclass(frozen=True)
class TableOptions:
    """How tables are written, whatever they hold."""

    delimiter: str | None = option(None, "What stands between two values, as ';' or '::'.", "seen in the file")
    columns: str | None = option(
        None, "Names for a file without a header, as user_id,item_id,-,timestamp; - skips a column.", "the first line"
    )
    encoding: str | None = option(None, "How letters are written: latin-1, cp1252, utf-16 …", "UTF-8")
    null: tuple[str, ...] = option(
        (), "A further word for a missing value; an empty one clears all words before it.", "NA, NULL, nan, None …"
    )


@dataclass(frozen=True)
class TimedOptions(TableOptions):
    """How times are written in tables that have them."""

    timezone: str | None = option(None, "The zone of times that name none, as Europe/Berlin or +02:00.", "UTC")
    time_format: str | None = option(
        None, "epoch-s, epoch-ms, epoch-us, epoch-ns, excel, or a pattern as '%d.%m.%Y %H:%M'.", "all usual shapes"
    )
    earliest: str = option("1995-01-01", "The first plausible day; the last one is tomorrow.")


PARTS = (
    "user", "item", "event", "time", "date", "session", "position", "quantity", "rating", "title", "price", "brand",
    "category",
)  # fmt: skip
"""The parts of an interaction that a column can be said for."""


@dataclass(frozen=True)
class InteractionColumns(TimedOptions):
    """Which column is what; a column that is not said is guessed by its name."""

    user: str | None = option(None, "The users' column.", "guessed")
    item: str | None = option(None, "The items' column.", "guessed")
    event: str | None = option(None, "The events' column.", "guessed; else all views")
    time: str | None = option(None, "The times' column; beside --date that of the clock.", "guessed")
    date: str | None = option(None, "The days' column, where the time of day has one of its own.", "guessed")
    session: str | None = option(None, "The sessions' column.", "guessed")
    position: str | None = option(None, "The order within a session, where there are no times.", "guessed")
    quantity: str | None = option(None, "How many; below zero a purchase is a return.", "guessed")
    rating: str | None = option(None, "The ratings' column, for --rating-at-least.", "guessed")
    title: str | None = option(None, "The items' titles.", "guessed")
    price: str | None = option(None, "The items' prices.", "guessed")
    brand: str | None = option(None, "The items' brands.", "guessed")
    category: str | None = option(None, "The items' categories.", "guessed")
    preset: str | None = option(
        None,
        "A known layout: ga4, shopify, woocommerce, invoices, otto, taobao, movielens, recbole, gorse or diginetica.",
        "none",
    )  # fmt: skip
    event_map: tuple[str, ...] = option(
        (), "What a word for an event means, as fav=view; kinds: view, cart, buy, borrow, return, uncart, ignore.",
        "usual words",
    )  # fmt: skip
    default_event: str | None = option(None, "The kind of events that name none.", "view")
    rating_at_least: float | None = option(None, "Lower ratings are left out.", "all count")
    no_items: str | None = option(None, "A pattern of item ids that are none, such as postage: 'POST|FEE.*'.", "none")
    items: str | None = option(None, "A table of items: titles, prices, brands, categories, availability.", "none")
    repair_ids: bool = option(False, "Mend ids where it is certain: 17850.0 becomes 17850, blanks around ids go.")
    name: str = option("interactions", "The source's name; two sources with events of the same users need two names.")


def declared(options: type) -> list[Field[Any]]:
    """The fields of a class of options that a person can say, those of its own first."""
    said = [one for one in fields(options) if "help" in one.metadata]
    return sorted(said, key=lambda one: one.name not in vars(options)["__annotations__"])


def kind_of(one: Field[Any]) -> type:
    """What the values of an option are: of one that can be given several times, each of them."""
    if isinstance(one.default, tuple):
        return str
    kinds = get_args(one.type)
    said = next((kind for kind in (Path, float) if kind in kinds), str)
    return said if one.default is None else type(one.default)


def arguments(options: type) -> Callable[[argparse.ArgumentParser], None]:
    """What adds the flags of a class of options to a parser."""

    def add(parser: argparse.ArgumentParser) -> None:
        for one in declared(options):
            shown = one.metadata["default"] or one.default
            words: dict[str, Any] = {"help": f"{one.metadata['help']} (default: {shown})".replace("%", "%%")}
            if isinstance(one.default, bool):
                words["action"] = "store_true"
            elif isinstance(one.default, tuple):
                words |= {"action": "append", "default": []}
            else:
                words |= {"type": kind_of(one), "default": one.default}
            parser.add_argument(f"--{one.name.replace('_', '-')}", **words)

    return add
