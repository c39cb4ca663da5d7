"""A folder of files, or a zip archive of it: data sets are downloaded packed."""

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kartograph.tables.errors import BadInput
from kartograph.tables.formats.containers.unpack import unpack


@contextmanager
def folder_of(path: str | Path, needed: str) -> Iterator[Path]:
    """The folder at `path`, or a temporary one with the files of the archive there, whatever folders it has inside.

    Raises `BadInput` where it is neither, saying that the folder with the file `needed` is to be named.
    """
    source = Path(path)
    if source.is_dir():
        yield source
        return
    if not zipfile.is_zipfile(source):
        raise BadInput(f"{source} is no folder. Name the folder that holds {needed}, or a zip archive of it.")
    with tempfile.TemporaryDirectory(prefix="kartograph-unpacked-") as unpacked:
        plain, named = Path(unpacked) / "plain", Path(unpacked) / source.stem
        plain.mkdir()
        named.mkdir()
        for one in unpack(source, plain):
            (named / one.shown.name).symlink_to(one.data)
        yield named
