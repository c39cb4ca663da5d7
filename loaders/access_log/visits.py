"""Which requests of a log are visits of pages by people, and to which session does each belong?

Kept are GET requests with status 200 of pages (no media, no feeds) by browsers that are no spiders. A user is an
address with a browser; a session ends after 20 minutes without a request. Source: the ontology-based relational product
recommendation system, section 2.1. Spiders are those of the package crawler-user-agents.
"""

import csv
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from kartograph.loaders.access_log.pages import PageTable, is_media
from kartograph.loaders.access_log.requests import LineReader, Request
from kartograph.loaders.access_log.stream import Damage, lines
from kartograph.tables.progress import Progress, silent

KEPT_LENGTH = 1_000
"""Characters of a line that did not parse which are kept."""


@dataclass(frozen=True)
class VisitOptions:
    """What counts as a visit."""

    gap_minutes: float = 20
    """Minutes of rest that end a session."""
    rejects: Path | None = None
    """Where lines go that do not parse: a CSV file `file, line, text`."""
    most_rejects: int = 100_000
    """Lines that are kept at most; all are counted."""


@dataclass
class Counts:
    """What became of the lines."""

    lines: int = 0
    unparsable: int = 0
    directives: int = 0
    """Lines of W3C extended logs that begin with #."""
    other_status: int = 0
    other_method: int = 0
    media: int = 0
    spiders: int = 0
    several: int = 0
    """Visits of pages that show several items."""
    other_pages: int = 0
    """Visits of pages that the table does not have."""
    visits: int = 0
    """Visits of pages that show one item."""
    without_browser: int = 0
    """Requests in a format that has no browser: users are addresses alone."""
    users: set[int] = field(default_factory=set)
    """Hashes of users with a visit; 8 bytes each and what a set needs."""
    damage: Damage = field(default_factory=Damage)


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit of a page that shows an item."""

    user: str
    session: str
    time: int
    item: str
    url: str


def visits(
    files: Iterable[Path], table: PageTable, counts: Counts, options: VisitOptions, progress: Progress = silent
) -> Iterator[Visit]:
    """Visits in the order of the lines; sessions go on from one file to the next.

    Requests of pages outside of the table keep a session alive. Memory: the table, and the users of the last session
    gap.
    """
    sessions = _Sessions(int(options.gap_minutes * 60_000))
    for request in _people(_requests(files, counts, options, progress), counts):
        user = _user(request)
        session = sessions.of(user, request.time)
        item = table.item_of(request.url)
        if item is None:
            if table.shows_several(request.url):
                counts.several += 1
            else:
                counts.other_pages += 1
            continue
        counts.visits += 1
        counts.users.add(hash(user))
        yield Visit(user, session, request.time, item, request.url)


def page_addresses(files: Iterable[Path], counts: Counts, options: VisitOptions) -> Iterator[str]:
    """The address of every page that a person visited, as often as it was visited."""
    for request in _people(_requests(files, counts, options, silent), counts):
        counts.visits += 1
        yield request.url


def _requests(files: Iterable[Path], counts: Counts, options: VisitOptions, progress: Progress) -> Iterator[Request]:
    with _Rejects(options) as rejects:
        for path in files:
            read = LineReader()
            for number, line in enumerate(lines(path, counts.damage), 1):
                counts.lines += 1
                if counts.lines % 50_000 == 0:
                    progress("Reading log lines", counts.lines)
                request = read(line)
                if isinstance(request, Request):
                    yield request
                elif request is None:
                    counts.unparsable += 1
                    rejects.keep(path, number, line)
                else:
                    counts.directives += 1


def _people(requests: Iterable[Request], counts: Counts) -> Iterator[Request]:
    for request in requests:
        if request.status != 200:
            counts.other_status += 1
        elif request.method != "GET":
            counts.other_method += 1
        elif is_media(request.url):
            counts.media += 1
        elif request.browser is not None and is_spider(request.browser):
            counts.spiders += 1
        else:
            counts.without_browser += request.browser is None
            yield request


@lru_cache(maxsize=100_000)
def is_spider(browser: str) -> bool:
    """Whether a browser's name is a known spider's, or none at all: people's browsers have one."""
    import crawleruseragents

    return browser in ("", "-") or crawleruseragents.is_crawler(browser[:1_000])


def _user(request: Request) -> str:
    if request.browser is None:
        return request.address
    return f"{request.address} {hashlib.sha256(request.browser.encode('utf-8', 'replace')).hexdigest()[:12]}"


class _Sessions:
    """Numbers the sessions; users who rested longer than the gap are forgotten now and then."""

    def __init__(self, gap: int) -> None:
        self._gap = gap
        self._open: dict[str, tuple[str, int]] = {}
        self._swept = 0

    def of(self, user: str, time: int) -> str:
        session, last = self._open.get(user, ("", -self._gap - 1))
        # Servers write a line when its answer is done: a little disorder in time is no new session.
        if not session or abs(time - last) > self._gap:
            session = f"{user} {time}"
        self._open[user] = (session, max(time, last))
        if time - self._swept > self._gap:
            self._swept = time
            self._open = {u: (s, t) for u, (s, t) in self._open.items() if time - t <= self._gap}
        return session


class _Rejects:
    """Keeps lines that did not parse; the file is made when there is one."""

    def __init__(self, options: VisitOptions) -> None:
        self._options, self._file, self._kept = options, None, 0

    def __enter__(self) -> "_Rejects":
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def keep(self, path: Path, number: int, line: bytes) -> None:
        if self._options.rejects is None or self._kept >= self._options.most_rejects:
            return
        if self._file is None:
            self._options.rejects.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._options.rejects.open("w", encoding="utf-8", newline="")
            self._writer = csv.writer(self._file)
            self._writer.writerow(["file", "line", "text"])
        self._kept += 1
        self._writer.writerow([path.name, number, line[:KEPT_LENGTH].decode("utf-8", "replace")])
