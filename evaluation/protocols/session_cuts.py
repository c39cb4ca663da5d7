"""How are sessions divided by time: five sliding windows of 25 + 2 days, or the last week, next click asked for?

    for split in SessionWindows().splits(tables.events):
        split.train, split.test                        # clicks of sessions

In each split the test sessions are those that begin in the last days, the training part all clicks before these days;
what a session that runs over the cut does after it belongs to neither. Items of fewer than `item_events` training
clicks and sessions that are left with fewer than `session_clicks` go, over and over until all have enough; clicks on
items that the training part does not know leave the test sessions. Usual preparations count an item's clicks over the
whole data, which tells the training part which items will live on; here only the training clicks count.

Sources: Ludewig and Jannach, "Evaluation of Session-based Recommendation Algorithms" (2018), section 4.1, the windows;
Hidasi and Karatzoglou, "Recurrent Neural Networks with Top-k Gains" (2018), section 6, next item only.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from kartograph.evaluation.leaks import refuse_future, refuse_overlap
from kartograph.models.base import ITEM
from kartograph.tables.errors import BadInput

DAY_MS = 86_400_000
SESSION = "session_id"


@dataclass(frozen=True)
class SessionSplit:
    """The clicks to learn from and those to ask for, one row each: `session_id, item_id, event, timestamp` and more."""

    number: int
    train: pd.DataFrame
    test: pd.DataFrame
    cut: int
    """Milliseconds; every training click is earlier, every test session begins here or later."""

    def __post_init__(self) -> None:
        """Pass the alarms."""
        refuse_future(self.train, self.cut)
        refuse_overlap(self.train, self.test, [SESSION])


@dataclass(frozen=True)
class ClickOptions:
    """Which clicks count."""

    event: str | None = "view"
    """The kind of event that is learnt and asked for; None takes all kinds."""
    item_events: int = 5
    """Training clicks that an item needs."""
    session_clicks: int = 2
    """Clicks that a session needs, in training and in test."""


@dataclass(frozen=True)
class SessionWindows:
    """Windows of training and test days that follow each other, the last one at the end of the data."""

    windows: int = 5
    train_days: float = 25
    test_days: float = 2
    clicks: ClickOptions = ClickOptions()

    def splits(self, events: pd.DataFrame) -> Iterator[SessionSplit]:
        """The windows, earliest first.

        Raises `BadInput` where the data is shorter than the windows together, or a window has nothing to ask.
        """
        window = int((self.train_days + self.test_days) * DAY_MS)
        end = int(events["timestamp"].max()) + 1
        first = end - self.windows * window
        days = (end - int(events["timestamp"].min())) / DAY_MS
        if self.windows < 1 or days * DAY_MS < self.windows * window:
            raise BadInput(
                f"{self.windows} windows of {self.train_days} + {self.test_days} days do not fit into the "
                f"{days:.1f} days of the data. Ask for fewer or shorter ones."
            )
        for number in range(self.windows):
            start = first + number * window
            cut = start + int(self.train_days * DAY_MS)
            yield cut_sessions(events, start, cut, start + window, self.clicks, number)


@dataclass(frozen=True)
class LastDays:
    """All but the last days to learn from, these to ask for."""

    test_days: float = 7
    clicks: ClickOptions = ClickOptions()

    def splits(self, events: pd.DataFrame) -> Iterator[SessionSplit]:
        """The one split. Raises `BadInput` where nothing is left to learn or to ask."""
        end = int(events["timestamp"].max()) + 1
        start = int(events["timestamp"].min())
        yield cut_sessions(events, start, end - int(self.test_days * DAY_MS), end, self.clicks)


def cut_sessions(
    events: pd.DataFrame, start: int, cut: int, end: int, options: ClickOptions, number: int = 0
) -> SessionSplit:
    """Training clicks from `start` up to `cut`, test sessions that begin from `cut` on, up to `end`; milliseconds."""
    if options.event is not None:
        events = events[events["event"] == options.event]
    inside = events[(events["timestamp"] >= start) & (events["timestamp"] < end)]
    train = _enough(inside[inside["timestamp"] < cut], options)
    began = events.groupby(SESSION, sort=False)["timestamp"].transform("min").loc[inside.index]
    test = inside[(began >= cut) & inside[ITEM].isin(train[ITEM].unique())]
    test = test[test.groupby(SESSION)[ITEM].transform("size") >= options.session_clicks]
    if train.empty or test.empty:
        kinds = "events" if options.event is None else f"{options.event} events"
        raise BadInput(
            f"Part {number + 1} of the data has {len(train)} clicks to learn from and {len(test)} to ask for, after "
            f"items of fewer than {options.item_events} {kinds} and sessions of fewer than {options.session_clicks} "
            "are left out. Give more data, other days, or lower bounds."
        )
    return SessionSplit(number, train.reset_index(drop=True), test.reset_index(drop=True), cut)


def _enough(clicks: pd.DataFrame, options: ClickOptions) -> pd.DataFrame:
    """Leave out rare items and short sessions until there are none."""
    while True:
        of_item = clicks.groupby(ITEM)[ITEM].transform("size")
        kept = clicks[of_item >= options.item_events]
        of_session = kept.groupby(SESSION)[SESSION].transform("size")
        kept = kept[of_session >= options.session_clicks]
        if len(kept) == len(clicks):
            return kept
        clicks = kept
