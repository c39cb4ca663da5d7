"""A folder of files, or a zip archive of it: data sets are downloaded packed."""

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kartograph.tables.errors import BadInput
from kartograph.tables.formats.containers.unpack import unpack


@contextmanager
def folder_of(path: str | Path, wanted: str) -> Iterator[Path]:
    """The folder at `path`, or a temporary one with the files of the archive there, whatever folders it has inside.

    Raises `BadInput` where it is neither, saying that the folder with the file `wanted` is to be named.
    """
    place = Path(path)
    if place.is_dir():
        yield place
        return
    if not zipfile.is_zipfile(place):
        raise BadInput(f"{place} is no folder. Name the folder that holds {wanted}, or a zip archive of it.")
    with tempfile.TemporaryDirectory(prefix="kartograph-unpacked-") as made:
        plain, named = Path(made) / "plain", Path(made) / place.stem
        plain.mkdir()
        named.mkdir()
        for one in unpack(place, plain):
            (named / one.shown.name).symlink_to(one.data)
        yield named
