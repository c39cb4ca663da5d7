"""What lies in the folder of a shop's trained models, FOLDER/<model>/<version>/, and whether it is whole.

The facts that `saving` keeps with a model are those of its version, so that a lost node can be made anew from them.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import filelock

from kartograph.graph.managed.home import ShopDirectory
from kartograph.models.saved.check_record import record, recorded, stamp
from kartograph.models.saved.saving import fingerprint, read_manifest
from kartograph.tables.errors import BadInput, ModelFileError

WAIT_SECONDS = 60
"""How long a writer waits for another one."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,126}")


@dataclass(frozen=True)
class Version:
    """A trained version of a model."""

    model: str
    version: str
    trained: int
    """Milliseconds UTC."""
    data_hash: str | None
    """What it learned from, None where nobody said."""
    options: dict[str, Any]
    figures: dict[str, Any]
    """What was measured of it."""
    sha256: str
    """`saving.fingerprint` of its files."""
    format: int
    """Of its files."""


def folder_of(shop: str = "shop", managed: bool = True) -> Path:
    """The folder of a shop's versions: in its home, or below KARTOGRAPH_HOME where its server is not a managed one."""
    home = ShopDirectory.of(shop)
    return home.folder / "models" if managed else home.root / "models" / shop


def refuse_name(name: str) -> None:
    """Raise `BadInput` for a name that cannot be the name of a folder everywhere."""
    if not _NAME.fullmatch(name):
        raise BadInput(
            f"{name!r} cannot be the name of a model: use 1 to 63 letters, digits, dots, _ and -, the first of them a "
            "letter or a digit"
        )


def place_of(folder: Path, model: str, version: str) -> Path:
    """The folder of a version; raises `ModelFileError` for an id, as a graph may hold it, that leads elsewhere."""
    if not _NAME.fullmatch(model) or not _ID.fullmatch(version):
        raise ModelFileError(f"{version!r} of {model!r} is no version that Kartograph recorded")
    return folder / model / version


def places(folder: Path, name: str | None = None) -> list[Path]:
    """The folders of all versions of one model or of all."""
    folders = sorted(folder.glob("*/*" if name is None else f"{name}/*"))
    return [
        version_folder for version_folder in folders if version_folder.is_dir() and _ID.fullmatch(version_folder.name)
    ]


def version_in(version_folder: Path) -> Version:
    """What the files of a version tell of it, all of them read. Raises `ModelFileError` where they are not whole."""
    sha256, manifest = fingerprint(version_folder), read_manifest(version_folder)
    facts = manifest["facts"]
    try:
        known = {name: facts[name] for name in ("model", "version", "trained", "data_hash", "figures")}
    except KeyError as error:
        raise ModelFileError(
            f"{version_folder} holds a model, but no version: {error} is not among its facts"
        ) from None
    if (known["model"], known["version"]) != (version_folder.parent.name, version_folder.name):
        raise ModelFileError(
            f"{version_folder} holds the version {known['version']} of {known['model']}: move it to its place"
        )
    return Version(**known, options=manifest["options"] or {}, sha256=sha256, format=manifest["format"])


def verify(folder: Path, version: Version, again: bool = False) -> Path:
    """The folder of a recorded version; raises `ModelFileError` where it is missing, damaged or another one.

    Files that were read before and have the same sizes and times are read `again` only: see `check_record`.
    """
    version_folder = place_of(folder, version.model, version.version)
    if not version_folder.is_dir():
        raise ModelFileError(
            f"the version {version.version} is in the graph and its files are not: bring {version_folder} back from "
            "where it was trained, or go to another version (`kartograph rollback`)"
        )
    files = stamp(version_folder)
    if not again and recorded(version_folder, files).get("sha256") == version.sha256:
        return version_folder  # read before, and not touched since
    if fingerprint(version_folder) != version.sha256:
        raise ModelFileError(
            f"the files in {version_folder} are others than those that were recorded: train the model again"
        )
    record(version_folder, files, sha256=version.sha256)
    return version_folder


def size_mib(version_folder: Path) -> float:
    """The size of the files of a version, 0 where there are none."""
    return round(sum(path.stat().st_size for path in version_folder.rglob("*") if path.is_file()) / 2**20, 2)


@contextmanager
def only_writer(folder: Path, name: str) -> Iterator[None]:
    """Hold the right to write versions of a model; the operating system takes it back when the process ends.

    Raises `BadInput` where another process holds it for longer than `WAIT_SECONDS`.
    """
    try:
        (folder / name).mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(folder / name / ".lock")
        lock.acquire(timeout=WAIT_SECONDS)
    except filelock.Timeout:
        raise BadInput(f'another process writes versions of "{name}": try again when it is done') from None
    except OSError as error:
        raise ModelFileError(f"{folder / name} cannot be written: {error.strerror or error}") from error
    try:
        yield
    finally:
        lock.release()
