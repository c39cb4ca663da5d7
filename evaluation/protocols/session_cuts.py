"""Sessions divided by time: five sliding windows of 25 + 2 days, or the last week, next click asked for.

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

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pandas as pd

from kartograph.evaluation.cases import Cases, sequence_cases
from kartograph.evaluation.leaks import refuse_future, refuse_overlap
from kartograph.evaluation.metrics.beyond import ItemFacts
from kartograph.evaluation.protocols.base import RankingProtocol
from kartograph.evaluation.shop_tables import ShopTables
from kartograph.evaluation.tasks import Task, View
from kartograph.models.columns import ITEM, USER
from kartograph.models.data import Histories, Ids
from kartograph.models.groups import groups_of
from kartograph.tables.errors import BadInput
from kartograph.tables.events import EVENTS

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
    histories: pd.DataFrame | None = None
    """For models of users: events of all kinds on the items of `train`, before the cut and of the sessions that begin
    after it. None where these are the clicks themselves."""

    def __post_init__(self) -> None:
        """Pass the alarms."""
        refuse_future(self.train, self.cut)
        refuse_overlap(self.train, self.test, [SESSION])


@dataclass(frozen=True)
class ClickOptions:
    """Which clicks count."""

    event: str | None = "view"
    """The kind of event that is learned and asked for; None takes all kinds."""
    item_events: int = 5
    """Training clicks that an item needs."""
    session_clicks: int = 2
    """Clicks that a session needs, in training and in test."""


class _NextClicks(RankingProtocol):
    """Every prefix of a test session is a case, its next click the answer."""

    @abstractmethod
    def splits(self, events: pd.DataFrame) -> Iterator[SessionSplit]:
        """The parts of the events."""

    def tasks(self, source: ShopTables) -> Iterator[Task]:
        """A task for each part."""
        return (session_task(source, split) for split in self.splits(source.events))


@dataclass(frozen=True)
class SessionWindows(_NextClicks):
    """Windows of training and test days that follow each other, the last one at the end of the data."""

    name: ClassVar[str] = "windows"
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
class LastDays(_NextClicks):
    """All but the last days to learn from, these to ask for."""

    name: ClassVar[str] = "last-week"
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
    whole = events
    if options.event is not None:
        events = events[events["event"] == options.event]
    inside = events[(events["timestamp"] >= start) & (events["timestamp"] < end)]
    train = _enough(inside[inside["timestamp"] < cut], options)
    began = whole.groupby(SESSION, sort=False)["timestamp"].min()
    test = inside[(inside[SESSION].map(began) >= cut) & inside[ITEM].isin(train[ITEM].unique())]
    test = test[test.groupby(SESSION)[ITEM].transform("size") >= options.session_clicks]
    if train.empty or test.empty:
        kinds = "events" if options.event is None else f"{options.event} events"
        raise BadInput(
            f"Part {number + 1} of the data has {len(train)} clicks to learn from and {len(test)} to ask for, after "
            f"items of fewer than {options.item_events} {kinds} and sessions of fewer than {options.session_clicks} "
            "are left out. Give more data, other days, or lower bounds."
        )
    whole = whole[whole[ITEM].isin(train[ITEM].unique()) & whole["timestamp"].between(start, end - 1)]
    late = whole[SESSION].isin(began.index[began >= cut])
    return SessionSplit(
        number,
        train.reset_index(drop=True),
        test.reset_index(drop=True),
        cut,
        whole[(whole["timestamp"] < cut) | late].reset_index(drop=True),
    )


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


def session_task(tables: ShopTables, split: SessionSplit) -> Task:
    """The split as a task; where the source knows users, with the same questions to models of users."""
    data = tables.training(split.train, SESSION, split.cut)
    clicks = by_session(split.test)
    cases = sequence_cases(clicks, data.items, all_prefixes=True)
    of_users = _asked_of_users(tables, split, clicks, cases, data.items)
    if of_users is not None:
        cases = replace(cases, past=of_users.cases.past)
    return Task(data, cases, ItemFacts.of(data), other=of_users)


def by_session(clicks: pd.DataFrame) -> pd.DataFrame:
    """Clicks grouped by session, sessions in order of their first click; clicks come in order of time."""
    return clicks.iloc[pd.factorize(clicks[SESSION])[0].argsort(kind="stable")].reset_index(drop=True)


def _asked_of_users(
    tables: ShopTables, split: SessionSplit, clicks: pd.DataFrame, cases: Cases, known: Ids
) -> View | None:
    """The cases with all that the user did before the moment asked for, the session at hand at the end.

    What came before are the user's training events and, of other sessions, earlier events of the test part, whatever
    their kind: a model of users may go by purchases where clicks are asked for. A session whose user nobody knows
    stands for a user. None where the source knows no user at all.
    """
    if USER not in clicks or split.train[USER].isna().all() or cases.asked_at is None:
        return None
    histories = pd.concat([split.train, split.test]) if split.histories is None else split.histories
    events, asked = _named(histories), _named(clicks.iloc[cases.asked_at])
    data = tables.training(events[events["timestamp"] < split.cut], USER, split.cut, items=known)
    users, names = pd.factorize(events[USER])
    asked_users, times = pd.Index(names).get_indexer(pd.Index(asked[USER])), events["timestamp"].to_numpy()
    order = np.lexsort((times, users))
    # User and time as one number, so that one search finds where each case's past ends.
    first = int(times.min())
    span = int(times.max()) - first + 1
    keys = (users * span + (times - first))[order]
    start = np.searchsorted(keys, asked_users * span)
    stop = np.searchsorted(keys, asked_users * span + (asked["timestamp"].to_numpy() - first))
    offsets = np.r_[0, np.cumsum(stop - start)]
    case = groups_of(offsets)
    row = order[np.arange(offsets[-1]) + np.repeat(start - offsets[:-1], stop - start)]
    at_hand = events[SESSION].to_numpy()[row] == asked[SESSION].to_numpy()[case]
    kinds, items = pd.Index(EVENTS).get_indexer(pd.Index(events["event"])), known.rows(events[ITEM])
    earlier = row[~at_hand]
    past = Histories.of(case[~at_hand], items[earlier], len(asked), kinds[earlier])
    row = row[np.lexsort((at_hand, case))]
    queries = Histories.of(np.sort(case), items[row], len(asked), kinds[row])
    owners = data.owners.rows(pd.Index(asked[USER]))
    return View(data, replace(cases, queries=queries, owners=owners, past=past))


def _named(events: pd.DataFrame) -> pd.DataFrame:
    return events.assign(**{USER: events[USER].where(events[USER].notna(), "session " + events[SESSION].astype(str))})
