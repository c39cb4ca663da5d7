"""Kills the loader and the server at random points of a live load, and compares the end with the undisturbed graph.

    python benchmarks/kill_live_load.py FOLDER --kills 20 --seed 1

generates a shop in FOLDER where it is not there yet and loads it live with SIGKILLs, every other one of the server,
which is started again then. After each kill the load is run again; when all kills are done it runs to its end, and the
graph is compared, node by node and relationship by relationship, with what the shop's tables say. Every batch has to
be recorded once. Exits with 1 where anything differs.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # for the comparison, which the tests share

from tests.graph.live.whole_graph import content_from, content_of

from kartograph.graph.bulk import LoadRecord
from kartograph.graph.connection import Graph
from kartograph.graph.live import LiveOptions, live_load
from kartograph.graph.managed.home import ShopDirectory
from kartograph.graph.managed.lifecycle import RunningServer, running, start, stop
from kartograph.graph.managed.memory import Memory
from kartograph.loaders import retailrocket
from kartograph.loaders.retailrocket import RetailRocketOptions
from kartograph.loaders.sample import generate
from kartograph.tables.derived.derive import derive
from kartograph.tables.schema import Source

MEMORY = Memory(heap_mib=1024, page_cache_mib=128)
BATCH = 200


def read(folder: Path) -> Source:
    """The shop of the folder."""
    return retailrocket.read(folder, RetailRocketOptions(rejects=folder / "rejects.csv"))


def load(source: Source, server: RunningServer) -> None:
    """Load the shop live, in small batches, so that there are many points at which it can be killed."""
    with Graph.connect(server.uri, server.auth) as graph:
        live_load(source, graph, LoadRecord(source.name, source.report.files), LiveOptions(batch=BATCH))


def batches(graph: Graph) -> int:
    """How many batches are recorded."""
    return int(graph.query("MATCH (l:Load) RETURN count(l) AS n")["n"][0])


def killed_once(folder: Path, home: ShopDirectory, server: RunningServer, the_server: bool, more: int) -> RunningServer:
    """Load in a process of its own, and kill it or the server when so many `more` batches are there."""
    child = subprocess.Popen([sys.executable, __file__, str(folder), "--child"], stderr=subprocess.DEVNULL)
    with Graph.connect(server.uri, server.auth) as graph:
        enough = batches(graph) + more
        while batches(graph) < enough and child.poll() is None:
            time.sleep(0.005)
    time.sleep(random.random() / 20)
    ended = child.poll() is not None
    state = running(home)
    if the_server and state is not None:
        os.kill(state.pid, signal.SIGKILL)
        psutil.Process(state.pid).wait(30) if psutil.pid_exists(state.pid) else None
    child.kill()
    child.wait()
    print(f"killed the {'server' if the_server else 'loader'} after {enough} batches{', too late' if ended else ''}")
    return start(home, MEMORY)


def main() -> int:
    """Run the benchmark and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=float, default=0.002, help="1.0 is RetailRocket's full size")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    home = ShopDirectory.of("benchmark-kill")
    if arguments.child:
        load(read(arguments.folder), start(home, MEMORY))
        return 0
    if not (arguments.folder / "item_properties_part2.csv").exists():
        generate(arguments.folder, arguments.scale)
    rng = random.Random(arguments.seed)
    server = start(home, MEMORY)
    try:
        with Graph.connect(server.uri, server.auth) as graph:
            graph.query("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS", write=True)
        for kill in range(arguments.kills):
            server = killed_once(arguments.folder, home, server, kill % 2 == 1, rng.randrange(1, 4))
        source = read(arguments.folder)
        load(source, server)
        with Graph.connect(server.uri, server.auth) as graph:
            actual, expected = content_of(graph), content_from(derive(source))
            rows = int(graph.query("MATCH (l:Load) RETURN sum(l.rows) AS n")["n"][0])
            print(f"{batches(graph)} batches, {rows:,} events recorded, load average {psutil.getloadavg()[0]:.1f}")
    finally:
        stop(home)
    events = sum(len(of) for of in expected["INCLUDES"].values())
    wrong = {kind for kind in expected if actual.get(kind) != expected[kind]}
    print("the graph equals the undisturbed one" if not wrong else f"differences in {', '.join(sorted(wrong))}")
    return int(bool(wrong) or rows != events)


if __name__ == "__main__":
    sys.exit(main())
