"""Packed streams one after the other in one file, as parallel packers and `cat` make them: bzip2 and xz.

What Python has for them ends without a word where the second stream is damaged, and reads the first alone.
"""

import bz2
import io
import lzma
from collections.abc import Callable
from typing import IO, Any

_BLOCK = 1 << 17


class Streams(io.RawIOBase):
    """The unpacked bytes of all streams of a file; raises what the unpacker does where one is damaged or cut off."""

    def __init__(self, file: IO[bytes], unpacker: Callable[[], Any], padding: bytes = b"") -> None:
        """Read an open file; `padding` may stand between streams."""
        self._file = file
        self._unpacker = unpacker
        self._padding = padding
        self._stream: Any = unpacker()

    def readable(self) -> bool:
        """It is."""
        return True

    def close(self) -> None:
        """Close the file too."""
        self._file.close()
        super().close()

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with some of the next bytes and say how many; 0 at the end."""
        unpacked = self._next(len(buffer))
        buffer[: len(unpacked)] = unpacked
        return len(unpacked)

    def _next(self, size: int) -> bytes:
        while True:
            block = b""
            if self._stream.eof:
                block = self._bare(self._stream.unused_data)
                while not block and (more := self._file.read(_BLOCK)):
                    block = self._bare(more)
                if not block:
                    return b""
                self._stream = self._unpacker()
            elif self._stream.needs_input and not (block := self._file.read(_BLOCK)):
                raise EOFError("it ends within a stream")
            if unpacked := self._stream.decompress(block, size):
                return unpacked

    def _bare(self, block: bytes) -> bytes:
        """The block without what stands between streams."""
        return block.lstrip(self._padding) if self._padding else block


def bzip2(file: IO[bytes]) -> IO[bytes]:
    """The unpacked bytes of a file of bzip2."""
    return io.BufferedReader(Streams(file, bz2.BZ2Decompressor), _BLOCK)


def xz(file: IO[bytes]) -> IO[bytes]:
    """The unpacked bytes of a file of xz, or of the older lzma."""
    return io.BufferedReader(Streams(file, lzma.LZMADecompressor, padding=b"\x00"), _BLOCK)
