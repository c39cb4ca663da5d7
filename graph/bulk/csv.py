"""Writes tables so that Neo4j's importer reads back exactly the values that stood in them.

The importer knows no escape but the doubled quote, takes an unquoted empty field for null and a quoted one for the
empty string, and ends a row at any line feed or carriage return unless it is told which files hold some inside values.
"""

import csv
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import ibis.expr.types as ir

BLOCK = 16 * 2**20


@dataclass(frozen=True)
class Written:
    """A written file, as far as the importer has to be told of it."""

    path: Path
    rows: int
    multiline: bool
    """Whether a value holds a line feed or a carriage return."""


def write_csv(table: ir.Table, path: Path) -> Written:
    """Write a table that DuckDB or Spark holds, with a header line."""
    backend = table.get_backend()
    rows = _written_by_spark(table, path) if backend.name == "pyspark" else _written_by_duckdb(table, path)
    return Written(path, rows, multiline=_has_more_lines(path, rows + 1))


def _written_by_duckdb(table: ir.Table, path: Path) -> int:
    backend = table.get_backend()
    # Ibis' own to_csv neither takes every path nor tells how many rows it wrote.
    file = str(path).replace("'", "''")
    copy = f"COPY ({backend.compile(table)}) TO '{file}' (FORMAT csv, HEADER, DELIMITER ',', QUOTE '\"', NULLSTR '')"
    return backend.raw_sql(copy).fetchone()[0]  # pyright: ignore[reportAttributeAccessIssue]


def _written_by_spark(table: ir.Table, path: Path) -> int:
    """Let every executor write its part, and join the parts in their order behind a header."""
    backend: Any = table.get_backend()
    # Executors on other machines do not see the folder of the shop; all see that of the tables.
    [setting] = backend.raw_sql("SET spark.sql.warehouse.dir").collect()
    parts = Path(setting.value.removeprefix("file:")) / f"{path.name}-{uuid4().hex}"
    frame = backend.raw_sql(backend.compile(table)).cache()
    form = {"quote": '"', "escape": '"', "nullValue": "", "emptyValue": '""', "header": False}
    kept = {"ignoreLeadingWhiteSpace": False, "ignoreTrailingWhiteSpace": False}
    frame.write.csv(str(parts), **form, **kept)
    rows = frame.count()
    frame.unpersist()
    with path.open("wb") as whole:
        whole.write((",".join(f'"{name}"' for name in table.columns) + "\n").encode())
        for part in sorted(parts.glob("part-*")):
            with part.open("rb") as file:
                shutil.copyfileobj(file, whole, BLOCK)
    shutil.rmtree(parts)
    return rows


def write_node(path: Path, number: int, properties: Mapping[str, str | int | None]) -> Written:
    """Write one node: its import id and its properties, given as header = value; null properties are left out."""
    values = {header: value for header, value in properties.items() if value is not None}
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
        rows.writerow([":ID", *values])
        rows.writerow([number, *values.values()])
    return Written(path, 1, multiline=_has_more_lines(path, 2))


def _has_more_lines(path: Path, lines: int) -> bool:
    line_ends = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            line_ends += block.count(b"\n")
            if line_ends > lines or b"\r" in block:
                return True
    return False
