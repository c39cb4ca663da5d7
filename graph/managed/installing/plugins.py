"""The Graph Data Science library for a Neo4j that something else runs, such as a container: its jars in a folder.

    python -m kartograph.graph.managed.installing.plugins FOLDER

They are those of the managed server, each compared with its sum; jars that are there and right are not fetched again.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from kartograph.graph.managed.installing.artifacts import PLUGINS, Lock, committed_lock
from kartograph.graph.managed.installing.install import install
from kartograph.tables.errors import ServerError
from kartograph.tables.whole import whole_file


def put_plugins(folder: Path, lock: Lock | None = None) -> int:
    """Make `folder` hold the plugins of a lock and no other jar; returns their number.

    Raises `ServerError` where a download fails, a sum is wrong, or the folder cannot be written.
    """
    lock = lock or committed_lock()
    plugins = replace(lock, artifacts=tuple(one for one in lock.artifacts if one.folder == PLUGINS))
    installed = install(folder / ".kartograph", plugins) / PLUGINS
    wanted = {jar.name for jar in installed.iterdir()}
    for jar in folder.glob("*.jar"):
        if jar.name not in wanted:
            jar.unlink()
    for name in sorted(wanted):
        with whole_file(folder / name) as file:
            file.write((installed / name).read_bytes())
    return len(wanted)


def main() -> None:
    """Put them into the folder that the command names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="made where it is missing")
    folder = parser.parse_args().folder
    try:
        print(f"{put_plugins(folder)} jars are in {folder}.")
    except ServerError as error:
        sys.exit(f"Error: {error}")


if __name__ == "__main__":
    main()
