"""What logs are packed in: gzip, bzip2, xz, Zstandard, and archives (zip, tar) of files that may be packed again.

Everything is unpacked while it is read, and what comes before damage is read.
"""

import bz2
import codecs
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa

from kartograph.tables.errors import BadInput
from kartograph.tables.formats.containers.unpack import DEEPEST, ZIP, ZSTANDARD, is_rubbish, is_tar, refuse_unread
from kartograph.tables.formats.encoding_marks import encoding_of_mark

BLOCK = 1 << 20
MAGIC, GZIP = b"\x1f\x8b", 31
_TAR_BLOCK = 512


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


class _Blocks(io.RawIOBase):
    """Blocks of bytes as a file that is read from its beginning to its end."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks, self._rest = blocks, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            if (block := next(self._blocks, None)) is None:
                return 0
            self._rest = block
        part, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


def blocks_of(path: Path, damage: Damage) -> Iterator[bytes]:
    """The content of a file, unpacked.

    Raises
    ------
    BadInput
        It cannot be opened, or is packed in a way that is not read.
    """
    try:
        with path.open("rb") as file:
            yield from _content(file, path.name, damage)
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error}; check that it is readable and not damaged") from error


def decoded(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Blocks in UTF-8 without a byte-order mark; without one they stay as they are."""
    first = next(blocks, b"")
    encoding = encoding_of_mark(first)
    if encoding in (None, "utf-8-sig"):
        yield first.removeprefix(codecs.BOM_UTF8)
        yield from blocks
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    yield decoder.decode(first).encode("utf-8", "replace")
    for block in blocks:
        yield decoder.decode(block).encode("utf-8", "replace")


def _content(file: Any, name: str, damage: Damage, depth: int = 0) -> Iterator[bytes]:
    """The content of a file, as far as it is read; `name` is what it is called, that of an archive before it.

    `depth` says in how many archives it lies.
    """
    if depth > DEEPEST:
        raise BadInput(f"{name} is packed more than {DEEPEST} times; unpack it first")
    start = file.peek(_TAR_BLOCK)[:_TAR_BLOCK]
    refuse_unread(name, start)
    packing = next((begin for magic, begin in _PACKINGS.items() if start.startswith(magic)), None)
    if packing is not None:
        yield from _within(_unpacked(file, name, packing, damage), name, damage, depth)
    elif start.startswith(ZSTANDARD):
        unpacked = pa.CompressedInputStream(pa.PythonFile(file, mode="r"), "zstd")
        yield from _within(_read(unpacked, name, damage), name, damage, depth)
    elif start.startswith(ZIP):
        yield from _zip_members(file, name, damage, depth)
    elif is_tar(start):
        yield from _tar_members(file, name, damage, depth)
    else:
        yield from _read(file, name, damage)


def _within(blocks: Iterator[bytes], name: str, damage: Damage, depth: int) -> Iterator[bytes]:
    """What was packed, and where it is a tar archive the files in it."""
    start = b""
    while len(start) < _TAR_BLOCK and (block := next(blocks, None)) is not None:
        start += block
    whole = chain([start], blocks)
    yield from _tar_members(io.BufferedReader(_Blocks(whole)), name, damage, depth) if is_tar(start) else whole


def _zip_members(file: Any, name: str, damage: Damage, depth: int) -> Iterator[bytes]:
    """The content of all files in a zip archive, each begun on a line of its own."""
    try:
        content = io.BytesIO(file.read()) if isinstance(file, tarfile.ExFileObject) else file
        with zipfile.ZipFile(content) as archive:
            for member in sorted(archive.infolist(), key=lambda one: one.filename):
                if not member.is_dir() and not is_rubbish(member.filename):
                    with archive.open(member) as inside:
                        yield from decoded(_content(inside, f"{name}/{member.filename}", damage, depth + 1))
                    yield b"\n"
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise BadInput(f"{name} cannot be unpacked (zip): {error}. Unpack it, or pack it again.") from error


def _tar_members(file: Any, name: str, damage: Damage, depth: int) -> Iterator[bytes]:
    """The content of all files in a tar archive, each begun on a line of its own."""
    try:
        with tarfile.open(fileobj=file, mode="r|") as archive:
            for member in archive:
                inside = archive.extractfile(member) if member.isfile() and not is_rubbish(member.name) else None
                if inside is not None:
                    yield from decoded(_content(inside, f"{name}/{member.name}", damage, depth + 1))
                    yield b"\n"
            stream: Any = archive.fileobj
            is_whole = stream.tell() > archive.offset
            while is_whole and (block := stream.read(BLOCK)):
                is_whole = not block.strip(b"\x00")
        if not is_whole:
            damage.broken.append(f"{name}: it is damaged, or ends too early, at byte {archive.offset:,} of the archive")
    except (tarfile.TarError, OSError, EOFError) as error:
        damage.broken.append(f"{name}: {error}")


def _read(file: Any, name: str, damage: Damage) -> Iterator[bytes]:
    """The content that a file or an unpacker gives, up to where it is damaged."""
    read = 0
    try:
        while block := file.read(BLOCK // 16):
            read += len(block)
            yield block
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, tarfile.TarError) as error:
        damage.broken.append(f"{name}: {error}, after {read:,} unpacked bytes")


def _unpacked(file: Any, name: str, packing: Callable[[], Any], damage: Damage) -> Iterator[bytes]:
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
