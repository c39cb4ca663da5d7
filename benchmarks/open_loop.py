"""Asks a server at a fixed rate and says how long the answers took; the client of `serving.py`, a process of its own.

Requests leave at their due times whether answers have come or not, and latency counts from the due time, so that a
server that stalls cannot slow its own questions down. It is these lines of asyncio because wrk2, oha and k6 come in no
Python package, and vegeta, which does build from the Go proxy, counts from when a request left.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np

CONNECTIONS = 64
PATIENCE = 10.0
"""Seconds for which answers are waited for after the last request."""


@dataclass(frozen=True)
class Latency:
    """Milliseconds from the due time of requests to the end of their answers, and how many failed."""

    p50: float
    p90: float
    p99: float
    sent: int
    failed: int


class _Connection(asyncio.Protocol):
    """One connection: a request at a time."""

    def __init__(self, asker: "_Asker") -> None:
        self.asker, self.transport, self.due, self.received = asker, None, 0.0, b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.asker.free.append(self)

    def send(self, due: float, request: bytes) -> None:
        self.due = due
        self.transport.write(request)  # pyright: ignore[reportOptionalMemberAccess]

    def data_received(self, data: bytes) -> None:
        self.received += data
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self.received[:end].lower()
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        if len(self.received) >= end + 4 + length:
            self.received = b""
            self.asker.answered(self, head[9:10] == b"2")

    def connection_lost(self, exc: Exception | None) -> None:
        self.asker.lost(self)


class _Asker:
    """Sends requests at their due times over whatever connection is free."""

    def __init__(self) -> None:
        self.free: deque[_Connection] = deque()
        self.waiting: deque[tuple[float, bytes]] = deque()
        self.latencies: list[float] = []

    async def ask(self, port: int, requests: list[bytes], rate: float, seconds: float) -> list[float]:
        """Latencies in milliseconds, inf for what failed or was not answered in time."""
        loop, total = asyncio.get_running_loop(), max(int(rate * seconds), 1)
        for _ in range(CONNECTIONS):
            await loop.create_connection(lambda: _Connection(self), "127.0.0.1", port)
        began, number = time.perf_counter(), 0
        while number < total:
            while number < total and (due := began + number / rate) <= time.perf_counter():
                self.waiting.append((due, requests[number % len(requests)]))
                number += 1
            self._send()
            await asyncio.sleep(max(began + number / rate - time.perf_counter(), 0))
        limit = time.perf_counter() + PATIENCE
        while len(self.latencies) < total and time.perf_counter() < limit:
            await asyncio.sleep(0.005)
        return self.latencies + [float("inf")] * (total - len(self.latencies))

    def answered(self, connection: _Connection, well: bool) -> None:
        self.latencies.append((time.perf_counter() - connection.due) * 1000 if well else float("inf"))
        connection.due = 0
        self.free.append(connection)
        self._send()

    def lost(self, connection: _Connection) -> None:
        if connection in self.free:
            self.free.remove(connection)
        elif connection.due:
            self.latencies.append(float("inf"))

    def _send(self) -> None:
        while self.waiting and self.free:
            self.free.popleft().send(*self.waiting.popleft())


class Asking:
    """A client process that has begun."""

    def __init__(self, port: int, path: str, bodies: list[Any], rate: float, seconds: float, method: str = "POST"):
        """Begin to send `bodies` in turn, `rate` of them in a second."""
        order = {"port": port, "path": path, "bodies": bodies, "rate": rate, "seconds": seconds, "method": method}
        self._process = subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order).encode())
        self._process.stdin.close()
        self._process.stdin = None

    def result(self) -> Latency:
        """What was seen, once all is answered."""
        output, _ = self._process.communicate()
        return Latency(**json.loads(output))


def measured(port: int, path: str, bodies: list[Any], rate: float, seconds: float) -> Latency:
    """The latency under a rate."""
    return Asking(port, path, bodies, rate, seconds).result()


def highest_rate(port: int, path: str, bodies: list[Any], seconds: float, limit_ms: float, start: float) -> float:
    """The highest rate, to 10 %, at which p99 stays under a limit in one of two tries; 0 where it does at none.

    The second try is for what else the machine did in the first.
    """
    good, bad, rate = 0.0, None, start
    while bad is None or bad / max(good, 1e-9) > 1.1:
        if any(measured(port, path, bodies, rate, seconds).p99 < limit_ms for _ in range(2)):
            good = rate
        else:
            bad = rate
        if rate < 5:
            break
        rate = rate * 2 if bad is None else (good + bad) / 2 if good else rate / 2
    return good


def main() -> None:
    """Ask as the order on standard input says."""
    order = json.loads(sys.stdin.read())
    requests = []
    for body in order["bodies"]:
        content = json.dumps(body).encode()
        head = f"{order['method']} {order['path']} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        requests.append(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content)
    latencies = np.array(asyncio.run(_Asker().ask(order["port"], requests, order["rate"], order["seconds"])))
    p50, p90, p99 = np.percentile(latencies, [50, 90, 99], method="higher").tolist()
    print(json.dumps(vars(Latency(p50, p90, p99, len(latencies), int(np.isinf(latencies).sum())))))


if __name__ == "__main__":
    main()
