"""A bundle made of the graph and of the current versions, whole or not at all; the files of models are linked.

bundles/<id>/bundle.json            what it was made of
bundles/<id>/*.npy                  items, categories, histories, co-occurrence, popularity
bundles/<id>/attributes.json        what items are compared by, where an ontology is loaded; see `attributes`
bundles/<id>/models/<name>/         the files of the version, linked; rows.npy maps its items to the bundle's
"""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from uuid import uuid4

import numpy as np
import pandas as pd
from filelock import FileLock

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.snapshot.state import State
from kartograph.models.array_model import ArrayModel
from kartograph.models.data import Ids
from kartograph.models.saved.saving import load
from kartograph.models.saved.version_files import place_of
from kartograph.serving.bundle.arrays import open_arrays, write_arrays
from kartograph.serving.bundle.attributes import write_attributes
from kartograph.serving.bundle.shop_arrays import (
    SPARE,
    category_names,
    fresh_rows,
    image_texts,
    read_snapshot,
    shop_arrays,
    write_search,
)
from kartograph.serving.bundle.texts import Texts
from kartograph.serving.paths import ServingPaths
from kartograph.tables.errors import ModelFileError
from kartograph.tables.progress import Progress, silent
from kartograph.tables.whole import write_whole

MODELS = "models"
DESCRIPTION = "bundle.json"


@dataclass(frozen=True)
class BundleDescription:
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
    tried: dict[str, str] = field(default_factory=dict)
    """`versions`, with those that failed."""


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
) -> BundleDescription:
    """Make a bundle of what the graph holds and put it in use; the one before stays for workers that still read it.

    `models` is the folder of trained versions, `arms` the arms of an experiment. A version whose files cannot
    be read is left out and named in `failed`.
    """
    with _next_bundle(paths) as (folder, name, began):
        database, state = state_of(graph)
        versions, model_of = served_versions(graph, arms)
        snapshot = read_snapshot(graph, progress)
        ids = Ids(snapshot.item_ids.index)
        arrays = shop_arrays(snapshot)
        categories = Texts(arrays["category_ids.bytes"], arrays["category_ids.offsets"])
        arrays |= image_texts(graph, ids) | category_names(graph, categories)
        write_arrays(folder, arrays | fresh_rows(graph, ids, began))
        write_attributes(folder, graph, ids)
        write_search(folder, snapshot)
        description = BundleDescription(name, database, state, versions, {}, item_seq, began)
        return _with_models(folder, description, models, model_of, lambda: ids)


def change_versions(graph: Graph, models: Path, paths: ServingPaths, arms: Iterable[str] = ()) -> BundleDescription:
    """Put the current versions in use over the data of the bundle that is: a moment's work, for no data is read.

    Items that a version knows and the data does not are left out until the next `make_bundle`. There has to be a
    bundle in use.
    """
    with _next_bundle(paths) as (folder, name, _):
        before = read_description(paths)
        assert before is not None
        versions, model_of = served_versions(graph, arms)
        last = paths.bundles / before.bundle
        for path in last.iterdir():
            if path.name not in (MODELS, DESCRIPTION):
                _link(str(path), str(folder / path.name))
        for served, version in versions.items():
            if before.versions.get(served) == version:
                shutil.copytree(last / MODELS / served, folder / MODELS / served, copy_function=_link)

        @cache
        def ids() -> Ids:
            arrays = open_arrays(last)
            texts = Texts(arrays["item_ids.bytes"], arrays["item_ids.offsets"])
            return Ids(pd.Index([texts[row] for row in range(len(texts))], dtype="str"))

        return _with_models(folder, replace(before, bundle=name, versions=versions), models, model_of, ids)


@contextmanager
def _next_bundle(paths: ServingPaths) -> Iterator[tuple[Path, str, int]]:
    """A folder for a bundle, the bundle's name, and the time at which it is begun (milliseconds UTC).

    The folder gets its name and is put in use when all is in it, and goes if something fails. Processes make bundles
    one after the other: the keeper of a killed server may still be at one when the next server begins.
    """
    paths.create()
    with FileLock(paths.folder / "bundles.lock"):
        began = time.time_ns() // 1_000_000
        name = f"{began}-{uuid4().hex[:8]}"
        unfinished = paths.bundles / f".unfinished-{name}"
        unfinished.mkdir(parents=True)
        try:
            yield unfinished, name, began
            unfinished.rename(paths.bundles / name)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        put_in_use(paths, name)


def _with_models(
    folder: Path, description: BundleDescription, models: Path, model_of: dict[str, str], ids: Callable[[], Ids]
) -> BundleDescription:
    """Add the versions that are not there yet, and the description; versions that cannot be served have failed."""
    versions, failed = dict(description.versions), {}
    for served, version in description.versions.items():
        model_folder = folder / MODELS / served
        if model_folder.exists():
            continue
        try:
            _add_model(model_folder, models, model_of[version], version, ids())
        except ModelFileError as error:
            failed[served] = str(error)
            del versions[served]
            shutil.rmtree(model_folder, ignore_errors=True)
    description = replace(description, versions=versions, failed=failed, tried=description.versions)
    (folder / DESCRIPTION).write_text(json.dumps(asdict(description), indent=1), "utf-8")
    return description


def put_in_use(paths: ServingPaths, bundle: str) -> None:
    """Name the bundle that workers take up, and remove those before the last one."""
    before = paths.current.read_text("utf-8") if paths.current.exists() else ""
    write_whole(paths.current, bundle)
    for folder in paths.bundles.iterdir():
        if folder.name not in (bundle, before):
            shutil.rmtree(folder, ignore_errors=True)


def read_description(paths: ServingPaths) -> BundleDescription | None:
    """What the bundle in use was made of; None where there is none."""
    try:
        name = paths.current.read_text("utf-8")
        return BundleDescription(**json.loads((paths.bundles / name / DESCRIPTION).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _add_model(target: Path, models: Path, name: str, version: str, ids: Ids) -> None:
    """Link the files of a version, verified by loading them, and map its items to rows of the bundle."""
    version_folder = place_of(models, name, version)
    model, _ = load(version_folder)
    if not isinstance(model, ArrayModel):
        raise ModelFileError(
            "it ranks in Neo4j at each question, and `serve` answers from memory: train one that is kept in arrays, "
            "such as walk or item-knn. `kartograph recommend` and `kartograph explain` answer with this one"
        )
    shutil.copytree(version_folder, target / "files", copy_function=_link)
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
