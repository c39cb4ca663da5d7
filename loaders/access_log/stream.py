"""The lines of a log in bounded memory, plain or packed, damaged or not."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from kartograph.loaders.access_log.formats.documents import is_document, objects
from kartograph.loaders.access_log.formats.packed import Damage, blocks_of, decoded
from kartograph.tables.errors import BadInput

LONGEST_LINE = 64 * 1024
"""Bytes; Apache itself takes requests of 8 kB."""


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
    blocks = decoded(blocks_of(path, damage))
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
    if damage.broken and damage.broken[-1].startswith(path.name):
        damage.broken[-1] += f", after line {read:,}"
