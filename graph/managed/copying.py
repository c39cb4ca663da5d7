"""How the store of a shop is copied, so that what takes long works on the copy while the shop is served.

Community has no copy of a running store: the server is stopped, the files are copied, and it is started again.
"""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import filelock

from kartograph.graph.accounts import ACCOUNT
from kartograph.graph.ledger import LEDGER
from kartograph.graph.managed.generations import discard
from kartograph.graph.managed.home import ServerPaths, ShopDirectory, bytes_below
from kartograph.graph.managed.lifecycle import halt, launch, launch_again, refuse_full_disk, running, shop_lock
from kartograph.graph.managed.memory import Memory
from kartograph.graph.managed.process import kill_workers
from kartograph.tables.errors import BadInput, ServerError
from kartograph.tables.progress import Progress, silent

MEMORY = Memory(512, 64)
"""Of what dumps, loads, checks and recovers a database."""


@dataclass(frozen=True)
class Copied:
    """A copy of a shop's database, that no server serves."""

    paths: ServerPaths
    """Its folders; the ledger and the account of the shop, as they were then, lie in `paths.folder`."""
    waited: float | None
    """Seconds for which the shop was not served: stop, copy and start; None where no server ran."""


@contextmanager
def copied(home: ShopDirectory, progress: Progress = silent) -> Iterator[Copied]:
    """Copy the database of a shop for the time of a `with` block; a server that ran runs again, at its address.

    The copy goes with the block, and what a killed one left goes with the next. Raises `BadInput` where the shop has no
    database, or where another process copies it.
    """
    if not (home.current / "databases" / "neo4j").is_dir():
        raise BadInput(
            f'the shop "{home.shop}" has no database yet; load one first (`kartograph load --help`), or name another '
            "shop with --shop"
        )
    folder = home.folder / "copy"
    lock = filelock.FileLock(home.folder / "copy.lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        raise BadInput(
            f'Another backup, or `kartograph verify`, is at work on the shop "{home.shop}". Wait until it is done.'
        ) from None
    paths = ServerPaths(home.root, folder, folder / "data", folder / "import", home.password_file, home.logs / "copy")
    try:
        kill_workers(paths)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        yield Copied(paths, _copy(home, paths, progress))
    finally:
        discard(paths)
        lock.release()


def recover(paths: ServerPaths, progress: Progress = silent) -> None:
    """Recover a copied database whose server was killed: a server of its own starts on it and stops."""
    progress("Recovering the database, whose server was killed")
    launch(paths, MEMORY, progress, usual_ports=False, bound=True)
    halt(paths, progress)


def _copy(home: ShopDirectory, paths: ServerPaths, progress: Progress) -> float | None:
    with shop_lock(home, progress):
        refuse_full_disk(home.folder, 100 + bytes_below(home.current) // 1_000_000)
        state, began = running(home), time.monotonic()
        halt(home.paths, progress)
        try:
            progress("Copying the database")
            shutil.copytree(home.current, paths.data)
            for name in (LEDGER, ACCOUNT):
                if (kept := home.generations / home.generation / name).is_file():
                    shutil.copy(kept, paths.folder / name)
        except OSError as error:
            first = error.args[0][0][2] if isinstance(error, shutil.Error) else error
            raise ServerError(
                f"The database cannot be copied to {paths.folder}: {first}. Nothing was changed; make room there, or "
                "look after the folder, then try again."
            ) from error
        finally:
            if state:
                launch_again(home.paths, state, progress)
    if state is None:
        return None
    waited = round(time.monotonic() - began, 1)
    progress(f"The shop is served again, after {waited} s")
    return waited
