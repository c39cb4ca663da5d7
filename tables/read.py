"""How does a file become a table of good rows, and its bad rows rejects?

First everything is read at once and fast. Only where a row was bad is a file looked at again: scanned exactly if its
structure was broken (see `csv_records`), and numbered to tell the physical lines.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import ibis
import ibis.expr.types as ir
import numpy as np

from kartograph.tables.csv_records import Refused, scan
from kartograph.tables.engine import Engine, Expression, Rows, count_rows
from kartograph.tables.errors import BadInput
from kartograph.tables.fields import Fault, Field
from kartograph.tables.files import Layout, layout_of, require_columns
from kartograph.tables.progress import Progress, silent
from kartograph.tables.rejects import Reject, Rejects
from kartograph.tables.report import FileReport, Report
from kartograph.tables.text import FILE, RECORD, TextTable, forget, rejected_files, text_table

FAULT, VALUE = "_fault", "_value"
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
class Reader:
    """Reads the tables of one load; all of them share the rejects file and the report."""

    engine: Engine
    report: Report
    rejects: Rejects
    progress: Progress = silent

    def table(
        self,
        name: str,
        files: Sequence[Path],
        fields: Mapping[str, Field],
        keep: Condition | None = None,
        row_faults: Sequence[RowFault] = (),
        part: bool = False,
    ) -> ir.Table:
        """The good rows of `files`, with the columns that `fields` names.

        `keep` takes the rows of interest, on the text of the file; others are neither good nor bad. A row with
        several faults is rejected for the first. With `part` there is one column more, `part`: the place of the row's
        file among `files`. Raises `BadInput` for a missing column and for too many bad rows.
        """
        self.progress(f"Reading {name}")
        layouts: dict[Layout, list[Path]] = {}
        for file in files:
            layout = layout_of(file)
            require_columns(file, layout.columns, list(dict.fromkeys(field.column for field in fields.values())))
            layouts.setdefault(layout, []).append(file)
        read = FileReport(list(files), 0, {})
        self.report.reads[name] = read
        plan = _Plan(fields, keep, row_faults, list(files) if part else None)
        parts = [self._read_layout(name, layout, some, plan, read) for layout, some in layouts.items()]
        self.rejects.check(name, sum(read.rejected.values()), read.rows)
        return ibis.union(*parts) if len(parts) > 1 else parts[0]

    def _read_layout(
        self, name: str, layout: Layout, files: Sequence[Path], plan: "_Plan", read: FileReport
    ) -> ir.Table:
        """Read files of one layout; count into `read`."""
        stored, broken = self._read_fast(name, layout, files, plan)
        copies = {file: file for file in files}
        if stored is None:
            for place, file in enumerate(broken):
                self.progress(f"Scanning {file.name} for its broken records")
                cleaned = self.engine.folder / f"{name}-{place}.csv"
                _, refused = scan(file, layout.delimiter, len(layout.columns), _none(), cleaned, self.engine.folder)
                self._reject(read, _structural(file, refused))
                read.rows += len(refused)
                copies[file] = cleaned
            # The scanner writes \n as line end, so the copies may differ in layout from files that were whole.
            whole = [file for file in files if copies[file] == file]
            scanned = [copies[file] for file in files if copies[file] != file]
            parts = []
            for some, form in ((whole, layout), (scanned, Layout("csv", layout.columns, layout.delimiter, "\n"))):
                if some:
                    part, still = self._read_fast(name, form, some, plan, {copies[file]: file for file in files})
                    if part is None:
                        raise BadInput(f"{', '.join(map(str, still))} cannot be read as CSV. Check its quotes.")
                    parts.append(part)
            stored = ibis.union(*parts) if len(parts) > 1 else parts[0]
        read.rows += count_rows(stored)
        bad = stored.filter(stored[FAULT].notnull())
        if count_rows(bad):
            places = set(bad.select(FILE).distinct().to_pyarrow()[FILE].to_pylist())
            for file in files:
                if str(copies[file]) in places:
                    self._reject(read, self._semantic(file, copies[file], layout, plan))
        return stored.filter(stored[FAULT].isnull()).drop(FAULT, FILE)

    def _read_fast(
        self, name: str, layout: Layout, files: Sequence[Path], plan: "_Plan", of: Mapping[Path, Path] | None = None
    ) -> tuple[ir.Table | None, list[Path]]:
        """Read and check with DuckDB; no table, but the files at fault, where the structure is broken.

        `of` names the file of which each of `files` is a cleaned copy.
        """
        text = text_table(self.engine, files, layout, plan.columns)
        try:
            stored = self.engine.store(name, plan.checked(text.table, of or {file: file for file in files}))
        except duckdb.OutOfMemoryException as error:
            raise BadInput(f"{name} does not fit: {error}. Give the engine more memory or another folder.") from error
        except duckdb.Error as error:
            if layout.format != "csv":
                raise BadInput(f"{', '.join(map(str, files))} cannot be read: {error}") from error
            return None, list(files)
        broken = rejected_files(self.engine, text)
        forget(self.engine, text)
        if broken:
            self.engine.drop(stored)
            return None, broken
        return stored, []

    def _semantic(self, file: Path, copy: Path, layout: Layout, plan: "_Plan") -> Iterator[Reject]:
        """The rows of one file that read well but mean nothing, with their physical lines."""
        newline = layout.newline if copy == file else "\n"
        form = Layout(layout.format, layout.columns, layout.delimiter, newline)
        text = text_table(self.engine, [copy], form, plan.columns)
        bad = plan.faulty(text).to_pyarrow()
        forget(self.engine, text)
        records = bad[RECORD].to_numpy()
        if layout.format == "csv":
            lines, _ = scan(file, layout.delimiter, len(layout.columns), records, None, self.engine.folder)
        else:
            lines = records + 1
        for line, fault, value in zip(lines.tolist(), bad[FAULT].to_pylist(), bad[VALUE].to_pylist(), strict=True):
            column, reason = plan.reasons[fault]
            yield Reject(file, line, column, value or "", reason)

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
        parts: Sequence[Path] | None = None,
    ) -> None:
        self.fields = fields
        self.keep = keep
        self.row_faults = row_faults
        self.parts = parts
        self.columns = list(dict.fromkeys(field.column for field in fields.values()))
        self.reasons: list[tuple[str, str]] = []

    def checked(self, text: ir.Table, of: Mapping[Path, Path]) -> ir.Table:
        """Typed values, `_fault` (a place in `reasons`, null for a good row) and `_file` of bad rows.

        `of` names the file behind each path that is read.
        """
        values, faults = self._read(text)
        fault = _first(faults)
        file = ibis.ifelse(fault.notnull(), text[FILE], ibis.null("string"))
        kept = text if self.keep is None else text.filter(self.keep(text))
        if self.parts is not None:
            places = [(text[FILE] == str(path), self.parts.index(file)) for path, file in of.items()]
            values["part"] = ibis.cases(*places).cast("int64") if len(self.parts) > 1 else ibis.literal(0, "int64")
        return kept.select(**values, **{FAULT: fault, FILE: file})

    def faulty(self, text: TextTable) -> ir.Table:
        """Bad rows in the order of the file: `_record` (from 0), `_fault` and the value at fault as text."""
        rows = text.table
        if text.rejects is not None:
            rows = rows.mutate(**{RECORD: ibis.row_number()})
        if self.keep is not None:
            rows = rows.filter(self.keep(rows))
        _, faults = self._read(rows)
        fault = _first(faults)
        values = [(fault == place, rows[column]) for place, (column, _) in enumerate(self.reasons)]
        bad = rows.select(rows[RECORD], **{FAULT: fault, VALUE: ibis.cases(*values)})
        return bad.filter(bad[FAULT].notnull()).order_by(RECORD)

    def _read(self, text: ir.Table) -> tuple[dict[str, Expression], list[Fault]]:
        values: dict[str, Expression] = {}
        faults: list[Fault] = []
        self.reasons = []
        for name, field in self.fields.items():
            value, found = field.read(text[field.column])  # pyright: ignore[reportArgumentType]
            values[name] = value
            faults += found
            self.reasons += [(field.column, reason) for _, reason in found]
        for row_fault in self.row_faults:
            faults.append((row_fault.condition(text), row_fault.reason))
            self.reasons.append((row_fault.column, row_fault.reason))
        return values, faults


def _first(faults: Sequence[Fault]) -> Expression:
    if not faults:
        return ibis.null("int16")
    return ibis.cases(*[(condition, place) for place, (condition, _) in enumerate(faults)]).cast("int16")


def _structural(file: Path, refused: Sequence[Refused]) -> Iterator[Reject]:
    for line in refused:
        yield Reject(file, line.line, "", line.text, line.reason)


def _none() -> np.ndarray:
    return np.empty(0, dtype=np.int64)
