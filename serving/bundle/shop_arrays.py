"""What a bundle holds of the shop, as arrays: items, categories, histories, co-occurrence, popularity, titles."""

import sqlite3
from pathlib import Path

import numpy as np
import pandas as pd
from numpy import ndarray

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.snapshot.events import NO_TIME, Events
from kartograph.graph.snapshot.snapshot import Snapshot
from kartograph.models.data import Ids
from kartograph.models.graph_data import categories_of
from kartograph.models.groups import offsets_of
from kartograph.models.scoring.hashed import hashed_order
from kartograph.serving.bundle.texts import Texts, packed
from kartograph.tables.errors import NothingThere
from kartograph.tables.progress import Progress

SPARE = 4096
"""Rows for items that come while the bundle is in use; beyond them arrays are copied."""
NEIGHBOURS = 100
"""Co-occurring items that are kept of each item, the heaviest."""
FRESH_DAYS = 14
"""For how long an item that was created over HTTP is new."""


def read_snapshot(graph: Graph, progress: Progress) -> Snapshot:
    """The parts that a bundle is made of; without co-occurrence where none was counted."""
    parts = ("events", "items", "categories")
    try:
        return graph.snapshot(parts=(*parts, "co_occurs"), progress=progress)
    except NothingThere:
        return graph.snapshot(parts=parts, progress=progress)


def shop_arrays(snapshot: Snapshot) -> dict[str, ndarray]:
    """All that comes from the snapshot."""
    items, events = len(snapshot.item_ids), snapshot.events
    popularity = np.bincount(events.item, minlength=items).astype(np.int64)
    ties = hashed_order(snapshot.item_ids.index)
    arrays = {"popularity": _spare(popularity, 0), "ties": _spare(ties, np.iinfo(np.int64).max)}
    arrays["popular"] = np.lexsort((ties, -popularity)).astype(np.int32)
    arrays |= _texts("item_ids", snapshot.item_ids.index.tolist())
    arrays |= _texts("user_ids", snapshot.users.index.tolist())
    arrays |= _facts(snapshot)
    arrays |= _categories(snapshot)
    arrays |= _histories(events, len(snapshot.users))
    arrays |= _latest(events)
    return arrays | _co_occurrence(snapshot, items)


def _spare(values: ndarray, fill: float) -> ndarray:
    return np.concatenate([values, np.full(SPARE, fill, values.dtype)])


def _texts(name: str, texts: list[str]) -> dict[str, ndarray]:
    characters, offsets = packed(texts)
    return {f"{name}.bytes": characters, f"{name}.offsets": offsets}


def _facts(snapshot: Snapshot) -> dict[str, ndarray]:
    frame = snapshot.items.frame()
    available = frame["available"].astype("Int8").fillna(-1).to_numpy(np.int8)
    arrays = {"available": _spare(available, -1), "price": _spare(frame["price"].to_numpy(np.float64), np.nan)}
    for name in ("brand", "group_id"):
        codes, names = pd.factorize(frame[name])
        arrays |= {name: _spare(codes.astype(np.int32), -1)} | _texts(f"{name}s", [str(one) for one in names])
    titles = frame["title"].astype(object).where(frame["title"].notna(), "").tolist()
    return arrays | _texts("titles", titles)


def image_texts(graph: Graph, ids: Ids) -> dict[str, ndarray]:
    """The addresses of pictures by row of the item; nothing for a shop without any."""
    frame = graph.query(queries.load("serving/images"))
    if not len(frame):
        return {}
    texts = np.full(len(ids), "", object)
    rows = ids.rows(pd.Index(frame["item_id"]))
    texts[rows[rows >= 0]] = frame["image"].to_numpy(object)[rows >= 0]
    return _texts("images", texts.tolist())


def category_names(graph: Graph, categories: Texts) -> dict[str, ndarray]:
    """The names of categories in their order; nothing for a shop that names none."""
    frame = graph.query(queries.load("serving/category_names"))
    names = dict(zip(frame["category"], frame["name"], strict=True))
    if not names:
        return {}
    return _texts("category_names", [names.get(categories[row], "") for row in range(len(categories))])


def _categories(snapshot: Snapshot) -> dict[str, ndarray]:
    known, items = categories_of(snapshot), len(snapshot.item_ids)
    if known is None:
        nothing = np.zeros(0, np.int32)
        return {
            "categories.indptr": np.zeros(items + 1, np.int64),
            "categories.indices": nothing,
            "parents": nothing,
            **_texts("category_ids", []),
        }
    return {
        "categories.indptr": known.matrix.indptr.astype(np.int64),
        "categories.indices": known.matrix.indices.astype(np.int32),
        "parents": known.parents.astype(np.int32),
        **_texts("category_ids", [str(one) for one in known.ids.external]),
    }


def _histories(events: Events, users: int) -> dict[str, ndarray]:
    """What each user did, oldest first."""
    owned = np.flatnonzero(events.user >= 0)
    order = owned[np.argsort(events.user[owned], kind="stable")]
    times = events.time[order]
    return {
        "history.offsets": offsets_of(events.user[order].astype(np.int64), users),
        "history.items": events.item[order].astype(np.int32),
        "history.kinds": events.event[order].astype(np.int8),
        "history.times": np.where(times == NO_TIME, 0, times),
    }


def _latest(events: Events) -> dict[str, ndarray]:
    """The items of the latest events with their times, in order: what trends are counted from."""
    timed = np.flatnonzero(events.time != NO_TIME)
    timed = timed[np.argsort(events.time[timed], kind="stable")]
    times = events.time[timed]
    since = np.searchsorted(times, times[-1] - 90 * 86_400_000) if len(times) else 0
    return {"latest.times": times[since:], "latest.items": events.item[timed[since:]].astype(np.int32)}


def _co_occurrence(snapshot: Snapshot, items: int) -> dict[str, ndarray]:
    """The `NEIGHBOURS` heaviest co-occurring items of each, by row of the item and then of the neighbour."""
    if "co_occurs" not in snapshot.parts:
        nothing = np.zeros(0, np.int32)
        return {"met.offsets": np.zeros(items + 1, np.int64), "met.items": nothing, "met.weights": nothing.astype("f4")}
    pairs = snapshot.co_occurs.items
    source, target = np.r_[pairs.a, pairs.b], np.r_[pairs.b, pairs.a]
    weight = np.nan_to_num(np.r_[pairs.weight, pairs.weight]).astype(np.float32)
    return heaviest(source, target, weight, items)


def heaviest(source: ndarray, target: ndarray, weight: ndarray, items: int) -> dict[str, ndarray]:
    """The `NEIGHBOURS` heaviest edges of each item, equals by the smaller target, as rows sorted by target."""
    order = np.lexsort((target, -weight, source))
    source, target, weight = source[order], target[order], weight[order]
    offsets = offsets_of(source.astype(np.int64), items)
    kept = np.arange(len(source)) - offsets[source] < NEIGHBOURS
    source, target, weight = source[kept], target[kept], weight[kept]
    order = np.lexsort((target, source))
    return {
        "met.offsets": offsets_of(source.astype(np.int64), items),
        "met.items": target[order].astype(np.int32),
        "met.weights": weight[order].astype(np.float32),
    }


def fresh_rows(graph: Graph, ids: Ids, now: int) -> dict[str, ndarray]:
    """Items that were created over HTTP of late and have no events yet, the newest first."""
    frame = graph.query(queries.load("serving/fresh_items"), since=now - FRESH_DAYS * 86_400_000)
    rows = ids.rows(pd.Index(frame["item_id"], dtype=object))
    return {"fresh": rows[rows >= 0].astype(np.int32)}


def write_search(folder: Path, snapshot: Snapshot) -> None:
    """A full-text index over the titles; the row of an item is that of the bundle."""
    titles = snapshot.items.frame()["title"]
    named = [(int(row), title) for row, title in enumerate(titles.astype(object)) if isinstance(title, str)]
    with sqlite3.connect(folder / "search.sqlite") as database:
        database.execute("CREATE VIRTUAL TABLE titles USING fts5(title, tokenize = 'unicode61 remove_diacritics 2')")
        database.executemany("INSERT INTO titles(rowid, title) VALUES (?, ?)", named)
    database.close()
