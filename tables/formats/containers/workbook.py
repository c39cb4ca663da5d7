"""Workbooks (.xlsx, .xls, .ods): every sheet with the columns of the first table of rows is read."""

import re
import zipfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum

from kartograph.tables.errors import BadInput
from kartograph.tables.formats.dialect import Dialect, distinct_names

MOST_CELLS = 60_000_000
"""Cells of the area of one sheet, empty ones too: the reader takes some 30 bytes for each."""
_ABOVE = 20
"""Rows at the top that are looked at for titles above the header."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CELL = re.compile(rb'<c [^>]*?r="([A-Z]{1,3})(\d+)"')
_BLOCK = 1 << 24


def sheets(
    shown: Path, data: Path, folder: Path, line: str, dialect: Dialect
) -> tuple[list[tuple[Path, Path]], list[str]]:
    """Write every sheet of a workbook as a Parquet file of text; return `(shown, file)` of each and what is left out.

    Empty sheets, charts, and sheets whose columns differ from those of the first one are left out, and so are titles
    above the header. Cells that are merged have the value of the first one. `line` names the column of the row in the
    sheet. Raises `BadInput` where the workbook is damaged, locked, too wide, or holds no table.
    """
    _refuse_locked(shown, data)
    _refuse_wide(shown, data)
    found: list[tuple[Path, Path]] = []
    left_out: list[str] = []
    first: tuple[str, ...] | None = None
    for name, sheet in _opened(shown, data):
        place = shown / name
        cells = pd.DataFrame(sheet.to_python(skip_empty_area=False), dtype=object) if sheet else pd.DataFrame()
        header, above = _header(cells, sheet, bool(dialect.columns))
        if header is None:
            left_out.append(f"{place} (empty)" if sheet else f"{place} (no table)")
            continue
        left_out += [f"{place}, above the header: {words!r}" for words in above]
        cells = _unmerged(cells, sheet)
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


def _opened(shown: Path, data: Path) -> list[tuple[str, CalamineSheet | None]]:
    """The sheets by name, None for one that is no table of cells."""
    try:
        book = CalamineWorkbook.from_path(data)
        return [
            (one.name, book.get_sheet_by_name(one.name) if one.typ == SheetTypeEnum.WorkSheet else None)
            for one in book.sheets_metadata
        ]
    except Exception as error:  # the reader has errors of several kinds for damage
        raise BadInput(f"{shown} cannot be read as a workbook: {error}. Open and save it again.") from error


def _refuse_locked(shown: Path, data: Path) -> None:
    """A workbook with a password is an older container that holds a package of this name."""
    with data.open("rb") as file:
        start = file.read(_BLOCK)
    if start.startswith(b"\xd0\xcf\x11\xe0") and _ENCRYPTED in start:
        raise BadInput(f"{shown} is locked with a password. Save it without one.")


def _refuse_wide(shown: Path, data: Path) -> None:
    """Refuse a sheet of which one far cell would make an area that no memory holds."""
    if not zipfile.is_zipfile(data):
        return
    with zipfile.ZipFile(data) as archive:
        for member in archive.namelist():
            if not re.fullmatch(r"xl/worksheets/[^/]+\.xml", member):
                continue
            columns, row = {b"A"}, 1
            with archive.open(member) as file:
                rest = b""
                while block := file.read(_BLOCK):
                    cells = _CELL.findall(rest + block)
                    columns |= {letters for letters, _ in cells}
                    row = max(row, int(cells[-1][1])) if cells else row
                    rest = block[-100:]
            width = max(_number(letters) for letters in columns)
            if width * row > MOST_CELLS:
                raise BadInput(
                    f"{shown}: the cells of {Path(member).stem} reach over {row:,} rows and {width:,} columns. At most "
                    f"{MOST_CELLS:,} cells are read: delete those far away, or save the sheet as CSV."
                )


def _number(letters: bytes) -> int:
    """The number of a column by its letters, A is 1."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _header(cells: pd.DataFrame, sheet: CalamineSheet | None, is_data: bool) -> tuple[int | None, list[str]]:
    """The row that names the columns, None where there is none, and the titles in rows above it.

    A row with one value alone, or with cells that are merged sideways, is a title where a row below it has more. Rows
    of `is_data` have no header: the first one that is filled counts.
    """
    values = (cells != "").sum(axis=1)
    filled = values.index[values > 0][:_ABOVE]
    if not len(filled):
        return None, []
    merged = {top for (top, left), (_, right) in (sheet.merged_cell_ranges if sheet else None) or [] if right > left}
    for place, row in enumerate(filled):
        below = values[filled[place + 1 :]].max() if place + 1 < len(filled) else 0
        if is_data or not ((values[row] == 1 or row in merged) and below > values[row]):
            return int(row), [_title(cells.loc[above]) for above in filled[:place]]
    return int(filled[0]), []


def _title(row: pd.Series) -> str:
    return ", ".join(str(value) for value in row if value != "")[:80]


def _unmerged(cells: pd.DataFrame, sheet: CalamineSheet | None) -> pd.DataFrame:
    """The cells with every merged one filled with the value of the first of them."""
    values = cells.to_numpy(dtype=object, copy=True)
    for (top, left), (bottom, right) in (sheet.merged_cell_ranges if sheet else None) or []:
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
