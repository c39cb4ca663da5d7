"""Packed files are unpacked before they are read: gzip, bzip2, xz, Zstandard, zip and tar, known by their bytes.

Unpacking checks the sums that the formats carry, so that a flipped byte is an error and never a wrong row.
"""

import gzip
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from kartograph.tables.errors import BadInput
from kartograph.tables.formats.containers.copies import new_file
from kartograph.tables.formats.containers.damage import CHUNK, chunks, damage
from kartograph.tables.formats.containers.foreign import foreign_archive, foreign_kind
from kartograph.tables.formats.containers.streams import bzip2, xz


def _zstd(path: Path) -> Any:
    return pa.input_stream(str(path), compression="zstd")


ZSTANDARD = (b"\x28\xb5\x2f\xfd", *(bytes((number, 0x2A, 0x4D, 0x18)) for number in range(0x50, 0x60)))
"""How a file begins: with a frame, or with one to skip."""
_PACKERS: tuple[tuple[bytes, str, Callable[[Path], Any]], ...] = (
    (b"\x1f\x8b", "gzip", gzip.open),
    (b"BZh", "bzip2", lambda path: bzip2(path.open("rb"))),
    (b"\xfd7zXZ\x00", "xz", lambda path: xz(path.open("rb"))),
    (b"\x5d\x00\x00", "lzma", lambda path: xz(path.open("rb"))),
    *((mark, "Zstandard", _zstd) for mark in ZSTANDARD),
)
PACKED_SUFFIXES = (".gz", ".bz2", ".xz", ".zst", ".zstd", ".lzma", ".zip", ".tar", ".tgz")
_UNREAD = {
    b"7z\xbc\xaf": "7z", b"Rar!": "rar", b"\x1f\x9d": "compress (.Z)", b"\x04\x22\x4d\x18": "lz4",
    b"\xff\x06\x00\x00sNaPpY": "snappy", b"PK\x07\x08": "zip in several parts",
}  # fmt: skip
"""Packings that are named, not read, by their first bytes."""
DEEPEST = 8
"""Archives within archives that are unpacked: some are made to hold themselves."""
_REPLACED = "replaced by a later one of the same name"
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
                return b"".join(chunks(packed, progress, size))
    return start


def unpack(path: Path, folder: Path, shown: Path | None = None, depth: int = 0) -> list[Unpacked]:
    """The plain files in `path`: itself where it is plain, else what was in it, unpacked into `folder`.

    A workbook (.xlsx, .ods) is a zip file of its own kind and stays whole. Raises `BadInput` where an archive is
    damaged, cut off, empty, locked with a password, or packed more than `DEEPEST` times; `depth` says how often it is.
    """
    shown = shown or path
    if depth > DEEPEST:
        raise BadInput(f"{shown} is packed more than {DEEPEST} times. Unpack it first.")
    start = _first_bytes(path, shown)
    for magic, name, opener in _PACKERS:
        if start.startswith(magic):
            target = new_file(folder, _plain_name(shown))
            with damage(shown, name) as progress, opener(path) as packed, target.open("wb") as plain:
                for chunk in chunks(packed, progress):
                    plain.write(chunk)
            return unpack(target, folder, shown, depth + 1)
    if start.startswith(EMPTY_ZIP):
        raise BadInput(f"{shown} is an archive without files. Pack the tables again.")
    if start.startswith(ZIP):
        return _members(path, folder, shown, depth)
    if is_tar(start):
        return _tar_members(path, folder, shown, depth)
    refuse_unread(shown, start)
    return [Unpacked(shown, path)]


def refuse_unread(shown: str | Path, start: bytes) -> None:
    """Raise `BadInput` where the first bytes of a file say that it is packed in a way that is not read."""
    if kind := _unread_kind(start):
        raise BadInput(f"{shown} is packed as {kind}, which is not read. Unpack it, or pack it as zip.")


def why_no_table(start: bytes) -> str:
    """What a file is whose name is no table's, by its first bytes, in words."""
    if kind := _unread_kind(start):
        return f"packed as {kind}, which is not read"
    known = foreign_kind(start)
    return known[0] if known else ""


def _unread_kind(start: bytes) -> str:
    return next((kind for mark, kind in _UNREAD.items() if start.startswith(mark)), "")


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Whether a zip archive is a workbook: of Excel, or of LibreOffice, whose `mimetype` says so."""
    names = archive.namelist()
    if any(name.startswith("xl/workbook") for name in names):
        return True
    return {"mimetype", "content.xml"} <= set(names) and b"spreadsheet" in archive.read("mimetype")[:200]


def _members(path: Path, folder: Path, shown: Path, depth: int) -> list[Unpacked]:
    with damage(shown, "zip"):
        archive = zipfile.ZipFile(path)
    members: list[Unpacked] = []
    with archive:
        if is_workbook(archive):
            return [Unpacked(shown, path)]
        if kind := foreign_archive(archive.namelist()):
            return [Unpacked(shown, path, kind)]
        last = {one.filename: one for one in archive.infolist()}
        for member in sorted(archive.infolist(), key=lambda one: one.filename):
            if member.filename.endswith("/"):
                continue
            inside = shown / member.filename
            if member is not last[member.filename]:
                members.append(Unpacked(inside, path, _REPLACED))
                continue
            target = new_file(folder, Path(member.filename).name)
            with damage(inside, "zip") as progress, archive.open(member) as packed, target.open("wb") as plain:
                for chunk in chunks(packed, progress):
                    plain.write(chunk)
            rubbish = is_rubbish(member.filename)
            members += [Unpacked(inside, target)] if rubbish else unpack(target, folder, inside, depth + 1)
    if not members:
        raise BadInput(f"{shown} is an archive without files. Pack the tables again.")
    return members


def _tar_members(path: Path, folder: Path, shown: Path, depth: int) -> list[Unpacked]:
    """The plain files in a tar archive; links and devices in it are left out."""
    members: list[Unpacked] = []
    with damage(shown, "tar"), tarfile.open(path) as archive:
        last = {one.name: one for one in archive.getmembers()}
        for member in sorted((one for one in archive.getmembers() if not one.isdir()), key=lambda one: one.name):
            if not member.isfile() or member is not last[member.name]:
                why = _REPLACED if member.isfile() else "a link or a device"
                members.append(Unpacked(shown / member.name, path, why))
                continue
            packed = archive.extractfile(member)
            target = new_file(folder, Path(member.name).name)
            with damage(shown / member.name, "tar") as progress, target.open("wb") as plain:
                for chunk in chunks(packed, progress) if packed else ():
                    plain.write(chunk)
            inside = shown / member.name
            rubbish = is_rubbish(member.name)
            members += [Unpacked(inside, target)] if rubbish else unpack(target, folder, inside, depth + 1)
        _refuse_more(path, shown, archive.offset)
    if not members:
        raise BadInput(f"{shown} is an archive without files. Pack the tables again.")
    return members


def _refuse_more(path: Path, shown: Path, end: int) -> None:
    """Refuse a tar archive that does not end with zeros: its reader stops at a damaged header without a word."""
    with path.open("rb") as file:
        file.seek(end)
        rest = file.read(CHUNK)
        while rest and not rest.strip(b"\x00"):
            if not (rest := file.read(CHUNK)):
                return
    raise BadInput(
        f"{shown} is an archive (tar) that is damaged or cut off at byte {end:,}, or one of several in one file: what "
        "follows there is not its end. Fetch it again, or pack the tables into one archive."
    )


def is_tar(start: bytes) -> bool:
    """Whether the first block of a file is the header of a tar archive: its sum is right."""
    try:
        tarfile.TarInfo.frombuf(start[:512], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def is_rubbish(name: str) -> bool:
    """Whether a file in an archive is what a system keeps for itself."""
    return "__MACOSX/" in name or Path(name).name.startswith(".")


def _first_bytes(path: Path, shown: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(512)
    except OSError as error:
        raise BadInput(f"{shown} cannot be read: {error.strerror}. Check that you may read it.") from error


def _plain_name(path: Path) -> str:
    return path.stem if path.suffix.lower() in PACKED_SUFFIXES else path.name
