"""Which process serves given paths, and is it still that process: the file `server.json`, and the list of processes.

A process id alone is not enough: after a crash the number may belong to another program. What tells two processes of
one number apart must not come from the clock either, which is set now and then: on Linux it is the machine's boot and
the tick after it at which the process began, elsewhere the command line, which names the folder. A server
whose state is lost is found by its command line and described anew, so that nobody takes its database from it.
"""

import json
import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import get_type_hints

import psutil

from kartograph.graph.managed.home import ServerPaths
from kartograph.graph.managed.installing.artifacts import committed_lock
from kartograph.tables.whole import PRIVATE, write_whole

_PROC = Path("/proc")
_BOOT = _PROC / "sys/kernel/random/boot_id"
_LAST_NUMBER = re.compile(r"(\d{1,9})m?$")
"""The port of an address, or a size in MiB."""
_LOOK_EVERY = 0.05
"""Seconds between two looks whether a process has ended."""


@dataclass(frozen=True)
class State:
    """A server process as `server.json` describes it."""

    pid: int
    identity: str
    """What no other process of that number has: see `identity_of`."""
    home: str
    """The server's home folder, which its command line names."""
    http_port: int
    bolt_port: int
    heap_mib: int
    page_cache_mib: int
    neo4j: str
    """Version of the server."""
    data: str
    """The data folder that it serves."""
    read_only: bool = False
    """Whether it refuses to change the database."""

    @property
    def uri(self) -> str:
        """Address for drivers."""
        return f"bolt://127.0.0.1:{self.bolt_port}"

    @property
    def browser(self) -> str:
        """Address of Neo4j Browser."""
        return f"http://127.0.0.1:{self.http_port}/browser/"


_KINDS = get_type_hints(State)


def home_argument(paths: ServerPaths) -> str:
    """The argument of a server process that names its folder; no other process has it."""
    return f"--home-dir={paths.folder}"


def temporary_argument(paths: ServerPaths) -> str:
    """The argument of every Java process that works on given paths."""
    return f"-Djava.io.tmpdir={paths.folder / 'tmp'}"


def write_state(paths: ServerPaths, state: State) -> None:
    """Replace `server.json` in one step."""
    write_whole(paths.state_file, json.dumps(asdict(state), indent=1), PRIVATE)


def running_state(paths: ServerPaths) -> State | None:
    """Return the state of the running server of given paths, or None where none runs.

    Nothing is removed: a stale file is replaced by the next start, and until then it may be the file of a server that
    starts at this moment.
    """
    state = _read_state(paths.state_file)
    return state if state and is_alive(state) else _found(paths)


def identity_of(pid: int) -> str | None:
    """What tells the running process of a number from all others that ever have it; None where it has ended.

    On Linux "<boot id> <start, ticks after the boot>", which the wall clock does not touch; elsewhere empty.
    """
    try:
        stat_line = (_PROC / str(pid) / "stat").read_text("utf-8", "replace")
        boot = _BOOT.read_text("ascii").strip()
    except OSError:
        if _BOOT.exists():
            return None
        try:
            return None if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE else ""
        except psutil.NoSuchProcess:
            return None
    # proc(5): the name may hold spaces and brackets; after it come the state, … 17 threads, … 19 the start.
    fields = stat_line.rpartition(")")[2].split()
    # The first thread of a process that ends can be gone before the others, which hold its files still.
    has_ended = fields[0] == "X" or (fields[0] == "Z" and int(fields[17]) <= 1)
    return None if has_ended else f"{boot} {fields[19]}"


def is_alive(state: State) -> bool:
    """Tell whether the process of a state still runs, and is not another one that got its number."""
    present = identity_of(state.pid)
    if present is None:
        return False
    if present and state.identity:
        return present == state.identity
    return f"--home-dir={state.home}" in _arguments(state.pid)


def running_seconds(state: State) -> float:
    """For how long the process of a state has run."""
    begun = state.identity.rpartition(" ")[2]
    if begun and hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME) - int(begun) / os.sysconf("SC_CLK_TCK")
    try:
        return max(time.time() - psutil.Process(state.pid).create_time(), 0.0)
    except psutil.NoSuchProcess:
        return 0.0


def end(state: State, force: bool = False) -> None:
    """Ask the process of a state to end, or kill it; nothing happens where it has ended, whoever has its number now.

    Raises `psutil.AccessDenied` where it belongs to another user.
    """
    try:
        process = psutil.Process(state.pid)
        handle = os.pidfd_open(state.pid) if hasattr(os, "pidfd_open") else None
    except (psutil.NoSuchProcess, ProcessLookupError):
        return
    except OSError:  # a kernel without such handles
        process, handle = psutil.Process(state.pid), None
    try:
        # The handle stays with the process: from here on its number may pass to another one without harm.
        if not is_alive(state):
            return
        if handle is not None:
            signal.pidfd_send_signal(handle, signal.SIGKILL if force else signal.SIGTERM)
        else:
            process.kill() if force else process.terminate()
    except (psutil.NoSuchProcess, ProcessLookupError):
        return
    except PermissionError as error:
        raise psutil.AccessDenied(state.pid) from error
    finally:
        if handle is not None:
            os.close(handle)


def ends_within(state: State, seconds: float) -> bool:
    """Wait until the process of a state has ended, for so long at most; tells whether it has."""
    until = time.monotonic() + seconds
    while is_alive(state):
        if time.monotonic() > until:
            return False
        time.sleep(_LOOK_EVERY)
    return True


def kill_workers(paths: ServerPaths) -> None:
    """Kill the Java processes that a command which was killed left at work on given paths, and wait for their end."""
    workers = [process for process, arguments in _processes() if temporary_argument(paths) in arguments]
    for process in workers:
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            process.kill()
    psutil.wait_procs(workers, timeout=10)


def _found(paths: ServerPaths) -> State | None:
    """Describe the server of given paths from its command line and its configuration, or None where none runs.

    What the configuration does not say is 0 and the empty text.
    """
    if not paths.conf.is_dir():
        return None
    for process, arguments in _processes():
        if home_argument(paths) not in arguments or (identity := identity_of(process.pid)) is None:
            continue
        settings = _settings(paths)
        number = {name: int("0" + "".join(_LAST_NUMBER.findall(value))) for name, value in settings.items()}
        return State(
            pid=process.pid,
            identity=identity,
            home=str(paths.folder),
            http_port=number.get("server.http.listen_address", 0),
            bolt_port=number.get("server.bolt.listen_address", 0),
            heap_mib=number.get("server.memory.heap.max_size", 0),
            page_cache_mib=number.get("server.memory.pagecache.size", 0),
            neo4j=committed_lock().neo4j,
            data=str(paths.folder / settings.get("server.directories.data", "")),
            read_only=bool(settings.get("server.databases.read_only")),
        )
    return None


def _settings(paths: ServerPaths) -> dict[str, str]:
    try:
        lines = (paths.conf / "neo4j.conf").read_text("utf-8", "replace").splitlines()
    except OSError:
        return {}
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _processes() -> Iterator[tuple[psutil.Process, list[str]]]:
    """All processes with their command lines, as far as this user may see them."""
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            yield process, process.cmdline()


def _arguments(pid: int) -> list[str]:
    try:
        return psutil.Process(pid).cmdline()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return []


def _read_state(file: Path) -> State | None:
    try:
        content = json.loads(file.read_text("utf-8"))
        state = State(**content)
        known = state.pid > 0 and all(type(getattr(state, name)) is kind for name, kind in _KINDS.items())
    except (OSError, ValueError, TypeError, RecursionError):  # none, cut short, or of another version
        return None
    return state if known else None
