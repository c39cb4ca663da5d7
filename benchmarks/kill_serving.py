"""Kills server, workers, keeper and Neo4j of a served shop under load, and compares the end with what was acknowledged.

    python benchmarks/kill_serving.py FOLDER --kills 20

makes a small shop in FOLDER (a KARTOGRAPH_HOME of its own) and serves it. One client sends events in batches, and sends
a batch again until it is acknowledged; one sets an item unavailable, asks for lists of everything once that is
acknowledged, and sets it available again. Meanwhile one process after the other gets SIGKILL; a killed server and a
killed Neo4j are started again. In the end every acknowledged event has to be in the graph once, every acknowledged
impression counted once, and no list may have held an item that was unavailable before it was asked for. Exits with 1
where anything differs.
"""

import argparse
import itertools
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from kartograph.graph.connection import Graph
from kartograph.graph.managed.home import ShopDirectory
from kartograph.graph.managed.lifecycle import RunningServer, free_ports, start, stop
from kartograph.graph.managed.memory import Memory

MEMORY = Memory(heap_mib=512, page_cache_mib=64)
ITEMS, USERS, EVENTS = 30, 40, 5
CONFIG = "[refresh]\npoll_seconds = 0.2\nflush_seconds = 0.2\n"
COMMAND = [sys.executable, "-c", "from kartograph.cli import main; main()"]
PARTS = ("worker", "keeper", "Neo4j", "server")
SHOP = "kills"


@dataclass
class Outcome:
    """What was seen."""

    events: int = 0
    """Acknowledged events."""
    impressions: int = 0
    """Acknowledged impressions, each of an item in an answer of its own."""
    lists: int = 0
    """Lists that were asked for while an item was unavailable."""
    wrong: list[str] = field(default_factory=list)


class Served:
    """The shop, its processes and its clients."""

    def __init__(self, folder: Path) -> None:
        """Load the shop, and train and serve it."""
        self.environment = os.environ | {"KARTOGRAPH_HOME": str(folder)}
        self.home, self.config, self.log = ShopDirectory.of(SHOP, folder), folder / "serve.toml", folder / "serve.log"
        self.config.write_text(CONFIG)
        self.neo4j: RunningServer = start(self.home, memory=MEMORY)
        rows = ["user_id,item_id,event,timestamp"]
        times = itertools.count(1_700_000_000_000, 60_000)
        rows += [f"u{n},i{(n * m) % ITEMS},view,{next(times)}" for n in range(USERS) for m in range(1, 8)]
        (folder / "events.csv").write_text("\n".join(rows) + "\n")
        for arguments in (("load", "interactions", str(folder / "events.csv")), ("train", "item-knn")):
            subprocess.run(
                [*COMMAND, "--shop", SHOP, *arguments], env=self.environment, check=True, capture_output=True
            )
        self.port = free_ports(usual=False).http
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = self._serve()

    def _serve(self) -> subprocess.Popen:
        command = [*COMMAND, "--shop", SHOP, "serve", "--port", str(self.port), "--workers", "2"]
        with self.log.open("a") as log:
            command += ["--config", str(self.config)]
            process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        self.until_ready()
        return process

    def until_ready(self, seconds: float = 180) -> dict:
        """Wait until the shop answers; returns what it says of itself."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            with suppress(httpx.HTTPError):
                answer = httpx.get(f"{self.url}/readyz", timeout=5)
                if answer.status_code == 200:
                    return answer.json()
            time.sleep(0.1)
        raise RuntimeError(f"nothing answers\n{self.log.read_text()[-3000:]}")

    def kill(self, part: str) -> None:
        """Kill a process, and start again what nobody else starts."""
        if part == "Neo4j":
            psutil.Process(self.neo4j.state.pid).kill()
            time.sleep(1)
            self.neo4j = start(self.home, memory=MEMORY)
            return
        if part == "server":
            self.process.kill()
            self.process.wait()
            self.process = self._serve()
            return
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.Error):
                if ("kartograph.serving.keeper" in child.cmdline()) == (part == "keeper"):
                    child.kill()
                    return

    def close(self) -> None:
        """End everything."""
        self.process.terminate()
        self.process.wait(60)
        stop(self.home)


def again(ask: Callable[[], httpx.Response], stopping: threading.Event, status: int) -> httpx.Response | None:
    """Ask until the answer has a status; None where it is time to stop."""
    while not stopping.is_set():
        with suppress(httpx.HTTPError):
            answer = ask()
            if answer.status_code == status:
                return answer
        time.sleep(0.05)
    return None


def send_events(served: Served, stopping: threading.Event, outcome: Outcome) -> None:
    """Send batches of events and impressions, each until it is acknowledged, and note what was."""
    for number in itertools.count():
        listed = again(lambda: httpx.get(f"{served.url}/v1/trending?k=2&place=kills", timeout=10), stopping, 200)
        if listed is None:
            return
        answer, at = listed.json(), time.time_ns() // 1_000_000
        events = [
            {"user_id": f"k{number}", "item_id": f"i{position}", "event": "view", "timestamp": at + position}
            for position in range(EVENTS)
        ]
        impression = {
            "recommendation_id": answer["recommendation_id"],
            "event": "impression",
            "session_id": f"s{number}",
        }
        shown = [{**impression, "item_id": item["item_id"]} for item in answer["items"]]
        body = [{**one, "event_id": f"{number}-{position}"} for position, one in enumerate([*events, *shown])]
        ask = lambda body=body: httpx.post(f"{served.url}/v1/events", json=body, timeout=10)  # noqa: E731
        if again(ask, stopping, 202) is None:
            return
        outcome.events += len(events)
        outcome.impressions += len(shown)
        time.sleep(0.02)


def flip_items(served: Served, stopping: threading.Event, outcome: Outcome) -> None:
    """Set items unavailable and see that no list holds them."""
    for number in itertools.count():
        item = f"i{number % ITEMS}"
        for available in (False, True):
            body = [{"item_id": item, "available": available}]
            patch = lambda body=body: httpx.patch(f"{served.url}/v1/items", json=body, timeout=10)  # noqa: E731
            if again(patch, stopping, 200) is None:
                return
            for _ in range(0 if available else 5):
                with suppress(httpx.HTTPError):
                    everything = {"items": [], "k": 1000, "reasons": False}
                    answer = httpx.post(f"{served.url}/v1/sessions/recommendations", json=everything, timeout=10)
                    if answer.status_code == 200:
                        outcome.lists += 1
                        if item in {one["item_id"] for one in answer.json()["items"]}:
                            outcome.wrong.append(f"{item} was unavailable, and listed")


def compare(served: Served, outcome: Outcome) -> None:
    """Compare the graph with what was acknowledged."""
    limit = time.monotonic() + 240
    while (waiting := served.until_ready()["queued_events"]) and time.monotonic() < limit:
        time.sleep(0.5)
    if waiting:
        outcome.wrong.append(f"{waiting} events wait for the graph for ever")
    with Graph.connect(served.neo4j.uri, served.neo4j.auth) as graph:
        rows = graph.query(
            "MATCH (u:User)-[:HAD]->(:Session)-[e:INCLUDES]->(i:Item) WHERE u.id STARTS WITH 'k' "
            "RETURN u.id AS user, i.id AS item, count(e) AS n"
        )
        shown = int(graph.query("MATCH (e:Exposure {place: 'kills'}) RETURN sum(e.shown) AS n")["n"][0])
    twice = rows[rows["n"] != 1]
    if len(twice):
        outcome.wrong.append(f"{len(twice)} events are in the graph more than once")
    # A batch that was under way at the end may be there without its acknowledgement.
    if not outcome.events <= len(rows) <= outcome.events + EVENTS:
        outcome.wrong.append(f"{outcome.events} events were acknowledged, {len(rows)} are in the graph")
    if not outcome.impressions <= shown <= outcome.impressions + 2:
        outcome.wrong.append(f"{outcome.impressions} impressions were acknowledged, {shown} are counted")


def run(folder: Path, kills: int, seed: int = 0, tell: Callable[[str], None] = lambda _: None) -> Outcome:
    """Serve a shop in a folder, kill parts of it in turn, and return what was seen."""
    served, outcome, stopping, chance = Served(folder), Outcome(), threading.Event(), random.Random(seed)
    clients = [
        threading.Thread(target=work, args=(served, stopping, outcome), daemon=True)
        for work in (send_events, flip_items)
    ]
    try:
        for client in clients:
            client.start()
        for part in itertools.islice(itertools.cycle(PARTS), kills):
            time.sleep(chance.uniform(0.5, 2.5))
            served.kill(part)
            tell(f"killed {part}: {outcome.events:,} events and {outcome.lists:,} lists so far")
            served.until_ready()
        time.sleep(2)
        stopping.set()
        for client in clients:
            client.join(30)
        compare(served, outcome)
    finally:
        stopping.set()
        served.close()
    return outcome


def main() -> None:
    """Print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    counts = Counter(itertools.islice(itertools.cycle(PARTS), arguments.kills))
    outcome = run(arguments.folder, arguments.kills, arguments.seed, print)
    print(f"{', '.join(f'{name} {n}' for name, n in counts.items())}; {outcome.events:,} events acknowledged, ", end="")
    print(f"{outcome.impressions:,} impressions, {outcome.lists:,} lists with an item unavailable")
    print("\n".join(outcome.wrong) or "everything is in the graph once, and nothing unavailable was listed")
    sys.exit(bool(outcome.wrong))


if __name__ == "__main__":
    main()
