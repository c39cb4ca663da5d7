"""What lies at a path: its files, the columns of its tables and its first lines, from a copy of the beginnings."""

import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kartograph.tables.errors import BadInput
from kartograph.tables.formats.containers.damage import damage
from kartograph.tables.formats.containers.unpack import (
    PACKED_SUFFIXES,
    is_rubbish,
    is_tar,
    is_workbook,
    start_of,
    unpack,
)
from kartograph.tables.formats.delimited.dialect import SAMPLE_BYTES
from kartograph.tables.formats.files import TEXT_SUFFIXES, find_files, is_table
from kartograph.tables.formats.prepare import prepare

_LIST = re.compile(rb'(?:\xef\xbb\xbf)?\s*\[\s*(?:[{\[\]"]|\Z)')
"""How a list of JSON begins, of which single lines are no whole."""
ROWS = 1_000
"""Lines of each text file that are looked at."""


@dataclass(frozen=True)
class SeenTable:
    """The beginning of a table."""

    shown: Path
    columns: tuple[str, ...]
    first_row: str
    """The first line where it looks like a row and not like a header, else empty."""

    @property
    def stem(self) -> str:
        """The name of its file without endings."""
        return self.shown.name.lower().partition(".")[0]


@dataclass
class Seen:
    """What lies at a path."""

    path: str
    sample: Path
    """A copy of it that holds the first `ROWS` lines of each text file, for as long as one looks."""
    files: list[Path] = field(default_factory=list)
    """The files, those of an archive as `archive.zip/member.csv`."""
    tables: list[SeenTable] = field(default_factory=list)
    lines: dict[Path, list[bytes]] = field(default_factory=dict)
    """The first lines of each text file."""
    unread: dict[Path, str] = field(default_factory=dict)
    """Why a file is no table, in words."""

    def in_words(self) -> str:
        """What is there, for an error."""
        if not self.tables:
            kinds = sorted({file.suffix.lower() or file.name for file in self.files})
            return f"{len(self.files):,} file(s) ({', '.join(kinds[:8])}), none of them a table"
        first = self.tables[0]
        if first.first_row:
            return f"a table without a header, its first line is {first.first_row[:80]!r}"
        return f"a table with the columns {', '.join(map(repr, first.columns[:20]))}"


@contextmanager
def look(path: str) -> Iterator[Seen]:
    """See what lies at `path`: a file, a folder, a pattern, or an archive.

    Raises `BadInput` where nothing is there, or a single file cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="kartograph-seen-") as unpacked:
        source = Path(path)
        folder = Path(unpacked) / "sample"
        folder.mkdir()
        if source.is_dir():
            files = sorted(file for file in source.iterdir() if file.is_file() and not file.name.startswith("."))
            if not files:
                raise BadInput(f"The folder {source} holds no file. Name another path.")
        else:
            files = find_files(path)
        seen = Seen(path, folder)
        for file in files:
            _see(file, folder, seen, alone=len(files) == 1 and not source.is_dir())
        copies = sorted(folder.iterdir())
        if len(files) == 1 and len(copies) == 1 and not source.is_dir():
            seen.sample = copies[0]
        if len(files) == 1 and seen.unread and not seen.tables and not seen.lines:
            raise BadInput(next(iter(seen.unread.values())))
        yield seen


def _see(file: Path, folder: Path, seen: Seen, alone: bool) -> None:
    """Copy the beginning of a file, or of each member of a zip archive, and see what it is.

    A file that is `alone` may be a table whatever its name is.
    """
    with file.open("rb") as opened:
        packed = zipfile.is_zipfile(opened)
    if not packed:
        try:
            start = start_of(file, SAMPLE_BYTES)
        except BadInput as error:
            seen.files.append(file)
            seen.unread[file] = str(error)
            return
        if is_tar(start):
            _see_tar(file, folder, seen)
        else:
            _keep(file, file, start, folder, seen, alone)
        return
    with damage(file, "zip"), zipfile.ZipFile(file) as archive:
        names = [one for one in archive.namelist() if not one.endswith("/")]
        if is_workbook(archive):
            _keep(file, file, b"PK", folder, seen, alone)
            return
        for name in names:
            if is_rubbish(name):
                continue
            member = folder / Path(name).name
            with archive.open(name) as inside, member.open("wb") as copy:
                if Path(name).suffix.lower() in TEXT_SUFFIXES:
                    copy.write(_lines(inside.read(SAMPLE_BYTES)))
                else:
                    shutil.copyfileobj(inside, copy)
            _keep(member, file / name, start_of(member, SAMPLE_BYTES), folder, seen, alone=False)


def _see_tar(file: Path, folder: Path, seen: Seen) -> None:
    """Put every file of a tar archive into the folder, and what it holds into `seen`."""
    aside = Path(tempfile.mkdtemp(prefix="kartograph-seen-"))
    try:
        for one in unpack(file, aside):
            if not one.left_out and not is_rubbish(str(one.shown)):
                member = folder / one.shown.name
                shutil.move(one.data, member)
                _keep(member, one.shown, start_of(member, SAMPLE_BYTES), folder, seen, alone=False)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _keep(file: Path, shown: Path, start: bytes, folder: Path, seen: Seen, alone: bool) -> None:
    """Put the sample of a plain file into the folder, and what it holds into `seen`."""
    seen.files.append(shown)
    name = file.name
    for suffix in PACKED_SUFFIXES:
        name = name[: -len(suffix)] if name.lower().endswith(suffix) else name
    letters = b"\x00" not in start[:1000] and not start.startswith((b"PAR1", b"PK"))
    text = letters and _LIST.match(start) is None
    copy = folder / (name if text else file.name)
    if text and (Path(name).suffix.lower() not in (".json", ".ttl", ".rdf", ".owl", ".xml", ".nt", ".nq", ".trig")):
        copy.write_bytes(_lines(start))
    elif copy != file:
        copy = folder / file.name
        copy.symlink_to(file.absolute())
    if letters:
        seen.lines[shown] = start.splitlines()[:ROWS]
    if not alone and not is_table(copy):
        seen.unread[shown] = f"{shown} is no table by its name"
        return
    aside = Path(tempfile.mkdtemp(prefix="kartograph-seen-"))
    try:
        for table in prepare(copy, aside):
            seen.tables.append(SeenTable(shown, table.layout.columns, table.looks_like_data or ""))
    except BadInput as error:
        seen.unread[shown] = str(error).replace(str(copy), str(shown))
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _lines(start: bytes) -> bytes:
    """The first `ROWS` whole lines of the beginning of a file."""
    end = b"\r" if b"\n" not in start and b"\r" in start else b"\n"
    lines = start.split(end)
    whole = lines if len(start) < SAMPLE_BYTES or len(lines) == 1 else lines[:-1]
    return end.join(whole[:ROWS]) + (end if len(whole) > ROWS else b"")
