"""Files become a table of good rows, and their bad rows rejects.

First everything is read at once and fast. Only where a row was bad is a file looked at again: scanned exactly if its
structure was broken (see `csv_records`), and numbered to tell the physical lines.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

import duckdb
import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from kartograph.tables.engine import Engine, Expression, Rows, count_rows, store
from kartograph.tables.errors import BadInput
from kartograph.tables.formats.coarse import refuse_coarse
from kartograph.tables.formats.csv_records import Refused, scan
from kartograph.tables.formats.dialect import Dialect, Layout
from kartograph.tables.formats.fields import Fault, Field
from kartograph.tables.formats.files import find_files, left_out, require_columns
from kartograph.tables.formats.prepare import TableFile, prepare
from kartograph.tables.formats.text import FILE, RECORD, TextTable, forget, rejected_files, text_table
from kartograph.tables.progress import Progress, silent
from kartograph.tables.rejects import Reject, Rejects
from kartograph.tables.report import FileReport, Report

FAULT, VALUE = "_fault", "_value"
AGAIN = "the header again"
_LOOKED_AT = 1_000
"""Values that are looked at to say what is wrong with most."""
Condition = Callable[[Rows], Expression]


@dataclass(frozen=True)
class RowFault:
    """A fault that only several values of a row together show."""

    condition: Condition
    """True for a bad row, on the text of the file."""
    column: str
    """The column that the reject names."""
    reason: str


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
        found = find_files(path)
        for file, why in left_out(path, found).items():
            self.report.note(f"left out, {why}: {file}", 1)
        return [table for file in found for table in self._prepared(file)]

    def table(
        self,
        name: str,
        files: Sequence[Path | TableFile],
        fields: Mapping[str, Field],
        keep: Condition | None = None,
        row_faults: Sequence[RowFault] = (),
    ) -> ir.Table:
        """The good rows of `files`, with the columns that `fields` names.

        `keep` takes the rows of interest, on the text of the file; others are neither good nor bad. A row with
        several faults is rejected for the first. Raises `BadInput` for a missing column, for too many bad rows, and
        where most values make one doubt how their column is read.
        """
        self.progress(f"Reading {name}")
        tables = list(chain(*(self._prepared(one) if isinstance(one, Path) else [one] for one in files)))
        plan = _Plan(fields, keep, row_faults)
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
            return text.table.select(*columns).limit(_LOOKED_AT).to_pyarrow().to_pandas()
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

    def _store(self, name: str, pieces: Sequence[_Piece], plan: "_Plan") -> list[ir.Table]:
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
        fields = len(piece.layout.columns)
        _, piece.refused = scan(piece.table.data, piece.layout.delimiter, fields, _none(), target)
        piece.data = target
        piece.layout = Layout("csv", piece.layout.columns, piece.layout.delimiter, "\n")

    def _read_fast(
        self, name: str, layout: Layout, pieces: Sequence[_Piece], plan: "_Plan"
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

    def _count(self, parts: Sequence[ir.Table], pieces: Sequence[_Piece], plan: "_Plan", read: FileReport) -> None:
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

    def _semantic(self, piece: _Piece, plan: "_Plan") -> Iterator[Reject]:
        """The rows of one file that read well but mean nothing, with their physical lines."""
        text = text_table(self.engine, [piece.data], piece.layout, plan.columns, self.nulls)
        bad = plan.faulty(text).to_pyarrow()
        forget(self.engine, text)
        records = bad[RECORD].to_numpy()
        if piece.layout.format == "csv":
            fields = len(piece.layout.columns)
            lines, _ = scan(piece.table.data, piece.layout.delimiter, fields, records, None)
            lines = lines + piece.table.lines_before
        else:
            lines = records + 1
        for line, fault, value in zip(lines.tolist(), bad[FAULT].to_pylist(), bad[VALUE].to_pylist(), strict=True):
            column, reason = plan.reasons[fault]
            yield Reject(piece.table.shown, line, column, value or "", reason)

    def _reject(self, read: FileReport, rejects: Iterator[Reject]) -> None:
        """Write rejects and count them."""

        def counted() -> Iterator[Reject]:
            for reject in rejects:
                read.rejected[reject.reason] = read.rejected.get(reject.reason, 0) + 1
                yield reject

        self.rejects.add(counted())
        if self.rejects.count:
            self.report.rejects_file = self.rejects.path


class _Plan:
    """What is read and checked, as expressions on a text table."""

    def __init__(
        self,
        fields: Mapping[str, Field],
        keep: Condition | None,
        row_faults: Sequence[RowFault],
    ) -> None:
        self.fields = fields
        self.keep = keep
        self.row_faults = row_faults
        self.columns = list(dict.fromkeys(column for one in fields.values() for column in one.columns))
        self.needed = list(dict.fromkeys(c for one in fields.values() if not one.optional for c in one.columns))
        """Those that every file has to have."""
        self.reasons: list[tuple[str, str]] = []
        self.known: dict[str, ir.Table] = {}
        """By field, what texts mean that its expressions do not understand: `text, value, remark`."""
        self._owners: list[str] = []

    @property
    def remark_columns(self) -> list[str]:
        """Columns of the stored table that hold remarks on values."""
        return [f"_remark_{name}" for name in self.known]

    @property
    def lost_columns(self) -> dict[str, str]:
        """Columns of the stored table that hold texts without a value, each with the column of the file."""
        return {f"_lost_{name}": one.column for name, one in self.fields.items() if one.tells_lost}

    def checked(self, text: ir.Table) -> ir.Table:
        """Typed values, `_fault` (a place in `reasons`, null for a good row), `_file` and `_value` of bad rows."""
        rows = self._read(text if self.keep is None else text.filter(self.keep(text)))
        values = {name: rows[f"_read_{name}"] for name in self.fields}
        remarks = {column: rows[column] for column in self.remark_columns}
        file = ibis.ifelse(rows[FAULT].notnull(), rows[FILE], ibis.null("string"))
        for column in self.lost_columns:
            name = column.removeprefix("_lost_")
            remarks[column] = ibis.ifelse(rows[f"_read_{name}"].isnull(), rows[f"_whole_{name}"], ibis.null("string"))
        return rows.select(**values, **remarks, **{FAULT: rows[FAULT], FILE: file, VALUE: self._value(rows)})

    def faulty(self, text: TextTable) -> ir.Table:
        """Bad rows in the order of the file: `_record` (from 0), `_fault` and the value at fault as text."""
        rows = text.table
        if text.rejects is not None:
            rows = rows.mutate(**{RECORD: ibis.row_number()})
        if self.keep is not None:
            rows = rows.filter(self.keep(rows))
        rows = self._read(rows)
        bad = rows.filter(rows[FAULT].notnull())
        return bad.select(RECORD, FAULT, **{VALUE: self._value(bad)}).order_by(RECORD)

    def learn(self, parts: Sequence[ir.Table], engine: Engine) -> bool:
        """Ask the fields for the meaning of the texts that their expressions did not understand; whether they know any.

        A text that comes in many rows is asked for once.
        """
        for name, one in self.fields.items():
            if one.rest is None:
                continue
            places = self._places(name, lambda reason, one=one: reason not in one.doubtful)
            if not places:
                continue
            bad = [
                stored.filter(ibis.or_(*[stored[FAULT] == place for place in places]) & stored[VALUE].notnull())
                for stored in parts
            ]
            texts = [stored.select(VALUE).distinct().to_pyarrow()[VALUE].to_pylist() for stored in bad]
            asked = sorted(set(chain(*texts)))
            answers = one.rest(pd.Series(asked, dtype="object")) if asked else pd.DataFrame()
            if len(answers):
                schema = ibis.schema({"text": "string", "value": "int64", "remark": "string"})
                self.known[name] = store("known", ibis.memtable(answers, schema=schema), engine.backend)
        return bool(self.known)

    def _places(self, name: str, wanted: Callable[[str], bool]) -> list[int]:
        """The faults of a field whose reason is wanted."""
        faults = enumerate(zip(self._owners, self.reasons, strict=True))
        return [place for place, (owner, (_, reason)) in faults if owner == name and wanted(reason)]

    def refuse_doubtful(self, parts: Sequence[ir.Table], tables: Sequence[TableFile]) -> None:
        """Raise `BadInput` where most rows have a value that makes one doubt how its column is read."""
        rows = sum(count_rows(stored) for stored in parts)
        for name, one in self.fields.items():
            places = self._places(name, lambda reason, one=one: reason in one.doubtful)
            if one.doubts is None or not places:
                continue
            bad = [stored.filter(ibis.or_(*[stored[FAULT] == place for place in places])) for stored in parts]
            count = sum(count_rows(some) for some in bad)
            if count > rows / 2:
                texts = [some.select(VALUE).limit(_LOOKED_AT).to_pyarrow()[VALUE].to_pylist() for some in bad]
                shown = ", ".join(str(table.shown) for table in tables[:3])
                raise BadInput(f"{shown}: in {count:,} of {rows:,} rows {one.doubts(sorted(chain(*texts)))}")

    def lost(self, rows: Rows) -> dict[str, int]:
        """How many texts of each column have no value, with one of them."""
        found: dict[str, int] = {}
        for name, column in self.lost_columns.items():
            told = rows.agg(count=rows[name].count(), example=rows[name].min()).to_pyarrow().to_pylist()[0]
            if told["count"]:
                found[f"values of {column!r} that are none, such as {told['example']!r}"] = told["count"]
        return found

    def remarks(self, rows: Rows) -> dict[str, int]:
        """How often each remark on a value applies to a row."""
        found: dict[str, int] = {}
        for column in self.remark_columns:
            counts = rows.filter(rows[column].notnull()).group_by(column).agg(n=ibis._.count()).to_pyarrow().to_pylist()
            found |= {row[column]: row["n"] for row in counts}
        return found

    def _value(self, rows: Rows) -> Expression:
        """The text at fault."""
        cases = [
            (rows[FAULT] == place, rows[f"_whole_{owner}"] if owner else rows[column])
            for place, (owner, (column, _)) in enumerate(zip(self._owners, self.reasons, strict=True))
        ]
        return ibis.cases(*cases) if cases else ibis.null("string")

    def _read(self, rows: Rows) -> Rows:
        """The rows with `_whole_…` (text) and `_read_…` (value) of each field, `_remark_…` of some, and `_fault`.

        Each step is a view of its own: Ibis would otherwise write the expression of a value into every fault and every
        use of these, and a time has some two hundred parts.
        """
        rows = rows.mutate(**{f"_whole_{name}": one.whole(rows) for name, one in self.fields.items()}).view()
        for name, known in self.known.items():
            added = known.rename({f"_text_{name}": "text", f"_known_{name}": "value", f"_remark_{name}": "remark"})
            rows = rows.left_join(added, rows[f"_whole_{name}"] == added[f"_text_{name}"])
        values = {name: one.read(rows[f"_whole_{name}"]) for name, one in self.fields.items()}
        for name in self.known:
            values[name] = values[name].fill_null(rows[f"_known_{name}"])
        rows = rows.mutate(**{f"_read_{name}": value for name, value in values.items()}).view()
        again = [rows[column].strip().lower() == column.strip().lower() for column in self.needed]
        faults: list[Fault] = [(ibis.and_(*again), AGAIN)] if len(again) > 1 else []
        self.reasons, self._owners = [(self.columns[0], AGAIN) for _ in faults], ["" for _ in faults]
        for name, one in self.fields.items():
            found = one.faults(rows[f"_whole_{name}"], rows[f"_read_{name}"])
            faults += found
            self.reasons += [(one.column, reason) for _, reason in found]
            self._owners += [name] * len(found)
        for row_fault in self.row_faults:
            faults.append((row_fault.condition(rows), row_fault.reason))
            self.reasons.append((row_fault.column, row_fault.reason))
            self._owners.append("")
        return rows.mutate(**{FAULT: _first(faults)}).view()


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


def _first(faults: Sequence[Fault]) -> Expression:
    if not faults:
        return ibis.null("int16")
    return ibis.cases(*[(condition, place) for place, (condition, _) in enumerate(faults)]).cast("int16")


def _structural(piece: _Piece) -> Iterator[Reject]:
    for line in piece.refused:
        yield Reject(piece.table.shown, line.line + piece.table.lines_before, "", line.text, line.reason)
    for number, text in piece.table.broken:
        yield Reject(piece.table.shown, number, "", text, piece.table.broken_reason)


def _none() -> np.ndarray:
    return np.empty(0, dtype=np.int64)
