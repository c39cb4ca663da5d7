"""Files become a table of good rows, and their bad rows rejects.

First everything is read at once and fast. Only where a row was bad is a file looked at again: scanned exactly if its
structure was broken (see `csv_records`), and numbered to tell the physical lines.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

import duckdb
import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from kartograph.tables.engine import Engine, count_rows
from kartograph.tables.errors import BadInput
from kartograph.tables.formats.coarse import refuse_coarse
from kartograph.tables.formats.delimited.csv_records import Refused, scan
from kartograph.tables.formats.delimited.dialect import Dialect, Layout
from kartograph.tables.formats.delimited.late_escapes import mend, reason_of
from kartograph.tables.formats.delimited.text import FILE, RECORD, forget, rejected_files, text_table
from kartograph.tables.formats.fields import Field
from kartograph.tables.formats.files import find_files, left_out, require_columns
from kartograph.tables.formats.plan import FAULT, LOOKED_AT, VALUE, Condition, Plan, RowFault
from kartograph.tables.formats.prepare import TableFile, prepare
from kartograph.tables.progress import Progress, silent
from kartograph.tables.rejects import Reject, Rejects
from kartograph.tables.report import FileReport, Report


@dataclass
class _Piece:
    """A table file while it is read: where its structure was broken, a cleaned copy stands for it."""

    table: TableFile
    data: Path
    layout: Layout
    refused: list[Refused] = field(default_factory=list)


@dataclass
class Reader:
    """Reads the tables of one load; all of them share the rejects file and the report."""

    engine: Engine
    report: Report
    rejects: Rejects
    progress: Progress = silent
    nulls: tuple[str, ...] = ()
    """Words that stand for a missing value, in lower case; with an empty one blanks are missing too."""
    dialect: Dialect = field(default_factory=Dialect)

    def open(self, path: str | Path) -> list[TableFile]:
        """The tables of the file, folder or pattern at `path`; what is left out there goes into the report."""
        files = find_files(path)
        for file, why in left_out(path, files).items():
            self.report.note(f"left out, {why}: {file}", 1)
        return [table for file in files for table in self._prepared(file)]

    def table(
        self,
        name: str,
        files: Sequence[Path | TableFile],
        fields: Mapping[str, Field],
        keep: Condition | None = None,
        row_faults: Sequence[RowFault] = (),
        excused: Condition | None = None,
    ) -> ir.Table:
        """The good rows of `files`, with the columns that `fields` names.

        `keep` takes the rows of interest, on the text of the file; others are neither good nor bad. A row with
        several faults is rejected for the first. Where `excused` holds (on `_read_…` and `_whole_…`, the value and the
        text of each field) a row is good whatever it lacks. Raises `BadInput` for a missing column, for too many bad
        rows, and where most values make one doubt how their column is read.
        """
        self.progress(f"Reading {name}")
        tables = list(chain(*(self._prepared(one) if isinstance(one, Path) else [one] for one in files)))
        plan = Plan(fields, keep, row_faults, excused)
        tables = [replace(table, layout=_named_as(table.layout, plan.needed)) for table in tables]
        for table in tables:
            require_columns(table.shown, table.layout.columns, plan.needed)
            refuse_coarse(table, fields.values())
        pieces = [_Piece(table, table.data, table.layout) for table in tables]
        parts = self._store(name, pieces, plan)
        if plan.learn(parts, self.engine):
            for stored in parts:
                self.engine.drop(stored)
            parts = self._store(name, pieces, plan)
        plan.refuse_doubtful(parts, tables)
        read = FileReport(list(dict.fromkeys(table.file for table in tables)), 0, {})
        self.report.reads[name] = read
        self._count(parts, pieces, plan, read)
        self.rejects.check(name, sum(read.rejected.values()), read.rows)
        good = [stored.filter(stored[FAULT].isnull()).drop(FAULT, FILE, VALUE) for stored in parts]
        rows = ibis.union(*good) if len(good) > 1 else good[0]
        for words, count in plan.remarks(rows).items():
            self.report.note(words, count)
        for words, count in plan.lost(rows).items():
            self.report.note(words, count)
        rows = rows.drop(*plan.remark_columns, *plan.lost_columns)
        for piece in pieces:
            if self.engine.folder in piece.table.data.parents:
                piece.table.data.unlink(missing_ok=True)
        return rows

    def peek(self, table: TableFile, columns: Sequence[str]) -> pd.DataFrame:
        """Some of the first rows of a table, as text."""
        text = text_table(self.engine, [table.data], table.layout, columns, self.nulls)
        try:
            return text.table.select(*columns).limit(LOOKED_AT).to_pyarrow().to_pandas()
        except duckdb.Error:  # a broken record: the reading of the whole table tells it
            return pd.DataFrame(columns=list(columns), dtype="string")
        finally:
            forget(self.engine, text)

    def _prepared(self, file: Path) -> list[TableFile]:
        tables = prepare(file, self.engine.folder, self.dialect)
        for table in tables:
            for words in table.left_out:
                self.report.note(f"left out: {words}", 1)
        return tables

    def _store(self, name: str, pieces: Sequence[_Piece], plan: Plan) -> list[ir.Table]:
        """Read and check all pieces, those of one layout together; what is broken is cleaned and read again."""
        parts: list[ir.Table] = []
        for layout, group in _by_layout(pieces).items():
            stored, broken = self._read_fast(name, layout, group, plan)
            if stored is not None:
                parts.append(stored)
                continue
            for piece in group:
                if piece.data in broken:
                    self._clean(piece, self.engine.folder / f"{name}-{pieces.index(piece)}.csv")
            for form, some in _by_layout(group).items():
                stored, still = self._read_fast(name, form, some, plan)
                if stored is None:
                    shown = ", ".join(str(piece.table.shown) for piece in some if piece.data in still)
                    raise BadInput(f"{shown} cannot be read as CSV. Check its quotes and its delimiter.")
                parts.append(stored)
        return parts

    def _clean(self, piece: _Piece, target: Path) -> None:
        """Write a copy without the broken records of a CSV file. The scanner writes `\\n` as line end."""
        self.progress(f"Scanning {piece.table.shown.name} for its broken records")
        fields, delimiter = len(piece.layout.columns), piece.layout.delimiter
        _, piece.refused = scan(piece.table.data, delimiter, fields, _none(), target)
        mended = target.with_suffix(".mended.csv")
        if count := mend(piece.table.data, piece.refused, delimiter, fields, mended):
            words = (
                f'lines of {piece.table.shown.name} with quotes behind backslashes, as in "5\\" pipe", which are quotes'
            )
            self.report.note(words, count)
            piece.table = replace(piece.table, data=mended)
            _, piece.refused = scan(mended, delimiter, fields, _none(), target)
        piece.data = target
        piece.layout = Layout("csv", piece.layout.columns, piece.layout.delimiter, "\n")

    def _read_fast(
        self, name: str, layout: Layout, pieces: Sequence[_Piece], plan: Plan
    ) -> tuple[ir.Table | None, list[Path]]:
        """Read and check with DuckDB; no table, but the files at fault, where the structure is broken."""
        files = [piece.data for piece in pieces]
        text = text_table(self.engine, files, layout, plan.columns, self.nulls)
        shown = ", ".join(str(piece.table.shown) for piece in pieces)
        try:
            stored = self.engine.store(name, plan.checked(text.table))
        except duckdb.OutOfMemoryException as error:
            raise BadInput(f"{name} does not fit: {error}. Give the engine more memory or another folder.") from error
        except duckdb.Error as error:
            if layout.format != "csv":
                raise BadInput(f"{shown} cannot be read: {error}") from error
            return None, files
        broken = rejected_files(self.engine, text)
        forget(self.engine, text)
        if broken:
            self.engine.drop(stored)
            return None, broken
        return stored, []

    def _count(self, parts: Sequence[ir.Table], pieces: Sequence[_Piece], plan: Plan, read: FileReport) -> None:
        """Count rows, and write and count the rejects."""
        for piece in pieces:
            self._reject(read, _structural(piece))
            read.rows += len(piece.refused) + len(piece.table.broken)
        at_fault: set[str] = set()
        for stored in parts:
            read.rows += count_rows(stored)
            bad = stored.filter(stored[FAULT].notnull())
            at_fault |= set(bad.select(FILE).distinct().to_pyarrow()[FILE].to_pylist())
        for piece in pieces:
            if str(piece.data) in at_fault:
                self._reject(read, self._semantic(piece, plan))

    def _semantic(self, piece: _Piece, plan: Plan) -> Iterator[Reject]:
        """The rows of one file that read well but mean nothing, with their physical lines, or places in a frame."""
        text = text_table(self.engine, [piece.data], piece.layout, plan.columns, self.nulls)
        bad = plan.faulty(text).to_pyarrow()
        forget(self.engine, text)
        records = bad[RECORD].to_numpy()
        if piece.table.is_frame:
            lines = records
        elif piece.layout.format == "csv":
            fields = len(piece.layout.columns)
            lines, _ = scan(piece.table.data, piece.layout.delimiter, fields, records, None)
            lines = lines + piece.table.lines_before
        else:
            lines = records + 1
        for line, fault, value in zip(lines.tolist(), bad[FAULT].to_pylist(), bad[VALUE].to_pylist(), strict=True):
            column, reason = plan.reasons[fault]
            yield Reject(piece.table.shown, line, column, value or "", reason, piece.table.is_frame)

    def _reject(self, read: FileReport, rejects: Iterator[Reject]) -> None:
        """Write rejects and count them."""

        def counted() -> Iterator[Reject]:
            for reject in rejects:
                read.rejected[reject.reason] = read.rejected.get(reject.reason, 0) + 1
                yield reject

        self.rejects.add(counted())
        if self.rejects.count:
            self.report.rejects_file = self.rejects.path


def _named_as(layout: Layout, needed: Sequence[str]) -> Layout:
    """The layout of a text table with columns named as they are needed, where only the case of letters differs."""
    if layout.format != "csv":
        return layout
    missing = {name.lower(): name for name in needed if name not in layout.columns}
    named = (missing.get(name.lower(), name) if name not in needed else name for name in layout.columns)
    return replace(layout, columns=tuple(named))


def _by_layout(pieces: Sequence[_Piece]) -> dict[Layout, list[_Piece]]:
    groups: dict[Layout, list[_Piece]] = {}
    for piece in pieces:
        groups.setdefault(piece.layout, []).append(piece)
    return groups


def _structural(piece: _Piece) -> Iterator[Reject]:
    for line in piece.refused:
        reason = reason_of(line.reason, line.text, piece.layout.delimiter)
        yield Reject(piece.table.shown, line.line + piece.table.lines_before, "", line.text, reason)
    for number, text in piece.table.broken:
        yield Reject(piece.table.shown, number, "", text, piece.table.broken_reason)


def _none() -> np.ndarray:
    return np.empty(0, dtype=np.int64)
