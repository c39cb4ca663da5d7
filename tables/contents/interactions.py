"""Interactions of a file: who did what with which item, and when.

For the two parts of an evaluation, which have to be right as they are; a shop's own data comes through its loader.
"""

from pathlib import Path

import pandas as pd

from kartograph.tables.errors import BadInput
from kartograph.tables.events import EVENTS
from kartograph.tables.formats.columns import read_columns, whole_numbers


def read_interactions(path: str | Path) -> pd.DataFrame:
    """The rows of a training part: `user_id`, `item_id`, `event` (one of `EVENTS`), `timestamp` (int64).

    The unit of the timestamp does not matter, only its order does. Raises `BadInput` on a file without rows, an empty
    value, an unknown event, or a timestamp that is no whole number.
    """
    rows = read_columns(path, ("user_id", "item_id", "event", "timestamp"))
    _refuse_no_rows(rows, path)
    unknown = ~rows["event"].isin(EVENTS)
    if unknown.any():
        row = int(unknown.to_numpy().argmax())
        raise BadInput(
            f"{path}, data row {row + 1}: event is {rows['event'].iloc[row]!r}. Allowed are {', '.join(EVENTS)}."
        )
    rows["timestamp"] = whole_numbers(rows, "timestamp", path)
    return rows


def read_user_items(path: str | Path) -> pd.DataFrame:
    """The rows of a test part: `user_id`, `item_id`, as in the file. Raises `BadInput` where it has none."""
    rows = read_columns(path, ("user_id", "item_id"))
    _refuse_no_rows(rows, path)
    return rows


def _refuse_no_rows(rows: pd.DataFrame, path: str | Path) -> None:
    if rows.empty:
        raise BadInput(f"{path} has no rows. It needs at least one interaction.")
