"""Workbooks that are refused before they are read: locked ones, and those that would take all memory."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

from kartograph.tables.errors import BadInput
from kartograph.tables.formats.containers.damage import damage

MOST_CELLS = 60_000_000
"""Cells of the area of one sheet, empty ones too: the reader takes some 30 bytes for each."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CELL = re.compile(rb'<(?:\w+:)?c [^>]*?r="([A-Z]{1,3})(\d+)"')
_NOT_COMPUTED = re.compile(rb"<c(?![^>]*t=\"str\")[^>]*><f[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")
"""A formula without a value; one of type `str` may have an empty text."""
_BLOCK = 1 << 24
_MEMORY = 1 << 32
"""Bytes that opening a workbook may take."""
_PATIENCE = 120
"""Seconds that it may take."""
_TRIAL = f"""
import sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, ({_MEMORY}, {_MEMORY}))
except ImportError:
    pass
from python_calamine import CalamineWorkbook
book = CalamineWorkbook.from_path(sys.argv[1])
for name in book.sheet_names:
    book.get_sheet_by_name(name)
"""


def refuse_locked(shown: Path, data: Path) -> None:
    """A workbook with a password is an older container that holds a package of this name."""
    with data.open("rb") as file:
        start = file.read(_BLOCK)
    if start.startswith(b"\xd0\xcf\x11\xe0") and _ENCRYPTED in start:
        raise BadInput(f"{shown} is locked with a password. Save it without one.")


def refuse_wide(shown: Path, data: Path) -> None:
    """Refuse a sheet of which one far cell would make an area that no memory holds."""
    if not zipfile.is_zipfile(data):
        return
    with damage(shown, "zip"), zipfile.ZipFile(data) as archive:
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


def not_computed(data: Path) -> int:
    """How many formulas of a workbook have no value: programs write them so, and Excel computes them."""
    count = 0
    if zipfile.is_zipfile(data):
        with damage(data, "zip"), zipfile.ZipFile(data) as archive:
            for member in archive.namelist():
                if re.fullmatch(r"xl/worksheets/[^/]+\.xml", member):
                    with archive.open(member) as file:
                        rest = b""
                        while block := file.read(_BLOCK):
                            whole, end, rest = (rest + block).rpartition(b"</c>")
                            count += len(_NOT_COMPUTED.findall(whole + end))
    return count


def refuse_deadly(shown: Path, data: Path) -> None:
    """Open a workbook in a process of its own first: of some damaged ones the reader panics or ends its process."""
    try:
        tried = subprocess.run(
            [sys.executable, "-c", _TRIAL, str(data)], capture_output=True, text=True, timeout=_PATIENCE
        )
    except subprocess.TimeoutExpired:
        raise BadInput(f"{shown} is not read within {_PATIENCE} seconds. Save it as CSV.") from None
    if tried.returncode < 0:
        raise BadInput(
            f"{shown} is damaged, or its cells reach too far: reading it takes more than {_MEMORY >> 30} GiB. Open it, "
            "delete what lies far away, and save it as .xlsx or CSV."
        )
    if tried.returncode:
        why = (tried.stderr.strip().splitlines() or ["it is damaged"])[-1].partition(": ")[2]
        raise BadInput(f"{shown} cannot be read as a workbook: {why}. Open and save it again.")


def _number(letters: bytes) -> int:
    """The number of a column by its letters, A is 1."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number
