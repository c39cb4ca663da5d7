"""Training data from a graph: the events of its snapshot by users and by sessions, its items and their categories.

model.fit(training_data(graph))
training_data(graph, needs=("embedding",), uses=("preferences",)).computed.embeddings
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from jaxtyping import Int
from numpy import ndarray

from kartograph.graph.connection import Graph
from kartograph.graph.snapshot.computed import CoOccurrence
from kartograph.graph.snapshot.events import NO_TIME, Events
from kartograph.graph.snapshot.snapshot import Snapshot, parts_of_steps
from kartograph.models.columns import ITEM
from kartograph.models.computed import Computed, Pairs, PreferredCategories
from kartograph.models.data import NONE, Histories, Ids, Owners, TrainingData
from kartograph.models.item_categories import CATEGORY, PARENT, ItemCategories
from kartograph.tables.errors import BadInput, NothingThere
from kartograph.tables.progress import Progress, silent

PARTS = ("events", "items", "categories")
"""Parts of the snapshot that all training data is made of."""


def snapshot_for(
    graph: Graph, needs: Sequence[str] = (), uses: Sequence[str] = (), progress: Progress = silent
) -> Snapshot:
    """The snapshot with all that a model learns from, by the steps of the enrichment that it needs and uses.

    Raises `NothingThere`, which names the step, where the graph lacks what is needed.
    """
    parts = (*PARTS, *parts_of_steps(needs))
    return graph.snapshot(parts=parts, progress=progress, optional=parts_of_steps(uses))


def training_data(
    graph: Graph, progress: Progress = silent, needs: Sequence[str] = (), uses: Sequence[str] = ()
) -> TrainingData:
    """Every event of the shop by users and by sessions, and every item with its facts and its present categories.

    Where the shop has no categories of its own, those that were derived in the graph serve; where it has neither,
    `categories` is None. `computed` holds what the steps `needs` and `uses` wrote. Raises `BadInput` where the graph
    holds no event, and as `snapshot_for` does.
    """
    try:
        snapshot = snapshot_for(graph, needs, uses, progress)
    except NothingThere:
        _refuse_empty(graph.snapshot(parts=PARTS, progress=progress).events)  # nothing could be computed of it
        raise
    events = snapshot.events
    _refuse_empty(events)
    items, facts = Ids(snapshot.item_ids.index), snapshot.items.frame()
    by_users = _grouped(events, events.user, snapshot.users.index, "users", items, facts)
    by_sessions = _grouped(events, events.session, events.sessions.index, "sessions", items, facts)
    first, second = (by_users, by_sessions) if by_users is not None else (by_sessions, None)
    assert first is not None  # every event has a session
    data = first if second is None else first.beside(second)
    data = _with(data, categories=categories_of(snapshot))
    return _with(data, computed=computed_of(snapshot, data)) if needs or uses else data


def _refuse_empty(events: Events) -> None:
    if not len(events):
        raise BadInput("this graph holds no events: load a shop first (`kartograph load --help`)")


def computed_of(snapshot: Snapshot, data: TrainingData) -> Computed:
    """What the snapshot holds of the enrichment, moved to the rows of training data, of the same graph or of another.

    What belongs to items, categories and users that the data does not know is left out.
    """
    there, items = snapshot.parts, _rows(data.items, snapshot.item_ids.index)
    categories = np.full(len(snapshot.category_ids) if "categories" in there else 0, NONE)
    if data.categories is not None:
        categories = _rows(data.categories.ids, snapshot.category_ids.index)
    size = 0 if data.categories is None else len(data.categories)
    computed = Computed()
    if "ranks" in there:
        of_items = _by_row(snapshot.ranks.items, items, len(data.items), np.nan)
        of_categories = _by_row(snapshot.ranks.categories, categories, size, np.nan)
        computed = replace(computed, item_pagerank=of_items, category_pagerank=of_categories)
    if "communities" in there:
        computed = replace(computed, communities=_by_row(snapshot.communities, items, len(data.items), NONE))
    if "embeddings" in there:
        computed = replace(computed, embeddings=_by_row(snapshot.embeddings, items, len(data.items), np.nan))
    if "co_occurs" in there:
        pairs, known = snapshot.co_occurs, _together(snapshot.co_occurs.categories, categories)
        computed = replace(computed, items_together=_together(pairs.items, items), categories_together=known)
    if "similar" in there:
        alike = {measure: snapshot.similar.of(measure) for measure in snapshot.similar.measures}
        similar = {name: _pairs(one.item, one.other, items, one.score) for name, one in alike.items()}
        computed = replace(computed, similar=similar)
    users = data.grouped("users")
    if "prefers" in there and users.kind == "users":
        computed = replace(computed, prefers=_prefers(snapshot, _rows(users.owners, snapshot.users.index), categories))
    return computed


def _prefers(snapshot: Snapshot, users: ndarray, categories: ndarray) -> PreferredCategories:
    edges = snapshot.prefers
    user, category = users[edges.user], categories[edges.category]
    known = (user != NONE) & (category != NONE)
    numbers = (column[known] for column in (edges.frequency, edges.pagerank, edges.score))
    return PreferredCategories(user[known], category[known], *numbers)


def _together(pairs: CoOccurrence, to: Int[ndarray, " old"]) -> Pairs:
    return _pairs(pairs.a, pairs.b, to, pairs.weight, pairs.sessions)


def _pairs(a: ndarray, b: ndarray, to: Int[ndarray, " old"], weight: ndarray, sessions: ndarray | None = None) -> Pairs:
    a, b = to[a], to[b]
    known = (a != NONE) & (b != NONE)
    return Pairs(a[known], b[known], weight[known], None if sessions is None else sessions[known])


def _rows(ids: Ids, names: pd.Index) -> Int[ndarray, " names"]:
    """The row of each name, `NONE` for none; cheap where both are the same."""
    return np.arange(len(names)) if ids.external is names else ids.rows(names)


def _by_row(values: ndarray, to: Int[ndarray, " old"], size: int, unknown: float) -> ndarray:
    """Values by the rows of another numbering, `unknown` in rows to which none is moved."""
    by_row = np.full((size, *values.shape[1:]), unknown, values.dtype)
    known = to != NONE
    by_row[to[known]] = values[known]
    return by_row


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


def _with(data: TrainingData, **parts: Computed | ItemCategories | None) -> TrainingData:
    """The data, by both kinds of owners, with these fields."""
    changed = replace(data, **parts)
    return changed if data.other is None else changed.beside(replace(data.other, **parts))


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
