"""Speed of a snapshot of a shop against a query that brings its events row by row: `python benchmarks/snapshot.py`.

It runs on what the shop holds. Both forms end with the same columns of rows in the same order; they run in turns
(packed, rows, rows, packed), and the mean of each is printed with its spread. Then: the whole snapshot, opening it
again, and the peak memory of this process.
"""

import argparse
import shutil
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import LiteralString

import numpy as np
import pandas as pd
import psutil

from kartograph.graph.connection import Graph
from kartograph.graph.snapshot.snapshot import snapshot_folder
from kartograph.tables.events import EVENTS

NAIVE = Path(__file__).with_name("naive")


def main() -> None:
    """Run both forms in turns and print their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shop", default="shop")
    parser.add_argument("--only-packed", action="store_true", help="leave the rows out, which take long")
    arguments = parser.parse_args()
    with Graph.local(arguments.shop) as graph:
        if not arguments.only_packed:
            _in_turns(graph)
        shutil.rmtree(snapshot_folder(graph), ignore_errors=True)
        whole = _seconds(lambda: graph.snapshot())
        opened = _seconds(lambda: graph.snapshot())
        used = _seconds(lambda: _use(graph))
        size = sum(file.stat().st_size for file in snapshot_folder(graph).rglob("*") if file.is_file())
    print(f"whole snapshot   {whole:7.2f} s, {size / 2**20:,.0f} MiB on the disk")
    print(f"opened again     {opened:7.2f} s; with the ids as pandas Indexes and the items as a frame {used:.2f} s")
    print(f"peak memory      {getrusage(RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB (rows included)", flush=True)


def _use(graph: Graph) -> None:
    snapshot = graph.snapshot()
    assert len(snapshot.users.index) + len(snapshot.item_ids.index) + len(snapshot.events.sessions.index)
    assert len(snapshot.items.frame()) == len(snapshot.item_ids)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _in_turns(graph: Graph) -> None:
    expected = graph.snapshot("events").events
    seconds: dict[str, list[float]] = {"packed": [], "row by row": []}
    for name in ("packed", "row by row", "row by row", "packed"):
        began = time.perf_counter()
        if name == "packed":
            columns = graph.snapshot("events", again=True).events
            items, times = columns.item, columns.time
        else:
            items, times = _rows(graph)
        seconds[name].append(time.perf_counter() - began)
        assert np.array_equal(items, expected.item)
        assert np.array_equal(times, expected.time)
    for name, taken in seconds.items():
        middle = statistics.mean(taken)
        spread = f"({min(taken):.2f}-{max(taken):.2f})"
        print(f"{name:12} {len(expected):,} events {middle:7.2f} s {spread} {len(expected) / middle:12,.0f}/s")
    ratio = statistics.mean(seconds["row by row"]) / statistics.mean(seconds["packed"])
    print(f"ratio        {ratio:.1f}, load average {psutil.getloadavg()[0]:.1f}", flush=True)


def _rows(graph: Graph) -> tuple[np.ndarray, np.ndarray]:
    text: LiteralString = (NAIVE / "events.cypher").read_text("utf-8")  # pyright: ignore[reportAssignmentType]
    with graph.driver.session(database=graph.database) as session:
        rows = [tuple(row) for row in session.run(text)]
    frame = pd.DataFrame(rows, columns=["user", "session", "item", "event", "time", "position"])
    codes = {name: pd.factorize(frame[name], sort=True)[0] for name in ("user", "session")}
    items = pd.Index(sorted(graph.query("MATCH (i:Item) RETURN i.id AS id")["id"]))
    item = items.get_indexer(pd.Index(frame["item"])).astype(np.int32)
    event = pd.Index(EVENTS).get_indexer(pd.Index(frame["event"]))
    time_ = frame["time"].to_numpy(np.int64)
    order = np.lexsort([event, item, frame["position"], codes["session"], time_])
    return item[order], time_[order]


if __name__ == "__main__":
    main()
