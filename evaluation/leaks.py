"""Alarms that every protocol passes through: what a model learns from must hold nothing of what it is asked.

A split cuts tables before anything is counted or learned. These checks stand where a mistake in a cut would show: an
event that is not earlier than the cut, a row that is in both parts, an item that a model knows and its training data
does not, a property of items that counts the whole period.
"""

import pandas as pd

from kartograph.models.array_model import ArrayModel
from kartograph.models.data import Ids
from kartograph.tables.errors import Leak

WHOLE_PERIOD = frozenset(
    {"event_count", "borrow_count", "purchase_count", "circulation_years", "updated", "popularity", "sales", "views"}
)
"""Names of columns that count over the whole period of a source, the test part included; the first five are those of
the Shakespeare and Company Project."""


def refuse_future(train: pd.DataFrame, before: int | None) -> None:
    """Raise `Leak` where an event of the training part is not earlier than the cut; None is no cut."""
    if before is None or train.empty:
        return
    late = train["timestamp"] >= before
    if late.any():
        raise Leak(
            f"{late.sum()} training events lie at or after the cut at {before}, the first at "
            f"{train['timestamp'][late].min()}. Cut the events before anything is made of them."
        )


def refuse_overlap(train: pd.DataFrame, test: pd.DataFrame, columns: list[str]) -> None:
    """Raise `Leak` where the same values of `columns` occur in both parts."""
    both = pd.MultiIndex.from_frame(test[columns]).isin(pd.MultiIndex.from_frame(train[columns]))
    if both.any():
        first = test[columns][both].iloc[0].to_dict()
        raise Leak(f"{both.sum()} rows of the test part are in the training part too, such as {first}.")


def refuse_foreign_items(model: ArrayModel, known: Ids) -> None:
    """Raise `Leak` where a fitted model ranks items that its training data does not have."""
    if model.items is known:
        return
    foreign = model.items.external.difference(known.external)
    if len(foreign):
        raise Leak(
            f"{type(model).__name__} knows {len(foreign)} items that are not in its training data, such as "
            f"{foreign[0]!r}. A vocabulary has to be made of the training part alone."
        )


def refuse_whole_period(columns: list[str]) -> None:
    """Raise `Leak` where a column counts over the whole period, by its name."""
    leaking = [column for column in columns if column.lower().removeprefix("property_") in WHOLE_PERIOD]
    if leaking:
        raise Leak(
            f"Columns {', '.join(leaking)} count over the whole period of the source, so they reveal the test part. "
            "Leave them out, or count them in the training events alone."
        )
