"""A folder that is written whole: beside its place, synchronised with the disk, then renamed.

A kill at any moment leaves the former folder or the new one. A folder cannot be renamed over another, so the former one
makes way as `.NAME.former`; where a kill comes between the two renames, `present` finds it there.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

UNFINISHED = ".part"
"""Ending of a folder that is being written; its name begins with a dot."""


@contextmanager
def replaced(folder: Path) -> Iterator[Path]:
    """Yield a new folder to write into; it takes the place of `folder` when the `with` block ends well.

    When the block raises, the new folder is removed and the former one stays. Raises `OSError` where the disk does.
    """
    beside = folder.with_name(f".{folder.name}.{uuid4().hex[:8]}{UNFINISHED}")
    former = _former(folder)
    try:
        beside.mkdir(parents=True)
        yield beside
        for path in [*beside.rglob("*"), beside]:
            _synchronise(path)
        if folder.exists():
            shutil.rmtree(former, ignore_errors=True)
            os.rename(folder, former)
        os.rename(beside, folder)
        _synchronise(folder.parent)
        shutil.rmtree(former, ignore_errors=True)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def present(folder: Path) -> Path:
    """Where a folder that `replaced` writes lies at present: at its place, or aside after a kill."""
    former = _former(folder)
    return former if former.is_dir() and not folder.exists() else folder


def _former(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.former")


def _synchronise(path: Path) -> None:
    if path.is_dir() and not hasattr(os, "O_DIRECTORY"):
        return  # such systems open no folders
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
