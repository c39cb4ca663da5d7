"""Which files does a path name, and what columns do they say they have?"""

import csv
import difflib
import glob
import gzip
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from kartograph.tables.errors import BadInput

SUFFIXES = (".csv", ".csv.gz", ".parquet")
DELIMITERS = (",", ";", "\t", "|")
_HEADER_BYTES = 1_000_000


@dataclass(frozen=True)
class Layout:
    """How one file is written; files of one layout are read together."""

    format: str
    """`csv` or `parquet`."""
    columns: tuple[str, ...]
    """Column names in the order of the file; names that are missing or repeated are made distinct."""
    delimiter: str = ","
    newline: str = "\n"
    """The line end of the header, which all lines of a good file share."""


def find_files(path: str | Path, suffixes: Sequence[str] = SUFFIXES) -> list[Path]:
    """The files that `path` names: one file, all tables of a folder, or a pattern such as `2019-*.csv.gz`."""
    place = Path(path)
    if place.is_file():
        return [place]
    if place.is_dir():
        found = sorted(file for file in place.iterdir() if file.is_file() and file.name.endswith(tuple(suffixes)))
        if not found:
            raise BadInput(f"The folder {place} holds no file that ends in {', '.join(suffixes)}. Name another path.")
        return found
    found = sorted(Path(file) for file in glob.glob(str(path)) if Path(file).is_file())
    if not found:
        raise BadInput(f"{path} is not there: it is no file, no folder, and no pattern that fits one. Check the path.")
    return found


def layout_of(file: Path) -> Layout:
    """Read the header of `file`."""
    if file.name.endswith(".parquet"):
        return Layout("parquet", _parquet_columns(file))
    try:
        opener = gzip.open if file.suffix == ".gz" else open
        with opener(file, "rb") as stream:
            start = stream.read(_HEADER_BYTES)
    except (OSError, EOFError) as error:
        raise BadInput(f"{file} cannot be read: {error}. Check that it is whole and that you may read it.") from error
    try:
        text = start.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(f"The header of {file} is not UTF-8. Convert the file to UTF-8 first.") from error
    if "\x00" in text:
        raise BadInput(f"The header of {file} holds NUL bytes: it is no UTF-8 text. Convert the file first.")
    if not text.strip():
        raise BadInput(f"{file} has no header in its first line. The first line has to name the columns.")
    newline = "\r\n" if text.endswith("\r") else "\n"
    header = text.rstrip("\r")
    delimiter = max(DELIMITERS, key=re.sub(r'"[^"]*"', "", header).count)
    names = next(csv.reader([header], delimiter=delimiter, skipinitialspace=True))
    return Layout("csv", _distinct(names), delimiter, newline)


def require_columns(file: Path, found: Sequence[str], needed: Sequence[str]) -> None:
    """Refuse `file` unless all `needed` columns are there; the error lists what is there and the closest names."""
    missing = [name for name in needed if name not in found]
    if not missing:
        return
    hints = []
    for name in missing:
        close = difflib.get_close_matches(name.lower(), [column.lower() for column in found], n=1)
        original = [column for column in found if column.lower() == close[0]] if close else []
        hints.append(f"{name!r}" + (f" (did you mean {original[0]!r}?)" if original else ""))
    raise BadInput(
        f"{file} has no column {', '.join(hints)}. Its columns are {', '.join(map(repr, found))}. "
        "Name the column that holds it, or add it to the file."
    )


def _parquet_columns(file: Path) -> tuple[str, ...]:
    try:
        described = duckdb.read_parquet(glob.escape(str(file)))
        return tuple(described.columns)
    except duckdb.Error as error:
        raise BadInput(f"{file} is not a Parquet file that can be read: {error}") from error


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Give every column a name of its own: `a, a, ` becomes `a, a_2, column_3`."""
    taken: list[str] = []
    for place, raw in enumerate(names, start=1):
        name = raw.strip() or f"column_{place}"
        while name.lower() in [other.lower() for other in taken]:
            name = f"{name}_{place}"
        taken.append(name)
    return tuple(taken)
