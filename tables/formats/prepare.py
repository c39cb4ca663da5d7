"""Files of every format become tables that are read in one of two: CSV in the common dialect, or Parquet."""

import codecs
import glob
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from kartograph.tables.errors import BadInput
from kartograph.tables.formats.containers.arrow_files import ARROW_SUFFIXES, as_parquet, is_arrow
from kartograph.tables.formats.containers.copies import new_file
from kartograph.tables.formats.containers.foreign import refuse_foreign
from kartograph.tables.formats.containers.unpack import PACKED_SUFFIXES, ZIP, Unpacked, start_of, unpack, why_no_table
from kartograph.tables.formats.containers.workbook import sheets
from kartograph.tables.formats.delimited.aligned import aligned_of
from kartograph.tables.formats.delimited.dialect import (
    SAMPLE_BYTES,
    Dialect,
    Layout,
    beginning_of,
    distinct_names,
    encoding_of,
)
from kartograph.tables.formats.delimited.drawn import Drawing, drawing_of, undrawn
from kartograph.tables.formats.delimited.text_copy import common_copy, decoded_copy
from kartograph.tables.formats.files import PARQUET_SUFFIXES, SUFFIXES, WORKBOOK_SUFFIXES, XML_SUFFIXES, is_table
from kartograph.tables.formats.frame_names import frame_of
from kartograph.tables.formats.nested.json_records import JSON_SUFFIXES, flattened
from kartograph.tables.formats.nested.xml_records import as_json_lines

_XML = re.compile(rb"(\xef\xbb\xbf)?\s*<(\?xml|rss|feed)\b")
_ELEMENT = re.compile(rb"(\xef\xbb\xbf)?\s*<(?!!doctype html|html)|\xff\xfe<\x00|\xfe\xff\x00<", re.IGNORECASE)
"""How XML of any kind begins, in UTF-8 or UTF-16."""
LINE = "_line"
"""The column of a converted file that says from which line of the original a row comes."""
PARQUET = b"PAR1"
OLE = b"\xd0\xcf\x11\xe0"
"""How a workbook of the older format (.xls) begins."""
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class TableFile:
    """One table, ready to be read."""

    file: Path
    """The file that holds it."""
    shown: Path
    """Its path for people: that of an archive's member is `archive.zip/member.csv`."""
    data: Path
    """What is read: the file itself or a copy."""
    layout: Layout
    lines_before: int = 0
    """Lines of the file before the first line of the copy."""
    looks_like_data: str | None = None
    """The line that was taken for a header and looks like a row."""
    left_out: tuple[str, ...] = field(default=(), compare=False)
    """What the file holds and the table does not, in words."""
    broken: tuple[tuple[int, str], ...] = ()
    """Lines that belong to no row, with their text."""
    broken_reason: str = "no JSON object"
    """Why they belong to none."""
    is_frame: bool = False
    """Whether it is the copy of a data frame, whose rows have places from 0 and no lines."""


def prepare(file: Path, folder: Path, dialect: Dialect | None = None) -> list[TableFile]:
    """The tables in `file`: one, or several where it is an archive; copies go into `folder`.

    Raises `BadInput` where it is damaged, empty, or no table.
    """
    dialect = dialect or Dialect()
    if (frame := frame_of(file)) is not None:
        copied = _tables(file, Unpacked(frame, file), folder, dialect)
        return [replace(table, is_frame=True) for table in copied]
    tables: list[TableFile] = []
    left_out: list[str] = []
    plain = unpack(file, folder)
    for one in plain:
        why = one.left_out or (_why_not(one) if len(plain) > 1 else "")
        if why:
            left_out.append(f"{one.shown} ({why})")
            continue
        tables += _tables(file, one, folder, dialect)
    if not tables:
        raise BadInput(f"{file} holds no table: {', '.join(left_out)}. Tables end in {', '.join(SUFFIXES)}.")
    return [replace(tables[0], left_out=(*tables[0].left_out, *left_out)), *tables[1:]]


def _why_not(one: Unpacked) -> str:
    """Why one of several files in an archive is not read, or an empty text."""
    if not is_table(one.shown):
        kind = why_no_table(start_of(one.data, SAMPLE_BYTES))
        return f"{kind}, no table" if kind else "no table"
    return "" if start_of(one.data, SAMPLE_BYTES).strip() else "empty"


def layout_of(file: Path, dialect: Dialect | None = None) -> Layout:
    """The layout of the first table of `file`; of large text tables only the beginning is read."""
    start = start_of(file, SAMPLE_BYTES)
    is_text = _kind(file, start) == "text" and encoding_of(start, dialect or Dialect()) == "utf-8"
    if is_text and _drawn(start, dialect or Dialect()) is None:
        seen = beginning_of(file, start, dialect or Dialect())
        return Layout("csv", seen.columns, seen.delimiter, seen.newline)
    folder = Path(tempfile.mkdtemp(prefix="kartograph-layout-"))
    try:
        return prepare(file, folder, dialect)[0].layout
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _kind(shown: Path, start: bytes) -> str:
    """The format by the first bytes, and for JSON by the name.

    A text is read as one whatever its name: many programs export text as `.xls`. Raises `BadInput` for bytes that are
    no text and not what the name says.
    """
    name = shown.name.lower()
    for suffix in PACKED_SUFFIXES:
        name = name.removesuffix(suffix)
    if start.startswith(PARQUET):
        return "parquet"
    if start.startswith((ZIP, OLE)):
        return "workbook"
    if is_arrow(shown, start):
        return "arrow"
    if _XML.match(start) or (name.endswith(XML_SUFFIXES) and _ELEMENT.match(start)):
        return "xml"
    refuse_foreign(shown, start)
    binary = name.endswith((*PARQUET_SUFFIXES, *ARROW_SUFFIXES, *WORKBOOK_SUFFIXES))
    if binary and b"\x00" in start and not start.startswith(UTF16):
        raise BadInput(f"{shown} is not what its name says: its first bytes are no such file's. Export it again.")
    if name.endswith(JSON_SUFFIXES) or re.match(rb'(\xef\xbb\xbf)?\s*(\[\s*)?\{\s*("|\})', start):
        return "json"
    return "text"


def _tables(file: Path, one: Unpacked, folder: Path, dialect: Dialect) -> list[TableFile]:
    """The tables of one plain file."""
    start = start_of(one.data, SAMPLE_BYTES)
    if not start.strip():
        raise BadInput(f"{one.shown} is empty: it has no header in its first line, which has to name the columns.")
    kind = _kind(one.shown, start)
    if kind == "parquet":
        return [TableFile(file, one.shown, one.data, parquet_layout(one.data, one.shown))]
    if kind == "arrow":
        data = as_parquet(one.shown, one.data, folder)
        return [TableFile(file, one.shown, data, parquet_layout(data, one.shown))]
    if kind == "workbook":
        files, without = sheets(one.shown, one.data, folder, LINE, dialect)
        tables = [TableFile(file, shown, data, parquet_layout(data, shown)) for shown, data in files]
        return [replace(tables[0], left_out=tuple(without)), *tables[1:]]
    if kind == "xml":
        lines = new_file(folder, "records.jsonl")
        further = [f"{one.shown}: {words}" for words in as_json_lines(one.shown, one.data, lines)]
        return [_flat(file, one.shown, lines, folder, further)]
    encoding = encoding_of(start, dialect)
    data = one.data
    if encoding.lower().replace("_", "-") not in ("utf-8", "utf8"):
        data = _copy_of(one, folder)
        decoded_copy(one.shown, one.data, encoding, data)
        start = start_of(data, SAMPLE_BYTES)
    if kind == "json":
        return [_flat(file, one.shown, data, folder)]
    drawing = _drawn(start, dialect)
    if drawing is not None:
        return [_undrawn(file, one.shown, data, folder, drawing, dialect)]
    seen = beginning_of(one.shown, start, dialect)
    if seen.is_plain:
        layout = Layout("csv", seen.columns, seen.delimiter, seen.newline)
        return [TableFile(file, one.shown, data, layout, looks_like_data=seen.looks_like_data)]
    titles = tuple(f"{one.shown}, above the header: {text!r}" for text in seen.titles if text)
    copy = _copy_of(one, folder)
    delimiter = common_copy(data, copy, seen)
    if data != one.data:
        data.unlink()
    newline = "\r\n" if seen.newline == "\r\n" and len(seen.delimiter) == 1 else "\n"
    layout = Layout("csv", seen.columns, delimiter, newline)
    before = seen.skipped_lines - (0 if seen.has_header else 1)
    return [TableFile(file, one.shown, copy, layout, before, seen.looks_like_data, titles)]


def _flat(file: Path, shown: Path, data: Path, folder: Path, further: Sequence[str] = ()) -> TableFile:
    """The table in a JSON file, and in words what it leaves out beside `further`."""
    flat, bad, without = flattened(shown, data, folder, LINE)
    left_out = (*further, *(f"{shown}: {words}" for words in without))
    return TableFile(file, shown, flat, parquet_layout(flat, shown), left_out=left_out, broken=tuple(bad))


def _drawn(start: bytes, dialect: Dialect) -> Drawing | None:
    """How a table is drawn or aligned; None where something stands between its values."""
    drawing = drawing_of(start)
    return drawing if drawing is not None or dialect.delimiter else aligned_of(start, dialect.columns)


def _undrawn(file: Path, shown: Path, data: Path, folder: Path, drawing: Drawing, dialect: Dialect) -> TableFile:
    """A table that is drawn with lines, as the rows in it."""
    names = distinct_names(["" if name == "-" else name for name in dialect.columns or drawing.columns])
    if len(names) != len(drawing.columns):
        raise BadInput(f"{shown} has {len(drawing.columns)} columns, --columns names {len(names)}. Name every column.")
    flat = new_file(folder, "drawn.parquet")
    try:
        bad = undrawn(data, flat, drawing, names, LINE)
    except duckdb.Error as error:
        raise BadInput(f"{shown} cannot be read as a table drawn with lines: {str(error).splitlines()[0]}") from error
    layout = parquet_layout(flat, shown)
    reason = "a value stands between two columns" if drawing.gaps else "another number of values"
    return TableFile(file, shown, flat, layout, broken=tuple(bad), broken_reason=reason)


def _copy_of(one: Unpacked, folder: Path) -> Path:
    return new_file(folder, f"copy-{one.shown.stem}.csv")


def parquet_layout(data: Path, shown: Path) -> Layout:
    """The columns and types of a Parquet file, less the column of lines."""
    try:
        described = duckdb.read_parquet(glob.escape(str(data)))
        columns, types = described.columns, list(map(str, described.types))
    except duckdb.Error as error:
        raise BadInput(f"{shown} is not a Parquet file that can be read: {error}") from error
    kinds = dict(zip(columns, types, strict=True))
    numbered = kinds.pop(LINE, None) is not None
    return Layout("parquet", tuple(kinds), types=tuple(kinds.values()), numbered=numbered)
