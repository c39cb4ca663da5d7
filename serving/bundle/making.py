"""A bundle made of the graph and of the current versions, whole or not at all; the files of models are linked.

bundles/<id>/bundle.json            what it was made of
bundles/<id>/*.npy                  items, categories, histories, co-occurrence, popularity
bundles/<id>/attributes.json        what items are compared by, where an ontology is loaded; see `attributes`
bundles/<id>/models/<name>/         the files of the version, linked; rows.npy maps its items to the bundle's
"""

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

import numpy as np
import pandas as pd
from filelock import FileLock
from numpy import ndarray

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.snapshot.events import NO_TIME, Events
from kartograph.graph.snapshot.snapshot import Snapshot
from kartograph.graph.snapshot.state import State
from kartograph.models.array_model import ArrayModel
from kartograph.models.data import Ids
from kartograph.models.graph_data import categories_of
from kartograph.models.groups import offsets_of
from kartograph.models.saved.saving import load
from kartograph.models.saved.version_files import place_of
from kartograph.models.scoring.top_k import hashed_order
from kartograph.serving.bundle.arrays import write_arrays
from kartograph.serving.bundle.attributes import write_attributes
from kartograph.serving.bundle.texts import Texts, packed
from kartograph.serving.paths import ServingPaths
from kartograph.tables.errors import ModelFileError, NothingThere
from kartograph.tables.progress import Progress, silent
from kartograph.tables.whole import write_whole

SPARE = 4096
"""Rows for items that come while the bundle is in use; beyond them arrays are copied."""
NEIGHBOURS = 100
"""Co-occurring items that are kept of each item, the heaviest."""
FRESH_DAYS = 14
"""For how long an item that was created over HTTP is new."""
DESCRIPTION = "bundle.json"


@dataclass(frozen=True)
class Made:
    """What a bundle was made of."""

    bundle: str
    """Its id, the name of its folder."""
    database: str
    """The id of the database."""
    state: str
    """Changes with what was loaded and computed."""
    versions: dict[str, str]
    """The version of each model; a version that an experiment needs beside the current one is there by its own id."""
    failed: dict[str, str]
    """Models that have a current version which cannot be served, and why."""
    item_seq: int
    """Changes of items up to this one were in the graph before it was read."""
    made: int
    """Milliseconds UTC at which reading began."""


def state_of(graph: Graph) -> tuple[str, str]:
    """The id of the database, and a text that changes with what was loaded and computed."""
    state = State.of(graph)
    return state.database, state.key(
        True, ("co-occurrence", "categories"), ("Item", "Session", "INCLUDES", "CO_OCCURS")
    )


def served_versions(graph: Graph, arms: Iterable[str] = ()) -> tuple[dict[str, str], dict[str, str]]:
    """What is served by name: the current version of each model that has one, and the versions that `arms` name.

    Also the model of each of these versions.
    """
    rows = graph.query(queries.load("versions/all"))
    current = rows[rows["current"].astype(bool)]
    named = rows[rows["version"].isin(list(arms))]
    models = dict(zip(rows["version"], rows["model"], strict=True))
    versions = dict(zip(current["model"], current["version"], strict=True)) | {one: one for one in named["version"]}
    return versions, {version: models[version] for version in versions.values()}


def make_bundle(
    graph: Graph,
    models: Path,
    paths: ServingPaths,
    item_seq: int = 0,
    progress: Progress = silent,
    arms: Iterable[str] = (),
) -> Made:
    """Make a bundle of what the graph holds and put it in use; the one before stays for workers that still read it.

    `models` is the folder of trained versions, `arms` what an experiment parts users over. A version whose files cannot
    be read is left out and named in `failed`. Processes make bundles one after the other: the keeper of a killed server
    may still be at one when the next server begins.
    """
    paths.create()
    with FileLock(paths.folder / "bundles.lock"):
        began = time.time_ns() // 1_000_000
        database, state = state_of(graph)
        versions, model_of = served_versions(graph, arms)
        snapshot = _snapshot(graph, progress)
        name = f"{began}-{uuid4().hex[:8]}"
        folder = paths.bundles / f".unfinished-{name}"
        folder.mkdir(parents=True)
        try:
            ids = snapshot.item_ids.index
            arrays = _arrays(snapshot)
            categories = Texts(arrays["category_ids.bytes"], arrays["category_ids.offsets"])
            arrays |= _images(graph, Ids(ids)) | _category_names(graph, categories)
            write_arrays(folder, arrays | _fresh(graph, Ids(ids), began))
            write_attributes(folder, graph, Ids(ids))
            _write_search(folder, snapshot)
            failed = {}
            for served, version in list(versions.items()):
                try:
                    _add_model(folder / "models" / served, models, model_of[version], version, Ids(ids))
                except ModelFileError as error:
                    failed[served] = str(error)
                    del versions[served]
                    shutil.rmtree(folder / "models" / served, ignore_errors=True)
            made = Made(name, database, state, versions, failed, item_seq, began)
            (folder / DESCRIPTION).write_text(json.dumps(asdict(made), indent=1), "utf-8")
            folder.rename(paths.bundles / name)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        put_in_use(paths, name)
        return made


def put_in_use(paths: ServingPaths, bundle: str) -> None:
    """Name the bundle that workers take up, and remove those before the last one."""
    before = paths.current.read_text("utf-8") if paths.current.exists() else ""
    write_whole(paths.current, bundle)
    for folder in paths.bundles.iterdir():
        if folder.name not in (bundle, before):
            shutil.rmtree(folder, ignore_errors=True)


def read_made(paths: ServingPaths) -> Made | None:
    """What the bundle in use was made of; None where there is none."""
    try:
        name = paths.current.read_text("utf-8")
        return Made(**json.loads((paths.bundles / name / DESCRIPTION).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _snapshot(graph: Graph, progress: Progress) -> Snapshot:
    parts = ("events", "items", "categories")
    try:
        return graph.snapshot(parts=(*parts, "co_occurs"), progress=progress)
    except NothingThere:
        return graph.snapshot(parts=parts, progress=progress)


def _arrays(snapshot: Snapshot) -> dict[str, ndarray]:
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


def _images(graph: Graph, ids: Ids) -> dict[str, ndarray]:
    """The addresses of pictures by row of the item; nothing for a shop without any."""
    found = graph.query(queries.load("serving/images"))
    if not len(found):
        return {}
    texts = np.full(len(ids), "", object)
    rows = ids.rows(pd.Index(found["item_id"]))
    texts[rows[rows >= 0]] = found["image"].to_numpy(object)[rows >= 0]
    return _texts("images", texts.tolist())


def _category_names(graph: Graph, categories: Texts) -> dict[str, ndarray]:
    """The names of categories in their order; nothing for a shop that names none."""
    found = graph.query(queries.load("serving/category_names"))
    names = dict(zip(found["category"], found["name"], strict=True))
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


def _fresh(graph: Graph, ids: Ids, now: int) -> dict[str, ndarray]:
    """Items that were created over HTTP of late and have no events yet, the newest first."""
    found = graph.query(queries.load("serving/fresh_items"), since=now - FRESH_DAYS * 86_400_000)
    rows = ids.rows(pd.Index(found["item_id"], dtype=object))
    return {"fresh": rows[rows >= 0].astype(np.int32)}


def _write_search(folder: Path, snapshot: Snapshot) -> None:
    """A full-text index over the titles; the row of an item is that of the bundle."""
    titles = snapshot.items.frame()["title"]
    named = [(int(row), title) for row, title in enumerate(titles.astype(object)) if isinstance(title, str)]
    with sqlite3.connect(folder / "search.sqlite") as database:
        database.execute("CREATE VIRTUAL TABLE titles USING fts5(title, tokenize = 'unicode61 remove_diacritics 2')")
        database.executemany("INSERT INTO titles(rowid, title) VALUES (?, ?)", named)
    database.close()


def _add_model(target: Path, models: Path, name: str, version: str, ids: Ids) -> None:
    """Link the files of a version, verified by loading them, and map its items to rows of the bundle."""
    place = place_of(models, name, version)
    model, _ = load(place)
    if not isinstance(model, ArrayModel):
        raise ModelFileError(f"{name} ranks in the graph, and serving answers from memory: train another model")
    shutil.copytree(place, target / "files", copy_function=_link)
    rows = ids.rows(pd.Index(model.items.external.astype(str)))
    back = np.full(len(ids) + SPARE, -1, np.int32)
    known = rows >= 0
    back[rows[known]] = np.flatnonzero(known)
    write_arrays(target, {"rows": rows.astype(np.int32), "back": back})


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)
