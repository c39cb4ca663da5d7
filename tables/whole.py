"""How a file appears: whole or not at all, whenever the process that writes it is killed.

    with whole_file(path) as file:
        file.write(…)

The text goes into a file without a name where the system has such (Linux), else into one beside it with a name of its
own; it gets its name when it is on the disk. Processes that write one file at once do not meet: the last one stays.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

PRIVATE = 0o600
"""Mode of a file that only its owner reads and writes, under any umask."""
SHARED = 0o666
"""Mode of a file for everybody whom the umask lets."""


@contextmanager
def whole_file(path: Path, mode: int = SHARED, overwrite: bool = True) -> Iterator[BinaryIO]:
    """Open a file for writing that appears under `path` when the block ends, and not at all when it raises.

    File and folder are on the disk (fsync) when the block has ended. Raises `FileExistsError` at the end where `path`
    exists and `overwrite` is off, be it that another process has just made it; `OSError` where it cannot be written.
    """
    if _is_stream(path):
        with path.open("wb") as file:
            yield file
        return
    path = path.resolve()  # what a link leads to is replaced, not the link
    beside: Path | None = None
    descriptor = _nameless(path.parent, mode)
    if descriptor is None:
        beside = _beside(path)
        descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            if mode == PRIVATE and hasattr(os, "fchmod"):
                os.fchmod(descriptor, mode)
            yield file
            file.flush()
            os.fsync(file.fileno())
            if beside is None:
                beside = _named(file.fileno(), path, overwrite)
        if beside is not None:
            _moved(beside, path, overwrite)
    except BaseException:
        if beside is not None:
            beside.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def write_whole(path: Path, text: str, mode: int = SHARED, overwrite: bool = True) -> None:
    """Write a text (UTF-8) whole, as `whole_file` does."""
    with whole_file(path, mode, overwrite) as file:
        file.write(text.encode())


def _is_stream(path: Path) -> bool:
    """Tell whether a path is a pipe or a device (/dev/stdout), which is written to and never replaced."""
    return path.as_posix().startswith(("/dev/", "/proc/")) or (path.exists() and not path.is_file())


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name[:200]}-{secrets.token_hex(4)}.part")


def _nameless(folder: Path, mode: int) -> int | None:
    """Open a file that has no name and so goes with its process; None where the system or the disk has no such."""
    if not hasattr(os, "O_TMPFILE") or not os.path.isdir("/proc/self/fd"):
        return None
    try:
        return os.open(folder, os.O_RDWR | os.O_TMPFILE, mode)
    except OSError:
        return None


def _named(descriptor: int, path: Path, overwrite: bool) -> Path | None:
    """Name a file that has none yet; returns the name that it has for now where it has to be moved over another."""
    source = f"/proc/self/fd/{descriptor}"
    try:
        os.link(source, path, src_dir_fd=descriptor)  # with a folder's descriptor, unused, Python follows `source`
        return None
    except FileExistsError:
        if not overwrite:
            raise
    beside = _beside(path)
    os.link(source, beside, src_dir_fd=descriptor)
    return beside


def _moved(beside: Path, path: Path, overwrite: bool) -> None:
    if overwrite:
        os.replace(beside, path)
        return
    try:
        os.link(beside, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without links: between the question and the answer another process may come
        if path.exists():
            raise FileExistsError(f"{path} exists already") from None
        os.replace(beside, path)
        return
    beside.unlink()


def _sync_folder(folder: Path) -> None:
    """Bring a folder's new name to the disk, where the system can do that."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def make_private(folder: Path) -> None:
    """Make a folder and those above it that are missing, each for its owner alone: `Path.mkdir` opens those above."""
    for missing in reversed([one for one in folder.parents if not one.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
