"""How the columns of a table of interactions are read, and what makes a row of it bad."""

from collections.abc import Mapping

from kartograph.loaders.shared.event_words import IGNORE, PAGES, USUAL, said_words
from kartograph.loaders.shared.item_columns import property_fields
from kartograph.loaders.shared.recognizing.stand_ins import FirstGiven, given_fields
from kartograph.loaders.specifications.interactions import InteractionOptions
from kartograph.tables.engine import Expression, Rows
from kartograph.tables.formats import fields
from kartograph.tables.formats.dates.apart import Apart
from kartograph.tables.formats.fields import Field
from kartograph.tables.formats.plan import Condition, RowFault

HAS_CLOCK = "has_clock"
"""A column that says which rows have a clock beside their day."""


def interaction_fields(
    columns: Mapping[str, str],
    options: InteractionOptions,
    moment: str | Apart | None,
    instead: Mapping[str, FirstGiven],
) -> dict[str, Field]:
    """How each column is read, and those that stand in for an empty one."""
    both = "user" in columns and "session" in columns
    by_column: dict[str, Field] = {"item_id": fields.identifier(instead.get("item", columns["item"]))}
    if "user" in columns:
        by_column["user_id"] = fields.identifier(instead.get("user", columns["user"]), required=not both)
    if "session" in columns:
        by_column["session_id"] = fields.identifier(columns["session"], required=not both)
    if "event" in columns:
        words = said_words(options.event_map)
        by_column["event"] = fields.usual_event(columns["event"], USUAL, words, options.default_event)
    if moment is not None:
        by_column["timestamp"] = fields.time(moment, rule=options.times)
    if isinstance(moment, Apart) and moment.clock:
        by_column[HAS_CLOCK] = fields.present(moment.clock[0])
    if "position" in columns:
        by_column["position"] = fields.order(columns["position"])
    for part in ("quantity", "rating"):
        if part in columns:
            by_column[part] = fields.number(columns[part])
    return by_column | given_fields(instead) | property_fields(columns, options.decimal_comma)


def row_faults(columns: Mapping[str, str], instead: Mapping[str, FirstGiven]) -> list[RowFault]:
    """A row may lack its user or its session, not both."""
    user, session = columns.get("user"), columns.get("session")
    if user is None or session is None:
        return []
    who = instead.get("user", FirstGiven((user,)))
    words = "".join(f"no {column} and " for column in who.columns)
    return [RowFault(lambda rows: who.text(rows).isnull() & rows[session].isnull(), user, f"{words}no {session}")]


def no_acts(columns: Mapping[str, str]) -> Condition | None:
    """Rows that are no act on an item by their word, or that are a view of a page without one: they may lack all else.

    Trackers write them between the others, as the begin of a session.
    """
    if "event" not in columns:
        return None

    def condition(rows: Rows) -> Expression:
        page = rows["_whole_event"].lower().re_replace("[^a-z0-9]", "").isin(PAGES)
        return (rows["_read_event"] == IGNORE) | (page & rows["_whole_item_id"].isnull())

    return condition
