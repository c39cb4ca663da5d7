"""Access logs are recognised by their lines: most of the first ones are requests in a known format.

A known format that does not say enough of a request is refused here, with what its server can log instead.
"""

from collections.abc import Sequence

from kartograph.loaders.access_log.formats.documents import is_document, objects
from kartograph.loaders.access_log.formats.lacking import lacking
from kartograph.loaders.access_log.pages import ITEM_COLUMNS, URL_COLUMNS
from kartograph.loaders.access_log.recognize import LineReader
from kartograph.loaders.access_log.stream import LONGEST_LINE
from kartograph.loaders.shared.recognizing.match import Match
from kartograph.loaders.shared.recognizing.seen import Seen
from kartograph.tables.errors import BadInput

LOOKED_AT = 50


def recognize(seen: Seen) -> Sequence[Match]:
    """A log, or a folder of logs; a table of pages in the folder is its mapping."""
    logs = [file for file, lines in seen.lines.items() if _is_log(lines)]
    if not logs and seen.lines and (why := _lacking(list(seen.lines.values()))) is not None:
        raise BadInput(f"{seen.path} is a log in {why}.")
    if not logs or len(logs) < len(seen.files) / 2:
        return []
    tables = [
        table.shown
        for table in seen.tables
        if {*URL_COLUMNS} & set(table.columns) and {*ITEM_COLUMNS} & set(table.columns)
    ]
    return [Match(f"{len(logs):,} file(s) of requests", {"mapping": tables[0]} if len(tables) == 1 else {})]


def _lacking(files: Sequence[Sequence[bytes]]) -> str | None:
    """Why most of the first lines of every file say too little of a request; None where they are something else."""
    lacking_columns: list[str] = []
    for lines in files:
        lacking_by_line = [lacking(line) for line in lines[:LOOKED_AT] if line.strip()]
        known = [why for why in lacking_by_line if why is not None]
        if len(known) <= len(lacking_by_line) / 2:
            return None
        lacking_columns += known
    return max(lacking_columns, key=lacking_columns.count, default=None)


def _is_log(lines: Sequence[bytes]) -> bool:
    """Whether most of some lines are requests."""
    start = b"\n".join(lines)
    if is_document(start):
        lines = [one for one in objects(iter([start]), LONGEST_LINE) if one is not None]
    read = LineReader()
    parsed = [read(line) for line in lines[:LOOKED_AT] if line.strip()]
    requests = sum(one is not None and one is not True for one in parsed)
    return requests > sum(one is not True for one in parsed) / 2
