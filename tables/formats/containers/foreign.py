"""Files that are no tables, known by their first bytes: they are named instead of read as text."""

import re
from collections.abc import Collection
from pathlib import Path

from kartograph.tables.errors import BadInput

_EXPORT = "Export the table as CSV, JSON or Parquet."
_FRAME = "In Python pandas.{} reads it, and loaders take data frames; or export the table as CSV."
_PAGE = "Was it to be fetched after a login? If it shows the table, a spreadsheet program opens it and saves it as CSV."
_SQL = (
    rb"(?:\s|--[^\n]*\n|\#[^\n]*\n|/\*.*?\*/;?)*"
    rb"(?:(?:INSERT|REPLACE)\s+(?:\w+\s+)?INTO\s|(?:CREATE|DROP|ALTER|LOCK)\s+(?:TABLES?|DATABASE|SCHEMA|SEQUENCE)\s"
    rb"|SET\s+(?:\w+\s*=|ANSI_NULLS\s|NAMES\s|SQL_MODE\s)|BEGIN(?:\s+TRANSACTION)?\s*;|START\s+TRANSACTION\s*;"
    rb"|PRAGMA\s+\w+\s*=|USE\s+[\[`]?\w+[\]`]?\s*(?:;\s*\n|\n\s*GO\b)|COPY\s[^\n]*\sFROM\s+stdin)"
)
_KINDS = tuple(
    (re.compile(mark, re.IGNORECASE | re.DOTALL), kind, remedy)
    for mark, kind, remedy in (
        (rb"(\s|<!--.*?-->)*<(!doctype html|html|head|body|table|div|script|style|meta)\b", "a web page (HTML)", _PAGE),
        (rb"<stata_dta>|[\x69\x6c-\x73][\x01\x02]\x01\x00", "a file of Stata", _FRAME.format("read_stata")),
        (rb"\s*<\?xml|\s*<!doctype ", "XML", _EXPORT),
        (rb"%PDF-", "a PDF document", _EXPORT),
        (rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF....WEBP", "a picture", _EXPORT),
        (rb"\{\\rtf", "a document (RTF)", _EXPORT),
        (
            rb"SQLite format 3\x00",
            "a database of SQLite",
            "`sqlite3 -header -csv FILE 'SELECT * FROM t' > t.csv` exports.",
        ),
        (
            rb".{8}(?-i:DUCK).{1,2}\x00",
            "a database of DuckDB",
            "`duckdb FILE \"COPY t TO 't.parquet'\"` exports a table.",
        ),
        (rb"\x00\x01\x00\x00Standard (Jet|ACE) DB", "a database of Access", _EXPORT),
        (rb"[\x03\x83\x8b\xf5].[\x01-\x0c][\x01-\x1f].{7}", "a file of dBase", _EXPORT),
        (rb"PGDMP", "a dump of PostgreSQL in its own format", "Restore it, and export the table as CSV."),
        (_SQL, "SQL", "Run it in a database, and export the table as CSV."),
        (rb"\x00{12}\xc2\xea\x81\x60|HEADER RECORD\*{7}LIB", "a file of SAS", _FRAME.format("read_sas")),
        (rb"\$FL[23]@\(#\)|ASCII SPSS PORT FILE", "a file of SPSS", _FRAME.format("read_spss")),
        (rb"Obj\x01", "an Avro file", _EXPORT),
        (rb"FEA1\x00", "a Feather file of the first version", "Write it again with the second, or as Parquet."),
        (rb"\x89HDF|MATLAB 5\.0 MAT-file", "an HDF5 or MATLAB file", _EXPORT),
        (rb"\x93NUMPY", "an array of NumPy", _EXPORT),
        (
            rb"\x80[\x02-\x05]|\([ld]p\d|c(copy_?reg|__builtin__|builtins|pandas|numpy)[\w.]*\n|[\]}(]q\x00",
            "a pickle of Python, which is not read for it can hold programs",
            _EXPORT,
        ),
        (rb"RDX[23]\n|RDA[23]\n|X\n\x00\x00\x00[\x02\x03]", "a file of R", _EXPORT),
        (rb".{2}\x00\x00[\x01-\x13][A-Za-z_]\w*\x00", "BSON", "`mongoexport` or `bsondump` write JSON."),
        (rb"bplist00", "a property list of Apple", _EXPORT),
        (rb"MZ.{2,64}?\x00|\x7fELF", "a program", _EXPORT),
        (rb"version https://git-lfs", "a pointer of Git LFS, not the file itself", "Fetch it with `git lfs pull`."),
    )
)


def foreign_kind(start: bytes) -> tuple[str, str] | None:
    """What a file is that is no table, by its first bytes, and what to do; None where they do not tell."""
    start = start[:4096].removeprefix(b"\xef\xbb\xbf")
    return next(((kind, remedy) for mark, kind, remedy in _KINDS if mark.match(start)), None)


def refuse_foreign(shown: Path, start: bytes) -> None:
    """Raise `BadInput` where the first bytes of a file say that it is no table, with what it is."""
    if (known := foreign_kind(start)) is not None:
        raise BadInput(f"{shown} is {known[0]}, no table. {known[1]}")


def foreign_archive(names: Collection[str]) -> str:
    """What a zip archive is that a program keeps for itself, by the names in it, or an empty text."""
    if "[Content_Types].xml" in names:
        return "a document of Word or PowerPoint"
    if any(name.startswith("Index/") and name.endswith(".iwa") for name in names) or "Index.zip" in names:
        return "a document of Numbers or Pages: export it as CSV or Excel"
    return "a document of LibreOffice" if {"mimetype", "content.xml"} <= set(names) else ""
