"""How many session recommendations a second a served shop answers, beside a bare endpoint that only adds up rows.

    kartograph --shop bench load retailrocket FOLDER && kartograph --shop bench train item-knn && …
    python benchmarks/serving.py --shop bench --models item-knn,stan,walk --workers 2

serves the shop, with the availability filter on and without reasons, and in the same run a FastAPI endpoint under the
same HTTP server that adds up item-kNN rows in NumPy and nothing else (no filter, no fallback, no groups). The load
comes from a process of its own, open-loop: requests leave at their due times whether answers have come or not, and
latency counts from the due time, so that a server that stalls cannot slow its own questions down. The generator is the
few lines of asyncio below, for tools such as wrk2 or oha come in no Python package. Prints the highest rate at which
p99 stays under 25 ms, p50, p90 and p99 at half of it, and the memory of all processes.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil

from kartograph.graph.managed.lifecycle import free_ports
from kartograph.serving.bundle.opened import Bundle
from kartograph.serving.reach import Shop

LIMIT_MS = 25.0
CONNECTIONS = 64
BODIES = 500


async def _ask(port: int, path: str, bodies: list[bytes], rate: float, seconds: float) -> list[float]:
    """Send requests at a rate; returns the latency of each in milliseconds from its due time, inf for a failure."""
    free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(await asyncio.open_connection("127.0.0.1", port))
    latencies: list[float] = []

    async def one(due: float, body: bytes) -> None:
        reader, writer = await free.get()
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = int(answer.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        latencies.append((time.perf_counter() - due) * 1000 if b" 200 " in answer[:16] else float("inf"))
        free.put_nowait((reader, writer))

    tasks, began = set(), time.perf_counter()
    for number in range(int(rate * seconds)):
        due = began + number / rate
        if (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        task = asyncio.create_task(one(due, bodies[number % len(bodies)]))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    await asyncio.wait_for(asyncio.gather(*tasks), 60)
    return latencies


def measured(port: int, path: str, bodies: list[dict], rate: float, seconds: float) -> tuple[float, float, float]:
    """p50, p90 and p99 in milliseconds under a rate, measured by another process."""
    order = json.dumps({"port": port, "path": path, "bodies": bodies, "rate": rate, "seconds": seconds})
    done = subprocess.run([sys.executable, __file__, "--ask"], input=order, text=True, capture_output=True, check=True)
    return tuple(json.loads(done.stdout))


def highest_rate(port: int, path: str, bodies: list[dict], seconds: float) -> float:
    """The highest rate, to 10 %, at which p99 stays under the limit."""
    good, bad = 0.0, None
    rate = 100.0
    while bad is None or bad / max(good, 1) > 1.1:
        if measured(port, path, bodies, rate, seconds)[2] < LIMIT_MS:
            good = rate
        else:
            bad = rate
        if rate < 20:
            break
        rate = rate * 2 if bad is None else (good + bad) / 2 if good else rate / 2
    return good


@contextmanager
def served(command: list[str], port: int) -> Iterator[psutil.Process]:
    """Run a server until it answers, and end it afterwards."""
    import httpx

    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                httpx.get(f"http://127.0.0.1:{port}/healthz")
                break
            except httpx.TransportError:
                time.sleep(0.2)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(60)


def memory_mib(process: psutil.Process) -> float:
    """What a process and its children hold, shared pages once (PSS)."""
    every = [process, *process.children(recursive=True)]
    return sum(one.memory_full_info().pss for one in every) / 2**20


def bare(shop: str, port: int, workers: int) -> None:
    """The endpoint to compare with: item-kNN rows added up in NumPy."""
    import orjson
    from fastapi import FastAPI, Request, Response
    from granian.constants import Interfaces
    from granian.server import Server

    bundle = Bundle.open(Shop(shop).paths)
    matrix = bundle.models["item-knn"].model.matrix  # pyright: ignore[reportAttributeAccessIssue]
    offsets, columns, values = matrix.indptr, matrix.indices, matrix.data
    ids = bundle.models["item-knn"].model.items.external.tolist()
    rows = {id: row for row, id in enumerate(ids)}
    app = FastAPI()

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {}

    @app.post("/recommend")
    async def recommend(request: Request) -> Response:
        body = orjson.loads(await request.body())
        parts = [slice(offsets[rows[item]], offsets[rows[item] + 1]) for item in body["items"] if item in rows]
        if not parts:
            return Response(orjson.dumps({"items": []}))
        found, places = np.unique(np.concatenate([columns[part] for part in parts]), return_inverse=True)
        scores = np.bincount(places, np.concatenate([values[part] for part in parts]))
        best = np.argsort(-scores)[: body["k"]]
        items = [
            {"item_id": ids[row], "score": float(scores[place])} for row, place in zip(found[best], best, strict=True)
        ]
        return Response(orjson.dumps({"items": items}))

    server = Server("bare", port=port, interface=Interfaces.ASGINL, workers=workers, log_level="error")  # pyright: ignore[reportArgumentType]
    server.serve(target_loader=lambda *_: app)


def sessions(shop: str) -> list[list[str]]:
    """Latest items of some users, as sessions at hand."""
    bundle = Bundle.open(Shop(shop).paths)
    offsets = bundle.arrays["history.offsets"]
    long = np.flatnonzero(np.diff(offsets) >= 2)
    users = np.random.default_rng(0).choice(long, min(BODIES, len(long)), replace=False)
    return [
        [bundle.item_ids[row] for row in bundle.arrays["history.items"][offsets[u] : offsets[u + 1]][-5:]]
        for u in users
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shop", default="shop")
    parser.add_argument("--models", default="item-knn")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each measurement")
    parser.add_argument("--ask", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--bare", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.ask:
        order = json.loads(sys.stdin.read())
        bodies = [json.dumps(body).encode() for body in order["bodies"]]
        found = asyncio.run(_ask(order["port"], order["path"], bodies, order["rate"], order["seconds"]))
        print(json.dumps(np.percentile(found, [50, 90, 99]).tolist()))
        return
    if given.bare:
        bare(given.shop, given.bare, given.workers)
        return
    config = Path("benchmark-serve.toml").absolute()
    config.write_text("[limits]\nrequests_per_second = 1000000\n")
    port = free_ports(usual=False).http
    command = [sys.executable, "-c", "from kartograph.cli import main; main()", "--shop", given.shop, "serve"]
    command += ["--port", str(port), "--workers", str(given.workers), "--config", str(config)]
    results: list[tuple[str, float, tuple[float, float, float], float]] = []
    with served(command, port) as process:
        asked = [
            {"items": items, "k": 20, "filters": {"available": True}, "reasons": False}
            for items in sessions(given.shop)
        ]
        for model in given.models.split(","):
            bodies = [{**body, "model": model} for body in asked]
            path = "/v1/sessions/recommendations"
            measured(port, path, bodies, 50, 2)
            rate = highest_rate(port, path, bodies, given.seconds)
            results.append(
                (model, rate, measured(port, path, bodies, max(rate / 2, 1), given.seconds), memory_mib(process))
            )
    other = free_ports(usual=False).http
    again = [sys.executable, __file__, "--shop", given.shop, "--workers", str(given.workers), "--bare", str(other)]
    with served(again, other) as process:
        measured(other, "/recommend", asked, 50, 2)
        rate = highest_rate(other, "/recommend", asked, given.seconds)
        figures = measured(other, "/recommend", asked, max(rate / 2, 1), given.seconds)
        results.append(("bare item-kNN", rate, figures, memory_mib(process)))
    config.unlink()
    print(
        f"{given.workers} workers, {os.cpu_count()} cores; p99 < {LIMIT_MS:g} ms; then latency in ms at half the rate"
    )
    print(f"{'':16}{'requests/s':>12}{'p50':>8}{'p90':>8}{'p99':>8}{'MiB':>8}{'of bare':>9}")
    for name, rate, (p50, p90, p99), mib in results:
        print(f"{name:16}{rate:12.0f}{p50:8.2f}{p90:8.2f}{p99:8.2f}{mib:8.0f}{rate / max(results[-1][1], 1):9.2f}")


if __name__ == "__main__":
    main()
