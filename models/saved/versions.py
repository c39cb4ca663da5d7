"""Trained versions of models: files in the shop's folder, a node for each in the graph, and which one is asked.

    FOLDER/<model>/<version>/                        what `saving` wrote; the facts in it make the node anew
    (:Model {id})-[:HAS_VERSION]->(:ModelVersion {id, options, data_hash, trained, figures, sha256, format})
    (:Model)-[:CURRENT_VERSION]->(:ModelVersion)     decides what is asked, written and served

The files are written whole, then the node and CURRENT_VERSION in one transaction. CURRENT_VERSION moves by `keep` and
`rollback` only. A bulk load makes a new database, which knows no version: their files stay, `versions` names them, and
`rollback` to one of them takes it up again.
"""

import json
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.runs import run_name
from kartograph.graph.snapshot.state import State
from kartograph.models.saved.check_record import record, recorded, stamp
from kartograph.models.saved.replaced_folder import UNFINISHED
from kartograph.models.saved.saving import load, read_manifest, save
from kartograph.models.saved.version_files import (
    Version,
    only_writer,
    place_of,
    places,
    refuse_name,
    size_mib,
    verify,
    version_in,
)
from kartograph.tables.errors import BadInput, ModelFileError, NothingThere

COLUMNS = ("model", "version", "current", "trained", "state", "data_hash", "figures", "mib")
WHOLE, NO_FILES, NO_NODE, DAMAGED = "whole", "files missing", "not in the graph", "damaged"
"""States of a version: in the graph and on the disk, in one of them only, or with files that cannot be read."""
ITEMS_AT_ONCE = 50_000


@dataclass(frozen=True)
class OpenedVersion:
    """A version with its model."""

    version: Version
    model: Any
    gone: list[str]
    """Items that the model learned of and that are not in the shop any more: not to be recommended."""


def keep(
    graph: Graph,
    folder: Path,
    name: str,
    model: object,
    data_hash: str | None = None,
    figures: Mapping[str, Any] | None = None,
    current: bool = True,
) -> Version:
    """Save a trained model as a new version and, with `current`, ask and serve it from now on.

    Raises `BadInput` for a name that cannot be the name of a folder, `ModelFileError` as `saving.save` does. When the
    server goes away after the files are written, they stay: `rollback` takes the version up.
    """
    refuse_name(name)
    facts: dict[str, Any] = {"model": name, "version": run_name(name), "data_hash": data_hash}
    with only_writer(folder, name):
        # Later than those before also where the clock was set back: `rollback` goes by the order.
        before = pd.to_numeric(_rows(graph, name)["trained"], errors="coerce").dropna()
        facts["trained"] = max([time.time_ns() // 10**6, *(before.astype(int) + 1).tolist()])
        version_folder = folder / name / facts["version"]
        save(model, version_folder, {**facts, "figures": dict(figures or {})})
        kept = version_in(version_folder)
        _record(graph, kept, current)
    return kept


def current(graph: Graph, name: str) -> Version | None:
    """The version of a model that is asked and served, None where there is none."""
    rows = graph.query(queries.load("versions/current"), model=name)
    return None if rows.empty else _of_row(rows.iloc[0])


def open_version(
    graph: Graph, folder: Path, name: str, version: str | Version | None = None, packages: tuple[str, ...] = ()
) -> OpenedVersion:
    """Load a version, the current one by default, its files verified; `packages` as `saving.load` has them.

    `version` is an id, or what `current` has just read.

    Raises `NothingThere` where the model has no such version in the graph, naming those there are, and
    `ModelFileError` where its files are missing, damaged or others than those that were recorded.
    """
    chosen = version if isinstance(version, Version) else _chosen(graph, folder, name, version)
    version_folder = verify(folder, chosen)
    files = stamp(version_folder)
    known = bool(recorded(version_folder, files).get("loaded"))
    model, _ = load(version_folder, packages, checked=True, known=known)
    if not known:
        record(version_folder, files, loaded=True)
    return OpenedVersion(chosen, model, _gone(graph, version_folder, model))


def _chosen(graph: Graph, folder: Path, name: str, version: str | None) -> Version:
    known = _rows(graph, name)
    chosen = known[known["current"] if version is None else known["version"] == version]
    if chosen.empty:
        raise NothingThere(_no_version(name, version, versions(graph, folder, name)))
    return _of_row(chosen.iloc[0])


def versions(
    graph: Graph, folder: Path, name: str | None = None, check: bool = False, packages: tuple[str, ...] = ()
) -> pd.DataFrame:
    """All versions of one model or of all, in the graph or on the disk, the latest first: a frame of `COLUMNS`.

    `trained` is a moment in UTC, `mib` the size of the files, `state` one of the states above. With `check` every file
    is read, and `items_gone` counts the items of a whole version that are not in the shop any more. Raises
    `NothingThere` for a model without versions, naming those with.
    """
    if name is not None:
        refuse_name(name)
    recorded = [(_of_row(row), bool(row["current"])) for _, row in _rows(graph, name).iterrows()]
    rows = [_recorded(folder, version, is_current, check) for version, is_current in recorded]
    for row in rows if check else ():
        if row["state"] == WHOLE:
            row["items_gone"] = len(open_version(graph, folder, row["model"], row["version"], packages).gone)
    known = {(row["model"], row["version"]) for row in rows}
    alone = [
        version_folder
        for version_folder in places(folder, name)
        if (version_folder.parent.name, version_folder.name) not in known
    ]
    rows += [_not_recorded(version_folder, check) for version_folder in alone]
    if name is not None and not rows:
        others = sorted({*_rows(graph)["model"], *(version_folder.parent.name for version_folder in places(folder))})
        raise NothingThere(
            f'the model "{name}" has no version: '
            + (f"there are versions of {', '.join(others)}" if others else "train it first (`kartograph train`)")
        )
    columns = [*COLUMNS, "items_gone"] if check else list(COLUMNS)
    frame = pd.DataFrame(rows, columns=columns).astype({"current": bool})
    frame["trained"] = pd.to_datetime(frame["trained"].astype("Int64"), unit="ms", utc=True)
    order = frame.sort_values(["model", "trained", "version"], ascending=[True, False, True], kind="stable")
    return order.reset_index(drop=True)


def rollback(graph: Graph, folder: Path, name: str, version: str | None = None) -> Version:
    """Ask and serve another version from now on: the one trained before the current one, or the one that is named.

    A version whose files are there and whose node is not, as after a bulk load, comes into the graph again. Raises
    `NothingThere` where there is no such version, and `ModelFileError` as `open_version` does; then nothing moves.
    """
    versions(graph, folder, name)  # refuses a model without versions before a folder is made for the lock
    with only_writer(folder, name):
        rows = versions(graph, folder, name)
        version = version or _before(name, rows)
        if version not in set(rows["version"]):
            raise NothingThere(_no_version(name, version, rows))
        known = _rows(graph, name)
        known = known[known["version"] == version]
        if known.empty:
            former = version_in(place_of(folder, name, version))
        else:
            former = _of_row(known.iloc[0])
            verify(folder, former)
        _record(graph, former, True)
    return former


def prune(graph: Graph, folder: Path, name: str, keep: int = 5) -> list[str]:
    """Remove all versions of a model but the latest `keep`, the current one and those that a running experiment names,
    and what killed writers left.

    Returns the ids of the removed ones. A node goes before its files: a kill between the two leaves files that
    `versions` names and the next call removes.
    """
    if keep < 1:
        raise BadInput(f"{keep} versions cannot be kept: keep 1 or more")
    versions(graph, folder, name)  # as in `rollback`
    with only_writer(folder, name):
        rows = versions(graph, folder, name)
        old = rows.iloc[keep:]
        needed = graph.query(queries.load("versions/in_experiments"))["version"]
        removed = old.loc[~old["current"] & ~old["version"].isin(needed), "version"].tolist()
        for version in removed:
            graph.query(queries.load("versions/forget"), write=True, model=name, version=version)
            with suppress(ModelFileError):  # an id that leads elsewhere has no files here
                shutil.rmtree(place_of(folder, name, version), ignore_errors=True)
        for left in (folder / name).glob(f".*{UNFINISHED}"):
            shutil.rmtree(left, ignore_errors=True)
    return removed


def items_gone(graph: Graph, model: Any) -> list[str]:
    """The items of a model that are not in the shop; none for a model that keeps no `items`."""
    items = [str(item) for item in getattr(getattr(model, "items", None), "external", ())]
    statement = queries.load("versions/items_gone")
    parts = [
        graph.query(statement, items=items[start : start + ITEMS_AT_ONCE])["item_id"].tolist()
        for start in range(0, len(items), ITEMS_AT_ONCE)
    ]
    return [item for part in parts for item in part]


def _gone(graph: Graph, version_folder: Path, model: Any) -> list[str]:
    """`items_gone`, asked once for each state of the shop."""
    state, files = State.of(graph).key(True, (), ("Item",)), stamp(version_folder)
    known = recorded(version_folder, files)
    if known.get("state") != state:
        known = {"state": state, "gone": items_gone(graph, model)}
        record(version_folder, files, **known)
    return known["gone"]


def _record(graph: Graph, version: Version, make_current: bool) -> None:
    facts = asdict(version)
    ids = {"model": facts.pop("model"), "version": facts.pop("version")}
    for name in ("options", "figures"):
        facts[name] = json.dumps(facts[name])
    graph.query(queries.load("versions/keep"), write=True, **ids, facts=facts, current=make_current)


def _rows(graph: Graph, name: str | None = None) -> pd.DataFrame:
    rows = graph.query(queries.load("versions/all"))
    return (rows if name is None else rows[rows["model"] == name]).astype({"current": bool})


def _of_row(row: pd.Series) -> Version:
    try:
        facts = {name: row[name] for name in ("model", "version", "sha256")}
        data_hash = None if pd.isna(row["data_hash"]) else row["data_hash"]
        parts = {name: json.loads(row[name]) for name in ("options", "figures")}
        return Version(**facts, **parts, data_hash=data_hash, trained=int(row["trained"]), format=int(row["format"]))
    except (TypeError, ValueError) as error:
        raise ModelFileError(
            f"the node of the version {row['version']} is not as Kartograph wrote it ({error}): delete the node, then "
            "take the version up from its files (`kartograph rollback`)"
        ) from error


def _recorded(folder: Path, version: Version, is_current: bool, check: bool) -> dict[str, Any]:
    """The row of a version that the graph knows."""
    state, mib = WHOLE, 0.0
    try:
        version_folder = place_of(folder, version.model, version.version)
        state, mib = (DAMAGED if version_folder.is_dir() else NO_FILES), size_mib(version_folder)
        verify(folder, version, again=True) if check else read_manifest(version_folder)
        state = WHOLE
    except ModelFileError:
        state = NO_FILES if state == WHOLE else state
    shown = {name: getattr(version, name) for name in ("model", "version", "trained", "data_hash", "figures")}
    return {**shown, "current": is_current, "state": state, "mib": mib}


def _not_recorded(version_folder: Path, check: bool) -> dict[str, Any]:
    """The row of a folder that belongs to no node of the graph."""
    state, facts = NO_NODE, {}
    try:
        facts = asdict(version_in(version_folder)) if check else read_manifest(version_folder)["facts"]
    except ModelFileError:
        state = DAMAGED
    shown = {name: facts.get(name) for name in ("trained", "data_hash", "figures")}
    names = {"model": version_folder.parent.name, "version": version_folder.name}
    return {**names, **shown, "current": False, "state": state, "mib": size_mib(version_folder)}


def _before(name: str, rows: pd.DataFrame) -> str:
    served = rows[rows["current"]]
    if served.empty:
        raise NothingThere(f'no version of "{name}" is current. Name one: {_named(rows)}')
    earlier = rows[(rows["trained"] < served["trained"].iloc[0]) & (rows["state"] == WHOLE)]
    if earlier.empty:
        raise NothingThere(
            f'no whole version of "{name}" is from before {served["version"].iloc[0]}, the current one. There are '
            + _named(rows)
        )
    return str(earlier["version"].iloc[0])


def _no_version(name: str, version: str | None, rows: pd.DataFrame) -> str:
    lacking = f'no version of "{name}" is current' if version is None else f'"{name}" has no version {version}'
    return f"{lacking} in this graph. There are {_named(rows)}: choose one by `kartograph rollback {name} VERSION`"


def _named(rows: pd.DataFrame) -> str:
    return ", ".join(f"{row.version} ({row.state})" for row in rows.itertuples())
