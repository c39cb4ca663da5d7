"""The lines of a log in bounded memory, plain or packed (gzip, bzip2, xz, Zstandard, zip), damaged or not."""

import bz2
import codecs
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from kartograph.loaders.access_log.formats.documents import is_document, objects
from kartograph.tables.errors import BadInput

BLOCK = 1 << 20
MAGIC, GZIP = b"\x1f\x8b", 31
LONGEST_LINE = 64 * 1024
"""Bytes; Apache itself takes requests of 8 kB."""
ZIP, ZSTANDARD = b"PK\x03\x04", b"\x28\xb5\x2f\xfd"
_OTHERS = {b"7z\xbc\xaf": "7-Zip", b"\x04\x22\x4d\x18": "lz4"}
"""Packings that are named, not read, by their first bytes."""
_UTF8, _UTF16 = codecs.BOM_UTF8, (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass
class Damage:
    """What was wrong with the files, not with single lines."""

    too_long: int = 0
    """Lines above `LONGEST_LINE`; they are skipped without being held."""
    broken: list[str] = field(default_factory=list)
    """Compressed files that end too early or are damaged, and where; what came before the damage was read."""


class _Gzip:
    """`zlib`'s decompressor with the methods of those of `bz2` and `lzma`."""

    def __init__(self) -> None:
        self._unpack, self.needs_input = zlib.decompressobj(GZIP), True

    def decompress(self, raw: bytes, most: int) -> bytes:
        block = self._unpack.decompress(self._unpack.unconsumed_tail + raw, most)
        self.needs_input = len(block) < most and not self._unpack.unconsumed_tail
        return block

    @property
    def eof(self) -> bool:
        return self._unpack.eof

    @property
    def unused_data(self) -> bytes:
        return self._unpack.unused_data


_PACKINGS: dict[bytes, Callable[[], Any]] = {
    MAGIC: _Gzip,
    b"BZh": bz2.BZ2Decompressor,
    b"\xfd7zXZ\x00": lzma.LZMADecompressor,
}


def lines(path: Path, damage: Damage) -> Iterator[bytes]:
    """The lines of one file without their ends and byte-order mark, empty ones left out; UTF-16 becomes UTF-8.

    Of JSON that is no object a line each object is one.

    Raises
    ------
    BadInput
        There is no such file, it cannot be opened, or it is packed in a way that is not read.
    """
    if not path.is_file():
        raise BadInput(f"there is no file {path}; give a log of a web server, packed or not")
    rest, skipping, read = b"", False, 0
    blocks = _decoded(_blocks(path, damage))
    start = next(blocks, b"")
    if is_document(start):
        for one in objects(chain([start], blocks), LONGEST_LINE):
            damage.too_long += one is None
            if one is not None:
                yield one
        return
    for block in chain([start], blocks):
        parts = (rest + block).split(b"\n")
        rest = parts.pop()
        read += len(parts)
        for line in parts:
            if skipping or len(line) > LONGEST_LINE:
                damage.too_long += 1
                skipping = False
            elif line.strip():
                yield line.rstrip(b"\r")
        if len(rest) > LONGEST_LINE:
            rest, skipping = b"", True
    if skipping or len(rest) > LONGEST_LINE:
        damage.too_long += 1
    elif rest.strip():
        yield rest.rstrip(b"\r")
    if damage.broken and damage.broken[-1].startswith(f"{path.name}: "):
        damage.broken[-1] += f", after line {read:,}"


def _decoded(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Blocks in UTF-8 without a byte-order mark; without one they stay as they are."""
    first = next(blocks, b"")
    if not first.startswith(_UTF16):
        yield first.removeprefix(_UTF8)
        yield from blocks
        return
    decoder = codecs.getincrementaldecoder("utf-16")("replace")
    yield decoder.decode(first).encode("utf-8", "replace")
    for block in blocks:
        yield decoder.decode(block).encode("utf-8", "replace")


def _blocks(path: Path, damage: Damage) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            start = file.read(6)
            file.seek(0)
            other = next((name for magic, name in _OTHERS.items() if start.startswith(magic)), None)
            if other is not None:
                raise BadInput(f"{path} is packed with {other}, which is not read; unpack it, or pack it with gzip")
            packing = next((begin for magic, begin in _PACKINGS.items() if start.startswith(magic)), None)
            if packing is not None:
                yield from _unpacked(file, path.name, packing, damage)
            elif start.startswith(ZIP):
                yield from _members(path, damage)
            elif start.startswith(ZSTANDARD):
                yield from _read(pa.input_stream(str(path), compression="zstd"), path.name, damage)
            else:
                while block := file.read(BLOCK):
                    yield block
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error}; check that it is readable and not damaged") from error


def _members(path: Path, damage: Damage) -> Iterator[bytes]:
    """The content of all files in a zip archive, each begun on a line of its own."""
    try:
        with zipfile.ZipFile(path) as archive:
            for member in sorted(archive.infolist(), key=lambda one: one.filename):
                if not member.is_dir() and "__MACOSX" not in member.filename:
                    with archive.open(member) as file:
                        yield from _read(file, path.name, damage)
                    yield b"\n"
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise BadInput(f"{path} cannot be unpacked (zip): {error}. Unpack it, or pack it again.") from error


def _read(file: Any, name: str, damage: Damage) -> Iterator[bytes]:
    """The content that an unpacker gives, up to where the file is damaged."""
    read = 0
    try:
        while block := file.read(BLOCK // 16):
            read += len(block)
            yield block
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        damage.broken.append(f"{name}: {error}, after {read:,} unpacked bytes")


def _unpacked(file: BinaryIO, name: str, packing: Callable[[], Any], damage: Damage) -> Iterator[bytes]:
    """The content of a packed file, a block at a time, up to where it is damaged.

    The library's own readers would throw away the block in which the damage lies.
    """
    unpack, begun = packing(), True
    while raw := file.read(BLOCK // 16):
        while raw or not unpack.needs_input:
            try:
                block = unpack.decompress(raw, BLOCK)
            except (zlib.error, lzma.LZMAError, OSError, EOFError) as error:
                damage.broken.append(f"{name}: {error}, before byte {file.tell():,}")
                return
            yield block
            raw = b""
            if unpack.eof:  # another file may follow in the same one
                raw = unpack.unused_data.lstrip(b"\x00")
                unpack, begun = packing(), bool(raw)
            else:
                begun = True
    if begun:
        damage.broken.append(f"{name}: it ends too early, at byte {file.tell():,}")
