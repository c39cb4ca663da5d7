"""Erase and export a user: from the graph, the logs, the snapshot, the versions and the bundles of a shop.

The hash of the id is on the suppression list before anything else is touched, so what is interrupted is finished by
the same call, and no load, restore or event brings the user back. Backups are files that the shop does not keep: a
restore erases again what the list names.
"""

import errno
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.erasure.graph import erase_from_graph, everything_of
from kartograph.graph.erasure.suppression import read_suppression, suppress, suppression_file
from kartograph.graph.managed.generations import kept_generation
from kartograph.graph.snapshot.snapshot import snapshot_folder
from kartograph.models.data import Ids
from kartograph.models.saved.saving import load
from kartograph.models.saved.version_files import only_writer, places
from kartograph.serving.bundle.making import make_bundle, read_description
from kartograph.serving.catalogue.changes import ChangeLog
from kartograph.serving.events.log import EventLog
from kartograph.serving.reach import Shop
from kartograph.tables.errors import BadInput, KartographError, NothingThere, ServerError
from kartograph.tables.schema import MAX_ID_BYTES

Erased = Callable[[str], bool]
"""Whether an id is that of a user who was erased."""
DEEPEST = 6
"""How many objects deep the ids of users are looked for in a model."""
REMOVE_SECONDS = 30.0
"""How long the removal of a folder is tried while other processes write into it."""
BACKUPS = "backups made before hold the user; a restore of one erases the user again"


def erase_user(shop: Shop, graph: Graph, user: str) -> dict[str, Any]:
    """Erase a user for good and return the receipt: what went from where."""
    refuse_id(user)
    suppress(suppression_file(graph), user)
    receipt: dict[str, Any] = {"erased_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "suppressed": True}
    if shop.paths.events.exists():
        log = EventLog(shop.paths.events)
        receipt["logged_events"] = log.erase(user)
        log.close()
    receipt["graph"] = asdict(erase_from_graph(graph, user))
    receipt["versions"] = _erase_versions(shop.models, graph, lambda one: one == user)
    folder = snapshot_folder(graph)
    receipt["snapshot"] = _removed(folder)
    kept = kept_generation(home) if (home := graph.home) else None
    receipt["former_database"] = home is not None and kept is not None and _removed(home.generations / kept)
    receipt["bundles"] = _renew_bundle(shop, graph)
    receipt["backups"] = BACKUPS
    return receipt


def export_user(shop: Shop, graph: Graph, user: str) -> dict[str, Any]:
    """Everything that the shop holds of a user. Raises `NothingThere` where that is nothing."""
    refuse_id(user)
    exported = {"user_id": user, **everything_of(graph, user), "logged_events": []}
    if shop.paths.events.exists():
        log = EventLog(shop.paths.events)
        exported["logged_events"] = [event._asdict() for event in log.everything_of(user)]
        log.close()
    if exported["properties"] is None and not exported["logged_events"]:
        raise NothingThere(f'the shop "{shop.name}" holds no data of a user "{user:.200}"')
    return exported


def refuse_id(user: str) -> None:
    """Raise `BadInput` for a text that cannot be an id."""
    size = len(user.encode("utf-8", "replace"))
    if not 0 < size <= MAX_ID_BYTES:
        raise BadInput(f"the id of a user has 1 to {MAX_ID_BYTES:,} bytes, not {size:,}")


def erase_suppressed_versions(folder: Path, graph: Graph) -> list[str]:
    """Remove the versions that hold users who are on the suppression list, as after a restore; returns their names."""
    return _erase_versions(folder, graph, read_suppression(suppression_file(graph)).holds)


def _erase_versions(folder: Path, graph: Graph, erased: Erased) -> list[str]:
    """Remove the versions that hold an erased user, current ones too: fallbacks answer until the next training."""
    removed = []
    for version_folder in places(folder):
        try:
            holds = _holds(load(version_folder)[0], erased, DEEPEST)
        except KartographError:
            holds = True  # what cannot be read cannot be shown to be free of the user
        if holds:
            with only_writer(folder, version_folder.parent.name):
                names: dict[str, Any] = {"model": version_folder.parent.name, "version": version_folder.name}
                graph.query(queries.load("erase/forget_version"), write=True, **names)
                _removed(version_folder)
            removed.append(version_folder.name)
    return removed


def _holds(value: object, erased: Erased, depth: int) -> bool:
    """Whether ids by which an object knows its owners hold an erased user's."""
    if isinstance(value, Ids):
        return _holds(value.external, erased, depth)
    if isinstance(value, pd.Index):
        return any(erased(one) for one in value if isinstance(one, str))
    if depth == 0:
        return False
    if isinstance(value, dict):
        return any(_holds(one, erased, depth - 1) for one in (*value, *value.values()))
    if isinstance(value, list | tuple | set | frozenset):
        return any(_holds(one, erased, depth - 1) for one in value)
    if isinstance(value, str):
        return erased(value)
    return any(
        _holds(one, erased, depth - 1) for name, one in getattr(value, "__dict__", {}).items() if name != "items"
    )


def _renew_bundle(shop: Shop, graph: Graph) -> bool:
    """Make the bundle anew where there is one, and remove those before it; workers take it up at once."""
    before = read_description(shop.paths)
    if before is None:
        return False
    changes = ChangeLog(shop.paths.items)
    bundle = make_bundle(graph, shop.models, shop.paths, changes.last_flushed(), arms=before.versions)
    changes.close()
    for folder in shop.paths.bundles.iterdir():
        if folder.name != bundle.bundle:
            _removed(folder)
    return True


def _removed(folder: Path) -> bool:
    """Remove a folder and tell whether there was one. Raises `ServerError` where something of it stays."""
    there, limit = folder.exists(), time.monotonic() + REMOVE_SECONDS
    while folder.exists():
        try:
            shutil.rmtree(folder)
        except FileNotFoundError:
            continue  # somebody else removes it too
        except OSError as error:
            if error.errno == errno.ENOTEMPTY and time.monotonic() < limit:
                continue  # somebody else wrote into it just now, as the keeper does
            raise ServerError(
                f"the user is not wholly erased yet: {error.filename or folder} cannot be removed "
                f"({error.strerror or error}). Mend that and run the same command again: it goes on"
            ) from error
    return there
