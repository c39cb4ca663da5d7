"""The files of a snapshot: each part a folder of NumPy arrays, written whole and checked when it is opened.

    <folder>/<part>-<key>/part.json         the sum of every array
    <folder>/<part>-<key>/<array>.npy

A part is written into a folder of another name, flushed to the disk and then renamed: whoever is killed in the middle
leaves what was there before. The key tells of what state of the graph the part is; of each part one state is kept.
"""

import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import filelock
import numpy as np
from numpy import ndarray

from kartograph.tables.errors import ServerError
from kartograph.tables.progress import Progress, silent

Arrays = Mapping[str, ndarray]
_DESCRIPTION = "part.json"
_UNFINISHED = ".unfinished-"


@dataclass(frozen=True)
class StoredPart:
    """A part as it lies on the disk."""

    arrays: Arrays
    """By name; mapped into memory, read only."""
    digest: str
    """Of its contents: two parts of one digest hold the same."""


class Store:
    """The parts of one graph's snapshot below a folder."""

    def __init__(self, folder: Path) -> None:
        """Use a folder, which is created with the first part."""
        self.folder = folder

    @contextmanager
    def locked(self, progress: Progress = silent) -> Iterator[None]:
        """Be the only process that writes here; another one waits. Raises `ServerError` for a folder not writable."""
        with self._writable():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)  # who bought what is nobody else's business
            lock = filelock.FileLock(self.folder / "snapshot.lock")
            try:
                lock.acquire(timeout=0)
            except filelock.Timeout:
                progress("Waiting for another command that reads the same graph")
                lock.acquire()
        try:
            for leftover in self.folder.glob(f"{_UNFINISHED}*"):
                shutil.rmtree(leftover, ignore_errors=True)
            yield
        finally:
            lock.release()

    @contextmanager
    def _writable(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise ServerError(
                f"a snapshot cannot be kept at {error.filename or self.folder}: {error.strerror or error}; "
                "make room there, or set KARTOGRAPH_HOME to another folder"
            ) from error

    def read(self, part: str, key: str) -> StoredPart | None:
        """Open a part in the state `key`; None where there is none, or where a file of it is damaged."""
        folder = self.folder / f"{part}-{key}"
        try:
            sums = json.loads((folder / _DESCRIPTION).read_text("utf-8"))
            arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in sums}
            if any(_sum(arrays[name]) != sums[name] for name in sums):
                return None
        except (OSError, ValueError, EOFError, TypeError, AttributeError):
            return None
        return StoredPart(arrays, _digest(sums))

    def write(self, part: str, key: str, arrays: Arrays) -> StoredPart:
        """Keep a part in the state `key`, remove its other states, and open it."""
        with self._writable():
            unfinished = self.folder / f"{_UNFINISHED}{uuid4().hex}"
            unfinished.mkdir()
            for name, array in arrays.items():
                with (unfinished / f"{name}.npy").open("wb") as file:
                    np.save(file, array, allow_pickle=False)
                    _flush(file)
            with (unfinished / _DESCRIPTION).open("w", encoding="utf-8") as file:
                json.dump({name: _sum(array) for name, array in arrays.items()}, file, indent=1)
                _flush(file)
            _flush_folder(unfinished)
            folder = self.folder / f"{part}-{key}"
            if folder.exists():  # damaged: a whole one is not written again
                folder.rename(self.folder / f"{_UNFINISHED}{uuid4().hex}")
            unfinished.rename(folder)
            _flush_folder(self.folder)
        self.keep_only(part, key)
        stored = self.read(part, key)
        if stored is None:
            raise ServerError(f"what was written to {self.folder} reads differently: check the disk")
        return stored

    def keep_only(self, part: str, key: str) -> None:
        """Remove the states of a part whose key does not begin with `key`."""
        for folder in self.folder.glob(f"{part}-*"):
            if not folder.name.startswith(f"{part}-{key}"):
                shutil.rmtree(folder, ignore_errors=True)


def _sum(array: ndarray) -> str:
    """Return type, shape and CRC-32 of an array as one text."""
    flat = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
    return f"{array.dtype.str} {'x'.join(map(str, array.shape))} {zlib.crc32(flat.data):08x}"


def _digest(sums: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(sums, sort_keys=True).encode()).hexdigest()[:16]


def _flush(file) -> None:
    file.flush()
    os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows opens no folder
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
