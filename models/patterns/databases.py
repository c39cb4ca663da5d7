"""Sequence databases of users: what each did in order, by event and by day, week or month.

A sequence is a user's list of elements, an element the set of items of one period: the historical sequential databases
(SHOD) of the paper. Without a period every event is an element of its own.

Source: Bhatta, Ezeife, Butt, "Mining Sequential Patterns of Historical Purchases for E-commerce Recommendation" (2019).
"""

from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from jaxtyping import Int
from numpy import ndarray

from kartograph.models.data import TrainingData
from kartograph.models.groups import offsets_of
from kartograph.tables.errors import BadInput
from kartograph.tables.events import EVENTS

Period = Literal["event", "day", "week", "month"]
PERIODS: tuple[Period, ...] = ("event", "day", "week", "month")
CLICKS = ("view", "cart")
PURCHASES = ("buy", "borrow")
_SECONDS_BELOW = 10**11
"""Times below this are seconds: as milliseconds they would lie before March 1973."""


@dataclass(frozen=True)
class SequenceDatabase:
    """Sequences of elements: sequence s has the entries `offsets[s] : offsets[s + 1]`, by element, then by item."""

    offsets: Int[ndarray, " sequences_plus_one"]
    items: Int[ndarray, " entries"]
    """The items of an element stand once each, in rising order."""
    elements: Int[ndarray, " entries"]
    """When the entry's element was: a number of the period, rising within a sequence; gaps and spans count in it."""

    def __len__(self) -> int:
        """How many sequences there are, those without entries as well."""
        return len(self.offsets) - 1

    @classmethod
    def of(cls, owners: ndarray, items: ndarray, elements: ndarray, count: int) -> Self:
        """The database of entries in any order; an item stands in an element once."""
        order = np.lexsort((items, elements, owners))
        owners, items, elements = owners[order], items[order], elements[order]
        first = np.ones(len(order), dtype=bool)
        first[1:] = (np.diff(owners) != 0) | (np.diff(elements) != 0) | (np.diff(items) != 0)
        offsets = offsets_of(owners[first], count)
        return cls(offsets, items[first].astype(np.int64), elements[first].astype(np.int64))


def sequences(data: TrainingData, events: tuple[str, ...], period: Period = "event") -> SequenceDatabase:
    """A sequence for each owner, of the events of these kinds (`CLICKS`, `PURCHASES`). Raises as `element_numbers`."""
    chosen = np.isin(data.histories.events, [EVENTS.index(event) for event in events])
    numbers = element_numbers(data, period)
    return SequenceDatabase.of(
        data.histories.owners[chosen], data.histories.items[chosen], numbers[chosen], len(data.histories)
    )


def element_numbers(data: TrainingData, period: Period) -> Int[ndarray, " events"]:
    """The element of each event: its place in the history, or its day, week (from Monday) or month in UTC.

    Times are milliseconds; numbers that would lie before March 1973 are taken as seconds. Raises `BadInput` for an
    unknown period, and for a period of days or longer where the data has no times.
    """
    if period not in PERIODS:
        raise BadInput(f"the period is {period!r}: allowed are {', '.join(PERIODS)}")
    if period == "event":
        return np.arange(len(data.histories.items)) - data.histories.offsets[data.histories.owners]
    if data.times is None:
        raise BadInput(f"sequences by {period} need times, and this data has none: take the period event")
    times = milliseconds(data.times)
    days = times // 86_400_000
    if period == "day":
        return days
    if period == "week":
        return (days + 3) // 7  # day 0, 1 January 1970, was a Thursday
    return times.astype("datetime64[ms]").astype("datetime64[M]").astype(np.int64)


def milliseconds(times: Int[ndarray, " events"]) -> Int[ndarray, " events"]:
    """Times in milliseconds; numbers that would then lie before March 1973 are taken as seconds."""
    return times * (1000 if times.max(initial=0) < _SECONDS_BELOW else 1)
