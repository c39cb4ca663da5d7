"""A web server's logs as a source: views of items, with the sessions of the visitors.

A page-to-object table tells which page shows which item; see `pages`, and `visits` for what counts as a visit.
"""

import csv
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import ibis

from kartograph.loaders.access_log.clients import tell_proxy
from kartograph.loaders.access_log.files import log_files
from kartograph.loaders.access_log.formats.log_format import compile_format
from kartograph.loaders.access_log.sessions import with_sessions
from kartograph.loaders.access_log.visits import IMPLAUSIBLE, Counts, Visit, VisitOptions, reasons, visits
from kartograph.loaders.shared.begin import events_only, open_reader
from kartograph.loaders.specifications.access_log import LOADER, AccessLogOptions
from kartograph.tables.engine import Rows, store
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent
from kartograph.tables.report import FileReport, counted
from kartograph.tables.schema import INTERACTIONS, Source

AT_A_TIME = 50_000
_REMARKABLE = ("addresses alone", "--client forwarded", "damaged", "none parses")
"""Parts of the facts on a log that a person should look at."""
_COLUMNS = {"user_id": "VARCHAR", "item_id": "VARCHAR", "timestamp": "BIGINT"}


def read(path: str | Path, options: AccessLogOptions | None = None, progress: Progress = silent) -> Source:
    """Read a log, a folder of logs or a pattern; memory is bounded whatever their size.

    The files are one log, in any order: sessions follow the times of the lines.

    Raises
    ------
    BadInput
        No table of pages, a file that is missing, more lines that do not parse than `options.limit` bears, or no visit
        of a page that the table has.
    """
    options = options or AccessLogOptions()
    parse = None if options.format is None else compile_format(options.format)
    table = options.pages()
    files = log_files(path)
    reader = open_reader(LOADER.name, options, progress)
    counts = Counts()
    visits_read = visits(files, table, counts, VisitOptions(parse, options.client, options.rejects), progress)
    parts = _spilled(visits_read, reader.engine.folder)
    left_out = sum(counts.unread.values()) if Path(path).is_dir() and len(counts.unread) < len(files) else 0
    _check(options, counts, left_out)
    if not counts.visits and counts.unparsable - left_out > counts.lines / 2:
        raise BadInput(f"{path} has no visit: {_unparsed(options, counts, left_out, '')}")
    if not counts.visits:
        raise BadInput(
            f"{path} has {counted(counts.lines, 'line')} and no visit of a page that the table has; {_words(counts)}. "
            "Compare the addresses of the table with those of the log"
        )
    backend = reader.engine.backend
    spilled: Rows = backend.read_csv([str(part) for part in parts], columns=_COLUMNS, header=False)
    known: Rows = with_sessions(spilled, int(options.session_gap * 60_000))
    known = known.filter(known.item_id.notnull()).order_by("timestamp", "user_id", "item_id")
    known = known.mutate(event=ibis.literal("view"), position=ibis.null("int64"), part=ibis.literal(0))
    rows = store("visits", known.select(**{c: known[c].cast(kind) for c, kind in INTERACTIONS.items()}), backend)
    for part in parts:
        part.unlink()
    bad = counts.unparsable - left_out
    rejected = {"does not parse": bad - counts.implausible, IMPLAUSIBLE: counts.implausible}
    rejected = {reason: count for reason, count in rejected.items() if count}
    reader.report.reads["lines"] = FileReport(files, counts.lines - left_out, rejected)
    if counts.unparsable:
        reader.report.rejects_file = options.rejects
    for words, count in _facts(counts, options).items():
        tell = reader.report.remark if any(part in words for part in _REMARKABLE) else reader.report.note
        tell(words, count)
    if not counts.forwarded:
        tell_proxy(rows, reader.report)
    return events_only(LOADER.name, rows, reader.report)


def _check(options: AccessLogOptions, counts: Counts, left_out: int) -> None:
    """Refuse a log of which too little parses, as one in another format, or whose clients nobody passed on.

    `left_out` are lines of a folder's files that are no access logs at all.
    """
    bad, limit = counts.unparsable - left_out, options.limit
    share = bad / max(counts.lines - left_out, 1)
    if (limit.rows is not None and bad > limit.rows) or (limit.share is not None and share > limit.share):
        allowed = counted(limit.rows, "line") if limit.rows is not None else f"{limit.share:.0%}"
        raise BadInput(_unparsed(options, counts, left_out, f", allowed: {allowed}"))
    if options.client == "forwarded" and not counts.forwarded:
        raise BadInput(
            f"no line of the log ({counts.lines:,} in all) has a client that a proxy passed on (X-Forwarded-For), "
            "which --client forwarded asks for; leave it out, or let the server log that header"
        )


def _how(said: str | None) -> str:
    """What to do about the format of lines that do not parse."""
    if said is None:
        return "Say how they are written with --format"
    return f"They are not written as --format {said[:300]!r} says: correct it"


def _unparsed(options: AccessLogOptions, counts: Counts, left_out: int, allowed: str) -> str:
    """How many lines do not parse, why where it is known, and what to do."""
    bad, lines = counts.unparsable - left_out, counts.lines - left_out
    known = "".join(f" {words}." for words in reasons(counts))
    of_files = f" No line parses of {', '.join(list(counts.unread)[:5])}." if counts.unread else ""
    return (
        f"{bad:,} of {lines:,} lines do not parse ({bad / max(lines, 1):.0%}){allowed}.{of_files}{known} "
        f"{_how(options.format)}, in the notation of Apache's LogFormat or nginx's log_format, "
        "leave out files that are no access logs, or raise --max-rejects; the lines are in "
        f"{options.rejects}.{_damage(counts)}"
    )


def _spilled(visits: Iterable[Visit], folder: Path) -> list[Path]:
    """The visits in CSV files, so that they need no memory."""
    parts: list[Path] = []
    waiting = iter(visits)
    while rows := list(islice(waiting, AT_A_TIME)):
        parts.append(folder / f"visits-{len(parts)}.csv")
        with parts[-1].open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows((v.user, v.item, v.time) for v in rows)
    return parts


def _facts(counts: Counts, options: AccessLogOptions | None = None) -> dict[str, int]:
    """What became of the lines, in words."""
    facts = {
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
    }
    if options is None or options.client == "address":
        facts[
            "requests with a further column of addresses (X-Forwarded-For): where a proxy stands before the server, "
            "--client forwarded tells its visitors apart"
        ] = counts.forwarded
    facts |= {f"packed file that is damaged, read up to there: {words}": 1 for words in counts.damage.broken}
    return facts | {f"lines of {name}, of which none parses": lines for name, lines in counts.unread.items()}


def _damage(counts: Counts) -> str:
    return "".join(f" {words}." for words in counts.damage.broken)


def _words(counts: Counts) -> str:
    return "; ".join(f"{words}: {count:,}" for words, count in _facts(counts).items() if count) or "none is a request"
