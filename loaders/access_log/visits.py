"""Which requests of a log are visits of pages by people.

Kept are GET requests with status 200 of pages (no media, no feeds) by browsers that are no spiders. A user is an
address with a browser. Source: the ontology-based relational product recommendation system, section 2.1.
"""

import csv
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kartograph.loaders.access_log.addresses import is_media
from kartograph.loaders.access_log.formats.lacking import lacking
from kartograph.loaders.access_log.formats.packed import Damage
from kartograph.loaders.access_log.pages import PageTable
from kartograph.loaders.access_log.recognize import LineReader
from kartograph.loaders.access_log.requests import Parse, Request
from kartograph.loaders.access_log.spiders import is_spider
from kartograph.loaders.access_log.stream import lines
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent
from kartograph.tables.times import EARLIEST, USUAL
from kartograph.tables.whole import make_private

IMPLAUSIBLE = f"time before {EARLIEST} or after tomorrow"
EXPLAINED = 200
"""Lines that did not parse of which one looks whether their format is known."""
KEPT_LENGTH = 1_000
"""Characters of a line that did not parse which are kept."""


@dataclass(frozen=True)
class VisitOptions:
    """What counts as a visit."""

    parse: Parse | None = None
    """How lines are read; by default their format is recognised."""
    client: str = "address"
    """Who a visitor is: the client of the connection, or the one that a proxy passed on, where it did."""
    rejects: Path | None = None
    """Where lines go that do not parse: a CSV file `file, line, text`."""
    most_rejects: int = 100_000
    """Lines that are kept at most; all are counted."""


@dataclass
class Counts:
    """What became of the lines."""

    lines: int = 0
    unparsable: int = 0
    implausible: int = 0
    """Those among them whose time is before 1995 or after tomorrow."""
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
    forwarded: int = 0
    """Requests whose client a proxy passed on."""
    users: set[int] = field(default_factory=set)
    """Hashes of users with a visit; 8 bytes each and what a set needs."""
    damage: Damage = field(default_factory=Damage)
    unread: dict[str, int] = field(default_factory=dict)
    """Lines by name of the files of which none parses."""
    lacking: dict[str, int] = field(default_factory=dict)
    """Lines among those that do not parse which are in a known format that does not say enough, by why it does not."""

    @property
    def requests(self) -> int:
        """Lines that parse, whatever their time."""
        return self.lines - self.unparsable + self.implausible


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a page by a person."""

    user: str
    time: int
    """Milliseconds since 1970-01-01 UTC."""
    item: str | None
    """The item that the page shows; None for other pages, which keep a session alive."""
    url: str


def visits(
    files: Iterable[Path], table: PageTable, counts: Counts, options: VisitOptions, progress: Progress = silent
) -> Iterator[Visit]:
    """Visits of all pages, in the order of the lines."""
    for request in _people(_requests(files, counts, options, progress), counts):
        user = _user(request, options)
        item = table.item_of(request.url)
        if item is not None:
            counts.visits += 1
            counts.users.add(hash(user))
        elif table.shows_several(request.url):
            counts.several += 1
        else:
            counts.other_pages += 1
        yield Visit(user, request.time, item, request.url)


def page_addresses(files: Iterable[Path], counts: Counts, options: VisitOptions) -> Iterator[str]:
    """The address of every page that a person visited, as often as it was visited.

    Raises
    ------
    BadInput
        No line parses.
    """
    for request in _people(_requests(files, counts, options, silent), counts):
        counts.visits += 1
        yield request.url
    if counts.lines == counts.unparsable:
        damage = "".join(f" {words}." for words in [*counts.damage.broken, *reasons(counts)])
        raise BadInput(
            f"no line of the log ({counts.lines:,} in all) is a request in a known format.{damage} Give a log "
            "of a web server, as docs/logs.md lists them"
        )


def reasons(counts: Counts) -> list[str]:
    """Sentences on known formats that do not say enough, which lines that do not parse are in."""
    sentences = [f"{lines:,} of them are in {why}" for why, lines in counts.lacking.items()]
    if counts.implausible:
        sentences.append(f"{counts.implausible:,} of them have a {IMPLAUSIBLE}")
    return sentences


def _requests(files: Iterable[Path], counts: Counts, options: VisitOptions, progress: Progress) -> Iterator[Request]:
    first, last = USUAL.first, USUAL.last
    with _Rejects(options) as rejects:
        for path in files:
            read, begin, good = LineReader(options.parse), counts.lines, counts.requests
            for number, line in enumerate(lines(path, counts.damage), 1):
                counts.lines += 1
                if counts.lines % 50_000 == 0:
                    progress("Reading log lines", counts.lines)
                try:
                    request = read(line)
                except BadInput as error:
                    raise BadInput(f"{path} line {number}: {error}") from error
                if isinstance(request, Request) and first <= request.time <= last:
                    counts.forwarded += request.forwarded not in (None, request.address)
                    yield request
                elif request is None or isinstance(request, Request):
                    counts.unparsable += 1
                    counts.implausible += request is not None
                    rejects.keep(path, number, line)
                    if request is None and counts.unparsable <= EXPLAINED and (why := lacking(line)) is not None:
                        counts.lacking[why] = counts.lacking.get(why, 0) + 1
                else:
                    counts.directives += 1
            if counts.lines > begin and counts.requests == good:
                counts.unread[path.name] = counts.lines - begin


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


def _user(request: Request, options: VisitOptions) -> str:
    address = request.forwarded if options.client == "forwarded" and request.forwarded else request.address
    if request.browser is None:
        return address
    return f"{address} {hashlib.sha256(request.browser.encode('utf-8', 'replace')).hexdigest()[:12]}"


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
            try:
                make_private(self._options.rejects.parent)
                self._file = self._options.rejects.open("w", encoding="utf-8", newline="")
            except OSError as error:
                raise BadInput(
                    f"lines that do not parse cannot be written to {self._options.rejects}: {error}. Name another file."
                ) from error
            self._writer = csv.writer(self._file)
            self._writer.writerow(["file", "line", "text"])
        self._kept += 1
        self._writer.writerow([path.name, number, line[:KEPT_LENGTH].decode("utf-8", "replace")])
