"""Floats of 32 bits in Parquet, which are too coarse for ids and times."""

import glob
from collections.abc import Iterable

import duckdb

from kartograph.tables.errors import BadInput
from kartograph.tables.formats.fields import Field
from kartograph.tables.formats.prepare import TableFile

FIRST_COARSE = 2**24
"""From here on floats of 32 bits do not hold every whole number: 16,777,217 becomes 16,777,216."""
FIRST_INEXACT = 2**53
"""The same of floats of 64 bits."""


def refuse_coarse(table: TableFile, fields: Iterable[Field]) -> None:
    """Refuse a table whose ids or times are floats of 32 bits and so large that others have become the same."""
    floats = {name for name, kind in zip(table.layout.columns, table.layout.types, strict=False) if kind == "FLOAT"}
    for column in dict.fromkeys(one.column for one in fields if one.exact and one.column in floats):
        quoted = '"' + column.replace('"', '""') + '"'
        finite = duckdb.read_parquet(glob.escape(str(table.data))).filter(f"isfinite({quoted})")
        [(largest,)] = finite.max(quoted).fetchall()
        if largest is not None and largest >= FIRST_COARSE:
            raise BadInput(
                f"{table.shown}: column {column!r} holds floats of 32 bits up to {largest:.0f}. These hold not every "
                f"whole number from {FIRST_COARSE:,} on: different ids have become one, and times are up to a minute "
                "off. Write the column as int64 or as text where the numbers are still whole."
            )
