"""How are the lines of a log read in bounded memory, plain or gzip, damaged or not?"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from kartograph.tables.errors import BadInput

BLOCK = 1 << 20
MAGIC, GZIP = b"\x1f\x8b", 31
LONGEST_LINE = 64 * 1024
"""Bytes; Apache itself takes requests of 8 kB."""


@dataclass
class Damage:
    """What was wrong with the files, not with single lines."""

    too_long: int = 0
    """Lines above `LONGEST_LINE`; they are skipped without being held."""
    broken: list[str] = field(default_factory=list)
    """Compressed files that end too early or are damaged; what came before the damage was read."""


def lines(path: Path, damage: Damage) -> Iterator[bytes]:
    """The lines of one file without their ends, empty ones left out.

    Raises
    ------
    BadInput
        There is no such file, or it cannot be opened.
    """
    if not path.is_file():
        raise BadInput(f"there is no file {path}; give a log in Apache's common or combined format, or W3C extended")
    rest, skipping = b"", False
    for block in _blocks(path, damage):
        parts = (rest + block).split(b"\n")
        rest = parts.pop()
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


def _blocks(path: Path, damage: Damage) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            compressed = file.read(2) == MAGIC
            file.seek(0)
            if compressed:
                yield from _unpacked(file, path.name, damage)
            else:
                while block := file.read(BLOCK):
                    yield block
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error}; check that it is readable and not damaged") from error


def _unpacked(file: BinaryIO, name: str, damage: Damage) -> Iterator[bytes]:
    """The content of a gzip file, a block at a time, up to where it is damaged.

    The library's own reader would throw away the block in which the damage lies.
    """
    unpack, begun = zlib.decompressobj(GZIP), True
    while raw := file.read(BLOCK // 16):
        while raw:
            try:
                block = unpack.decompress(raw, BLOCK)
            except zlib.error as error:
                damage.broken.append(f"{name}: {error}")
                return
            yield block
            raw = unpack.unconsumed_tail
            if unpack.eof:  # another file may follow in the same one
                raw = unpack.unused_data.lstrip(b"\x00")
                unpack, begun = zlib.decompressobj(GZIP), bool(raw)
            else:
                begun = True
    if begun:
        damage.broken.append(f"{name}: it ends too early")
