"""The trained versions of a shop in its backup: their files with a list of sizes and sums, and how they come back.

    models.json                               {"walk/walk-20261126T…/model.json": {"size": 2139, "sha256": "…"}, …}
    models/walk/walk-20261126T…/arrays/0.npy  and so on, as they lie below `shops/<shop>/`

Nothing is taken from an archive but the files of that list, to places that versions have, with the sums that it says.
"""

import hashlib
import json
import os
import re
import secrets
import shutil
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Annotated

import pydantic
from pydantic.dataclasses import dataclass

from kartograph.graph.managed.home import ShopDirectory
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

FOLDER = "models"
LIST = "models.json"
UNFINISHED = ".part"
"""Ending of a folder that makes way; `kartograph prune` removes those that a kill left."""
_FILE = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}/[A-Za-z0-9][A-Za-z0-9._-]{0,126}/(model\.json|arrays/[0-9]{1,9}\.npy)"
)
_LONGEST_LIST = 100_000_000
_CHUNK = 1 << 20


@dataclass(frozen=True, config=pydantic.ConfigDict(strict=True, extra="forbid"))
class KeptFile:
    """One file of a version."""

    size: pydantic.NonNegativeInt
    """Bytes."""
    sha256: Annotated[str, pydantic.Field(pattern="^[0-9a-f]{64}$")]


Listed = dict[str, KeptFile]
"""Files of versions by their paths below `models/`."""
_LIST = pydantic.TypeAdapter(dict[Annotated[str, pydantic.Field(max_length=300)], KeptFile])


def hold_models(home: ShopDirectory, to: Path) -> None:
    """Link the files of a shop's versions into a new folder: there they stay, whoever removes a version meanwhile.

    Versions that are not whole are left out.
    """
    folder = home.folder / FOLDER
    for path in sorted([*folder.glob("*/*/model.json"), *folder.glob("*/*/arrays/*.npy")]):
        name = path.relative_to(folder).as_posix()
        if not _FILE.fullmatch(name) or not path.is_file():
            continue
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # removed at this moment
            try:
                os.link(path, to / name)
            except FileNotFoundError:
                raise
            except OSError:  # a file system without links
                shutil.copyfile(path, to / name)
    for version_folder in to.glob("*/*"):
        if not _is_whole(version_folder):
            shutil.rmtree(version_folder)


def listed(folder: Path, progress: Progress = silent) -> Listed:
    """The files that `hold_models` put into a folder, with their sums."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    by_path = {}
    for number, path in enumerate(files):
        progress("Reading trained versions (files)", number, len(files))
        with path.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        by_path[path.relative_to(folder).as_posix()] = KeptFile(path.stat().st_size, digest)
    return by_path


def list_text(files: Listed) -> bytes:
    """The member `models.json`."""
    return json.dumps({name: asdict(one) for name, one in files.items()}, indent=0).encode()


def versions_of(files: Mapping[str, KeptFile]) -> list[str]:
    """The versions of a list, as MODEL/VERSION."""
    return sorted({name.rpartition("/model.json")[0] for name in files if name.endswith("/model.json")})


def extract_models(archive: tarfile.TarFile, file: Path, sha256: str, to: Path, progress: Progress = silent) -> Listed:
    """Copy the files of the list out of an archive into a folder; `sha256` is the list's own sum.

    Raises `BadInput` where the list or a file is missing, damaged, of another form, or would lie at another place.
    """
    members = {member.name: member for member in archive.getmembers()}
    text = b"".join(_chunks(archive, members.get(LIST), _LONGEST_LIST, file, LIST))
    if hashlib.sha256(text).hexdigest() != sha256:
        raise damaged(file, f"the sum of its {LIST} is another one")
    try:
        files = _LIST.validate_json(text)
    except pydantic.ValidationError as error:
        raise damaged(file, f"its {LIST} is no list of files ({error.error_count()} faults)") from error
    if strange := next((name for name in files if not _FILE.fullmatch(name)), None):
        raise damaged(file, f"its {LIST} names {strange!r}, which is no file of a trained version")
    for number, (name, kept) in enumerate(files.items()):
        progress("Reading trained versions (files)", number, len(files))
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        digest, done = hashlib.sha256(), 0
        with (to / name).open("xb") as out:
            for chunk in _chunks(archive, members.get(f"{FOLDER}/{name}"), kept.size, file, name):
                digest.update(chunk)
                done += out.write(chunk)
        if (done, digest.hexdigest()) != (kept.size, kept.sha256):
            raise damaged(file, f"the trained version's file {name} is another one")
    return files


@contextmanager
def put_back(home: ShopDirectory, folder: Path, files: Listed, done: Callable[[], bool]) -> Iterator[None]:
    """Put extracted versions into the shop; those that are there already with the same files stay as they are.

    A version of the same name with other files makes way. When the `with` block raises before its work is `done`, all
    is as it was before.
    """
    moved: list[tuple[Path, Path | None]] = []
    try:
        for version in versions_of(files):
            own = {name: one for name, one in files.items() if name.startswith(f"{version}/")}
            version_folder = home.folder / FOLDER / version
            if _is_same(home.folder / FOLDER, own):
                continue
            version_folder.parent.mkdir(parents=True, exist_ok=True)
            aside = (
                version_folder.with_name(f".{version_folder.name}.{secrets.token_hex(4)}{UNFINISHED}")
                if version_folder.exists()
                else None
            )
            if aside is not None:
                os.rename(version_folder, aside)
            moved.append((version_folder, aside))
            os.rename(folder / version, version_folder)
        yield
    except BaseException:
        for version_folder, aside in () if done() else moved:
            shutil.rmtree(version_folder, ignore_errors=True)
            if aside is not None:
                os.rename(aside, version_folder)
        raise
    for _, aside in moved:
        if aside is not None:
            shutil.rmtree(aside, ignore_errors=True)


def lacking(home: ShopDirectory, versions: list[str]) -> list[str]:
    """Those of some versions, as MODEL/VERSION, of which the shop has no files."""
    return [one for one in versions if not (home.folder / FOLDER / one / "model.json").is_file()]


def damaged(file: Path, what: str) -> BadInput:
    """The error for an archive whose versions cannot be taken."""
    return BadInput(f"{file} is damaged: {what}; the shop is as it was. Use another copy of the backup")


def _is_whole(version_folder: Path) -> bool:
    try:
        arrays = json.loads((version_folder / "model.json").read_bytes())["arrays"]
        return len(arrays) == len(list(version_folder.glob("arrays/*.npy")))
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return False


def _is_same(folder: Path, files: Mapping[str, KeptFile]) -> bool:
    for name, kept in files.items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != kept.size:
            return False
        with path.open("rb") as opened:
            if hashlib.file_digest(opened, "sha256").hexdigest() != kept.sha256:
                return False
    return True


def _chunks(
    archive: tarfile.TarFile, member: tarfile.TarInfo | None, most: int, file: Path, name: str
) -> Iterator[bytes]:
    """The content of a member that is a plain file of at most so many bytes."""
    if member is None or not member.isreg() or member.issparse() or member.size > most:
        raise damaged(file, f"its member {name} is missing, or no file of the size that its list says")
    try:
        opened: IO[bytes] | None = archive.extractfile(member)
        while opened and (chunk := opened.read(_CHUNK)):
            yield chunk
    except (tarfile.TarError, OSError) as error:
        raise damaged(file, f"its member {name} cannot be read ({error})") from error
