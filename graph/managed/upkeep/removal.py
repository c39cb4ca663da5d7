"""How shops are removed, and all of a home: what is there, who is at work on it, and what is ours.

A shop is first renamed, then deleted: whatever interrupts that, no half of a shop is left that looks whole. What is not
recognised as Kartograph's is never touched, and links are removed without what they lead to.
"""

import os
import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import filelock
import psutil

from kartograph.graph.managed.home import ShopDirectory, bytes_below
from kartograph.graph.managed.installing.class_data import end_makers
from kartograph.graph.managed.lifecycle import halt
from kartograph.graph.managed.process import kill_workers, running_state
from kartograph.tables.errors import BadInput, NothingThere
from kartograph.tables.progress import Progress, silent

REMOVED = ".removed-"
"""Prefix of a folder that is being deleted."""
PARTS = frozenset(("servers", "shops", "models", "records", "report", "scratch", "serving", "snapshots", "suppressed"))
"""Everything that Kartograph keeps directly below KARTOGRAPH_HOME."""
_SHOP_PARTS = ("generations", "conf", "logs", "import")
"""Folders that every shop has from the moment it is made."""
_SERVER = re.compile(r"[0-9a-f]{16}(\.partial|\.lock|\.classes-.*)?")


@dataclass(frozen=True)
class Removal:
    """What would be removed."""

    shops: tuple[ShopDirectory, ...]
    others: tuple[Path, ...]
    """Files and folders beside shops: installed servers, records, snapshots …"""
    left: tuple[Path, ...]
    """What stays because it is not recognised as Kartograph's."""
    root: Path

    @property
    def sizes(self) -> dict[Path, int]:
        """Bytes of everything that goes, by path; of a link its own."""
        return {path: _bytes(path) for path in (*(home.folder for home in self.shops), *self.others)}


def shop_removal(home: ShopDirectory) -> Removal:
    """The removal of one shop.

    Raises `NothingThere` where there is no such shop, `BadInput` where the folder is not one of Kartograph's.
    """
    if not home.folder.exists():
        shops = [one.shop for one in shops_of(home.root)]
        known = f"it has {', '.join(shops)}" if shops else "it has none"
        raise NothingThere(f'There is no shop "{home.shop}" below {home.root}: {known}. Name one of them with --shop.')
    if home.folder.is_symlink() or home.folder.parent.is_symlink():
        raise BadInput(f"{home.folder} is a link to {home.folder.resolve()}, which is not removed: do it by hand.")
    if not _is_shop(home.folder):
        raise BadInput(
            f"{home.folder} does not look like a shop of Kartograph, which has the folders {', '.join(_SHOP_PARTS)}: "
            "it is not removed. Remove it by hand where you know what it is."
        )
    return Removal((home,), (), (), home.root)


def whole_removal(root: Path) -> Removal:
    """The removal of all that is Kartograph's below a root.

    Where something else lies in the root as well, only shops and installed servers are recognised with certainty, and
    all else is left. Raises `NothingThere` where nothing is Kartograph's.
    """
    entries = sorted(root.iterdir()) if root.is_dir() else []
    shared = [entry for entry in entries if entry.name not in PARTS]
    others, left = [], list(shared)
    for entry in entries:
        if entry.name not in PARTS or entry.name == "shops":
            continue
        if entry.name == "servers" and not entry.is_symlink():
            for one in sorted(entry.iterdir()):
                (others if _SERVER.fullmatch(one.name) else left).append(one)
        elif entry.is_symlink() or not shared:
            others.append(entry)
        else:
            left.append(entry)
    shops = root / "shops"
    if shops.is_dir() and not shops.is_symlink():
        ours = {home.folder for home in shops_of(root)}
        for entry in sorted(shops.iterdir()):
            if entry.name.startswith(REMOVED):
                others.append(entry)
            elif entry not in ours:
                left.append(entry)
    removal = Removal(tuple(shops_of(root)), tuple(others), tuple(left), root)
    if not removal.shops and not removal.others:
        raise NothingThere(f"Nothing below {root} is Kartograph's: there is nothing to remove.")
    return removal


def shops_of(root: Path) -> list[ShopDirectory]:
    """The shops below a root, by name."""
    folder = root / "shops"
    entries = sorted(folder.iterdir()) if folder.is_dir() else []
    return [ShopDirectory(root, entry.name) for entry in entries if not entry.is_symlink() and _is_shop(entry)]


def refuse_busy(removal: Removal) -> None:
    """Raise `BadInput` where another process is at work on what would be removed.

    Servers of shops, and what makes archives of class data after the first start, are not others: `remove` ends them.
    """
    with _locked(removal, but_archives=True):
        pass


def remove(removal: Removal, progress: Progress = silent) -> None:
    """Stop the servers of the shops and what makes archives, and delete everything that the removal names.

    Raises:
        BadInput: another process is at work on it; then nothing is removed.
        OSError: something cannot be deleted, such as what belongs to another user.
    """
    end_makers(_installed(removal), progress)
    with _locked(removal):
        for home in removal.shops:
            halt(home.paths, progress)
            _end_workers(home)
            progress(f"Removing the shop {home.shop}")
            gone = home.folder.with_name(f"{REMOVED}{home.shop}-{secrets.token_hex(4)}")
            os.replace(home.folder, gone)
            shutil.rmtree(gone)
        for path in dict.fromkeys((*removal.others, *_archives(removal))):
            progress(f"Removing {path.name}")
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    for folder in (removal.root / "servers", removal.root / "shops", removal.root):
        with suppress(OSError):  # one that holds something else stays
            folder.rmdir()


@contextmanager
def _locked(removal: Removal, but_archives: bool = False) -> Iterator[None]:
    """Hold every lock of what is removed, so that nobody begins to work on it meanwhile."""
    archives = _archives(removal) if but_archives else []
    with ExitStack() as held:
        for home in removal.shops:
            for path in _locks(home.folder, but=home.generations):
                _hold(path, f'the shop "{home.shop}"', held)
            if at_work := _users(home):
                names = ", ".join(f"process {process.pid} ({name})" for process, name in at_work)
                raise BadInput(
                    f'Something is at work on the shop "{home.shop}": {names}. End it (of `kartograph serve` with '
                    "Ctrl-C), then try again."
                )
        for path in removal.others:
            if path in archives:
                continue
            for lock in _locks(path) if path.is_dir() and not path.is_symlink() else [path] * (path.suffix == ".lock"):
                _hold(lock, str(path), held)
        yield


def _hold(path: Path, what: str, held: ExitStack) -> None:
    lock = filelock.FileLock(path)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        raise BadInput(
            f"Another command is at work on {what}: it holds {path.name}. Wait until it is done, then try again."
        ) from None
    held.callback(lock.release)


def _locks(folder: Path, but: Path | None = None) -> list[Path]:
    """The lock files of Kartograph below a folder; those of Neo4j itself lie in the generations."""
    locks = [path for path in folder.rglob("*.lock") if path.is_file() and not (but and but in path.parents)]
    return sorted(locks)


def _users(home: ShopDirectory) -> list[tuple[psutil.Process, str]]:
    """Other processes that hold files of a shop open, less its server; what writes or follows logs works on nothing."""
    server = running_state(home.paths)
    ours = {os.getpid(), *([server.pid] if server else [])}
    processes = []
    for process in psutil.process_iter():
        if process.pid in ours:
            continue
        with suppress(psutil.Error, OSError):
            parents = [Path(one.path).parents for one in process.open_files()]
            if any(home.folder in above and home.logs not in above for above in parents):
                processes.append((process, process.name()))
    return processes


def _installed(removal: Removal) -> list[Path]:
    """The installed servers that go."""
    servers = removal.root / "servers"
    return [
        path for path in removal.others if path.parent == servers and _SERVER.fullmatch(path.name) and not path.suffix
    ]


def _archives(removal: Removal) -> list[Path]:
    """What lies beside the installed servers that go: their archives of class data, and the lock of their maker."""
    return sorted(one for server in _installed(removal) for one in server.parent.glob(f"{server.name}.classes-*"))


def _end_workers(home: ShopDirectory) -> None:
    """End what an interrupted load left at work."""
    kill_workers(home.paths)
    for folder in home.generations.iterdir() if home.generations.is_dir() else ():
        kill_workers(home.building(folder.name))


def _is_shop(folder: Path) -> bool:
    """Whether a folder is a shop's: it has what every shop has, or the keys of one that was never started."""
    return all((folder / name).is_dir() for name in _SHOP_PARTS) or (folder / "serving" / "keys.json").is_file()


def _bytes(path: Path) -> int:
    if path.is_dir() and not path.is_symlink():
        return bytes_below(path)
    with suppress(FileNotFoundError):
        return path.lstat().st_size
    return 0


def total(sizes: Sequence[int]) -> str:
    """Bytes as people read them."""
    amount = sum(sizes)
    return f"{amount / 1e9:,.1f} GB" if amount >= 1e9 else f"{amount / 1e6:,.1f} MB"
