"""Tests of how a server's process is known again, whatever the clock says, whoever gets its number."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, replace

import psutil
import pytest

from kartograph.graph.managed import process as process_module
from kartograph.graph.managed.children import ended_with_us, watched
from kartograph.graph.managed.configuration import Ports, write_configuration
from kartograph.graph.managed.home import ServerPaths, ShopDirectory
from kartograph.graph.managed.memory import Memory
from kartograph.graph.managed.process import (
    State,
    end,
    ends_within,
    home_argument,
    identity_of,
    is_alive,
    kill_workers,
    running_seconds,
    running_state,
    temporary_argument,
    write_state,
)

SLEEPING = "import time; print('ready', flush=True); time.sleep(600)"


@pytest.fixture
def paths(tmp_path) -> ServerPaths:
    home = ShopDirectory.of("shop", root=tmp_path)
    home.make()
    return home.paths


@pytest.fixture
def child(paths):
    """A process with the command line of a server of `paths`."""
    command = [sys.executable, "-c", SLEEPING, home_argument(paths), temporary_argument(paths)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        running.stdout.readline()
        yield running
        running.kill()


@pytest.fixture
def state(paths, child) -> State:
    """What describes the child as a server."""
    identity = identity_of(child.pid)
    assert identity is not None
    return State(child.pid, identity, str(paths.folder), 1, 2, 512, 64, "5.26", "data")


def test_a_running_process_is_known_again_and_an_ended_one_is_not(paths, child, state):
    write_state(paths, state)
    assert running_state(paths) == state
    child.kill()
    child.wait()
    assert running_state(paths) is None


def test_a_look_at_a_stale_state_removes_nothing(paths, child, state):
    """Another process may write the state of a new server between the look and the removal."""
    child.kill()
    child.wait()
    write_state(paths, state)
    assert running_state(paths) is None
    assert json.loads(paths.state_file.read_text()) == asdict(state)


def test_a_step_of_the_clock_changes_nothing(paths, state, monkeypatch):
    write_state(paths, state)
    began = psutil.Process(state.pid).create_time()
    monkeypatch.setattr(psutil.Process, "create_time", lambda self: began + 86_400)
    monkeypatch.setattr("time.time", lambda: began - 86_400)
    assert running_state(paths) == state
    assert 0 <= running_seconds(state) < 600
    end(state)
    assert ends_within(state, 30)


def test_another_process_with_the_same_number_is_neither_taken_for_the_server_nor_ended(child, state):
    boot, _, began = state.identity.rpartition(" ")
    for other in (f"{boot} {int(began) - 1}", f"another-boot {began}"):
        former = replace(state, identity=other)
        assert not is_alive(former)
        end(former)
        end(former, force=True)
        assert ends_within(former, 0)
    assert child.poll() is None
    assert is_alive(state)


def test_where_the_system_tells_no_identity_the_command_line_does(paths, child, state, monkeypatch, tmp_path):
    monkeypatch.setattr(process_module, "_PROC", tmp_path / "no-proc")
    monkeypatch.setattr(process_module, "_BOOT", tmp_path / "no-proc" / "boot_id")
    assert identity_of(child.pid) == ""
    unknown = replace(state, identity="")
    assert is_alive(unknown)
    assert not is_alive(replace(unknown, home=str(paths.folder / "other")))
    write_state(paths, unknown)
    assert running_state(paths) == unknown
    end(unknown)
    assert ends_within(unknown, 30)
    assert running_state(paths) is None


@pytest.mark.parametrize("text", [None, "", "{", "[]", "null", "[" * 100_000, json.dumps({"pid": 1}), '{"pid": "1"}'])
def test_a_server_whose_state_is_lost_is_found_and_described_anew(paths, child, state, text):
    write_configuration(paths, paths.folder / "servers", Memory(700, 80), Ports(http=7001, bolt=7002))
    if text is not None:
        paths.state_file.write_text(text)
    result = running_state(paths)
    assert result is not None
    assert (result.pid, result.identity) == (child.pid, state.identity)
    assert (result.http_port, result.bolt_port, result.heap_mib, result.page_cache_mib) == (7001, 7002, 700, 80)
    assert result.data == str(paths.data)


@pytest.mark.parametrize("wrong", [{"pid": "1"}, {"pid": -1}, {"pid": 0}, {"bolt_port": None}, {"identity": 5}])
def test_a_state_with_values_of_other_kinds_counts_as_lost(paths, wrong):
    sound = State(2**22 + 1, "", "", 1, 2, 3, 4, "5", "data")
    paths.state_file.write_text(json.dumps(asdict(sound) | wrong))
    assert running_state(paths) is None


def test_a_server_without_configuration_is_found_all_the_same(paths, child):
    result = running_state(paths)
    assert result is not None
    assert (result.pid, result.bolt_port) == (child.pid, 0)


def test_the_server_of_another_place_is_not_found(paths, child, tmp_path):
    other = ShopDirectory.of("shop2", root=tmp_path)
    other.make()
    assert running_state(other.paths) is None
    kill_workers(other.paths)
    assert child.poll() is None


def test_what_works_on_a_place_is_ended(paths, child):
    kill_workers(paths)
    assert identity_of(child.pid) is None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
def test_a_bound_process_ends_when_its_parent_is_killed(tmp_path):
    """A parent, its bound child and a free one; the parent is killed and has no time to tidy up."""
    program = f"""
import subprocess, sys, time
from kartograph.graph.managed.children import ended_with_us
command = [sys.executable, "-c", {SLEEPING!r}]
children = [subprocess.Popen(one, stdout=subprocess.PIPE) for one in (ended_with_us(command), command)]
[child.stdout.readline() for child in children]
print(*(child.pid for child in children), flush=True)
time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        bound, free = (psutil.Process(int(number)) for number in parent.stdout.readline().split())
        parent.kill()
    try:
        until = time.monotonic() + 60
        while identity_of(bound.pid) is not None and time.monotonic() < until:  # who inherits it may never ask for it
            time.sleep(0.05)
        assert identity_of(bound.pid) is None
        assert free.is_running() and free.status() != psutil.STATUS_ZOMBIE
    finally:
        free.kill()


def test_the_command_of_a_bound_process_is_the_command_itself():
    told = subprocess.run(
        ended_with_us([sys.executable, "-c", "import sys; print(sys.argv)", "a b"]), capture_output=True
    )
    assert told.stdout.decode().strip() == "['-c', 'a b']"


def begun(parents: list[int], held: bool = False) -> subprocess.Popen[bytes]:
    command, more = watched([sys.executable, "-c", SLEEPING], parents, held)
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE if held else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        env={**os.environ, **more},
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux watches processes")
def test_a_watched_process_ends_with_any_of_its_parents():
    with (
        subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as parent,
        begun([os.getpid(), parent.pid]) as child,
    ):
        assert child.stdout is not None and child.stdout.readline()
        assert "-I" not in psutil.Process(child.pid).cmdline()  # it is the command itself
        parent.kill()
        assert child.wait(60) == -signal.SIGKILL


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux watches processes")
def test_a_held_process_ends_with_its_input_unless_it_was_let_go():
    with begun([], held=True) as child:
        assert child.stdin is not None and child.stdout is not None and child.stdout.readline()
        child.stdin.close()
        assert child.wait(60) == -signal.SIGKILL
    with begun([], held=True) as child:
        assert child.stdin is not None and child.stdout is not None and child.stdout.readline()
        child.stdin.write(b".")
        child.stdin.close()
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(1)
        child.kill()
