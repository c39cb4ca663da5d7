"""Access logs are recognised by their lines: most of the first ones are requests in a known format."""

from collections.abc import Sequence

from kartograph.loaders.access_log.pages import ITEM_COLUMNS, URL_COLUMNS
from kartograph.loaders.access_log.recognize import LineReader
from kartograph.loaders.shared.recognizing.match import Match
from kartograph.loaders.shared.recognizing.seen import Seen

LOOKED_AT = 50


def recognize(seen: Seen) -> Sequence[Match]:
    """A log, or a folder of logs; a table of pages in the folder is its mapping."""
    logs = [file for file, lines in seen.lines.items() if _is_log(lines)]
    if not logs or len(logs) < len(seen.files) / 2:
        return []
    tables = [
        table.shown
        for table in seen.tables
        if {*URL_COLUMNS} & set(table.columns) and {*ITEM_COLUMNS} & set(table.columns)
    ]
    return [Match(f"{len(logs):,} file(s) of requests", {"mapping": tables[0]} if len(tables) == 1 else {})]


def _is_log(lines: Sequence[bytes]) -> bool:
    """Whether most of some lines are requests."""
    read = LineReader()
    found = [read(line) for line in lines[:LOOKED_AT] if line.strip()]
    requests = sum(one is not None and one is not True for one in found)
    return requests > sum(one is not True for one in found) / 2
