"""What unpackers raise where a file is damaged becomes a sentence that says how far they came."""

import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from kartograph.tables.errors import BadInput

CHUNK = 1 << 17
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


def chunks(packed: IO[bytes], progress: list[int], size: int | None = None) -> Iterator[bytes]:
    """Unpack piece by piece up to `size` bytes and keep count in `progress`.

    `read1` gives what is there before it comes to damage, so that its place is known.
    """
    read = getattr(packed, "read1", packed.read)
    while (size is None or progress[0] < size) and (
        chunk := read(CHUNK if size is None else min(CHUNK, size - progress[0]))
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
        if isinstance(error, NotImplementedError) or "ictionary" in str(error):
            why = str(error).rpartition(": ")[2].removesuffix(".")
            raise BadInput(
                f"{shown} is packed ({kind}) in a way that is not read: {why}. Unpack it, or pack it as usual, without "
                "Deflate64 and without a dictionary."
            ) from error
        raise BadInput(
            f"{shown} cannot be unpacked ({kind}): it is damaged or cut off after {progress[0]:,} unpacked bytes: "
            f"{error or type(error).__name__}. Fetch or pack it again."
        ) from error
