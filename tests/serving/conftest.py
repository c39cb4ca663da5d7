"""A served shop: the real process on the real Neo4j, and bundles so small that lists can be worked out by hand."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from kartograph.graph.managed.lifecycle import free_ports
from kartograph.graph.schema import apply_schema
from kartograph.models.registry import make
from kartograph.models.saved.version_files import folder_of
from kartograph.models.saved.versions import keep

SMALL_SHOP = Path(__file__).parents[1] / "queries" / "small_shop.cypher"
CONFIG = """[models]
default = 'item-knn'
[refresh]
poll_seconds = 0.2
data_seconds = 0
flush_seconds = 0.2
[limits]
requests_per_second = 1_000_000
"""
"""Without a limit that a fast machine could reach."""


@dataclass
class Served:
    """A process that serves, and how it is reached."""

    process: subprocess.Popen
    client: httpx.Client
    environment: dict[str, str]
    folder: Path
    log: Path

    def wait(self, path: str = "/readyz", until=lambda answer: answer.status_code == 200, seconds: float = 120):
        """Ask until the answer is what it has to be; returns it."""
        limit, answer = time.monotonic() + seconds, None
        while time.monotonic() < limit:
            assert self.process.poll() is None, self.log.read_text()
            try:
                answer = self.client.get(path)
                if until(answer):
                    return answer
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise AssertionError(
            f"{path} did not come to what it has to be: {answer and answer.text}\n{self.log.read_text()}"
        )


@pytest.fixture(scope="module")
def small_shop(connected, tmp_path_factory) -> Path:
    """The small shop of the queries' tests in the database, with versions of two models in a home of its own."""
    home = tmp_path_factory.mktemp("serving-home")
    connected.query("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS", write=True)
    apply_schema(connected)
    connected.query(SMALL_SHOP.read_text("utf-8"), write=True)
    before = os.environ.get("KARTOGRAPH_HOME")
    os.environ["KARTOGRAPH_HOME"] = str(home)
    try:
        for name in ("item-knn", "stan"):
            keep(connected, folder_of("shop", managed=False), name, make(name).fit(connected))
    finally:
        os.environ.pop("KARTOGRAPH_HOME")
        if before is not None:
            os.environ["KARTOGRAPH_HOME"] = before
    return home


def environment_of(home: Path, uri: str, auth: tuple[str, str]) -> dict[str, str]:
    """The environment of a command about the shop of a home, on the server of the tests."""
    named = {"KARTOGRAPH_HOME": str(home), "NEO4J_URI": uri, "NEO4J_USERNAME": auth[0], "NEO4J_PASSWORD": auth[1]}
    return os.environ | named


@contextmanager
def serving(home: Path, uri: str, auth: tuple[str, str], settings: str = CONFIG, key: str = "") -> Iterator[Served]:
    """`kartograph serve` with two workers over the shop of a home, from when it answers until the block ends.

    `settings` is its serve.toml, `key` what the client shows.
    """
    config, log = home / "serve.toml", home / "serve.log"
    config.write_text(settings)
    port = free_ports(usual=False).http
    environment = environment_of(home, uri, auth)
    command = [sys.executable, "-c", "from kartograph.cli import main; main()", "serve"]
    command += ["--port", str(port), "--workers", "2", "--config", str(config)]
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    with (
        log.open("w") as output,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, headers=headers) as client,
    ):
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
        running = Served(process, client, environment, home / "serving" / "shop", log)
        try:
            running.wait(seconds=300)
            yield running
        finally:
            process.terminate()
            process.wait(60)


@pytest.fixture(scope="module")
def served(server, small_shop) -> Iterator[Served]:
    """The small shop, served with Neo4j at hand."""
    with serving(small_shop, server.uri, server.auth) as running:
        yield running
