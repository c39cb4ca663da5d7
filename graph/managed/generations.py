"""How a new database takes the place of the active one in one step, and what is left of others goes.

    place = new_generation(home)                      an empty folder beside the active generation
    run_admin(place, "database", "import", "full", …)
    with temporary_server(place) as server: …         constraints and indexes
    activate(home, place)                             stop the old server, name the new generation
    reactivate(home)                                  bring back the one that it replaced

Whatever happens before `activate` leaves the active generation as it was. The generation that the active one replaced
is kept: a file `replaced` in the active one's folder names it. All others are leftovers.
"""

import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Literal

import filelock

from kartograph.graph.managed.home import ServerPaths, ShopDirectory, unwritable
from kartograph.graph.managed.lifecycle import RunningServer, halt, launch, release, serves, shop_lock
from kartograph.graph.managed.memory import Memory
from kartograph.graph.managed.process import kill_workers, running_state
from kartograph.tables.errors import BadInput, NothingThere
from kartograph.tables.progress import Progress, silent
from kartograph.tables.whole import write_whole

REPLACED = "replaced"
"""The file in a generation's folder that names the generation which it replaced."""


def new_generation(home: ShopDirectory) -> ServerPaths:
    """Create the folders of a generation that is not active, and return them; the caller is the only builder."""
    home.make()
    paths = home.building(f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{secrets.token_hex(3)}")
    for folder in (paths.data, paths.import_folder, paths.conf, paths.logs):
        folder.mkdir(parents=True)
    return paths


@contextmanager
def build_lock(home: ShopDirectory, part: Literal["build", "load"] = "build") -> Iterator[None]:
    """Hold the right to build a generation; the operating system takes it back when the process ends.

    With the part "load" it is the right to load, which a loader holds while it still reads its files. Raises `BadInput`
    where another process holds it.
    """
    home.make()
    lock = filelock.FileLock(home.folder / {"build": "bulk.lock", "load": "load.lock"}[part])
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        raise BadInput(
            f'Another load is at work on the shop "{home.shop}". Wait until it is done, or load into another shop.'
        ) from None
    except OSError as error:
        raise unwritable(home.folder, error) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def temporary_server(
    paths: ServerPaths, memory: Memory | None = None, progress: Progress = silent
) -> Iterator[RunningServer]:
    """Serve a generation that is being built for the time of a `with` block, on free ports."""
    server = launch(paths, memory, progress, usual_ports=False, bound=True)
    try:
        yield server
    finally:
        halt(paths, progress)


@contextmanager
def staying_server(
    home: ShopDirectory, paths: ServerPaths, memory: Memory | None = None, progress: Progress = silent
) -> Iterator[RunningServer]:
    """Serve a built generation by the shop's own server; after the `with` block it is the active one, and served on.

    For a shop that nobody serves. Others who start or stop the shop wait for the end of the block. After an error, or
    where this process is killed, the server is gone, and the active generation is the one before.
    """
    serving = replace(home.paths, data=paths.data)
    with shop_lock(home, progress):
        halt(home.paths, progress)
        try:
            server = launch(serving, memory, progress, held=True)
            yield server
            _make_active(home, paths)
            release(server.state)
        except BaseException:
            if home.generation != paths.folder.name:
                halt(serving, progress)
            raise


def activate(home: ShopDirectory, paths: ServerPaths, progress: Progress = silent) -> None:
    """Make a built generation the active one, keep the one that it replaces and remove all others.

    A running server of the shop is stopped; the caller starts it again. The change is one replacement of the file
    `current`: before it the old database is whole and active, after it the new one.
    """
    with shop_lock(home, progress):
        halt(home.paths, progress)
        _make_active(home, paths)


def reactivate(home: ShopDirectory, progress: Progress = silent) -> None:
    """Make the generation that the active one replaced active again; the active one is kept in its turn.

    A running server of the shop is stopped; the caller starts it again. Raises `NothingThere` where none is kept.
    """
    with shop_lock(home, progress):
        back = kept_generation(home)
        if back is None:
            raise NothingThere(
                f'The shop "{home.shop}" keeps no former database: nothing was loaded in place of another, or the disk '
                "was too small to keep both. A backup can be restored with `kartograph restore FILE`."
            )
        halt(home.paths, progress)
        write_whole(home.generations / back / REPLACED, home.generation)
        write_whole(home.current_file, back)


def kept_generation(home: ShopDirectory) -> str | None:
    """The id of the generation that the active one replaced, where it is still there."""
    try:
        name = (home.generations / home.generation / REPLACED).read_text("utf-8").strip()
    except FileNotFoundError:
        return None
    return name if name and name != home.generation and (home.generations / name / "data").is_dir() else None


def give_up_kept(home: ShopDirectory) -> bool:
    """Remove the generation that the active one replaced, to make room; tells whether there was one."""
    kept = kept_generation(home)
    if kept is None:
        return False
    shutil.rmtree(home.generations / kept, ignore_errors=True)
    return True


def discard(paths: ServerPaths) -> None:
    """Remove a generation that was being built, and end what works on it; its logs stay until another one fails."""
    kill_workers(paths)
    if paths.logs.is_dir():
        shutil.rmtree(paths.kept_logs, ignore_errors=True)
        with suppress(OSError):
            os.replace(paths.logs, paths.kept_logs)
    shutil.rmtree(paths.folder, ignore_errors=True)


def remove_leftovers(home: ShopDirectory) -> list[Path]:
    """Remove the generations that interrupted loads left, and return their folders; call it before a load.

    A load in progress holds its generation by a file lock of the loader, so the caller makes sure that none runs.
    """
    with shop_lock(home):
        state = running_state(home.paths)
        if state and not serves(state, home.paths):
            halt(home.paths)
        return _remove_others(home)


def _make_active(home: ShopDirectory, paths: ServerPaths) -> None:
    if home.current.is_dir():
        write_whole(paths.folder / REPLACED, home.generation)
    write_whole(home.current_file, paths.folder.name)
    _remove_others(home)


def _remove_others(home: ShopDirectory) -> list[Path]:
    removed = []
    stay = (home.generation, kept_generation(home))
    for folder in home.generations.iterdir() if home.generations.is_dir() else ():
        if folder.name in stay or not folder.is_dir():
            continue
        kill_workers(home.building(folder.name))
        shutil.rmtree(folder, ignore_errors=True)
        removed.append(folder)
    return removed
