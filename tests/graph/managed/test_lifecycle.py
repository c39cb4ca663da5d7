"""Tests of starting, stopping and finding a server. Each start of a JVM costs seconds, so checks share them."""

import concurrent.futures
import dataclasses
import os
import signal
import socket
import stat
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from kartograph.graph.connection import Graph
from kartograph.graph.managed import lifecycle
from kartograph.graph.managed.configuration import Ports, free_ports
from kartograph.graph.managed.generations import activate, new_generation, remove_leftovers, temporary_server
from kartograph.graph.managed.home import ShopDirectory
from kartograph.graph.managed.lifecycle import running, start, stop
from kartograph.graph.managed.memory import Memory
from kartograph.graph.managed.process import State
from kartograph.graph.managed.status import status
from kartograph.tables.errors import ServerError

pytestmark = pytest.mark.server
SMALL = Memory(heap_mib=512, page_cache_mib=64)
NOBODY = 65534


@pytest.mark.slow
def test_a_server_starts_once_survives_a_kill_and_stops(home, monkeypatch):
    """One life of a server, in a folder whose name is not ASCII and whose ports are taken at the last moment."""
    shop = ShopDirectory.of("shop", root=home / "Läden 店")
    (home / "Läden 店").mkdir()
    (home / "Läden 店" / "servers").symlink_to(home / "servers")
    steps: list[str] = []
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = Ports(http=free_ports(usual=False).http, bolt=other.getsockname()[1])
        choices = iter([taken, free_ports(usual=False)])
        with monkeypatch.context() as patched:
            patched.setattr(lifecycle, "free_ports", lambda usual=True, wanted=None: next(choices))
            with concurrent.futures.ThreadPoolExecutor(2) as threads:
                both = [
                    threads.submit(start, shop, SMALL, lambda step, done=None, total=None: steps.append(step))
                    for _ in range(2)
                ]
                first, second = sorted((one.result() for one in both), key=lambda server: server.attached)
    assert (first.attached, second.attached) == (False, True)
    assert first.state == second.state == running(shop)
    assert first.state.bolt_port != taken.bolt
    assert "Starting Neo4j (s)" in steps
    assert stat.S_IMODE(shop.password_file.stat().st_mode) == 0o600
    assert {connection.laddr.ip for connection in psutil.Process(first.state.pid).net_connections("tcp")} <= {
        "127.0.0.1",
        "::ffff:127.0.0.1",
    }
    with Graph.connect(first.uri, first.auth) as graph:
        graph.execute("CREATE (:Item {id: 'kept'})")
    shown = status(shop)
    assert (shown.running, shown.nodes, shown.relationships, shown.last_load) == (True, 1, 0, None)
    assert shown.heap_mib == 512
    assert shown.store_bytes > 0
    _step_the_clock_and_lose_the_state(shop, first.state, monkeypatch)
    logs = [path for path in shop.logs.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in [*logs, shop.paths.state_file]} == {0o600}

    os.kill(first.state.pid, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(first.state.pid)] if psutil.pid_exists(first.state.pid) else [], timeout=30)
    assert running(shop) is None
    again = start(shop, SMALL)
    assert not again.attached
    with Graph.connect(again.uri, again.auth) as graph:
        assert graph.query("MATCH (i:Item) RETURN i.id AS id")["id"].tolist() == ["kept"]

    assert stop(shop) is True
    assert stop(shop) is False
    assert not psutil.pid_exists(again.state.pid) or psutil.Process(again.state.pid).status() == psutil.STATUS_ZOMBIE
    assert status(shop).running is False


def _step_the_clock_and_lose_the_state(shop: ShopDirectory, state: State, monkeypatch) -> None:
    """The server is known again after both; a day forth and back is what a new clock battery makes."""
    began = psutil.Process(state.pid).create_time()
    for step in (86_400, -86_400):
        with monkeypatch.context() as patched:
            patched.setattr(psutil.Process, "create_time", lambda self, step=step: began + step)
            assert running(shop) == state
            assert start(shop, SMALL).state == state
            shown = status(shop)
            assert shown.running and shown.pid == state.pid
            assert shown.uptime_seconds is not None and 0 <= shown.uptime_seconds < 900
    shop.paths.state_file.unlink()
    result = start(shop, SMALL)
    assert (result.attached, result.state) == (True, state)
    assert shop.paths.state_file.is_file()


def test_a_java_machine_that_cannot_start_is_explained_with_its_last_lines(home):
    with pytest.raises(ServerError, match=r"(?s)ended while it was starting; .*KARTOGRAPH_HEAP.*last lines.*heap"):
        start(ShopDirectory.of("shop", root=home), Memory(heap_mib=10**9, page_cache_mib=64))
    assert running(ShopDirectory.of("shop", root=home)) is None


def test_a_database_without_room_on_the_disk_is_refused_before_the_start(home, monkeypatch):
    full = lifecycle.shutil.disk_usage(home)._replace(free=100_000_000)
    monkeypatch.setattr(lifecycle.shutil, "disk_usage", lambda folder: full)
    with pytest.raises(ServerError, match="has 100 MB of free disk, and the database needs at least 300 MB"):
        start(ShopDirectory.of("shop", root=home), SMALL)


def test_a_home_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(ServerError, match=r"file/shops/shop cannot be written: .*KARTOGRAPH_HOME"):
        start(ShopDirectory.of("shop", root=tmp_path / "file"), SMALL)


def test_a_read_only_home_is_named():
    with tempfile.TemporaryDirectory() as folder:  # tmp_path lies in a folder of one user only
        Path(folder).chmod(0o555)
        with ordinary_user(), pytest.raises(ServerError, match="cannot be written: Permission denied"):
            start(ShopDirectory.of("shop", root=Path(folder)), SMALL)


@contextmanager
def ordinary_user():
    """Nobody in particular for a while, where the administrator runs the tests: he may write everywhere."""
    administrator = os.geteuid() == 0
    if administrator:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if administrator:
            os.seteuid(0)


@pytest.mark.slow
def test_a_built_generation_replaces_the_active_one_and_nothing_else_is_left(home):
    shop = ShopDirectory.of("shop", root=home)
    abandoned = new_generation(shop)
    assert remove_leftovers(shop) == [abandoned.folder]
    built = new_generation(shop)
    before = shop.generation
    with temporary_server(built, SMALL) as server, Graph.connect(server.uri, server.auth) as graph:
        graph.execute("CREATE (:Item {id: 'new'})")
        assert server.state.bolt_port != 7687
        assert shop.generation == before
    new_generation(shop)
    activate(shop, built)
    assert shop.current == built.data
    assert [folder.name for folder in shop.generations.iterdir()] == [built.folder.name]


def test_stopping_a_shop_that_was_never_started_does_nothing(home):
    assert stop(ShopDirectory.of("never", root=home)) is False
    assert not (home / "shops").exists()


@pytest.mark.server
def test_the_answer_of_another_shops_server_does_not_count(server):
    """Two shops that start at once may choose one port; the loser must not take the winner's refusal for its own."""
    mistaken = dataclasses.replace(server.state, pid=os.getpid())
    assert not lifecycle._answers(mistaken, "the password of another shop")
    with pytest.raises(ServerError, match="refuses the password kept with the shop"):
        lifecycle._answers(server.state, "the password of another shop")
