"""Copies of files while they are read: each has a name that no other one had, also where some are gone."""

from itertools import count
from pathlib import Path

_numbers = count()
_LONGEST = 60
"""Characters that are kept of the end of a name: a file system has room for 255 bytes."""


def new_file(folder: Path, name: str) -> Path:
    """A path in the folder for a copy that ends with a name."""
    return folder / f"{next(_numbers)}-{name[-_LONGEST:]}"
