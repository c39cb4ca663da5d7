"""How a shop's server starts, stops and is found again."""

import atexit
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

import filelock
import neo4j
import neo4j.exceptions
import psutil

from kartograph.graph.managed.children import PRIVATE_UMASK, open_private, parents_named, watched
from kartograph.graph.managed.configuration import (
    USUAL,
    Ports,
    free_ports,
    java_command,
    java_environment,
    write_configuration,
)
from kartograph.graph.managed.diagnostics import PORT_TAKEN, ending, log_end, startup_error, startup_output
from kartograph.graph.managed.home import ServerPaths, ShopDirectory, unwritable
from kartograph.graph.managed.installing.artifacts import committed_lock
from kartograph.graph.managed.installing.class_data import make_soon
from kartograph.graph.managed.installing.install import install
from kartograph.graph.managed.memory import Memory
from kartograph.graph.managed.password import USER, password_in, set_initial_password
from kartograph.graph.managed.process import (
    State,
    end,
    ends_within,
    home_argument,
    identity_of,
    is_alive,
    kill_workers,
    running_state,
    write_state,
)
from kartograph.tables.errors import BadInput, ServerError
from kartograph.tables.progress import Progress, silent

MAIN_CLASS = "org.neo4j.server.CommunityEntryPoint"
READY_WITHIN = 600.0
"""Seconds after which a server that still does not answer counts as failed."""
STOPPED_WITHIN = 60.0
"""Seconds after which a server that was asked to end is killed; Neo4j recovers from that at its next start."""
KILLED_WITHIN = 10.0
"""Seconds within which a killed process has ended, unless the system itself holds it."""
TRIES = 4
"""How often a server is started anew where another program took its port meanwhile."""

_all_bound: ContextVar[bool] = ContextVar("all_bound", default=False)
_children: list[subprocess.Popen] = []
"""Servers that this process started; held, because Python warns when it forgets a child that runs on."""


@atexit.register
def _take_note_of_ended() -> None:
    """Ask after every server a last time: one that another process ended, Python would say runs on."""
    for child in _children:
        child.poll()


@dataclass(frozen=True)
class RunningServer:
    """A server that answers."""

    state: State
    password: str
    attached: bool
    """Whether it was running already."""

    @property
    def uri(self) -> str:
        """Address for drivers."""
        return self.state.uri

    @property
    def auth(self) -> tuple[str, str]:
        """User and password for drivers."""
        return (USER, self.password)


def start(
    home: ShopDirectory,
    memory: Memory | None = None,
    progress: Progress = silent,
    read_only: bool | None = None,
) -> RunningServer:
    """Start the server of a shop, or attach to it where it runs; returns when it answers a query.

    A `read_only` one refuses to change the database; None is content with a running server of either kind. The first
    start on a machine downloads the server.
    Raises `ServerError` where it cannot be installed or started, `BadInput` where one of the other kind runs.
    """
    home.make()
    with shop_lock(home, progress):
        server = launch(home.paths, memory, progress, read_only=bool(read_only))
    if read_only is not None and server.state.read_only != read_only:
        there, asked = ("reading and writing", "reading only")[:: 1 if read_only else -1]
        raise BadInput(
            f'the server of the shop "{home.shop}" runs already, for {there}, and one for {asked} was asked for: end '
            "it with `kartograph stop`, then start it again"
        )
    make_soon(install(home.root))  # for the next start
    return server


def start_again(home: ShopDirectory, former: State, progress: Progress = silent) -> RunningServer:
    """Start the server of a shop as the one that was stopped: its memory, its kind, and its ports where they are free.

    Who speaks to it finds it at the same address. The caller holds no lock.
    """
    with shop_lock(home, progress):
        return launch_again(home.paths, former, progress)


def launch_again(paths: ServerPaths, former: State, progress: Progress = silent) -> RunningServer:
    """Do what `start_again` does; the caller holds the shop's lock."""
    memory = Memory(former.heap_mib, former.page_cache_mib) if former.heap_mib else None
    ports = Ports(former.http_port, former.bolt_port)
    return launch(paths, memory, progress, preferred=ports, read_only=former.read_only)


def stop(home: ShopDirectory, progress: Progress = silent) -> bool:
    """Stop the server of a shop; tells whether one was running."""
    if not home.folder.is_dir():
        return False
    with shop_lock(home, progress):
        return halt(home.paths, progress)


def running(home: ShopDirectory) -> State | None:
    """Return the running server of a shop, or None; one that a load is building a database with does not count."""
    state = running_state(home.paths)
    return state if state and serves(state, home.paths) else None


def serves(state: State, paths: ServerPaths) -> bool:
    """Tell whether a server works on the data of given paths."""
    return Path(state.data) == paths.data


@contextmanager
def bound_servers() -> Iterator[None]:
    """Have every server that is started in a `with` block end with this process at the latest."""
    token = _all_bound.set(True)
    try:
        yield
    finally:
        _all_bound.reset(token)


def release(state: State) -> None:
    """Let a `held` server go: from now on it stays when this process ends."""
    for child in _children:
        if child.pid == state.pid and child.stdin:
            with suppress(OSError):
                child.stdin.write(b".")
                child.stdin.close()


@contextmanager
def shop_lock(home: ShopDirectory, progress: Progress = silent) -> Iterator[None]:
    """Hold the shop's lock: one process at a time starts, stops or swaps its database, others wait."""
    lock = filelock.FileLock(home.lock_file)
    try:
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout:
            progress(f'Waiting for another command that works on the shop "{home.shop}"')
            lock.acquire()
    except OSError as error:
        raise unwritable(home.lock_file, error) from error
    try:
        yield
    finally:
        lock.release()


def launch(
    paths: ServerPaths,
    memory: Memory | None = None,
    progress: Progress = silent,
    usual_ports: bool = True,
    bound: bool = False,
    preferred: Ports = USUAL,
    read_only: bool = False,
    held: bool = False,
) -> RunningServer:
    """Start a server on given paths and return when it answers; the caller holds the shop's lock.

    `usual_ports` asks for the `preferred` ones, 7474 and 7687, where they are free. A `bound` server ends with this
    process, however that ends; a `held` one does so until it is let go (`release`); others go on. A server that works
    on other data of these paths, left by a load that was killed, is stopped first.
    """
    password = password_in(paths.password_file)
    state = running_state(paths)
    if state and not serves(state, paths):
        halt(paths, progress)
    elif state:
        if not state.bolt_port:
            raise ServerError(
                f"process {state.pid} serves {paths.folder}, but {paths.conf / 'neo4j.conf'} does not say on which "
                "port; end it with `kartograph stop`, then start again"
            )
        write_state(paths, state)  # it may have been lost
        _wait_until_ready(paths, state, password, progress, since=0)
        return RunningServer(state, password, attached=True)
    kill_workers(paths)
    refuse_full_disk(paths.folder)
    memory = memory or Memory.sized()
    server = install(paths.root, progress=progress)
    set_initial_password(paths.data, password)
    ports = free_ports(usual_ports, preferred)
    for left in reversed(range(TRIES)):
        since = log_end(paths)
        state = _launch_once(paths, server, memory, ports, bound or _all_bound.get(), read_only, held)
        try:
            _wait_until_ready(paths, state, password, progress, since)
            return RunningServer(state, password, attached=False)
        except ServerError:
            halt(paths)
            # Between choosing a port and listening on it another program may take it.
            if not left or not any(sign in startup_output(paths, since) for sign in PORT_TAKEN):
                raise
            ports = free_ports(usual=False)
        except BaseException:
            halt(paths)
            raise
    raise AssertionError("unreachable")


def halt(paths: ServerPaths, progress: Progress = silent) -> bool:
    """Stop the server of given paths; tells whether one was running. The caller holds the shop's lock."""
    state = running_state(paths)
    if state is None:
        _forget_ended()
        return False
    progress("Stopping Neo4j")
    try:
        end(state)
        if not ends_within(state, STOPPED_WITHIN):
            end(state, force=True)
            if not ends_within(state, KILLED_WITHIN):
                raise ServerError(
                    f"process {state.pid}, the server of {paths.folder}, does not end although it was killed; the disk "
                    "that it waits for may be gone: look after it and try again"
                )
    except psutil.AccessDenied as error:
        raise ServerError(
            f"process {state.pid}, the server of {paths.folder}, belongs to another user and cannot be stopped; "
            "stop it as that user"
        ) from error
    paths.state_file.unlink(missing_ok=True)
    for child in _children:
        if child.pid == state.pid:
            child.wait()
    _forget_ended()
    return True


def _forget_ended() -> None:
    """Let go of the servers of this process that have ended, stopped or killed, and close their input."""
    for child in [child for child in _children if child.poll() is not None]:
        if child.stdin:
            child.stdin.close()
        _children.remove(child)


def refuse_full_disk(folder: Path, needed_mb: int = 300) -> None:
    """Raise `ServerError` where fewer than `needed_mb` MB are free; Neo4j itself stops writing in the middle."""
    free = shutil.disk_usage(folder).free / 1e6
    if free < needed_mb:
        raise ServerError(
            f"{folder} has {free:.0f} MB of free disk, and the database needs at least {needed_mb} MB; make room, or "
            "set KARTOGRAPH_HOME to a folder on another disk"
        )


def _launch_once(
    paths: ServerPaths, server: Path, memory: Memory, ports: Ports, bound: bool, read_only: bool, held: bool
) -> State:
    write_configuration(paths, server, memory, ports, read_only)
    command = java_command(
        server, paths, memory.heap_mib, MAIN_CLASS, home_argument(paths), f"--config-dir={paths.conf}"
    )
    command, more = watched(command, [*parents_named(), *([os.getpid()] if bound else [])], held)
    with open_private(paths.logs / "console.log") as console:
        process = subprocess.Popen(
            command,
            env=java_environment(paths) | more,
            cwd=paths.folder,
            stdin=subprocess.PIPE if held else subprocess.DEVNULL,
            stdout=console,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=PRIVATE_UMASK,
        )
    _children.append(process)
    state = State(
        pid=process.pid,
        identity=identity_of(process.pid) or "",
        home=str(paths.folder),
        http_port=ports.http,
        bolt_port=ports.bolt,
        heap_mib=memory.heap_mib,
        page_cache_mib=memory.page_cache_mib,
        neo4j=committed_lock().neo4j,
        data=str(paths.data),
        read_only=read_only,
    )
    write_state(paths, state)
    return state


def _wait_until_ready(paths: ServerPaths, state: State, password: str, progress: Progress, since: int) -> None:
    started = time.monotonic()
    while time.monotonic() - started < READY_WITHIN:
        if not is_alive(state):
            paths.state_file.unlink(missing_ok=True)
            raise ServerError(startup_error(paths, f"Neo4j ended while it was starting{_ending_of(state)}", since))
        if _answers(state, password):
            return
        progress("Starting Neo4j (s)", round(time.monotonic() - started), None)
        time.sleep(0.25)
    raise ServerError(startup_error(paths, f"Neo4j did not answer within {READY_WITHIN:.0f} s", since))


def _ending_of(state: State) -> str:
    """How a server ended that this process started, as ", killed by signal 9"; empty where nobody can know."""
    codes = [child.wait() for child in _children if child.pid == state.pid]
    return ending(codes[0]) if codes else ""


def _listens(state: State) -> bool:
    """Tell whether it is the process of this state that listens on its port."""
    try:
        sockets = psutil.Process(state.pid).net_connections(kind="tcp")
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:  # some systems tell nobody; then the port alone has to do
        return True
    return any(own.status == psutil.CONN_LISTEN and own.laddr.port == state.bolt_port for own in sockets)


def _answers(state: State, password: str) -> bool:
    """Tell whether the server answers a query; a wrong password is an error, for waiting will not cure it.

    Another shop that starts at the same moment may have taken the port: its answers do not count, and our server ends
    by itself when it finds the port taken.
    """
    try:
        with socket.create_connection(("127.0.0.1", state.bolt_port), timeout=1):
            pass
    except OSError:
        return False
    if not _listens(state):
        return False
    try:
        with (
            neo4j.GraphDatabase.driver(
                state.uri, auth=(USER, password), connection_timeout=5, connection_acquisition_timeout=5
            ) as driver,
            driver.session(database="neo4j") as session,
        ):
            session.run("RETURN 1").consume()
        return True
    except neo4j.exceptions.AuthError as error:
        raise ServerError(
            f"the server at {state.uri} refuses the password kept with the shop: it was changed in the database; "
            "write the present one into the file `password` of the shop's folder"
        ) from error
    except (neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError, OSError):
        return False
