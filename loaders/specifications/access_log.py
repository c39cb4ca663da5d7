"""A web server's logs: which pages people looked at, as views of the items that the pages show."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kartograph.loaders.registry import Loader
from kartograph.loaders.shared.declared import option
from kartograph.loaders.shared.options import FileOptions
from kartograph.tables.errors import BadInput

if TYPE_CHECKING:
    from kartograph.loaders.access_log.pages import PageTable

CLIENTS = ("address", "forwarded")
LONGEST_GAP = 7 * 24 * 60


@dataclass(frozen=True)
class AccessLogOptions(FileOptions):
    """How a log is read, and what its pages show."""

    mapping: Path | None = option(None, "Which page shows which item: CSV with url and item_id; required.")
    ontology: Path | None = option(None, "An ontology of the items, loaded as well.", "none")
    session_gap: float = option(20.0, "Minutes without a request that end a session.")
    format: str | None = option(
        None, "Format of the lines, as in Apache's LogFormat or nginx's log_format.", "recognised"
    )
    client: str = option("address", "What identifies a visitor: address, or forwarded (X-Forwarded-For of a proxy).")
    table: "PageTable | None" = None
    """The page-to-object table itself, in place of the file `mapping`."""

    def __post_init__(self) -> None:
        """Refuse a gap that is no length of rest, and a client that there is not."""
        if not (math.isfinite(self.session_gap) and 0 < self.session_gap <= LONGEST_GAP):
            raise BadInput(
                f"the gap that ends a session is {self.session_gap:g} minutes; give a number above 0 and up to "
                f"{LONGEST_GAP:,} (a week), such as 20"
            )
        if self.client not in CLIENTS:
            raise BadInput(f"the client is {self.client!r}; allowed are {' and '.join(CLIENTS)}")

    def pages(self) -> "PageTable":
        """The page-to-object table, read where it is a file.

        Raises
        ------
        BadInput
            There is none, or its file cannot be used.
        """
        from kartograph.loaders.access_log.pages import read_page_table

        if self.table is not None:
            return self.table
        if self.mapping is None:
            raise BadInput("a log says which pages were visited, not which items: give the table of pages (--mapping)")
        return read_page_table(self.mapping)


LOADER = Loader(
    "access-log",
    "Load a web server's logs, packed or not; the files of a folder or pattern are one log.",
    path="A log, a folder or a pattern such as 'access.log*'.",
    example="access.log.gz --mapping pages.csv",
    more="Formats are recognised: common and combined, JSON, W3C extended, pairs, AWS load balancers, HAProxy, "
    "Envoy, Squid, also behind syslog and containers. Only pages that people got (status 200) count: no media, no "
    "spiders. A user is an address with a browser.",
    options=AccessLogOptions,
    read="kartograph.loaders.access_log.loading:read",
    for_graph="kartograph.loaders.access_log.loading:for_graph",
    then="kartograph.loaders.access_log.loading:write",
    recognize="kartograph.loaders.access_log.recognized:recognize",
    needs=("mapping",),
)
