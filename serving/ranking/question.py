"""What is asked of the lists."""

from dataclasses import dataclass, field
from typing import NamedTuple

from kartograph.models.where.conditions import Where
from kartograph.tables.events import EVENTS

BUY = EVENTS.index("buy")


class Past(NamedTuple):
    """One event of a history."""

    row: int
    """The item's row in the catalogue."""
    kind: int
    """Position in `tables.events.EVENTS`."""
    at: int
    """Milliseconds UTC, 0 where unknown."""


@dataclass(frozen=True)
class Question:
    """A history and what the list has to be like."""

    k: int
    where: Where
    history: list[Past] = field(default_factory=list)
    """Oldest first; items that the catalogue does not know are left out."""
    user: str | None = None
    include_seen: bool = False
    one_per_group: bool = True
    diversity: float = 0.0
    """λ of `ranking.diversity`."""
    per_category: int | None = None
    """Items of one category at most."""
    category: int | None = None
    """A category that the fallback of categories takes in place of that of the last item."""
