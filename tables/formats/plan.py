"""What is read and checked of a table, as expressions on its text."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import ibis
import ibis.expr.types as ir
import pandas as pd

from kartograph.tables.engine import Engine, Expression, Rows, count_rows, store
from kartograph.tables.errors import BadInput
from kartograph.tables.formats.delimited.text import FILE, RECORD, TextTable
from kartograph.tables.formats.fields import Fault, Field
from kartograph.tables.formats.prepare import TableFile

FAULT, VALUE = "_fault", "_value"
AGAIN = "the header again"
LOOKED_AT = 1_000
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


class Plan:
    """The fields of a table, which of its rows are wanted, and what makes a row bad."""

    def __init__(
        self,
        fields: Mapping[str, Field],
        keep: Condition | None,
        row_faults: Sequence[RowFault],
        excused: Condition | None = None,
    ) -> None:
        """Plan the reading of fields; `keep`, `row_faults` and `excused` are those of `Reader.table`."""
        self.fields = fields
        self.keep = keep
        self.row_faults = row_faults
        self.excused = excused
        self.columns = list(dict.fromkeys(column for one in fields.values() for column in one.columns))
        self.needed = list(dict.fromkeys(column for one in fields.values() for column in one.needed))
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
                stored.filter(ibis.or_(*[stored[FAULT] == position for position in places]) & stored[VALUE].notnull())
                for stored in parts
            ]
            texts = [stored.select(VALUE).distinct().to_pyarrow()[VALUE].to_pylist() for stored in bad]
            asked = sorted(set(chain(*texts)))
            answers = one.rest(pd.Series(asked, dtype="object")) if asked else pd.DataFrame()
            if len(answers):
                schema = ibis.schema({"text": "string", "value": "int64", "remark": "string"})
                self.known[name] = store("known", ibis.memtable(answers, schema=schema), engine.backend)
        return bool(self.known)

    def _places(self, name: str, selects: Callable[[str], bool]) -> list[int]:
        """The faults of a field whose reason is wanted."""
        faults = enumerate(zip(self._owners, self.reasons, strict=True))
        return [position for position, (owner, (_, reason)) in faults if owner == name and selects(reason)]

    def refuse_doubtful(self, parts: Sequence[ir.Table], tables: Sequence[TableFile]) -> None:
        """Raise `BadInput` where most rows have a value that makes one doubt how its column is read."""
        rows = sum(count_rows(stored) for stored in parts)
        for name, one in self.fields.items():
            places = self._places(name, lambda reason, one=one: reason in one.doubtful)
            if one.doubts is None or not places:
                continue
            bad = [stored.filter(ibis.or_(*[stored[FAULT] == position for position in places])) for stored in parts]
            count = sum(count_rows(some) for some in bad)
            if count > rows / 2:
                texts = [some.select(VALUE).limit(LOOKED_AT).to_pyarrow()[VALUE].to_pylist() for some in bad]
                shown = ", ".join(str(table.shown) for table in tables[:3])
                raise BadInput(f"{shown}: in {count:,} of {rows:,} rows {one.doubts(sorted(chain(*texts)))}")

    def lost(self, rows: Rows) -> dict[str, int]:
        """How many texts of each column have no value, with one of them."""
        counts_of: dict[str, int] = {}
        for name, column in self.lost_columns.items():
            summary = rows.agg(count=rows[name].count(), example=rows[name].min()).to_pyarrow().to_pylist()[0]
            if summary["count"]:
                counts_of[f"values of {column!r} that are none, such as {summary['example']!r}"] = summary["count"]
        return counts_of

    def remarks(self, rows: Rows) -> dict[str, int]:
        """How often each remark on a value applies to a row."""
        counts_of: dict[str, int] = {}
        for column in self.remark_columns:
            counts = rows.filter(rows[column].notnull()).group_by(column).agg(n=ibis._.count()).to_pyarrow().to_pylist()
            counts_of |= {row[column]: row["n"] for row in counts}
        return counts_of

    def _value(self, rows: Rows) -> Expression:
        """The text at fault."""
        cases = [
            (rows[FAULT] == position, rows[f"_whole_{owner}"] if owner else rows[column])
            for position, (owner, (column, _)) in enumerate(zip(self._owners, self.reasons, strict=True))
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
        names = [(column, column.strip().lower()) for column in self.needed]
        # Files that were put together may each begin with a mark of their encoding.
        again = [rows[column].strip().lower().isin([name, f"\ufeff{name}"]) for column, name in names]
        faults: list[Fault] = [(ibis.and_(*again), AGAIN)] if len(again) > 1 else []
        self.reasons, self._owners = [(self.columns[0], AGAIN) for _ in faults], ["" for _ in faults]
        for name, one in self.fields.items():
            column_faults = one.faults(rows[f"_whole_{name}"], rows[f"_read_{name}"])
            faults += column_faults
            self.reasons += [(one.column, reason) for _, reason in column_faults]
            self._owners += [name] * len(column_faults)
        for row_fault in self.row_faults:
            faults.append((row_fault.condition(rows), row_fault.reason))
            self.reasons.append((row_fault.column, row_fault.reason))
            self._owners.append("")
        cases = [(condition, position) for position, (condition, _) in enumerate(faults)]
        if self.excused is not None and cases:
            cases.insert(len(again) > 1, (self.excused(rows).fill_null(False), -1))
        return rows.mutate(
            **{FAULT: ibis.cases(*cases).nullif(ibis.literal(-1)).cast("int16") if cases else ibis.null("int16")}
        ).view()
