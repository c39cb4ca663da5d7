"""Workbooks (.xlsx, .xls, .ods): every sheet with the columns of the first table of rows is read."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from kartograph.tables.errors import BadInput
from kartograph.tables.formats.dialect import Dialect, distinct_names


def sheets(
    shown: Path, data: Path, folder: Path, line: str, dialect: Dialect
) -> tuple[list[tuple[Path, Path]], list[str]]:
    """Write every sheet of a workbook as a Parquet file of text; return `(shown, file)` of each and what is left out.

    Empty sheets, and sheets whose columns differ from those of the first one, are left out. `line` names the column of
    the row in the sheet. Raises `BadInput` where the workbook is damaged or holds no table.
    """
    try:
        book = pd.read_excel(data, sheet_name=None, header=None, dtype=object, engine="calamine", na_filter=False)
    except Exception as error:  # the reader has no error of its own for damage
        raise BadInput(f"{shown} cannot be read as a workbook: {error}. Open and save it again.") from error
    found: list[tuple[Path, Path]] = []
    left_out: list[str] = []
    first: tuple[str, ...] | None = None
    for name, cells in book.items():
        filled = cells.index[(cells != "").any(axis=1)]
        place = shown / str(name)
        if not len(filled):
            left_out.append(f"{place} (empty)")
            continue
        start = int(filled[0]) + (0 if dialect.columns else 1)
        names = distinct_names(dialect.columns or [str(value) for value in cells.loc[filled[0]]])
        if len(names) != cells.shape[1]:
            raise BadInput(f"{place} has {cells.shape[1]} columns, --columns names {len(names)}. Name every column.")
        if first is not None and names != first:
            left_out.append(f"{place} (other columns than {found[0][0].name})")
            continue
        first = names
        rows = cells.loc[[row for row in filled if row >= start]]
        columns = {name: pa.array(rows[at].map(_text), pa.string()) for at, name in enumerate(names)}
        target = folder / f"{len(list(folder.iterdir()))}-sheet.parquet"
        pq.write_table(pa.table({**columns, line: pa.array(rows.index + 1, pa.int64())}), target)
        found.append((place, target))
    if not found:
        raise BadInput(f"{shown} holds no rows. Its first sheet has to name the columns in its first row.")
    return found, left_out


def _text(value: object) -> str | None:
    """A cell as it is written: a date and time as ISO 8601, a whole number without a decimal point."""
    if value is None or value == "":
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)
