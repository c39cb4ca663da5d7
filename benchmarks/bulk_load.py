"""Times and measures the bulk load of a shop of RetailRocket's full size, from CSV files to an indexed graph.

    python benchmarks/bulk_load.py FOLDER

generates the shop in FOLDER where it is not there yet, loads it into a shop of its own below KARTOGRAPH_HOME, and
prints the seconds of each step, the peak memory of all processes together, and beside them what a plain loop of
`UNWIND` and `MERGE` would take, extrapolated from a measured beginning. Exits with 1 where a limit is passed.
"""

import argparse
import resource
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import ibis.expr.types as ir
import psutil
from sampling import sampled

from kartograph.graph.bulk import BulkSummary, LoadRecord, bulk_load
from kartograph.graph.connection import Graph
from kartograph.graph.managed.home import ShopDirectory
from kartograph.graph.managed.lifecycle import start, stop
from kartograph.graph.managed.memory import Memory
from kartograph.graph.schema import apply_schema
from kartograph.loaders import retailrocket
from kartograph.loaders.retailrocket import RetailRocketOptions
from kartograph.loaders.sample import generate
from kartograph.tables.derived.derive import derive
from kartograph.tables.schema import Shop

MAX_SECONDS = 240
MAX_GIB = 6
BATCH = 10_000
WARM_UP = 500
NAIVE = Path(__file__).parent / "naive"


@contextmanager
def peak_memory() -> Iterator[list[int]]:
    """Yield a list whose one number is the largest resident memory of this process and all below it, in bytes.

    Sampled four times a second for the time of the block; memory that processes share counts in each.
    """
    peak, own = [0], psutil.Process()

    def look() -> None:
        total = 0
        for process in (own, *own.children(recursive=True)):
            try:
                total += process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        peak[0] = max(peak[0], total)

    with sampled(look):
        yield peak


@contextmanager
def timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    """Put the wall-clock time of a block into `seconds`."""
    began = time.monotonic()
    yield
    seconds[name] = time.monotonic() - began


def processor_seconds() -> float:
    """Processor time of this process and of those below it that have ended."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def load(folder: Path, home: ShopDirectory) -> tuple[Shop, BulkSummary, dict[str, float]]:
    """Load the folder into the shop and return the tables and the seconds of each step."""
    seconds: dict[str, float] = {}
    with timed(seconds, "read"):
        source = retailrocket.read(folder, RetailRocketOptions(rejects=folder / "rejects.csv"))
    with timed(seconds, "derive"):
        shop = derive(source)
    files = [file for read in source.report.reads.values() for file in read.files]
    summary = bulk_load(shop, home, LoadRecord(source.name, files))
    return shop, summary, seconds | summary.seconds


def naive_rate(graph: Graph, statement: str, rows: ir.Table) -> float:
    """Rows per second of the plain loop: the driver, 10,000 rows a transaction, one after the other.

    The first rows are not timed: the server plans the statement anew after them, for the plan that it made for an
    empty database reads all relationships for every row.
    """
    text = (NAIVE / f"{statement}.cypher").read_text("utf-8")
    records = rows.to_pyarrow().to_pylist()
    graph.execute(text, rows=records[:WARM_UP])
    graph.execute("CYPHER replan=force " + text, rows=records[WARM_UP : 2 * WARM_UP])
    records = records[2 * WARM_UP :]
    began = time.monotonic()
    for first in range(0, len(records), BATCH):
        graph.execute(text, rows=records[first : first + BATCH])
    return len(records) / (time.monotonic() - began)


def naive_seconds(shop: Shop, summary: BulkSummary, home: ShopDirectory, rows: int) -> float:
    """What the plain loop would take for all nodes and relationships, at the pace of its first `rows` events."""
    server = start(home, Memory(heap_mib=2048, page_cache_mib=1024))
    try:
        with Graph.connect(server.uri, server.auth) as graph:
            apply_schema(graph)
            events = shop.session_items.order_by("session_id", "position").limit(rows)
            sessions = shop.sessions.semi_join(events, "session_id").drop("user_id")
            nodes = naive_rate(graph, "sessions", sessions)
            naive_rate(graph, "items", events.select("item_id").distinct())
            relationships = naive_rate(graph, "includes", events)
    finally:
        stop(home)
        shutil.rmtree(home.folder)  # the next run has to write again, not to find what is there
    of_nodes = sum(summary.rows[name] for name in ("users", "items", "categories", "sessions"))
    of_relationships = sum(summary.rows.values()) - of_nodes
    print(f"plain loop: {nodes:,.0f} nodes/s and {relationships:,.0f} relationships/s on the first {rows:,} events")
    return of_nodes / nodes + of_relationships / relationships


def main() -> int:
    """Run the benchmark and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=float, default=1.0, help="1.0 is RetailRocket's full size")
    parser.add_argument("--naive-rows", type=int, default=200_000, help="events that the plain loop writes; 0 for none")
    arguments = parser.parse_args()
    if not (arguments.folder / "item_properties_part2.csv").exists():
        generate(arguments.folder, arguments.scale)

    began, processor_began = time.monotonic(), processor_seconds()
    with peak_memory() as peak:
        shop, summary, seconds = load(arguments.folder, ShopDirectory.of("benchmark-bulk"))
    total, processor = time.monotonic() - began, processor_seconds() - processor_began
    for step, value in seconds.items():
        print(f"{step:10} {value:8.1f} s")
    print(
        f"{'total':10} {total:8.1f} s, {processor:.1f} s of processor time, load average {psutil.getloadavg()[0]:.1f}"
    )
    print(f"{'memory':10} {peak[0] / 2**30:8.2f} GiB at most, all processes together")
    print(f"{'graph':10} " + ", ".join(f"{name} {rows:,}" for name, rows in summary.rows.items()))
    print(f"{'store':10} {summary.store_bytes / 2**30:8.2f} GiB")
    if arguments.naive_rows:
        naive = naive_seconds(shop, summary, ShopDirectory.of("benchmark-naive"), arguments.naive_rows)
        in_graph = total - seconds["read"] - seconds["derive"]
        print(
            f"plain loop: {naive:,.0f} s for the same graph, {naive / in_graph:.1f} times the {in_graph:.0f} s in bulk"
        )
    return int(total > MAX_SECONDS or peak[0] > MAX_GIB * 2**30)


if __name__ == "__main__":
    sys.exit(main())
