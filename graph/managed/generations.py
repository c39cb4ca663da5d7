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

from kartograph.graph.managed.home import Home, Place, unwritable
from kartograph.graph.managed.lifecycle import RunningServer, halt, launch, only_one, release, serves
from kartograph.graph.managed.memory import Memory
from kartograph.graph.managed.process import kill_workers, running_state
from kartograph.tables.errors import BadInput, NothingThere
from kartograph.tables.progress import Progress, silent
from kartograph.tables.whole import write_whole

REPLACED = "replaced"
"""The file in a generation's folder that names the generation which it replaced."""


def new_generation(home: Home) -> Place:
    """Create the folders of a generation that is not active, and return them; the caller is the only builder."""
    home.make()
    place = home.building(f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{secrets.token_hex(3)}")
    for folder in (place.data, place.import_folder, place.conf, place.logs):
        folder.mkdir(parents=True)
    return place


@contextmanager
def only_builder(home: Home, part: Literal["build", "load"] = "build") -> Iterator[None]:
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
    place: Place, memory: Memory | None = None, progress: Progress = silent
) -> Iterator[RunningServer]:
    """Serve a generation that is being built for the time of a `with` block, on free ports."""
    server = launch(place, memory, progress, usual_ports=False, bound=True)
    try:
        yield server
    finally:
        halt(place, progress)


@contextmanager
def staying_server(
    home: Home, place: Place, memory: Memory | None = None, progress: Progress = silent
) -> Iterator[RunningServer]:
    """Serve a built generation by the shop's own server; after the `with` block it is the active one, and served on.

    For a shop that nobody serves. Others who start or stop the shop wait for the end of the block. After an error, or
    where this process is killed, the server is gone, and the active generation is the one before.
    """
    serving = replace(home.place, data=place.data)
    with only_one(home, progress):
        halt(home.place, progress)
        try:
            server = launch(serving, memory, progress, held=True)
            yield server
            _make_active(home, place)
            release(server.state)
        except BaseException:
            if home.generation != place.folder.name:
                halt(serving, progress)
            raise


def activate(home: Home, place: Place, progress: Progress = silent) -> None:
    """Make a built generation the active one, keep the one that it replaces and remove all others.

    A running server of the shop is stopped; the caller starts it again. The change is one replacement of the file
    `current`: before it the old database is whole and active, after it the new one.
    """
    with only_one(home, progress):
        halt(home.place, progress)
        _make_active(home, place)


def reactivate(home: Home, progress: Progress = silent) -> None:
    """Make the generation that the active one replaced active again; the active one is kept in its turn.

    A running server of the shop is stopped; the caller starts it again. Raises `NothingThere` where none is kept.
    """
    with only_one(home, progress):
        back = kept_generation(home)
        if back is None:
            raise NothingThere(
                f'The shop "{home.shop}" keeps no former database: nothing was loaded in place of another, or the disk '
                "was too small to keep both. A backup can be restored with `kartograph restore FILE`."
            )
        halt(home.place, progress)
        write_whole(home.generations / back / REPLACED, home.generation)
        write_whole(home.current_file, back)


def kept_generation(home: Home) -> str | None:
    """The id of the generation that the active one replaced, where it is still there."""
    try:
        name = (home.generations / home.generation / REPLACED).read_text("utf-8").strip()
    except FileNotFoundError:
        return None
    return name if name and name != home.generation and (home.generations / name / "data").is_dir() else None


def give_up_kept(home: Home) -> bool:
    """Remove the generation that the active one replaced, to make room; tells whether there was one."""
    kept = kept_generation(home)
    if kept is None:
        return False
    shutil.rmtree(home.generations / kept, ignore_errors=True)
    return True


def discard(place: Place) -> None:
    """Remove a generation that was being built, and end what works on it; its logs stay until another one fails."""
    kill_workers(place)
    if place.logs.is_dir():
        shutil.rmtree(place.kept_logs, ignore_errors=True)
        with suppress(OSError):
            os.replace(place.logs, place.kept_logs)
    shutil.rmtree(place.folder, ignore_errors=True)


def remove_leftovers(home: Home) -> list[Path]:
    """Remove the generations that interrupted loads left, and return their folders; call it before a load.

    A load in progress holds its generation by a file lock of the loader, so the caller makes sure that none runs.
    """
    with only_one(home):
        state = running_state(home.place)
        if state and not serves(state, home.place):
            halt(home.place)
        return _remove_others(home)


def _make_active(home: Home, place: Place) -> None:
    if home.current.is_dir():
        write_whole(place.folder / REPLACED, home.generation)
    write_whole(home.current_file, place.folder.name)
    _remove_others(home)


def _remove_others(home: Home) -> list[Path]:
    removed = []
    stay = (home.generation, kept_generation(home))
    for folder in home.generations.iterdir() if home.generations.is_dir() else ():
        if folder.name in stay or not folder.is_dir():
            continue
        kill_workers(home.building(folder.name))
        shutil.rmtree(folder, ignore_errors=True)
        removed.append(folder)
    return removed
