"""Text tables in an uncommon dialect are copied in the common one before they are read.

The copy is UTF-8, has its header in the first line, one character as delimiter and `\\n` or `\\r\\n` as line end; a
line of the file is a line of the copy, so that places hold. Whole blocks are replaced, never values.
"""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from kartograph.tables.errors import BadInput, OptionNeeded
from kartograph.tables.formats.delimited.dialect import Beginning, unwrapped
from kartograph.tables.formats.delimited.escapes import without_escapes

_BLOCK = 1 << 24
_APOSTROPHE = b"\x1a"
"""What stands for one while quotes are replaced."""
_COMMENT = re.compile(rb"^#[^\n]*", re.MULTILINE)


def decoded_copy(shown: Path, data: Path, encoding: str, target: Path) -> None:
    """Copy a text in another encoding as UTF-8. Raises `BadInput` for an unknown encoding and for wrong bytes."""
    try:
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        "".encode(encoding)  # refused for what turns bytes into bytes, as hex does
    except LookupError:
        raise BadInput(
            f"{encoding!r} is no encoding. Allowed are names such as utf-8, latin-1, cp1252, utf-16."
        ) from None
    done = lines = 0
    with data.open("rb") as source, target.open("w", encoding="utf-8", newline="") as copy:
        while block := source.read(_BLOCK):
            try:
                text = decoder.decode(block)
            except UnicodeDecodeError as error:
                line = lines + 1 + error.object[: error.start].decode(encoding, "ignore").count("\n")
                raise OptionNeeded(
                    f"{shown} is not {encoding}: byte {done + error.start + 1:,} (line {line}) cannot be read. "
                    "Say how the file is written with --encoding."
                ) from error
            copy.write(text.removeprefix("\ufeff") if not done else text)
            done += len(block)
            lines += text.count("\n")
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            raise BadInput(f"{shown} is not whole: it ends within a character of {encoding}.") from error


def common_copy(data: Path, target: Path, beginning: Beginning) -> str:
    """Write the copy of a UTF-8 text table and return the delimiter of the copy."""
    several = len(beginning.delimiter) > 1
    delimiter = "," if several else beginning.delimiter
    with data.open("rb") as source, target.open("wb") as copy:
        source.seek(beginning.skipped_bytes)
        if not beginning.has_header:
            names = delimiter.join('"' + name.replace('"', '""') + '"' for name in beginning.columns)
            end = "\r\n" if beginning.newline == "\r\n" and not several else "\n"
            copy.write((names + end).encode())
        for block in _whole_lines(source, beginning.newline, beginning.mixed):
            if beginning.comments:
                block = _COMMENT.sub(b"", block)
            block = unwrapped(block) if beginning.wrapped else block
            block = without_escapes(block, beginning.escapes, beginning.delimiter.encode())
            if beginning.quote != '"':
                block = _requoted(block, beginning.delimiter.encode())
            copy.write(_quoted(block, beginning.delimiter.encode()) if several else block)
    return delimiter


def _whole_lines(source: IO[bytes], newline: str, mixed: bool) -> Iterator[bytes]:
    """Blocks that end with a line: `\\n` is the end of lines that end in `\\r`, or now in this way and now in that."""
    rest = b""
    while block := source.read(_BLOCK):
        if newline == "\r" or mixed:
            if block.endswith(b"\r"):
                block += source.read(1)
            block = block.replace(b"\r\n", b"\n")
        if newline == "\r":
            block = block.replace(b"\r", b"\n")
        block = rest + block
        cut = block.rfind(b"\n") + 1
        while cut > 1 and block[cut - 2 : cut - 1] == b"\\":  # the line end may be a part of a value
            cut = block.rfind(b"\n", 0, cut - 1) + 1
        rest = block[cut:]
        if cut:
            yield block[:cut]
    if rest:
        yield rest + b"\n"


def _requoted(block: bytes, delimiter: bytes) -> bytes:
    """Lines with values in single quotes, in double ones: two single quotes within a value are one."""
    apart = re.escape(delimiter)
    within = re.compile(rb"(?<=[^'\n" + apart + rb"])''(?=[^'\r\n" + apart + rb"])")
    block = within.sub(_APOSTROPHE, block.replace(b'"', b'""'))
    return block.replace(b"'", b'"').replace(_APOSTROPHE, b"'")


def _quoted(block: bytes, delimiter: bytes) -> bytes:
    """Lines with every value quoted, so that no letter in a value can be taken for a delimiter or a quote."""
    lines = block.replace(b"\r\n", b"\n").removesuffix(b"\n")
    lines = lines.replace(b'"', b'""').replace(delimiter, b'","').replace(b"\n", b'"\n"')
    return (b'"' + lines + b'"\n').replace(b'\n""\n', b"\n\n")
