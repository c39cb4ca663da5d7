"""Counts behind the charts that the PRE-ADDL paper draws of its data."""

from dataclasses import dataclass, field
from typing import Literal

TOP_CUSTOMERS, TOP_PRODUCTS, TOP_CATEGORIES = 20, 10, 10
"""How many the paper draws."""
Kind = Literal["user", "item", "category"]


@dataclass(frozen=True)
class TableFigures:
    """One table of the source, or one label of the graph."""

    name: str
    description: str
    rows: int
    missing: dict[str, int]
    """Column → rows without a value, for every column."""
    samples: tuple[tuple[str, ...], ...] = ()
    """The first rows, as text, "" for no value."""


@dataclass(frozen=True)
class DataFigures:
    """The figures of one shop's data."""

    name: str
    """What was read: "raw", or the shop's name."""
    source: str
    """How it was read, for the reader of the page."""
    tables: tuple[TableFigures, ...]
    events: dict[str, int]
    """Kind of event → events, in the order of `tables.events.EVENTS`; kinds that do not occur are left out."""
    users: int
    """Users with at least one event."""
    purchases_per_user: dict[int, int]
    """Purchases → users who made that many, from 1."""
    top_customers: tuple[tuple[str, int], ...]
    """User id and purchases, most first."""
    purchases_by_hour: tuple[int, ...]
    """24 counts by hour of the day, UTC; empty where the source has no times."""
    top_products: tuple[tuple[str, int], ...]
    """Item id and purchases, most first."""
    top_categories: tuple[tuple[str, int], ...]
    """Category id and events on items that are in it directly, most first."""
    first: int | None = None
    last: int | None = None
    """Times of the first and the last event, milliseconds; none where the source has no times."""
    looked_up: dict[tuple[Kind, str], int] = field(default_factory=dict)
    """The count of a user's or item's purchases, or a category's events, for ids that a paper names; 0 where none."""

    @property
    def buyers(self) -> int:
        """Users who bought something."""
        return sum(self.purchases_per_user.values())

    @property
    def purchases(self) -> int:
        """Purchases of known users."""
        return sum(number * users for number, users in self.purchases_per_user.items())
