"""Loads a source in bulk in place of what a shop held, or live on top of what is there."""

import time
from contextlib import nullcontext
from dataclasses import replace

import ibis

from kartograph import queries
from kartograph.graph.bulk import BulkOptions, LoadRecord, bulk_load
from kartograph.graph.connection import Graph
from kartograph.graph.erasure.suppression import read_suppression, suppression_file
from kartograph.graph.ledger import add_live
from kartograph.graph.live import LiveOptions, live_load
from kartograph.graph.managed.home import ShopDirectory
from kartograph.loaders.shared.guard import NO_LOSS, Allowed, held_by, refuse_loss, refuse_nothing, tell_replaced
from kartograph.tables.cluster.spark import Cluster, on_cluster
from kartograph.tables.derived.derive import DeriveOptions, derive
from kartograph.tables.engine import Rows, count_rows, store
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent
from kartograph.tables.report import Report
from kartograph.tables.schema import Source

STALE = "enrichment (co-occurrence, PageRank, embeddings …) older than this load: `kartograph enrich` renews it"


def into_graph(
    source: Source,
    where: Graph | ShopDirectory | str,
    options: DeriveOptions | None = None,
    progress: Progress = silent,
    cluster: Cluster | None = None,
    allowed: Allowed = NO_LOSS,
    bulk: BulkOptions | None = None,
) -> Report:
    """Load `source` live into a running `Graph`, or in bulk into a shop (its home, or its name).

    In bulk, what the shop held before is replaced once the new database is whole; with a `cluster` the tables are
    derived there. Live, the events come on top of what the graph holds, each once however often it is loaded.

    Raises:
        BadInput: the load would leave the shop empty, or with less than half of what it holds of the source, and that
            is not `allowed`; a cluster for a live load; and as `bulk_load` and `live_load` do.
    """
    where = ShopDirectory.of(where) if isinstance(where, str) else where
    source = without_erased(source, where)
    if not isinstance(where, Graph):
        return _bulk(source, where, options, progress, cluster, allowed, bulk)
    if cluster is not None:
        raise BadInput(
            f"a live load compares with the graph on this machine, so Spark at {cluster.master} cannot work on it; "
            "leave out --engine spark, or load in bulk without --live"
        )
    return _live(source, where, options, progress, allowed)


def without_erased(source: Source, where: Graph | ShopDirectory) -> Source:
    """The source without the events of users who were erased from the shop; the report counts them."""
    known = read_suppression(suppression_file(where))
    if not known.users:
        return source
    events: Rows = source.interactions
    # The same hash as `Suppression.hash`, in the tables' engine: a shop has millions of users.
    digest = (ibis.literal(known.key) + events.user_id).hexdigest("sha256")
    erased = digest.isin(sorted(known.users)).fill_null(False)
    sessions = events.filter(erased & events.session_id.notnull()).select(events.session_id).distinct()
    left = events.filter(~erased).anti_join(sessions, "session_id")
    kept = store("interactions", left, events.get_backend())
    gone = count_rows(events) - count_rows(kept)
    source.report.note("events of users who were erased, left out", gone)
    return replace(source, interactions=kept)


def _bulk(
    source: Source,
    home: ShopDirectory,
    options: DeriveOptions | None,
    progress: Progress,
    cluster: Cluster | None,
    allowed: Allowed,
    bulk: BulkOptions | None,
) -> Report:
    report = source.report
    read = time.monotonic()
    held = held_by(source)
    refuse_loss(source, held, home, allowed)
    tell_replaced(source, home)
    with on_cluster(source, cluster, progress) if cluster else nullcontext(source) as there:
        shop = derive(there, options, progress)
        report.steps |= {"read": round(read - report.started, 2), "derive": round(time.monotonic() - read, 2)}
        record = LoadRecord(source.name, report.files, held)
        report.steps |= bulk_load(shop, home, record, bulk, progress).seconds
    report.finish()
    return report


def _live(source: Source, graph: Graph, options: DeriveOptions | None, progress: Progress, allowed: Allowed) -> Report:
    report = source.report
    if not graph.query(queries.load("load/has_items"))["items"][0]:
        refuse_nothing(source, held_by(source), "shop" if graph.home is None else graph.home.shop, allowed)
    report.steps["read"] = round(time.monotonic() - report.started, 2)
    live = LiveOptions(sessions=(options or DeriveOptions()).sessions)
    summary = live_load(source, graph, LoadRecord(source.name, report.files), live, progress)
    report.steps |= {name: seconds for name, seconds in summary.seconds.items()}
    report.counts |= {
        "new events": summary.new_events,
        "events that the graph had": summary.known_events,
        "batches": summary.batches,
    }
    report.note("batches of these files that were there already", summary.batches_before)
    report.note("transactions begun again", summary.retries)
    if summary.unexpected:
        report.data["unexpected"] = f"the shop holds {summary.unexpected}; `kartograph verify` looks into it"
    if summary.batches:
        report.note(STALE, summary.batches)
        if graph.home is not None:
            add_live(graph.home, source.name, summary.load, round(time.time() * 1000), summary.new_events)
    report.finish()
    return report
