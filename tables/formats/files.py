"""Which files a path names, and whether they have the columns that are needed."""

import difflib
import glob
import re
from collections.abc import Sequence
from pathlib import Path

from kartograph.tables.errors import BadInput
from kartograph.tables.formats.containers.arrow_files import ARROW_SUFFIXES
from kartograph.tables.formats.containers.unpack import PACKED_SUFFIXES, start_of, why_no_table
from kartograph.tables.formats.nested.json_records import JSON_SUFFIXES

TEXT_SUFFIXES = (".csv", ".tsv", ".tab", ".psv", ".txt", ".dat", ".data", ".inter", ".item")
PARQUET_SUFFIXES = (".parquet", ".pq")
WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
XML_SUFFIXES = (".xml",)
_LAKES = {"_delta_log": "Delta Lake", "metadata/*.metadata.json": "Iceberg", ".hoodie": "Hudi"}
"""What marks a folder as a table that keeps former versions of its rows."""
SUFFIXES = (
    *TEXT_SUFFIXES, *JSON_SUFFIXES, *XML_SUFFIXES, *PARQUET_SUFFIXES, *ARROW_SUFFIXES, *WORKBOOK_SUFFIXES,
)  # fmt: skip
"""How names of tables end, in any case of letters; each may be packed, and a `.zip` may hold several."""
_COMPANIONS = re.compile(
    r"(read[-_ ]?me|licen[cs]e)(?![a-z])"
    r"|(copying|change[-_ ]?log|citation|checksums?|(md5|sha\d+)(sums?)?)(\.(txt|md))?$"
    r"|(manifest|schema|datapackage)\.json|sitemap[^.]*\.xml|~\$"
)
"""How names begin of what lies beside data and holds no rows; a `changelog.csv` may hold some."""
REMEDY = "Name the column that holds it, add it to the file, or leave this file out."
"""What to do about a column that is not there."""
_BLANK = 1_000
"""First bytes of a file that is called empty where they are blanks."""


def is_table(path: Path) -> bool:
    """Whether a file's name says that it is a table, in any case of letters, packed or not."""
    name = path.name.lower()
    if _COMPANIONS.match(name):
        return False
    for packed in PACKED_SUFFIXES:
        name = name.removesuffix(packed)
    zipped = name.endswith(".tar") or path.name.lower().endswith((".zip", ".tar", ".tgz"))
    return (zipped or name.endswith(SUFFIXES)) and not name.startswith(".") and "__MACOSX" not in path.parts


def find_files(path: str | Path) -> list[Path]:
    """The files that `path` names: one file, all tables of a folder, or a pattern such as `2019-*.csv.gz`.

    Empty files of a folder, as engines write them for parts without rows, are none unless all are empty.
    """
    source = Path(path)
    if source.is_file():
        return [source]
    if source.is_dir():
        _refuse_lake(source)
        files = sorted(file for file in source.iterdir() if file.is_file() and is_table(file))
        if not files:
            raise BadInput(
                f"The folder {source} holds no file that ends in {', '.join(SUFFIXES)}{_what_is_there(source)}. Name "
                f"one file, or a pattern that says which files are tables, as '{source / '**' / '*'}'."
            )
        return [file for file in files if not _is_empty(file)] or files
    files = sorted(Path(file) for file in glob.glob(str(path), recursive=True) if Path(file).is_file())
    if not files:
        raise BadInput(f"{path} is not there: it is no file, no folder, and no pattern that fits one. Check the path.")
    return files


def _refuse_lake(folder: Path) -> None:
    """Refuse a folder whose Parquet files hold rows that no longer count: which ones do, a log beside them says."""
    kind = next((kind for mark, kind in _LAKES.items() if any(folder.glob(mark))), None)
    if kind is not None:
        raise BadInput(
            f"{folder} is a table of {kind}: its files also hold rows that were deleted or replaced. Export what the "
            "table holds now as Parquet or CSV, and load that."
        )


def _what_is_there(folder: Path) -> str:
    """The first names in a folder, in words."""
    names = sorted(one.name + ("/" if one.is_dir() else "") for one in folder.iterdir())
    return f"; it has {', '.join(names[:5])}{' …' if len(names) > 5 else ''}" if names else "; it is empty"


def left_out(path: str | Path, read: Sequence[Path]) -> dict[Path, str]:
    """What stands in a folder beside the files found, with the reason: no table by its name, folder, empty file."""
    source = Path(path)
    others = sorted(set(source.iterdir()) - set(read)) if source.is_dir() else []
    return {one: _why_not(one) for one in others}


def _why_not(path: Path) -> str:
    if path.is_file() and is_table(path):
        return "empty"
    try:
        kind = why_no_table(start_of(path, _BLANK)) if path.is_file() else ""
    except BadInput:  # damaged, which harms nobody beside the tables
        kind = ""
    return f"{kind}, and no table by its name" if kind else "no table by its name"


def _is_empty(file: Path) -> bool:
    return not start_of(file, _BLANK).strip()


def require_columns(file: Path, present: Sequence[str], needed: Sequence[str], remedy: str = REMEDY) -> None:
    """Refuse `file` unless all `needed` columns are there; the error lists what is there and the closest names."""
    missing = [name for name in needed if name not in present]
    if not missing:
        return
    hints = []
    for name in missing:
        close = difflib.get_close_matches(name.lower(), [column.lower() for column in present], n=1)
        original = [column for column in present if column.lower() == close[0]] if close else []
        hints.append(f"{name!r}" + (f" (did you mean {original[0]!r}?)" if original else ""))
    raise BadInput(
        f"{file} has no column {', '.join(hints)}. Its columns are {', '.join(map(repr, present))}. {remedy}"
    )
