"""Workbooks (.xlsx, .xls, .ods): every sheet with the columns of the first table of rows is read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineWorkbook, SheetTypeEnum

from kartograph.tables.errors import BadInput
from kartograph.tables.formats.containers.workbook_limits import refuse_deadly, refuse_locked, refuse_wide
from kartograph.tables.formats.dialect import Dialect, distinct_names

Range = tuple[tuple[int, int], tuple[int, int]]
"""Row and column of the first and the last of some cells."""
_ABOVE = 20
"""Rows at the top that are looked at for titles above the header."""


def sheets(
    shown: Path, data: Path, folder: Path, line: str, dialect: Dialect
) -> tuple[list[tuple[Path, Path]], list[str]]:
    """Write every sheet of a workbook as a Parquet file of text; return `(shown, file)` of each and what is left out.

    Empty sheets, charts, and sheets whose columns differ from those of the first one are left out, and so are titles
    above the header. Cells that are merged have the value of the first one. `line` names the column of the row in the
    sheet. Raises `BadInput` where the workbook is damaged, locked, too wide, or holds no table.
    """
    refuse_locked(shown, data)
    refuse_wide(shown, data)
    refuse_deadly(shown, data)
    found: list[tuple[Path, Path]] = []
    left_out: list[str] = []
    first: tuple[str, ...] | None = None
    for name, raw, merged in _opened(shown, data):
        place = shown / name
        cells = pd.DataFrame(raw or [], dtype=object)
        header, above = _header(cells, merged, bool(dialect.columns))
        if header is None:
            left_out.append(f"{place} (no table)" if raw is None else f"{place} (empty)")
            continue
        left_out += [f"{place}, above the header: {words!r}" for words in above]
        cells = _unmerged(cells, merged)
        cells = cells.loc[header:]
        cells = cells.loc[:, (cells != "").any()]
        names = distinct_names(dialect.columns or [str(value) for value in cells.loc[header]])
        if len(names) != cells.shape[1]:
            raise BadInput(f"{place} has {cells.shape[1]} columns, --columns names {len(names)}. Name every column.")
        if first is not None and names != first:
            left_out.append(f"{place} (other columns than {found[0][0].name})")
            continue
        first = names
        rows = cells.loc[header + (0 if dialect.columns else 1) :]
        rows = rows[(rows != "").any(axis=1)]
        columns = {name: pa.array(rows[at].map(_text), pa.string()) for name, at in zip(names, rows, strict=True)}
        target = folder / f"{len(list(folder.iterdir()))}-sheet.parquet"
        pq.write_table(pa.table({**columns, line: pa.array(rows.index + 1, pa.int64())}), target)
        found.append((place, target))
    if not found:
        raise BadInput(f"{shown} holds no rows. Its first sheet has to name the columns in its first row.")
    return found, left_out


def _opened(shown: Path, data: Path) -> Iterator[tuple[str, list[list[Any]] | None, list[Range]]]:
    """The sheets: name, cells (None for one that is no table of cells) and ranges of merged cells."""
    with _told(shown):
        book = CalamineWorkbook.from_path(data)
        sheets_of = book.sheets_metadata
    for one in sheets_of:
        if one.typ != SheetTypeEnum.WorkSheet:
            yield one.name, None, []
            continue
        with _told(shown):
            sheet = book.get_sheet_by_name(one.name)
            cells, merged = sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or []
        yield one.name, cells, merged


@contextmanager
def _told(shown: Path) -> Iterator[None]:
    """Turn what the reader raises for damage, errors of several kinds and panics, into a sentence."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise BadInput(f"{shown} cannot be read as a workbook: {error}. Open and save it again.") from error


def _header(cells: pd.DataFrame, ranges: list[Range], is_data: bool) -> tuple[int | None, list[str]]:
    """The row that names the columns, None where there is none, and the titles in rows above it.

    A row with one value alone, or with cells that are merged sideways, is a title where a row below it has more. Rows
    of `is_data` have no header: the first one that is filled counts.
    """
    values = (cells != "").sum(axis=1)
    filled = values.index[values > 0][:_ABOVE]
    if not len(filled):
        return None, []
    merged = {top for (top, left), (_, right) in ranges if right > left}
    for place, row in enumerate(filled):
        below = values[filled[place + 1 :]].max() if place + 1 < len(filled) else 0
        if is_data or not ((values[row] == 1 or row in merged) and below > values[row]):
            return int(row), [_title(cells.loc[above]) for above in filled[:place]]
    return int(filled[0]), []


def _title(row: pd.Series) -> str:
    return ", ".join(str(value) for value in row if value != "")[:80]


def _unmerged(cells: pd.DataFrame, ranges: list[Range]) -> pd.DataFrame:
    """The cells with every merged one filled with the value of the first of them."""
    values = cells.to_numpy(dtype=object, copy=True)
    for (top, left), (bottom, right) in ranges:
        if top < values.shape[0] and left < values.shape[1]:
            values[top : bottom + 1, left : right + 1] = values[top, left]
    return pd.DataFrame(values)


def _text(value: object) -> str | None:
    """A cell as it is written: a date and time as ISO 8601, a whole number without a decimal point.

    A number keeps 15 digits in a workbook; a longer one stays rounded to a power of ten, so that it can be told.
    """
    if value is None or value == "":
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(float(value)) if isinstance(value, int) and abs(value) >= 2**53 else str(value)
