"""Promotions: items, categories or brands that a shop lifts, lowers, pins or buries in its lists, between two dates.

They are nodes of the graph, `(:Promotion {id, action, items, categories, brands, since, until, factor, position})`, to
be edited in Neo4j Browser; the keeper looks for changes with every poll and writes them into a file, which workers read
within a second.
"""

import json
import time
from collections.abc import Iterable
from datetime import UTC
from pathlib import Path
from typing import Annotated, Any, Literal

from neo4j.time import Date, DateTime
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.tables.errors import refusal_of
from kartograph.tables.times import EARLIEST_MS
from kartograph.tables.whole import PRIVATE, write_whole

Names = Annotated[tuple[str, ...], Field(max_length=1_000)]


def _of_graph(value: Any) -> Any:
    """Milliseconds of a date or a time that was typed in Neo4j Browser; UTC where it names no zone."""
    if isinstance(value, Date):
        value = DateTime(value.year, value.month, value.day)
    if not isinstance(value, DateTime):
        return value
    native = value.to_native()
    return round((native if native.tzinfo else native.replace(tzinfo=UTC)).timestamp() * 1_000)


def _plausible(at: int) -> int:
    if at < EARLIEST_MS:
        raise ValueError(f"received {at}, allowed are milliseconds, not seconds, since 1970 (UTC), from 1995 on")
    return at


Moment = Annotated[int, BeforeValidator(_of_graph), AfterValidator(_plausible)]


class Promotion(BaseModel):
    """What is promoted, how and when; one of items, categories and brands names it."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)

    action: Literal["promote", "demote", "pin", "bury"]
    """promote: up by the factor; demote: down by it; pin: at the position; bury: behind everything else."""
    items: Names | None = None
    """Ids of items."""
    categories: Names | None = None
    """Ids of categories; those below them are meant too."""
    brands: Names | None = None
    """Names of brands."""
    since: Moment | None = None
    """Milliseconds UTC from which on it acts; in the graph it may be a date or a time as well."""
    until: Moment | None = None
    """Milliseconds UTC at which it ends; in the graph it may be a date or a time as well."""
    factor: float = Field(2.0, ge=1, le=1_000)
    """An item at rank r is placed as at r / factor, or at r · factor."""
    position: int = Field(1, ge=1, le=1_000)
    """Where the first pinned item stands; others follow it."""

    @model_validator(mode="after")
    def _one_target(self) -> "Promotion":
        named = [name for name in ("items", "categories", "brands") if getattr(self, name)]
        if len(named) != 1:
            raise ValueError("received none, or several, of items, categories and brands; allowed is one of them")
        if self.action == "pin" and not self.items:
            raise ValueError("pin takes items, not categories or brands")
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise ValueError(f"received until {self.until}, allowed is a time after since, {self.since}")
        return self

    def acts(self, now: int) -> bool:
        """Whether it acts at a moment."""
        return (self.since is None or self.since <= now) and (self.until is None or now < self.until)


def of_graph(graph: Graph) -> tuple[dict[str, Promotion], dict[str, str]]:
    """The promotions of a graph by id, and the faults of those that are not valid."""
    promotions, wrong = {}, {}
    for row in graph.query(queries.load("serving/promotions")).to_dict("records"):
        known = {name: value for name, value in row["properties"].items() if name != "id"}
        try:
            promotions[str(row["id"])] = Promotion.model_validate(known)
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
            field = "".join(f"{part}: " for part in fault["loc"][:1])
            wrong[str(row["id"])] = f"{field}{refusal_of(fault)}"
    return promotions, wrong


def write_promotions(path: Path, promotions: dict[str, Promotion]) -> None:
    """Write the file of the workers where it says something else."""
    text = json.dumps({id: one.model_dump(exclude_none=True) for id, one in sorted(promotions.items())}, indent=1)
    if not path.exists() or path.read_text("utf-8") != text:
        write_whole(path, text, PRIVATE)


def read_promotions(path: Path) -> list[Promotion]:
    """The promotions in the file of the workers, by id."""
    try:
        return [Promotion.model_validate(one) for one in json.loads(path.read_text("utf-8")).values()]
    except FileNotFoundError:
        return []


def acting(promotions: Iterable[Promotion]) -> list[Promotion]:
    """Those that act now."""
    now = time.time_ns() // 1_000_000
    return [promotion for promotion in promotions if promotion.acts(now)]
