"""How a backup is written and read as a tar archive; it appears when it is whole, and nothing is believed unseen."""

import hashlib
import json
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import IO

from kartograph.graph.accounts import ACCOUNT, read_account
from kartograph.graph.ledger import LEDGER, read_ledger
from kartograph.graph.managed.backups.kept_models import FOLDER, LIST, Listed, list_text
from kartograph.graph.managed.backups.manifest import DUMP, MANIFEST, Manifest
from kartograph.graph.managed.home import ServerPaths
from kartograph.tables.errors import BadInput, ServerError
from kartograph.tables.progress import Progress
from kartograph.tables.whole import PRIVATE, whole_file

BOOKS = (LEDGER, ACCOUNT)
"""What an archive may have beside: which loads brought what the database holds, and what it must hold."""
_CHUNK = 1 << 20
_LONGEST_BOOK = 10_000_000


def opened_archive(file: Path) -> tarfile.TarFile:
    """Open a backup; raises `BadInput` where there is none, or no archive."""
    if not file.is_file():
        raise BadInput(f"there is no file {file.absolute()}; name one that `kartograph backup` wrote")
    try:
        return tarfile.open(file, "r:")
    except (tarfile.TarError, ValueError, ArithmeticError, OSError) as error:
        raise BadInput(
            f"{file} is no backup of Kartograph, or it is damaged at its beginning ({error}); name a file that "
            "`kartograph backup` wrote"
        ) from error


def pack(
    manifest: Manifest,
    dump: Path,
    file: Path,
    overwrite: bool,
    more: Mapping[str, Path] | None = None,
    files: Listed | None = None,
    models: Path | None = None,
) -> None:
    """Write an archive: the dump, `more` files by their names, and `files` of versions, which lie below `models`."""
    try:
        with whole_file(file, PRIVATE, overwrite) as whole, tarfile.open(fileobj=whole, mode="w:") as archive:
            _add(archive, MANIFEST, json.dumps(asdict(manifest), indent=1).encode())
            archive.add(dump, DUMP, filter=_nameless)
            for name, path in (more or {}).items():
                archive.add(path, name, filter=_nameless)
            if models is not None:
                _add(archive, LIST, list_text(files or {}))
                for name in files or {}:
                    archive.add(models / name, f"{FOLDER}/{name}", filter=_nameless)
    except FileExistsError as error:  # another backup has written it meanwhile
        raise exists_already(file) from error
    except OSError as error:
        raise cannot_be_written(file, error) from error


def extract_dump(
    archive: tarfile.TarFile, manifest: Manifest, file: Path, paths: ServerPaths, progress: Progress
) -> None:
    """Copy the dump out of the archive and verify its sum."""
    folder = paths.folder / "dump"
    folder.mkdir()
    digest, done = hashlib.sha256(), 0
    try:
        member = archive.extractfile(DUMP)
        assert member is not None
        with (folder / DUMP).open("wb") as out:
            for chunk in _chunks(member):
                digest.update(chunk)
                out.write(chunk)
                done += len(chunk)
                if done > manifest.size:
                    break
                progress("Reading the backup (MB)", round(done / 1e6), round(manifest.size / 1e6))
    except tarfile.TarError as error:
        raise BadInput(_damaged(file, f"it ends after {done:,} bytes ({error})", manifest)) from error
    if (done, digest.hexdigest()) != (manifest.size, manifest.sha256):
        raise BadInput(_damaged(file, f"{done:,} bytes with the SHA-256 sum {digest.hexdigest()}", manifest))


def extract_books(archive: tarfile.TarFile, file: Path, paths: ServerPaths) -> None:
    """Copy the ledger and the account out of an archive that has them."""
    for name in BOOKS:
        member = next((one for one in archive.getmembers() if one.name == name), None)
        if member is None:
            continue
        opened = archive.extractfile(member) if member.isreg() and member.size <= _LONGEST_BOOK else None
        if opened is None:
            raise BadInput(
                f"{file} is damaged: its member {name} is no file of a ledger; use another copy of the backup"
            )
        (paths.folder / name).write_bytes(opened.read())
    try:
        read_ledger(paths.folder)
        read_account(paths.folder)
    except ServerError as error:
        raise BadInput(f"{file} is damaged, and the shop is as it was: {error}") from error


def exists_already(file: Path) -> BadInput:
    """The error for a file that must not be replaced."""
    return BadInput(f"{file} exists already; name a file that does not, or allow to replace it (`--overwrite`)")


def cannot_be_written(file: Path, error: OSError) -> BadInput:
    """The error for a file that the system does not let be written."""
    return BadInput(
        f"{file} cannot be written: {error.strerror or error}; name a file in a folder that can be written and has room"
    )


def sha256(file: Path) -> str:
    """The SHA-256 sum of a file, hexadecimal."""
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        for chunk in _chunks(opened):
            digest.update(chunk)
    return digest.hexdigest()


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, BytesIO(content))


def _nameless(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Leave out who owned the file: it is nobody's business where a backup is restored."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def _damaged(file: Path, fault: str, manifest: Manifest) -> str:
    return (
        f"{file} is damaged: {fault}, but the manifest says {manifest.size:,} bytes with {manifest.sha256}; the shop "
        "is as it was. Use another copy of the backup"
    )


def _chunks(opened: IO[bytes]) -> Iterator[bytes]:
    while chunk := opened.read(_CHUNK):
        yield chunk
