"""Training data from a graph: the events of its snapshot by users and by sessions, its items and their categories.

model.fit(training_data(graph))
"""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy import ndarray

from kartograph.graph.connection import Graph
from kartograph.graph.snapshot.events import NO_TIME, Events
from kartograph.graph.snapshot.snapshot import Snapshot
from kartograph.models.columns import ITEM
from kartograph.models.data import Histories, Ids, Owners, TrainingData
from kartograph.models.item_categories import CATEGORY, PARENT, ItemCategories
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent


def training_data(graph: Graph, progress: Progress = silent) -> TrainingData:
    """Every event of the shop by users and by sessions, and every item with its facts and its present categories.

    Where the shop has no categories of its own, those that were derived in the graph serve; where it has neither,
    `categories` is None. Raises `BadInput` where the graph holds no event.
    """
    snapshot = graph.snapshot(parts=("events", "items", "categories"), progress=progress)
    events = snapshot.events
    if not len(events):
        raise BadInput("this graph holds no events: load a shop first (`kartograph load --help`)")
    items, facts = Ids(snapshot.item_ids.index), snapshot.items.frame()
    by_users = _grouped(events, events.user, snapshot.users.index, "users", items, facts)
    by_sessions = _grouped(events, events.session, events.sessions.index, "sessions", items, facts)
    if by_users is None or by_sessions is None:
        [data] = [one for one in (by_users, by_sessions) if one is not None]
        return _with_categories(data, snapshot)
    return _with_categories(by_users.beside(by_sessions), snapshot)


def _grouped(
    events: Events, rows: ndarray, names: pd.Index, kind: Owners, items: Ids, facts: pd.DataFrame
) -> TrainingData | None:
    """The events by one kind of owner, numbered by their first event; None where no event has such an owner."""
    owned = np.flatnonzero(rows >= 0)
    if not len(owned):
        return None
    codes, owners = pd.factorize(rows[owned])
    order = owned[np.argsort(codes, kind="stable")]
    times = events.time[order]
    return TrainingData(
        items,
        Ids(names[owners]),
        Histories.of(np.sort(codes), events.item[order].astype(np.int64), len(owners), events.event[order]),
        None if (times == NO_TIME).all() else np.where(times == NO_TIME, 0, times),
        kind=kind,
        facts=facts,
    )


def _with_categories(data: TrainingData, snapshot: Snapshot) -> TrainingData:
    categories = categories_of(snapshot)
    if categories is None:
        return data
    known = replace(data, categories=categories)
    return known if data.other is None else known.beside(replace(data.other, categories=categories))


def categories_of(snapshot: Snapshot) -> ItemCategories | None:
    """The present categories of the items of a snapshot: the shop's own, else derived ones; None where it has none."""
    known = snapshot.categories
    if not len(known.item):
        return None
    own = ~known.derived[known.category]
    chosen = own if own.any() else np.ones(len(own), dtype=bool)
    items, names = snapshot.item_ids.index, known.ids.index
    placed = pd.DataFrame({ITEM: items[known.item[chosen]], CATEGORY: names[known.category[chosen]]})
    tree = pd.DataFrame({CATEGORY: names[known.child], PARENT: names[known.parent]})
    return ItemCategories.of(Ids(items), placed, tree)
