"""How the archives of class data are made: a server without data starts, answers and stops; Java writes its classes.

    python -m kartograph.graph.managed.installing.class_archive <folder of the installed server>

Another process that makes them already is left to it. An error is written into the file `failed` of their folder.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import filelock

from kartograph.graph.connection import Graph
from kartograph.graph.managed.configuration import java_program
from kartograph.graph.managed.ending import end_when_asked
from kartograph.graph.managed.generations import new_generation, temporary_server
from kartograph.graph.managed.home import ShopDirectory
from kartograph.graph.managed.installing.class_data import BASE, FAILED, TOP, archive_folder
from kartograph.graph.managed.installing.procedures import PROCEDURES, collect
from kartograph.graph.managed.lifecycle import refuse_full_disk
from kartograph.graph.managed.memory import Memory
from kartograph.graph.managed.process import end, ends_within
from kartograph.graph.schema import apply_schema
from kartograph.tables.errors import ServerError

WRITTEN_WITHIN = 900.0
"""Seconds within which Java has written the archive after it was asked to end."""
NICE = 10
NEEDED_MB = 1_000


def make(server: Path, patience: float = 0) -> bool:
    """Make the archives of an installed server; tells whether they are there. They appear whole.

    Where another process makes them, it waits `patience` seconds for that one.
    """
    folder = archive_folder(server)
    try:
        with filelock.FileLock(folder.with_name(f"{folder.name}.lock"), timeout=patience):
            if not (folder / TOP).is_file():
                partial = folder.with_name(f"{folder.name}.partial")
                shutil.rmtree(partial, ignore_errors=True)  # of one that was killed
                partial.mkdir()
                try:
                    _make(server.resolve(), partial, folder)
                finally:
                    shutil.rmtree(partial, ignore_errors=True)
            if not (server / PROCEDURES).is_dir():
                collect(server)
    except filelock.Timeout:
        return False
    except (OSError, ServerError, subprocess.SubprocessError) as error:
        folder.mkdir(exist_ok=True)
        (folder / FAILED).write_text(f"{error}\n", "utf-8")
    return (folder / TOP).is_file()


def _make(server: Path, partial: Path, folder: Path) -> None:
    refuse_full_disk(partial, NEEDED_MB)
    base, top = folder / BASE, partial / TOP
    dump = [java_program(), "-Xshare:dump", "-XX:+UseG1GC", f"-XX:SharedArchiveFile={partial / BASE}"]
    subprocess.run(dump, check=True, capture_output=True, timeout=WRITTEN_WITHIN)
    folder.mkdir(exist_ok=True)
    os.replace(partial / BASE, base)  # the archive on top of it notes where it lies
    (partial / "servers").symlink_to(server.parent)
    home = ShopDirectory.of("classes", root=partial)
    os.environ["JDK_JAVA_OPTIONS"] = f'"-XX:SharedArchiveFile={base}" "-XX:ArchiveClassesAtExit={top}"'
    paths = new_generation(home)
    with temporary_server(paths, Memory(heap_mib=512, page_cache_mib=64)) as served:
        with Graph.connect(served.uri, served.auth) as graph:
            apply_schema(graph)
            graph.query("CALL gds.version() YIELD gdsVersion RETURN gdsVersion")
        end(served.state)
        ends_within(served.state, WRITTEN_WITHIN)
    if not top.is_file():
        raise ServerError(f"Java wrote no archive of the classes of {server}")
    os.replace(top, folder / TOP)
    (folder / FAILED).unlink(missing_ok=True)


if __name__ == "__main__":
    end_when_asked()  # its server and its files go with it
    os.nice(NICE)
    sys.exit(not make(Path(sys.argv[1])))
