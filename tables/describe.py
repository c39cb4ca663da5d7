"""Describes a source: the figures that a person wants to see before anything is loaded."""

from typing import Any

from kartograph.tables.derived.taken_back import standing_interactions
from kartograph.tables.engine import Rows, count_rows, store
from kartograph.tables.identity import told_once
from kartograph.tables.schema import Source


def describe(source: Source) -> dict[str, Any]:
    """Figures of the good rows of `source`, plain values that JSON can hold.

    `missing` counts the rows without a value, `duplicates` those that tell an event which another row tells too
    (`distinct_events`). `first` and `last` are milliseconds, null where there are no times.
    """
    rows: Rows = source.interactions
    once = store("told_once", told_once(rows), rows.get_backend())
    standing_interactions(once, source.report)  # for what it notes
    kinds = rows.group_by("event").agg(rows=rows.count()).order_by("event").to_pyarrow().to_pylist()
    figures = rows.agg(
        rows=rows.count(),
        users=rows.user_id.nunique(),
        items=rows.item_id.nunique(),
        sessions=rows.session_id.nunique(),
        first=rows.timestamp.min(),
        last=rows.timestamp.max(),
        **{f"missing_{name}": rows[name].isnull().sum() for name in ("user_id", "timestamp", "session_id")},
    )
    figures_of = figures.to_pyarrow().to_pylist()[0]
    return {
        "rows": figures_of["rows"],
        "users": figures_of["users"],
        "items": figures_of["items"],
        "sessions of its own": figures_of["sessions"],
        "events": {row["event"]: row["rows"] for row in kinds},
        "first": figures_of["first"],
        "last": figures_of["last"],
        "missing": {
            name.removeprefix("missing_"): figures_of[name] or 0 for name in figures_of if name.startswith("missing_")
        },
        "duplicates": figures_of["rows"] - count_rows(once),
        "items with properties": count_rows(source.items),
        "items with a category": source.item_categories.item_id.nunique().to_pyarrow().as_py(),
        "categories in the tree": source.category_tree.category_id.nunique().to_pyarrow().as_py(),
    }


def distinct_events(source: Source) -> int:
    """How many events the rows of `source` tell, rows that tell the same one taken once."""
    return count_rows(told_once(source.interactions))
