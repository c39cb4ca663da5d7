"""What columns say of rows beside what is read of them: seen in every row that is loaded, told afterwards."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import ibis

from kartograph.tables.engine import Expression, Rows
from kartograph.tables.formats.delimited.text import is_nested
from kartograph.tables.formats.fields import Composed, Field
from kartograph.tables.formats.prepare import TableFile
from kartograph.tables.report import Report

Words = Callable[[str, int, int], str]
"""What is said: of an example, the rows in doubt and all rows."""


@dataclass(frozen=True)
class Witness:
    """A column that is looked at, and what is told of the values that it shows."""

    column: str | Composed
    shows: Callable[[Expression], Expression]
    """The condition on a text under which it is in doubt."""
    words: Words
    harms: bool = True
    """Whether it is told among the remarks."""
    unless: Callable[[Expression], Expression] | None = None
    """Nothing is told where any value of the column fits this."""
    beside: Callable[[Expression], Expression] | None = None
    """It is told only where any value of the column fits this."""

    def field(self) -> Field:
        """The text in doubt, else nothing."""
        composed = None if isinstance(self.column, str) else self.column
        column = self.column if isinstance(self.column, str) else self.column.columns[0]

        def read(text: Expression) -> Expression:
            selected = [one(text) for one in (self.shows, self.unless, self.beside) if one is not None]
            return ibis.ifelse(ibis.or_(*selected), text, ibis.null("string"))

        return Field(column, read, apart=composed, optional=True)


def fields_of(witnesses: Sequence[Witness]) -> dict[str, Field]:
    """The fields that are read beside those of a table, by the name of their column there."""
    return {f"_witness_{place}": one.field() for place, one in enumerate(witnesses)}


def heard(rows: Rows, witnesses: Sequence[Witness], report: Report) -> Rows:
    """Tell what the witnesses saw in rows that were read with their fields; return the rows without them."""
    if not witnesses:
        return rows
    asked = {}
    for name, one in zip(fields_of(witnesses), witnesses, strict=True):
        text = rows[name]
        asked[f"{name}_count"] = text.count(where=one.shows(text))
        asked[f"{name}_example"] = text.strip().min(where=one.shows(text))
        if one.unless is not None:
            asked[f"{name}_fitting"] = text.count(where=one.unless(text))
        if one.beside is not None:
            asked[f"{name}_beside"] = text.count(where=one.beside(text))
    [answers] = rows.agg(rows=rows.count(), **asked).to_pyarrow().to_pylist()  # all of it in one pass
    for name, one in zip(fields_of(witnesses), witnesses, strict=True):
        count = answers[f"{name}_count"]
        if count and not answers.get(f"{name}_fitting") and answers.get(f"{name}_beside", 1):
            words = one.words(answers[f"{name}_example"], count, answers["rows"])
            (report.remark if one.harms else report.note)(words, count)
    return rows.drop(*fields_of(witnesses))


def unused_columns(tables: Sequence[TableFile], used: Mapping[str, str]) -> list[str]:
    """The columns of any of the tables that stand for no part, those that hold no lists or structures."""
    nested = {
        name
        for table in tables
        for name, kind in zip(table.layout.columns, table.layout.types, strict=False)
        if is_nested(kind)
    }
    present = dict.fromkeys(name for table in tables for name in table.layout.columns)
    return [name for name in present if name not in used.values() and name not in nested]
