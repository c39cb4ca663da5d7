"""Packed streams one after the other in one file, as parallel packers and `cat` make them: bzip2 and xz.

What Python has for them ends without a word where the second stream is damaged, and reads the first alone.
"""

import bz2
import lzma
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

_BLOCK = 1 << 17


class Streams:
    """The unpacked bytes of all streams of a file; raises what the unpacker does where one is damaged or cut off."""

    def __init__(self, path: Path, unpacker: Callable[[], Any], padding: bytes = b"") -> None:
        """Open a file; `padding` may stand between streams."""
        self._file = path.open("rb")
        self._unpacker = unpacker
        self._padding = padding
        self._stream: Any = unpacker()

    def __enter__(self) -> "Streams":
        """The streams, closed at the end."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._file.close()

    def read(self, size: int) -> bytes:
        """Some of the next bytes, at most `size`; none at the end."""
        while True:
            if self._stream.eof:
                rest = self._stream.unused_data.lstrip(self._padding) if self._padding else self._stream.unused_data
                while not rest and (block := self._file.read(_BLOCK)):
                    rest = block.lstrip(self._padding) if self._padding else block
                if not rest:
                    return b""
                self._stream = self._unpacker()
                unpacked = self._stream.decompress(rest, size)
            else:
                block = self._file.read(_BLOCK) if self._stream.needs_input else b""
                if not block and self._stream.needs_input:
                    raise EOFError("it ends within a stream")
                unpacked = self._stream.decompress(block, size)
            if unpacked:
                return unpacked


def open_bzip2(path: Path) -> Streams:
    """The unpacked bytes of a file of bzip2."""
    return Streams(path, bz2.BZ2Decompressor)


def open_xz(path: Path) -> Streams:
    """The unpacked bytes of a file of xz, or of the older lzma."""
    return Streams(path, lzma.LZMADecompressor, padding=b"\x00")
