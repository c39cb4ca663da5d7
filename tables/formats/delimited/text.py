"""Files become a table of text, every value as it is written there.

This is the one place that speaks SQL to DuckDB. All values come as text, nothing is guessed, so that what is wrong can
be told with the value that was found.
"""

import glob
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import ibis.expr.types as ir
from ibis.util import gen_name

from kartograph.tables.engine import Engine
from kartograph.tables.errors import BadInput
from kartograph.tables.formats.coarse import FIRST_INEXACT
from kartograph.tables.formats.delimited.csv_records import MAX_RECORD_BYTES
from kartograph.tables.formats.delimited.dialect import Layout
from kartograph.tables.formats.prepare import LINE

FILE, RECORD = "_file", "_record"
"""Columns that say where a row comes from: the path, and for Parquet the row's number in the file from 0."""
_NOTHING = "CAST(NULL AS VARCHAR)"


@dataclass(frozen=True)
class TextTable:
    """A view on files that are read when the view is."""

    table: ir.Table
    rejects: str | None
    """DuckDB's table of structural errors, filled while the view is read; none for Parquet."""
    view: str


def text_table(
    engine: Engine, files: Sequence[Path], layout: Layout, columns: Sequence[str], nulls: Sequence[str] = ()
) -> TextTable:
    """Columns of files of one layout as text, and `_file`, `_record`; one that the files lack has no values.

    An empty value is null, whether it is quoted or not, and so is one of the words `nulls`, in any case of letters and
    with blanks around it. Raises `BadInput` for a column that holds no text: a list or a structure.
    """
    view = gen_name("text")
    paths = "[" + ", ".join(_literal(glob.escape(str(file))) for file in files) + "]"
    if layout.format == "parquet":
        types = dict(zip(layout.columns, layout.types, strict=True))
        chosen = ", ".join(
            f"{_missing(_as_text(column, types[column]), nulls) if column in types else _NOTHING} AS {_name(column)}"
            for column in columns
        )
        record = f"{_name(LINE)} - 1" if layout.numbered else "file_row_number"
        source = f"read_parquet({paths}, filename = '{FILE}', file_row_number = true, union_by_name = true)"
        sql = f"SELECT {chosen}, {FILE}, CAST({record} AS BIGINT) AS {RECORD} FROM {source}"
        rejects = None
    else:
        rejects = gen_name("rejects")
        chosen = ", ".join(
            f"{_missing(_name(column), nulls) if column in layout.columns else _NOTHING} AS {_name(column)}"
            for column in columns
        )
        types = ", ".join(f"{_literal(column)}: 'VARCHAR'" for column in layout.columns)
        newline = layout.newline.replace("\r", "\\r").replace("\n", "\\n")
        source = (
            f"read_csv({paths}, header = true, all_varchar = true, auto_detect = false, columns = {{{types}}}, "
            f"delim = {_literal(layout.delimiter)}, quote = '\"', escape = '\"', new_line = '{newline}', "
            f"max_line_size = {MAX_RECORD_BYTES}, filename = '{FILE}', "
            f"store_rejects = true, rejects_limit = 0, rejects_table = '{rejects}', rejects_scan = '{rejects}_scan')"
        )
        sql = f"SELECT {chosen}, {FILE}, CAST(NULL AS BIGINT) AS {RECORD} FROM {source}"
    engine.backend.raw_sql(f"CREATE TEMP VIEW {view} AS {sql}")
    return TextTable(engine.backend.table(view), rejects, view)


def rejected_files(engine: Engine, text: TextTable) -> list[Path]:
    """The files in which DuckDB saw an ill-formed record when `text` was read."""
    if text.rejects is None:
        return []
    try:
        refused = engine.backend.raw_sql(
            f"SELECT DISTINCT file_path FROM {text.rejects} "
            f"JOIN {text.rejects}_scan USING (scan_id, file_id) ORDER BY file_path"
        ).fetchall()
    except duckdb.CatalogException:  # DuckDB makes the tables with the first reading
        return []
    return [Path(path) for (path,) in refused]


def forget(engine: Engine, text: TextTable) -> None:
    """Drop the view and what DuckDB noted about it."""
    engine.backend.raw_sql(f"DROP VIEW {text.view}")
    if text.rejects is not None:
        engine.backend.raw_sql(f"DROP TABLE IF EXISTS {text.rejects}")
        engine.backend.raw_sql(f"DROP TABLE IF EXISTS {text.rejects}_scan")


def _missing(value: str, nulls: Sequence[str]) -> str:
    """The value, null where it is empty or one of the words for that."""
    value = f"nullif({value}, '')"
    if not nulls:
        return value
    max_length = max(map(len, nulls))
    words = ", ".join(map(_literal, nulls))
    return (
        f"CASE WHEN length(trim({value})) <= {max_length} AND lower(trim({value})) IN ({words}) THEN NULL "
        f"ELSE {value} END"
    )


def is_nested(kind: str) -> bool:
    """Whether values of a type of DuckDB's are lists or structures."""
    return kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION"))


def _as_text(column: str, kind: str) -> str:
    """A column of Parquet as text; whole numbers that were stored with a decimal point have none.

    Those beyond what a float holds exactly have an exponent, by which they are told.
    """
    name = _name(column)
    if is_nested(kind):
        raise BadInput(
            f"Column {column!r} holds lists or structures ({kind.partition('(')[0]}), not one value for each row. "
            "Unnest it before the file is written, or name another column."
        )
    if kind in ("DOUBLE", "FLOAT"):
        whole = f"{name} = floor({name}) AND abs({name}) < {FIRST_INEXACT}"
        inexact = f"abs({name}) >= {FIRST_INEXACT} AND abs({name}) < 1e16"
        return (
            f"CASE WHEN {whole} THEN CAST(TRY_CAST({name} AS BIGINT) AS VARCHAR) "
            f"WHEN {inexact} THEN format('{{:.15e}}', {name}) ELSE CAST({name} AS VARCHAR) END"
        )
    if kind == "BLOB":  # text, or bytes such as those of a UUID, in hexadecimal
        return f"coalesce(try(decode({name})), lower(hex({name})))"
    return f"CAST({name} AS VARCHAR)"


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
