"""How loaders recognise what lies at a path: by the columns of a table, or by the files of a folder."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kartograph.loaders.shared.recognizing.match import Match

if TYPE_CHECKING:
    from kartograph.loaders.shared.recognizing.seen import Seen, SeenTable

Recognizes = Callable[["Seen"], Sequence[Match]]


def has_columns(columns: Iterable[str], only: bool = False) -> Recognizes:
    """Recognise tables that have all of some columns; with `only` no others."""
    needed = {column.lower() for column in columns}

    def recognize(seen: "Seen") -> Sequence[Match]:
        column_sets = [{column.lower() for column in table.columns} for table in seen.tables]
        if not column_sets or not all(one == needed if only else needed <= one for one in column_sets):
            return []
        return [Match(f"the columns {', '.join(column for column in needed if column in column_sets[0])}")]

    return recognize


def has_files(files: Mapping[str, Iterable[str]]) -> Recognizes:
    """Recognise a folder, or an archive of it, with some tables by name, each with some columns."""
    needed = {name: {column.lower() for column in columns} for name, columns in files.items()}

    def recognize(seen: "Seen") -> Sequence[Match]:
        by_name = {table.stem: {column.lower() for column in table.columns} for table in seen.tables}
        if all(columns <= by_name.get(name, set()) for name, columns in needed.items()):
            return [Match(f"the files {', '.join(f'{name}.csv' for name in needed)} with their columns")]
        return []

    return recognize


def interactions(seen: "Seen") -> Sequence[Match]:
    """A preset that knows the layout, else any table with usual names for items and for users or sessions."""
    from kartograph.loaders.presets import presets
    from kartograph.loaders.shared.recognizing.guess import are_orders, guess_columns

    matches = [
        Match(one.why, {"preset": name}) for name, layout in presets().items() for one in layout_matches(layout, seen)
    ]
    tables = [table.columns for table in seen.tables if not table.first_row]
    columns = [guess_columns(names, {}) for names in tables]
    if columns and all("item" in one and ("user" in one or "session" in one) for one in columns):
        named = ", ".join(f"{part} {column!r}" for part, column in columns[0].items())
        orders = all(are_orders(names, one) for names, one in zip(tables, columns, strict=True))
        said = {"preset": "orders"} if orders else {}
        matches.append(Match(f"columns with usual names: {named}", said, general=True))
    return matches


def layout_matches(layout: Mapping[str, Any], seen: "Seen") -> Sequence[Match]:
    """How tables are of a declared layout: all columns of one of its groups, or a first row of its shape.

    Groups are `recognized_by`; without them a column for each part that the layout names.
    """
    shown = [_shown(layout, table) for table in seen.tables]
    return [Match(shown[0])] if shown and all(shown) else []


def _shown(layout: Mapping[str, Any], table: "SeenTable") -> str:
    """What shows that a table is of a layout, in words; empty where nothing does."""
    from kartograph.loaders.specifications.interactions import PARTS

    if table.first_row and "rows" in layout:
        return f"rows such as {table.first_row!r}" if re.fullmatch(layout["rows"], table.first_row.strip()) else ""
    present = {column.lower() for column in table.columns}
    if "recognized_by" in layout:
        group = next((group for group in layout["recognized_by"] if {name.lower() for name in group} <= present), None)
        return f"the columns {', '.join(group)}" if group else ""
    parts = [[name for name in layout[part] if name.lower() in present] for part in PARTS if part in layout]
    return f"the columns {', '.join(found[0] for found in parts)}" if parts and all(parts) else ""
