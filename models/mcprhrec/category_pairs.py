"""The category co-occurrence graph of training data: which categories occur in the same sessions, and how strongly.

Counted by the function that a bulk load counts the graph's `CO_OCCURS` with; see `tables.derived.co_occurrence`.
"""

from typing import Literal

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
from jaxtyping import Int
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.models.data import Histories, TrainingData
from kartograph.models.groups import groups_of
from kartograph.models.item_categories import ItemCategories
from kartograph.models.patterns.databases import milliseconds
from kartograph.tables.derived.co_occurrence import CoOccurrenceOptions, category_co_occurrence
from kartograph.tables.derived.sessions import SessionOptions
from kartograph.tables.engine import Engine

Within = Literal["sessions", "histories"]


def category_pairs(
    data: TrainingData, categories: ItemCategories, within: Within, options: CoOccurrenceOptions | None = None
) -> csr_array:
    """The weights w(x, y): categories × categories, symmetric, without a diagonal.

    An item of several categories counts in the one of the smallest id, as in the graph; items without a category take
    no part but keep their neighbours apart.
    """
    histories, sessions = _sequences(data, within)
    names = pd.Index(categories.ids.external)
    by_id = names.argsort()  # pairs of equal weight go by the ids
    rank = np.empty(len(names), dtype=np.int64)
    rank[by_id] = np.arange(len(names))
    category = _smallest(categories.matrix, rank)[histories.items]
    first = np.r_[True, np.diff(sessions) != 0] if len(sessions) else np.empty(0, dtype=bool)
    starts = np.flatnonzero(first)
    position = np.arange(len(sessions)) - np.repeat(starts, np.diff(np.r_[starts, len(sessions)]))
    placed = category >= 0
    columns = {"session_id": sessions, "position": position, "category_id": category}
    rows = pa.table({name: values[placed].astype(np.int64) for name, values in columns.items()})
    with Engine() as engine:
        clicks = engine.store("category_clicks", ibis.memtable(rows))
        pairs = category_co_occurrence(clicks, options).to_pyarrow()
    a, b = by_id[pairs["a"].to_numpy()], by_id[pairs["b"].to_numpy()]
    return symmetric(a, b, pairs["weight"].to_numpy(), len(names))


def symmetric(a: ndarray, b: ndarray, weights: ndarray, size: int) -> csr_array:
    """Pairs that are named once each as a square matrix that names them both ways."""
    places = np.r_[a, b], np.r_[b, a]
    pairs = csr_array((np.r_[weights, weights], places), shape=(size, size))
    pairs.sort_indices()
    return pairs


def _sequences(data: TrainingData, within: Within) -> tuple[Histories, Int[ndarray, " events"]]:
    """Histories and the sequence of each of their events, rising.

    Sessions are the source's own where it knows them, else a user's events up to a pause of 30 minutes; without times
    a history is one session.
    """
    by_sessions = data.grouped("sessions")
    if within == "sessions" and by_sessions.kind == "sessions":
        return by_sessions.histories, by_sessions.histories.owners
    if within == "histories" or data.times is None:
        return data.histories, data.histories.owners
    owners = data.histories.owners
    pause = SessionOptions().gap_minutes * 60_000
    opens = (np.diff(owners) != 0) | (np.diff(milliseconds(data.times)) > pause)
    return data.histories, np.cumsum(np.r_[0, opens][: len(owners)])


def _smallest(matrix: csr_array, rank: ndarray) -> Int[ndarray, " items"]:
    """The rank of each item's category, the lowest of several; -1 for an item without one."""
    items, ranks = groups_of(matrix.indptr), rank[matrix.indices]
    smallest = np.full(matrix.shape[0], len(rank))
    np.minimum.at(smallest, items, ranks)
    return np.where(smallest < len(rank), smallest, -1)
