"""Compares a live load with the plain loop of `UNWIND` and `MERGE`, the first time and when loaded again.

    python benchmarks/live_load.py FOLDER --scale 0.1

generates a shop in FOLDER where it is not there yet and loads it into an empty running database, then again, both
ways: `live_load`, and every table in turns of 10,000 rows through the plain driver. Both begin with the source as it
was read, so finding what changes counts here and deriving the tables there. The ways alternate A-B-B-A, five times
each; medians and spreads are printed. Exits with 1 where a ratio falls short of its target.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import ibis.expr.types as ir
import psutil

from kartograph.graph.bulk import LoadRecord
from kartograph.graph.connection import Graph
from kartograph.graph.live import LiveOptions, live_load
from kartograph.graph.managed.home import ShopDirectory
from kartograph.graph.managed.lifecycle import start, stop
from kartograph.graph.managed.memory import Memory
from kartograph.graph.schema import apply_schema
from kartograph.loaders import retailrocket
from kartograph.loaders.retailrocket import RetailRocketOptions
from kartograph.loaders.sample import generate
from kartograph.tables.derived.derive import derive
from kartograph.tables.schema import Shop, Source

NAIVE = Path(__file__).parent / "naive"
BATCH = 10_000
FIRST_TARGET, AGAIN_TARGET = 2.0, 1.5


def naive_rows(shop: Shop) -> Iterator[tuple[str, list[dict]]]:
    """The statements of the plain loop in their order, with all rows of each."""

    def rows(table: ir.Table) -> list[dict]:
        return table.to_pyarrow().to_pylist()

    yield "users", rows(shop.users)
    yield "whole_items", rows(shop.items)
    yield "categories", rows(shop.categories)
    yield "child_of", rows(shop.category_tree.filter(shop.category_tree.parent_id.notnull()))
    yield "in_category", rows(shop.item_categories.filter(shop.item_categories.until.isnull()))
    yield "was_in_category", rows(shop.item_categories)
    yield "sessions", rows(shop.sessions)
    yield "had", rows(shop.sessions.filter(shop.sessions.user_id.notnull()))
    yield "includes", rows(shop.session_items)
    for event, name in (("view", "viewed"), ("cart", "carted"), ("buy", "bought")):
        yield name, rows(shop.user_items.filter(shop.user_items.event == event))


def plain_loop(graph: Graph, source: Source) -> None:
    """Derive the tables and send each in turns of 10,000 rows, one transaction after the other."""
    for name, rows in naive_rows(derive(source)):
        text = (NAIVE / f"{name}.cypher").read_text("utf-8")
        for first in range(0, len(rows), BATCH):
            graph.execute(text, rows=rows[first : first + BATCH])


def live(graph: Graph, source: Source, writers: int) -> dict[str, float]:
    """Load live and return the seconds of each step."""
    return live_load(source, graph, LoadRecord(source.name, source.report.files), LiveOptions(writers=writers)).seconds


def timed(work: Callable[[], object]) -> float:
    """Wall-clock seconds of `work`."""
    began = time.monotonic()
    work()
    return time.monotonic() - began


def empty(graph: Graph) -> None:
    """Delete all nodes, and have statements planned anew for the first rows of the next load."""
    graph.query("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS", write=True)
    graph.query("CALL db.clearQueryCaches()")
    apply_schema(graph)


def shown(name: str, seconds: list[float]) -> float:
    """Print the median and the spread; returns the median."""
    median = statistics.median(seconds)
    print(f"{name:24} {median:8.2f} s median of {len(seconds)}, {min(seconds):.2f} to {max(seconds):.2f}")
    return median


def main() -> int:
    """Run the benchmark and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=float, default=0.1, help="1.0 is RetailRocket's full size")
    parser.add_argument("--times", type=int, default=5, help="how often each way runs")
    parser.add_argument("--writers", type=int, default=LiveOptions.writers)
    arguments = parser.parse_args()
    if not (arguments.folder / "item_properties_part2.csv").exists():
        generate(arguments.folder, arguments.scale)
    source = retailrocket.read(arguments.folder, RetailRocketOptions(rejects=arguments.folder / "rejects.csv"))
    print(", ".join(f"{name} {len(rows):,}" for name, rows in naive_rows(derive(source))))
    home = ShopDirectory.of("benchmark-live")
    server = start(home, Memory(heap_mib=2048, page_cache_mib=512))
    seconds: dict[str, list[float]] = {name: [] for name in ("live", "live again", "plain", "plain again")}
    try:
        with Graph.connect(server.uri, server.auth) as graph:
            apply_schema(graph)
            ways: dict[str, Callable[[], object]] = {
                "live": lambda: steps.update(live(graph, source, arguments.writers)),
                "plain": lambda: plain_loop(graph, source),
            }
            order = [way for turn in range(arguments.times) for way in (("live", "plain"), ("plain", "live"))[turn % 2]]
            for way in order:
                steps: dict[str, float] = {}
                empty(graph)
                seconds[way].append(timed(ways[way]))
                first = dict(steps)
                seconds[f"{way} again"].append(timed(ways[way]))
                print(f"{way:6} {seconds[way][-1]:8.2f} s, again {seconds[f'{way} again'][-1]:8.2f} s", end="")
                print(f", load average {psutil.getloadavg()[0]:.1f} {first or ''} {steps or ''}", flush=True)
    finally:
        stop(home)
    medians = {name: shown(name, timings) for name, timings in seconds.items()}
    ratios = medians["plain"] / medians["live"], medians["plain again"] / medians["live again"]
    print(f"first load {ratios[0]:.2f} times the plain loop's pace, again {ratios[1]:.2f} times")
    return int(ratios[0] < FIRST_TARGET or ratios[1] < AGAIN_TARGET)


if __name__ == "__main__":
    sys.exit(main())
