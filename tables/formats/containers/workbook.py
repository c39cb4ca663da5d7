"""Workbooks (.xlsx, .xls, .ods): every sheet with the columns of the first table of rows is read."""

import re
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineWorkbook, SheetTypeEnum

from kartograph.tables.errors import BadInput
from kartograph.tables.formats.containers.copies import new_file
from kartograph.tables.formats.containers.workbook_limits import not_computed, refuse_deadly, refuse_locked, refuse_wide
from kartograph.tables.formats.delimited.dialect import Dialect, distinct_names

Range = tuple[tuple[int, int], tuple[int, int]]
"""Row and column of the first and the last of some cells."""
_ABOVE = 20
"""Rows at the top that are looked at for titles above the header."""
_NAME = re.compile(r"[^\W\d_]\D*$")
"""What is no id."""
_FORMULAS = 0.1
"""Formulas without a value for each row from which a workbook is refused."""


def sheets(
    shown: Path, data: Path, folder: Path, line: str, dialect: Dialect
) -> tuple[list[tuple[Path, Path]], list[str]]:
    """Write every sheet of a workbook as a Parquet file of text; return `(shown, file)` of each and what is left out.

    Empty sheets, charts, and sheets whose columns differ from those of the first one that has several and is no cover
    are left out, and so are titles above the header. Cells that are merged have the value of the first one. `line`
    names the column of the row in the sheet. Raises `BadInput` where the workbook is damaged, locked, too wide, or
    holds no table.
    """
    refuse_locked(shown, data)
    refuse_wide(shown, data)
    data = _named_by_its_bytes(data, folder)
    refuse_deadly(shown, data)
    kept: list[tuple[Path, Path, tuple[str, ...]]] = []
    covers: list[Path] = []
    left_out: list[str] = []
    count = 0
    for name, raw, merged in _opened(shown, data):
        sheet = shown / name
        cells = pd.DataFrame(raw or [], dtype=object)
        header, above = _header(cells, merged, bool(dialect.columns))
        if header is None:
            left_out.append(f"{sheet} (no table)" if raw is None else f"{sheet} (empty)")
            continue
        left_out += [f"{sheet}, above the header: {words!r}" for words in above]
        cells = _unmerged(cells, merged)
        cells = cells.loc[header:]
        cells = cells.loc[:, (cells != "").any()]
        names = distinct_names(dialect.columns or [str(value) for value in cells.loc[header]])
        if len(names) != cells.shape[1]:
            raise BadInput(f"{sheet} has {cells.shape[1]} columns, --columns names {len(names)}. Name every column.")
        rows = cells.loc[header + (0 if dialect.columns else 1) :]
        rows = rows[(rows != "").any(axis=1)]
        columns = {name: pa.array(rows[at].map(_text), pa.string()) for name, at in zip(names, rows, strict=True)}
        target = new_file(folder, "sheet.parquet")
        pq.write_table(pa.table({**columns, line: pa.array(rows.index + 1, pa.int64())}), target)
        kept.append((sheet, target, names))
        covers += [sheet] if not dialect.columns and _is_cover(cells) else []
        count += len(rows)
    if formulas := not_computed(data):
        words = f"{shown} has {formulas:,} formulas without a value, for no program has computed them yet"
        if formulas > _FORMULAS * count:
            raise BadInput(f"{words}. Open the workbook in a spreadsheet program and save it, then they are there.")
        left_out.append(words)
    if not kept:
        raise BadInput(f"{shown} holds no rows. Its first sheet has to name the columns in its first row.")
    several = [one for one in kept if len(one[2]) > 1] or kept
    first, _, columns_of_first = next((one for one in several if one[0] not in covers), several[0])
    left_out += [
        f"{sheet} (other columns than {first.name})" for sheet, _, names in kept if {*names} != {*columns_of_first}
    ]
    return [(sheet, target) for sheet, target, names in kept if {*names} == {*columns_of_first}], left_out


def _named_by_its_bytes(data: Path, folder: Path) -> Path:
    """The file under a name that ends as its bytes say, by which the reader goes."""
    kind = ".xls"
    if zipfile.is_zipfile(data):
        with zipfile.ZipFile(data) as archive:
            members = set(archive.namelist())
        kind = ".ods" if "content.xml" in members else ".xlsb" if "xl/workbook.bin" in members else ".xlsx"
    if data.suffix.lower() == kind or (kind == ".xlsx" and data.suffix.lower() == ".xlsm"):
        return data
    named = new_file(folder, f"book{kind}")
    shutil.copyfile(data, named)
    return named


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

    A row with one value alone, with half of what most rows have, or with cells that are merged sideways, is a title
    where a row below it has more; so is one that leaves columns without a name where the next one names them all. Rows
    of `is_data` have no header: the first one that is filled counts.
    """
    values = (cells != "").sum(axis=1)
    filled = values.index[values > 0][:_ABOVE]
    if not len(filled):
        return None, []
    merged = {top for (top, left), (_, right) in ranges if right > left}
    usual = values[values > 0].median()
    for place, row in enumerate(filled):
        below = values[filled[place + 1 :]].max() if place + 1 < len(filled) else 0
        is_title = (
            values[row] == 1 or values[row] <= usual / 2 or row in merged or _is_named_below(cells, filled[place:])
        )
        if is_data or not (is_title and below > values[row]):
            return int(row), [_title(cells.loc[above]) for above in filled[:place]]
    return int(filled[0]), []


def _is_cover(cells: pd.DataFrame) -> bool:
    """Whether a sheet says what the others are: a few words, each with a value, and these of several kinds."""
    if cells.shape[1] != 2 or len(cells) > _ABOVE:
        return False
    words, values = (list(cells.iloc[:, at]) for at in (0, 1))
    kinds = {isinstance(value, str) for value in values[1:]}
    labels = len(set(words)) == len(words) and all(isinstance(word, str) for word in words)
    return labels and (len(kinds) > 1 or not isinstance(values[0], str))


def _is_named_below(cells: pd.DataFrame, rows: pd.Index) -> bool:
    """Whether the second of some rows names more columns than the first, in words that stand above other values."""
    if len(rows) < 3:
        return False
    first, names, values = (list(cells.loc[row]) for row in rows[:3])
    all_texts = all(
        isinstance(name, str) and (_NAME.match(name) or not value) for name, value in zip(names, values, strict=True)
    )
    unnamed = any(name and not above for above, name in zip(first, names, strict=True))
    return all_texts and unnamed and any(not isinstance(value, str) for value in values)


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
    if isinstance(value, int | float) and float(value).is_integer() and not isinstance(value, bool):
        number = float(value)
        exact = abs(value) < 2**53
        return str(int(value)) if exact else f"{number:.15e}" if abs(number) < 1e16 else str(number)
    return str(value)
