"""What was found out about the files of a version, kept beside them, so that nobody finds it out again.

    FOLDER/<model>/<version>/.checked.json   {files, sha256, loaded, state, gone}

The record holds as long as the files have the sizes, times and places on the disk that they had when they were read;
what it says of the shop as long as the shop is in the same state. It may be removed at any time.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

NAME = ".checked.json"


def stamp(version_folder: Path) -> dict[str, list[int]]:
    """Size, inode and times of every file of a version, by its name; whoever changes a file changes its stamp."""
    files = [path for path in (version_folder, version_folder / "arrays") if path.is_dir()]
    stamps = {}
    for entry in (entry for folder in files for entry in os.scandir(folder)):
        if entry.is_file() and not entry.name.startswith("."):
            status = entry.stat()
            name = os.path.relpath(entry.path, version_folder)
            stamps[name] = [status.st_size, status.st_ino, status.st_mtime_ns, status.st_ctime_ns]
    return stamps


def recorded(version_folder: Path, files: Mapping[str, list[int]]) -> dict[str, Any]:
    """What is known of these files; nothing where they have changed since, or the record cannot be read."""
    with suppress(OSError, ValueError):
        known = json.loads((version_folder / NAME).read_text("utf-8"))
        if isinstance(known, dict) and known.get("files") == files:
            return known
    return {}


def record(version_folder: Path, files: Mapping[str, list[int]], **facts: Any) -> None:
    """Add facts about these files to what is known of them; a folder that cannot be written keeps none."""
    text = json.dumps({**recorded(version_folder, files), "files": files, **facts})
    unfinished = version_folder / f".{uuid4().hex}"
    with suppress(OSError):
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(version_folder / NAME)
    with suppress(OSError):
        unfinished.unlink(missing_ok=True)
