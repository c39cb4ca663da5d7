"""How are the lines of a log read in bounded memory, plain or gzip, damaged or not?"""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kartograph.tables.errors import BadInput

BLOCK = 1 << 20
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
    with path.open("rb") as head:
        compressed = head.read(2) == b"\x1f\x8b"
    try:
        with gzip.open(path) if compressed else path.open("rb") as file:
            while block := file.read(BLOCK):
                yield block
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        damage.broken.append(f"{path.name}: {error}")
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error}; check that it is readable and not damaged") from error
