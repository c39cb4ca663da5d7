"""How do a web server's logs get into the graph? As views of items, with the sessions of the visitors.

A page-to-object table tells which page shows which item; see `pages`, and `visits` for what counts as a visit.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import ibis

from kartograph.loaders.access_log.pages import PageTable, read_page_table
from kartograph.loaders.access_log.visits import Counts, Visit, VisitOptions, visits
from kartograph.loaders.options import ReadOptions, events_only, open_reader
from kartograph.tables.engine import store
from kartograph.tables.errors import BadInput
from kartograph.tables.files import find_files
from kartograph.tables.progress import Progress, silent
from kartograph.tables.report import FileReport
from kartograph.tables.schema import INTERACTIONS, Source

NAME = "access-log"
COLUMNS = ("user_id", "item_id", "event", "timestamp", "session_id")
AT_A_TIME = 50_000


@dataclass(frozen=True)
class AccessLogOptions(ReadOptions):
    """How a log is read."""

    mapping: Path | None = None
    """The page-to-object table, a CSV file with url and item_id."""
    gap_minutes: float = 20
    """Minutes of rest that end a session; servers and the paper take 20."""
    table: PageTable | None = field(default=None)
    """The page-to-object table itself, in place of a file."""


def read(path: str | Path, options: AccessLogOptions | None = None, progress: Progress = silent) -> Source:
    """Read a log, a folder of logs or a pattern; memory is bounded whatever their size.

    Raises
    ------
    BadInput
        No table of pages, a file that is missing, more lines that do not parse than `options.limit` bears, or no visit
        of a page that the table has.
    """
    options = options or AccessLogOptions()
    table = options.table
    if table is None:
        if options.mapping is None:
            raise BadInput("a log says which pages were visited, not which items: give the table of pages (--mapping)")
        table = read_page_table(options.mapping)
    files = find_files(path)
    reader = open_reader(NAME, options, progress)
    counts = Counts()
    folder = reader.engine.folder
    found = visits(files, table, counts, VisitOptions(options.gap_minutes, options.rejects), progress)
    parts = _spilled(found, folder)
    _bear(options, counts)
    if not counts.visits:
        raise BadInput(
            f"{path} has {counts.lines:,} lines and no visit of a page that the table has; {_words(counts)}. "
            "Compare the addresses of the table with those of the log"
        )
    backend = reader.engine.backend
    read_back = backend.read_csv([str(part) for part in parts], columns={c: _TYPES[c] for c in COLUMNS}, header=False)
    known = {column: read_back[column] for column in COLUMNS}
    known["position"] = ibis.null("int64")
    columns = {c: known.get(c, ibis.literal(0, "int64")).cast(kind) for c, kind in INTERACTIONS.items()}
    rows = store("visits", read_back.select(**columns), backend)
    for part in parts:
        part.unlink()
    reader.report.reads["lines"] = FileReport(files, counts.lines, {"does not parse": counts.unparsable})
    if counts.unparsable:
        reader.report.rejects_file = options.rejects
    for words, count in _facts(counts).items():
        reader.report.note(words, count)
    return events_only(NAME, rows, reader.report)


def _bear(options: AccessLogOptions, counts: Counts) -> None:
    """Refuse a log of which too little parses: it is in another format."""
    bad, limit = counts.unparsable, options.limit
    share = bad / max(counts.lines, 1)
    if (limit.rows is not None and bad > limit.rows) or (limit.share is not None and share > limit.share):
        allowed = f"{limit.rows} lines" if limit.rows is not None else f"{limit.share:.0%}"
        raise BadInput(
            f"{bad:,} of {counts.lines:,} lines do not parse ({share:.0%}), {allowed} are borne. Give a log in "
            f"Apache's common or combined format or in W3C extended format, or raise --max-rejects; they are in "
            f"{options.rejects}"
        )


_TYPES = {
    "user_id": "VARCHAR", "item_id": "VARCHAR", "event": "VARCHAR", "timestamp": "BIGINT", "session_id": "VARCHAR",
}  # fmt: skip


def _spilled(found: Iterable[Visit], folder: Path) -> list[Path]:
    """The visits in CSV files, so that they need no memory."""
    parts: list[Path] = []
    waiting = iter(found)
    while rows := list(islice(waiting, AT_A_TIME)):
        parts.append(folder / f"visits-{len(parts)}.csv")
        with parts[-1].open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows((v.user, v.item, "view", v.time, v.session) for v in rows)
    return parts


def _facts(counts: Counts) -> dict[str, int]:
    """What became of the lines, in words."""
    return {
        "requests with another status than 200": counts.other_status,
        "requests that are no GET": counts.other_method,
        "requests of media files": counts.media,
        "requests of spiders": counts.spiders,
        "visits of pages that show several items, ignored": counts.several,
        "visits of pages that the table does not have": counts.other_pages,
        "visits": counts.visits,
        "visitors": len(counts.users),
        "requests without a browser: their users are addresses alone, so people behind one address are one": (
            counts.without_browser
        ),
        "lines longer than 64 kB, skipped": counts.damage.too_long,
        "compressed files that are damaged; what came before was read": len(counts.damage.broken),
    }


def _words(counts: Counts) -> str:
    return ", ".join(f"{count:,} {words}" for words, count in _facts(counts).items() if count) or "none is a request"
