"""Packed files are unpacked before they are read: gzip, bzip2, xz, Zstandard, zip and tar, known by their bytes.

Unpacking checks the sums that the formats carry, so that a flipped byte is an error and never a wrong row.
"""

import bz2
import gzip
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from kartograph.tables.errors import BadInput

_CHUNK = 1 << 17
_DAMAGED = (
    OSError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    tarfile.TarError,
    RuntimeError,
    NotImplementedError,
)


def _zstd(path: Path) -> Any:
    return pa.input_stream(str(path), compression="zstd")


_PACKERS: tuple[tuple[bytes, str, Callable[[Path], Any]], ...] = (
    (b"\x1f\x8b", "gzip", gzip.open),
    (b"BZh", "bzip2", bz2.open),
    (b"\xfd7zXZ\x00", "xz", lzma.open),
    (b"\x28\xb5\x2f\xfd", "Zstandard", _zstd),
    (b"\x50\x2a\x4d\x18", "Zstandard", _zstd),  # a frame to skip comes first
)
PACKED_SUFFIXES = (".gz", ".bz2", ".xz", ".zst", ".zstd", ".zip", ".tar", ".tgz")
_TAR_MARK = (257, b"ustar")
"""Where a tar archive says what it is, and how."""
_OTHERS = {
    b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!\x1a\x07": "rar", b"\x1f\x9d": "compress (.Z)",
    b"\x04\x22\x4d\x18": "lz4", b"\xff\x06\x00\x00sNaPpY": "snappy",
}  # fmt: skip
"""Archives that are not read, by their first bytes."""
ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"


@dataclass(frozen=True)
class Unpacked:
    """One plain file, in place or unpacked."""

    shown: Path
    """Its path for people: that of an archive's member is `archive.zip/member.csv`."""
    data: Path
    """Where its bytes stand."""
    left_out: str = ""
    """Why it is no file that can be read, as a link in an archive."""


def start_of(path: Path, size: int) -> bytes:
    """The first bytes of a file, unpacked where it is packed; archives of several files stay as they are.

    Raises `BadInput` where the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            start = file.read(size)
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}. Check that you may read it.") from error
    for magic, name, opener in _PACKERS:
        if start.startswith(magic):
            with damage(path, name) as progress, opener(path) as packed:
                return b"".join(_chunks(packed, progress, size))
    return start


def unpack(path: Path, folder: Path, shown: Path | None = None) -> list[Unpacked]:
    """The plain files in `path`: itself where it is plain, else what was in it, unpacked into `folder`.

    A workbook (.xlsx) is a zip file of its own kind and stays whole. Raises `BadInput` where an archive is damaged,
    cut off, empty or locked with a password.
    """
    shown = shown or path
    start = _first_bytes(path, shown)
    for magic, name, opener in _PACKERS:
        if start.startswith(magic):
            target = folder / f"{len(list(folder.iterdir()))}-{_plain_name(shown)}"
            with damage(shown, name) as progress, opener(path) as packed, target.open("wb") as plain:
                for chunk in _chunks(packed, progress):
                    plain.write(chunk)
            return unpack(target, folder, shown)
    if start.startswith(EMPTY_ZIP):
        raise BadInput(f"{shown} is an archive without files. Pack the tables again.")
    if start.startswith(ZIP):
        return _members(path, folder, shown)
    if start[_TAR_MARK[0] :].startswith(_TAR_MARK[1]):
        return _tar_members(path, folder, shown)
    if other := next((name for mark, name in _OTHERS.items() if start.startswith(mark)), None):
        raise BadInput(f"{shown} is an archive of the kind {other}, which is not read. Unpack it, or pack it as zip.")
    return [Unpacked(shown, path)]


def _members(path: Path, folder: Path, shown: Path) -> list[Unpacked]:
    with damage(shown, "zip"):
        archive = zipfile.ZipFile(path)
    found: list[Unpacked] = []
    with archive:
        if any(name.startswith("xl/workbook") for name in archive.namelist()):
            return [Unpacked(shown, path)]
        for member in sorted(archive.infolist(), key=lambda one: one.filename):
            if member.is_dir():
                continue
            inside = shown / member.filename
            target = folder / f"{len(list(folder.iterdir()))}-{Path(member.filename).name}"
            with damage(inside, "zip") as progress, archive.open(member) as packed, target.open("wb") as plain:
                for chunk in _chunks(packed, progress):
                    plain.write(chunk)
            found += [Unpacked(inside, target)] if _is_rubbish(member.filename) else unpack(target, folder, inside)
    if not found:
        raise BadInput(f"{shown} is an archive without files. Pack the tables again.")
    return found


def _tar_members(path: Path, folder: Path, shown: Path) -> list[Unpacked]:
    """The plain files in a tar archive; links and devices in it are left out."""
    found: list[Unpacked] = []
    with damage(shown, "tar"), tarfile.open(path) as archive:
        for member in sorted((one for one in archive.getmembers() if not one.isdir()), key=lambda one: one.name):
            if not member.isfile():
                found.append(Unpacked(shown / member.name, path, "a link or a device"))
                continue
            packed = archive.extractfile(member)
            target = folder / f"{len(list(folder.iterdir()))}-{Path(member.name).name}"
            with damage(shown / member.name, "tar") as progress, target.open("wb") as plain:
                for chunk in _chunks(packed, progress) if packed else ():
                    plain.write(chunk)
            inside = shown / member.name
            found += [Unpacked(inside, target)] if _is_rubbish(member.name) else unpack(target, folder, inside)
    if not found:
        raise BadInput(f"{shown} is an archive without files. Pack the tables again.")
    return found


def _is_rubbish(name: str) -> bool:
    return name.startswith("__MACOSX/") or Path(name).name.startswith(".")


def _first_bytes(path: Path, shown: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(512)
    except OSError as error:
        raise BadInput(f"{shown} cannot be read: {error.strerror}. Check that you may read it.") from error


def _plain_name(path: Path) -> str:
    return path.stem if path.suffix.lower() in PACKED_SUFFIXES else path.name


def _chunks(packed: IO[bytes], progress: list[int], size: int | None = None) -> Iterator[bytes]:
    """Unpack piece by piece up to `size` bytes and keep count in `progress`.

    `read1` gives what is there before it comes to damage, so that its place is known.
    """
    read = getattr(packed, "read1", packed.read)
    while (size is None or progress[0] < size) and (
        chunk := read(_CHUNK if size is None else min(_CHUNK, size - progress[0]))
    ):
        progress[0] += len(chunk)
        yield chunk


@contextmanager
def damage(shown: Path, kind: str) -> Iterator[list[int]]:
    """Turn what an unpacker raises into a sentence that says how far it came, in unpacked bytes."""
    progress = [0]
    try:
        yield progress
    except _DAMAGED as error:
        if isinstance(error, RuntimeError) and "password" in str(error):
            raise BadInput(f"{shown} is locked with a password. Unpack it first.") from error
        raise BadInput(
            f"{shown} cannot be unpacked ({kind}): it is damaged or cut off after {progress[0]:,} unpacked bytes: "
            f"{error or type(error).__name__}. Fetch or pack it again."
        ) from error
