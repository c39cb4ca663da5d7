"""How many session recommendations a second a served shop answers, beside bare endpoints and Gorse in the same run.

    kartograph --shop bench load retailrocket FOLDER && kartograph --shop bench train item-knn && …
    python benchmarks/serving.py --shop bench --models item-knn,stan,walk --workers 2 --gorse ./gorse-in-one

serves the shop and asks for lists of 20 for sessions of its users, the availability filter on, without reasons (and
once with them), under the open-loop load of `open_loop.py`. Prints and writes as JSON the highest rate at which p99
stays under 25 ms; at half of it p50, p90, p99, and the server's processor time for a request, in which the load of
other processes is not; p99 at half of it while 200 events a second come in, and while a version is swapped by
`kartograph rollback`, with the requests that failed; the memory of all processes; what `serving_peers.py` reaches; and
how long a promotion in the graph and a new item take to act (`serving_changes.py`). With `--gorse` the table goes into
`docs/records/serving.json`, of which the page about serving is made.
"""

import argparse
import json
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import psutil
from open_loop import Asking, Latency, highest_rate, measured
from serving_changes import promotion_seconds, seconds_of_new_items
from serving_peers import EVENTS, gorse, gorse_body

from kartograph.evaluation.record import machine
from kartograph.graph.managed.lifecycle import free_ports
from kartograph.reference.markdown import table
from kartograph.reference.records import keep_table
from kartograph.serving.bundle.opened import Bundle
from kartograph.serving.reach import Shop

LIMIT_MS = 25.0
LEAST = 50.0
"""Requests a second for latencies and processor time where half of the highest rate is less."""
WARM_UP = 1_000.0
"""Requests a second before anything is measured: new workers answer slower at first."""
BODIES = 500
EVENTS_A_SECOND, BATCH = 200, 10
SWAP_SECONDS = 40.0
IDLE, PATIENCE = 10.0, 300.0
"""Percent of the processors in use below which the machine is quiet, and seconds for which that is waited for."""
LISTS = "/v1/sessions/recommendations"
HEAD = (
    *("", f"requests/s with p99 < {LIMIT_MS:g} ms", "of bare", "p50", "p90", "p99", "with reasons"),
    *(f"with {EVENTS_A_SECOND} events/s", "while a version is swapped", "failed", "processor ms", "MiB"),
)
"""Milliseconds are at half the rate, p99 where nothing else is said."""
SHOWN = {"bare": "bare item-kNN rows in NumPy", "implicit": "the same by `implicit`", "gorse": "Gorse 0.4.12"}
COMMAND = [sys.executable, "-c", "from kartograph.cli import main; main()"]
HERE = Path(__file__).parent


@dataclass
class Row:
    """What was measured of one server or model."""

    name: str
    rate: float
    """Requests a second at which p99 stays under the limit."""
    half: Latency
    cpu_ms: float
    """Processor time of the server's processes for one request, at half the rate."""
    mib: float
    """Of all processes; pages that they share count once."""
    with_reasons: Latency | None = None
    with_events: Latency | None = None
    events: Latency | None = None
    """How the events themselves were answered."""
    swapped: Latency | None = None
    swap_seconds: float | None = None
    """From the call of `rollback` until the version answers; None where it did not while it was looked at."""


@contextmanager
def served(command: list[str], port: int) -> Iterator[psutil.Process]:
    """Run a server until it answers, and end it afterwards."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while process.poll() is None:
            with suppress(httpx.TransportError):
                httpx.get(f"http://127.0.0.1:{port}/healthz")
                break
            time.sleep(0.2)
        if process.poll() is not None:
            raise SystemExit(
                f"ended with {process.returncode} before it answered; run it by itself: {shlex.join(command)}"
            )
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(60)


def await_quiet() -> None:
    """Wait until nothing else runs: after its start a server writes what was waiting, and reads what changed by it."""
    began = time.monotonic()
    while (busy := psutil.cpu_percent(5)) > IDLE and time.monotonic() - began < PATIENCE:
        pass
    print(f"measuring after {time.monotonic() - began:.0f} s, {busy:.0f} % of the processors in use", flush=True)


def memory_mib(process: psutil.Process) -> float:
    """What a process and its children hold, shared pages once (PSS)."""
    every = [process, *process.children(recursive=True)]
    return sum(one.memory_full_info().pss for one in every) / 2**20


def cpu_seconds(process: psutil.Process) -> float:
    """Processor time that a process and its children have taken."""
    times = [one.cpu_times() for one in (process, *process.children(recursive=True))]
    return sum(one.user + one.system for one in times)


def sessions(bundle: Bundle) -> list[list[str]]:
    """Latest items of some users, as sessions at hand."""
    offsets = bundle.arrays["history.offsets"]
    long = np.flatnonzero(np.diff(offsets) >= 2)
    users = np.random.default_rng(0).choice(long, min(BODIES, len(long)), replace=False)
    return [
        [bundle.item_ids[row] for row in bundle.arrays["history.items"][offsets[u] : offsets[u + 1]][-5:]]
        for u in users
    ]


def measure(name: str, port: int, path: str, bodies: list[Any], seconds: float, process: psutil.Process) -> Row:
    """The highest rate of one path, and what half of it takes."""
    measured(port, path, bodies, WARM_UP, 10)
    rate = highest_rate(port, path, bodies, seconds, LIMIT_MS, 200)
    before = cpu_seconds(process)
    half = measured(port, path, bodies, max(rate / 2, LEAST), seconds)
    return Row(name, rate, half, (cpu_seconds(process) - before) * 1000 / half.sent, memory_mib(process))


def while_events_come(row: Row, port: int, bodies: list[dict], asked: list[list[str]], seconds: float) -> None:
    """Half the rate again beside events of the same users."""
    events = [{"session_id": f"bench-{n}", "item_id": item, "event": "view"} for n, s in enumerate(asked) for item in s]
    batches = [events[start : start + BATCH] for start in range(0, len(events), BATCH)]
    sending = Asking(port, "/v1/events", batches, EVENTS_A_SECOND / BATCH, seconds + 2)
    time.sleep(1)
    row.with_events = measured(port, LISTS, bodies, max(row.rate / 2, LEAST), seconds)
    row.events = sending.result()


def while_swapped(row: Row, shop: str, port: int, bodies: list[dict]) -> None:
    """Half the rate again while the model goes back to its former version."""
    version = lambda: httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=30).json()["models"].get(row.name)  # noqa: E731
    before = version()
    asking = Asking(port, LISTS, bodies, max(row.rate / 2, LEAST), SWAP_SECONDS)
    time.sleep(1)
    began = time.monotonic()
    done = subprocess.run([*COMMAND, "--shop", shop, "rollback", row.name], capture_output=True, text=True)
    while done.returncode == 0 and time.monotonic() - began < SWAP_SECONDS - 2:
        if version() != before:
            row.swap_seconds = time.monotonic() - began
            break
        time.sleep(0.2)
    row.swapped = asking.result()


def of_models(shop: str, models: list[str], workers: int, seconds: float, asked: list[list[str]]) -> tuple[list, dict]:
    """A row for each model of the served shop, and how fast what changes in it acts."""
    port, rows = free_ports(usual=False).http, []
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "serve.toml"
        config.write_text("[limits]\nrequests_per_second = 1000000\n")
        serve = [*COMMAND, "--shop", shop, "serve", "--port", str(port), "--workers", str(workers)]
        with served([*serve, "--config", str(config)], port) as process:
            await_quiet()
            asking = {model: _bodies(model, asked) for model in models}
            # All rates first: once events or items change, the keeper reads the shop again beside the workers.
            for model, bodies in asking.items():
                row = measure(model, port, LISTS, bodies, seconds, process)
                with_reasons = [{**body, "reasons": True} for body in bodies]
                row.with_reasons = measured(port, LISTS, with_reasons, max(row.rate / 2, LEAST), seconds)
                rows.append(row)
                print(row, flush=True)
            for row, bodies in zip(rows, asking.values(), strict=True):
                while_events_come(row, port, bodies, asked, seconds)
            changes = {
                "new_items": seconds_of_new_items(f"http://127.0.0.1:{port}"),
                "promotions": promotion_seconds(f"http://127.0.0.1:{port}", shop),
            }
            while_swapped(rows[0], shop, port, bodies=[{"items": s, "k": 20, "model": models[0]} for s in asked])
    return rows, changes


def _bodies(model: str, asked: list[list[str]]) -> list[dict[str, Any]]:
    return [
        {"items": items, "k": 20, "filters": {"available": True}, "reasons": False, "model": model} for items in asked
    ]


def of_peers(
    shop: str, workers: int, seconds: float, asked: list[list[str]], arguments: argparse.Namespace
) -> list[Row]:
    """A row for each thing to compare with."""
    rows = []
    for kind in ("bare", "implicit"):
        port = free_ports(usual=False).http
        order = json.dumps({"shop": shop, "port": port, "workers": workers, "kind": kind})
        with served([sys.executable, str(HERE / "serving_peers.py"), order], port) as process:
            bodies = [{"items": items, "k": 20} for items in asked]
            rows.append(measure(kind, port, "/recommend", bodies, seconds, process))
            print(rows[-1], flush=True)
    if arguments.gorse:
        ports = free_ports(usual=False)
        bundle = Bundle.open(Shop(shop).paths)
        with gorse(
            arguments.gorse,
            arguments.gorse_folder,
            bundle,
            (ports.http, ports.bolt),
            arguments.gorse_users,
            arguments.gorse_patience,
        ) as process:
            bodies = [gorse_body(items) for items in asked]
            rows.append(measure("gorse", ports.http, EVENTS, bodies, seconds, process))
            print(rows[-1], flush=True)
    return rows


def cells(rows: list[Row]) -> list[list[str]]:
    """What is shown of each row: see `HEAD`."""
    bare = next((row.rate for row in rows if row.name == "bare"), 0.0)
    p99 = lambda one: "" if one is None else f"{one.p99:.1f}"  # noqa: E731
    shown = []
    for row in rows:
        every = (row.half, row.with_reasons, row.with_events, row.events, row.swapped)
        shown.append(
            [
                *(SHOWN.get(row.name, row.name), f"{row.rate:,.0f}", f"{row.rate / bare if bare else 0:.2f}"),
                *(f"{row.half.p50:.1f}", f"{row.half.p90:.1f}", p99(row.half), p99(row.with_reasons)),
                *(p99(row.with_events), p99(row.swapped), str(sum(one.failed for one in every if one))),
                *(f"{row.cpu_ms:.2f}", f"{row.mib:,.0f}"),
            ]
        )
    return shown


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shop", default="shop")
    parser.add_argument("--models", default="item-knn")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each measurement")
    parser.add_argument("--gorse", type=Path, help="the program gorse-in-one")
    parser.add_argument("--gorse-folder", type=Path, default=Path("gorse"), help="where its stores lie")
    parser.add_argument(
        "--gorse-users", type=int, default=10**9, help="how many users it knows, those with most events"
    )
    parser.add_argument("--gorse-patience", type=float, default=1800.0, help="seconds to wait for its neighbours")
    parser.add_argument("--out", type=Path, default=Path("serving.json"))
    arguments = parser.parse_args()
    models = arguments.models.split(",")
    bundle_shop = Shop(arguments.shop)
    asked = sessions(Bundle.open(bundle_shop.paths))
    rows, changes = of_models(arguments.shop, models, arguments.workers, arguments.seconds, asked)
    rows += of_peers(arguments.shop, arguments.workers, arguments.seconds, asked, arguments)
    shown = cells(rows)
    print(
        f"{arguments.workers} workers; ms at half the rate, p99 where nothing else is said",
        table(HEAD, shown),
        sep="\n",
    )
    print(f"a new item with a category is listed and has neighbours after {max(changes['new_items']) * 1000:.0f} ms")
    print(f"a promotion in the graph acts after {max(changes['promotions']):.1f} s")
    report = {
        "machine": machine(),
        "workers": arguments.workers,
        "rows": [asdict(row) for row in rows],
        "changes": changes,
    }
    arguments.out.write_text(json.dumps(report, indent=1))
    if arguments.gorse:
        keep_table("serving", HEAD, shown, detached=True)


if __name__ == "__main__":
    main()
