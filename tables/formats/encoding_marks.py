"""Byte-order marks: how a text says at its beginning in which encoding it is written."""

import codecs

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""By mark, that of UTF-32 before that of UTF-16, which begins it."""


def encoding_of_mark(start: bytes) -> str | None:
    """The encoding that the mark at the beginning of a text names, None where there is no mark."""
    return next((encoding for mark, encoding in _MARKS.items() if start.startswith(mark)), None)
