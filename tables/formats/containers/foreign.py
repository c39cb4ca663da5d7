"""Files that are no tables, known by their first bytes: they are named instead of read as text."""

import re
from pathlib import Path

from kartograph.tables.errors import BadInput

_EXPORT = "Export the table as CSV, JSON or Parquet."
_KINDS = tuple(
    (re.compile(mark, re.IGNORECASE | re.DOTALL), kind, remedy)
    for mark, kind, remedy in (
        (rb"\s*<(!doctype html|html|head|body|table)\b", "a web page (HTML)", "Was it to be fetched after a login?"),
        (rb"\s*<\?xml|\s*<!doctype ", "XML", _EXPORT),
        (rb"%PDF-", "a PDF document", _EXPORT),
        (rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF....WEBP", "a picture", _EXPORT),
        (rb"\{\\rtf", "a document (RTF)", _EXPORT),
        (rb"SQLite format 3\x00", "a database of SQLite", _EXPORT),
        (rb"\s*(--[^\n]*\n\s*)*(/\*.{0,200}?\*/;?\s*)*(INSERT\s+INTO|CREATE\s+TABLE|SET\s+\w+\s*=)\s", "SQL", _EXPORT),
        (rb"Obj\x01", "an Avro file", _EXPORT),
        (rb"FEA1", "a Feather file of the first version", "Write it again with the second, or as Parquet."),
        (rb"\x89HDF", "an HDF5 file", _EXPORT),
        (rb"\x80[\x02-\x05]", "a pickle of Python, which is not read for it can hold programs", _EXPORT),
        (rb"RDX[23]\n|RDA[23]\n", "a file of R", _EXPORT),
        (rb"MZ.{2,64}?\x00|\x7fELF", "a program", _EXPORT),
        (rb"version https://git-lfs", "a pointer of Git LFS, not the file itself", "Fetch it with `git lfs pull`."),
    )
)


def refuse_foreign(shown: Path, start: bytes) -> None:
    """Raise `BadInput` where the first bytes of a file say that it is no table, with what it is."""
    start = start[:4096].removeprefix(b"\xef\xbb\xbf")
    for mark, kind, remedy in _KINDS:
        if mark.match(start):
            raise BadInput(f"{shown} is {kind}, no table. {remedy}")
