"""What was shown, clicked and bought in a shop, as tables of the report: by version, place, category and day."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kartograph import queries
from kartograph.evaluation.report import numbers
from kartograph.graph.connection import Graph

EVER = {"since": "0000-01-01", "until": "9999-12-31"}
CATEGORIES = 30
"""Rows of the table by category, the most shown first."""
DAYS = 30
"""Rows of the table by day, the latest ones."""
_COLUMNS: dict[str, tuple[str, Callable[[Any], str]]] = {
    "place": ("Place", str),
    "category": ("Category", lambda one: numbers.MISSING if one is None else str(one)),
    "code": ("Code", lambda one: str(one) if isinstance(one, str) else ""),
    "day": ("Day (UTC)", str),
    "model": ("Model", str),
    "version": ("Version", str),
    "shown": ("Shown", numbers.count),
    "clicked": ("Clicked", numbers.count),
    "bought": ("Bought", numbers.count),
    "click_through": ("Click-through, %", numbers.percent),
    "conversion": ("Conversion, %", numbers.percent),
}
"""The columns of the queries: the heading and how a value is written."""


@dataclass(frozen=True)
class ShownTable:
    """A table of the section."""

    title: str
    headings: list[str]
    rows: list[list[str]]


def exposure_tables(graph: Graph) -> list[ShownTable]:
    """The tables of a graph; none where nothing was counted."""
    asked = {
        "By version": ("exposures/by_version", {}),
        "By place": ("exposures/by_place", {}),
        f"By category, the {CATEGORIES} most shown": ("exposures/by_category", {"k": CATEGORIES}),
        f"By day, the latest {DAYS}": ("exposures/by_day", {}),
    }
    tables = []
    for title, (name, values) in asked.items():
        frame = graph.query(queries.load(name), **EVER, **values)
        frame = frame.astype(object).where(frame.notna(), None)
        if name == "exposures/by_day":
            frame = frame.tail(DAYS).iloc[::-1]
        headings = [_COLUMNS[column][0] for column in frame.columns]
        written = [[_COLUMNS[column][1](value) for value in frame[column]] for column in frame.columns]
        tables.append(ShownTable(title, headings, [list(row) for row in zip(*written, strict=True)]))
    return tables if any(table.rows for table in tables) else []
