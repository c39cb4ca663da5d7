"""How does a source get into a running database: what it changes is found first, then written in whole blocks.

Running a load again is always right. Events that the graph has are known by their keys; a load that was interrupted
goes on where it stopped; another load at the same time waits.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import neo4j.exceptions

from kartograph import queries
from kartograph.graph.accounts import Changing, changing
from kartograph.graph.bulk import LoadRecord
from kartograph.graph.bulk.contents import digest
from kartograph.graph.connection import TRIES_FOR, Graph
from kartograph.graph.live.blocks import blocks
from kartograph.graph.live.catalogue import catalogue_blocks, popularity_blocks
from kartograph.graph.live.known import read_catalogue, read_keys, read_known
from kartograph.graph.live.lock import exclusive_load
from kartograph.graph.live.recount import are_few, unexpected
from kartograph.graph.live.write import Writer
from kartograph.graph.migrate import migrate
from kartograph.tables.contents.tally import tally_of
from kartograph.tables.derived.incremental import changes, drop_known_events, touched_by, users_of_times
from kartograph.tables.derived.incremental_catalogue import catalogue_changes, catalogue_items
from kartograph.tables.derived.sessions import SessionOptions
from kartograph.tables.engine import Rows
from kartograph.tables.errors import BadInput, GaveUp
from kartograph.tables.progress import Progress, silent
from kartograph.tables.schema import Source

LOST = (neo4j.exceptions.ServiceUnavailable, neo4j.exceptions.SessionExpired, neo4j.exceptions.TransientError)
"""What is left of a lost connection, or of a server that is busy for too long, when the driver has tried again."""


@dataclass(frozen=True)
class LiveOptions:
    """How a live load works."""

    sessions: SessionOptions = field(default_factory=SessionOptions)
    """How events are cut into sessions; the same as at the loads before, or touched users get other sessions."""
    batch: int = 10_000
    """Rows in one transaction; a user's rows are never cut apart."""
    writers: int = 2
    """Transactions that are written at once."""
    recount: bool = True
    """Whether the events of a managed shop are counted at the end; see `recount`."""

    def __post_init__(self) -> None:
        """Refuse sizes that mean nothing."""
        for name in ("batch", "writers"):
            if getattr(self, name) < 1:
                raise BadInput(f"The option {name} of a live load is {getattr(self, name)}; it has to be 1 or more.")


@dataclass
class LiveSummary:
    """What a live load did."""

    load: str = ""
    """Who held the claim on the graph while it was loaded."""
    new_events: int = 0
    """Events that the graph did not have."""
    known_events: int = 0
    """Events that it had, by their keys."""
    batches: int = 0
    """Transactions committed, each with a `:Load` node; none where nothing changed."""
    rows: int = 0
    """Events that these batches wrote."""
    batches_before: int = 0
    """Batches of the same files that an earlier load, interrupted perhaps, had committed."""
    retries: int = 0
    """Transactions that were begun again after a deadlock or a lost connection."""
    unexpected: str = ""
    """What the shop holds and should hold after the load, where the two differ; empty where they do not."""
    seconds: dict[str, float] = field(default_factory=dict)
    """Wall-clock time of each step; the server writes the catalogue while events are read and compared."""


def live_load(
    source: Source,
    graph: Graph,
    record: LoadRecord | None = None,
    options: LiveOptions | None = None,
    progress: Progress = silent,
) -> LiveSummary:
    """Bring what `source` tells into the database of `graph`, on top of what it holds.

    Every event goes in once, whatever is loaded again, comes late or was interrupted; all that follows from the events
    (sessions, aggregated edges, when users were seen, the popularity of items, the category at an event's time) is
    brought up to date with them. What enrichment computes, co-occurrence included, stays as it was; small loads mark
    for it what they change.

    Raises:
        BadInput: the graph has a later schema.
        GaveUp: the server went away or stayed busy for `TRIES_FOR` seconds; the same call later goes on.
    """
    record, options = record or LoadRecord(source.name), options or LiveOptions()
    summary = LiveSummary()
    try:
        with _timed(summary, "schema", "Creating constraints and indexes", progress):
            migrate(graph, progress)
        with exclusive_load(graph, progress) as holder, changing(graph, holder, alone=True) as changed:
            summary.load = holder
            _load(source, graph, record, options, summary, changed, progress)
    except (*LOST, GaveUp, neo4j.exceptions.AuthError) as error:
        asked = f"the server at {graph.uri} was asked again for {TRIES_FOR:.0f} s: "
        if isinstance(error, neo4j.exceptions.AuthError):  # a port that became free goes to whoever comes first
            asked = f"the server at {graph.uri} went away, and what answers there now refuses the password: "
        raise GaveUp(
            f"{'' if isinstance(error, GaveUp) else asked}{error}. In the graph are {summary.batches} batches of this "
            f"load, whole, with {summary.rows} of its events; run the same command again, and it goes on from there"
        ) from error
    return summary


def _load(
    source: Source,
    graph: Graph,
    record: LoadRecord,
    options: LiveOptions,
    summary: LiveSummary,
    changed: Changing,
    progress: Progress,
) -> None:
    sha256 = digest(record.files) if record.files else "none"
    before = graph.query(queries.load("load/recorded"), sha256=sha256).iloc[0]
    summary.batches_before = int(before["batches"])
    backend = source.interactions.get_backend()
    first, step = int(before["last"]) + 1, partial(_timed, summary, progress=progress)
    writer = Writer(graph, summary.load, record.source, sha256, first, options.writers, progress)
    try:
        with writer:
            with step("catalogue", "Comparing items and categories"):
                items = catalogue_items(source)
                catalogue = catalogue_changes(source, items, read_catalogue(graph, source, items, backend, progress))
                for group in catalogue_blocks(catalogue, options.batch):
                    writer.write(group, "Writing items and categories")
                    writer.then()
            with step("read", "Reading what the graph has"):
                touched = touched_by(source)
                touched = drop_known_events(
                    source, touched, read_keys(graph, users_of_times(touched), backend, progress)
                )
                known = read_known(graph, touched, backend, progress)
            with step("compare", "Comparing events"):
                to_write = changes(source, touched, known, catalogue.history, options.sessions)
                summary.new_events, summary.known_events = to_write.new_events, to_write.known_events
                added: Rows = to_write.session_items_added
                changed.adds(tally_of(added.filter(added.fresh)))
            with step("events", "Writing events"):
                few = are_few(graph, to_write.new_events)
                writer.write(blocks(to_write, options.batch, marks=few), "Writing events")
                writer.then()
                counted = sorted(touched.items.to_pyarrow()["item_id"].to_pylist())
                writer.write(popularity_blocks(counted, options.batch), "Counting events per item")
                writer.wait()
        if options.recount and (expected := changed.after()) is not None:
            with step("recount", "Counting events"):
                summary.unexpected = unexpected(graph, expected, few, touched, known, to_write)
    finally:
        summary.batches, summary.rows, summary.retries = writer.batches, writer.rows, writer.retries


@contextmanager
def _timed(summary: LiveSummary, name: str, step: str, progress: Progress) -> Iterator[None]:
    progress(step)
    began = time.monotonic()
    yield
    summary.seconds[name] = round(time.monotonic() - began, 2)
