"""How a shop's database is kept in one file, and how it comes back from it.

A backup is a plain tar archive of two members: `manifest.json` (versions, size, SHA-256 sum) and `neo4j.dump`, which
`neo4j-admin database dump` wrote and any Neo4j of that version or later loads.
"""

import hashlib
import json
import os
import shutil
import tarfile
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version as release_of
from io import BytesIO
from pathlib import Path
from typing import IO

from kartograph.graph.connection import Graph
from kartograph.graph.managed.admin import run_admin
from kartograph.graph.managed.artifacts import committed_lock
from kartograph.graph.managed.generations import activate, discard, new_generation, only_builder, temporary_server
from kartograph.graph.managed.home import Home, Place
from kartograph.graph.managed.lifecycle import halt, launch, only_one, refuse_full_disk, running, start
from kartograph.graph.managed.memory import Memory
from kartograph.graph.migrate import Migrated, migrate
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "neo4j.dump"
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """What a backup says about itself."""

    format: int
    """Of the archive; 1."""
    shop: str
    """The shop whose database it is."""
    created: str
    """ISO 8601, UTC."""
    kartograph: str
    """Release that made it."""
    neo4j: str
    """Version of the server that wrote the database."""
    size: int
    """Bytes of the dump."""
    sha256: str
    """Of the dump."""


def backup(home: Home, file: Path, overwrite: bool = False, progress: Progress = silent) -> Manifest:
    """Keep the database of a shop in `file`; a running server is stopped for it and started again.

    The file appears when it is whole. Raises `BadInput` where the file exists already (unless `overwrite`), its folder
    does not, or the shop has no database; `ServerError` where the dump fails.
    """
    file = file.absolute()
    if file.is_dir() or (file.exists() and not overwrite):
        raise BadInput(f"{file} exists already; name a file that does not, or allow to replace it (`--overwrite`)")
    if not file.parent.is_dir():
        raise BadInput(f"the folder {file.parent} does not exist; create it, or name a file in another one")
    if not (home.current / "databases" / "neo4j").is_dir():
        raise BadInput(
            f'the shop "{home.shop}" has no database yet; load one first (`kartograph load --help`), or name another '
            "shop with --shop"
        )
    with tempfile.TemporaryDirectory(prefix=f".{file.name}-", dir=file.parent) as name, only_one(home, progress):
        folder = Path(name)
        refuse_full_disk(folder, 50 + _size(home.current / "databases" / "neo4j") // 1_000_000)
        state = running(home)
        halt(home.place, progress)
        try:
            run_admin(
                home.place,
                "database",
                "dump",
                "neo4j",
                f"--to-path={folder}",
                memory=Memory(512, 64),
                progress=progress,
            )
        finally:
            if state:
                launch(home.place, Memory(state.heap_mib, state.page_cache_mib), progress)
        dump = folder / DUMP
        progress("Writing the backup")
        manifest = Manifest(
            format=FORMAT,
            shop=home.shop,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            kartograph=release_of("kartograph"),
            neo4j=committed_lock().neo4j,
            size=dump.stat().st_size,
            sha256=_sha256(dump),
        )
        _pack(manifest, dump, folder / "backup", file)
    return manifest


def restore(home: Home, file: Path, progress: Progress = silent) -> tuple[Manifest, Migrated]:
    """Replace the database of a shop by the one kept in `file`, brought to the present schema.

    The sum is verified first; then the database is loaded beside the active one, migrated there, and put in its place
    in one step; a server that ran runs again. Whatever goes wrong before that step, and an interruption at any time,
    leaves the former database as it was. Raises `BadInput` where the file is no backup, is damaged or comes from a
    later release, or while a load is at work on the shop.
    """
    was_running = running(home)
    with only_builder(home):
        home.make()
        with _opened(file) as archive:
            manifest = read_manifest(archive, file)
            _refuse_later_server(manifest, file)
            refuse_full_disk(home.folder, 300 + 4 * manifest.size // 1_000_000)
            place = new_generation(home)
            try:
                _extract(archive, manifest, file, place, progress)
                migrated = _load(place, progress)
                activate(home, place, progress)
            except BaseException:
                if home.generation != place.folder.name:
                    discard(place)
                raise
    if was_running:
        start(home, Memory(was_running.heap_mib, was_running.page_cache_mib), progress)
    return manifest, migrated


def read_manifest(archive: tarfile.TarFile, file: Path) -> Manifest:
    """Return what a backup says about itself; raises `BadInput` where the archive is no backup."""
    try:
        member = archive.extractfile(MANIFEST)
        archive.getmember(DUMP)
        content = json.loads(member.read()) if member else {}
        if content["format"] != FORMAT:
            raise BadInput(
                f"{file} is a backup of format {content['format']}, and this release of Kartograph reads format "
                f"{FORMAT}; install the release that made it ({content.get('kartograph')})"
            )
        return Manifest(**content)
    except (KeyError, TypeError, ValueError, tarfile.TarError, OSError) as error:
        raise BadInput(
            f"{file} is no backup of Kartograph: an archive with {MANIFEST} and {DUMP} is one, "
            f"written by `kartograph backup` ({error})"
        ) from error


def _opened(file: Path) -> tarfile.TarFile:
    try:
        return tarfile.open(file, "r:")
    except FileNotFoundError:
        raise BadInput(f"there is no file {file.absolute()}; name one that `kartograph backup` wrote") from None
    except (tarfile.TarError, OSError) as error:
        raise BadInput(
            f"{file} is no backup of Kartograph, or it is damaged at its beginning ({error}); name a file that "
            "`kartograph backup` wrote"
        ) from error


def _pack(manifest: Manifest, dump: Path, beside: Path, file: Path) -> None:
    with tarfile.open(beside, "w:") as archive:
        text = json.dumps(asdict(manifest), indent=1).encode()
        described = tarfile.TarInfo(MANIFEST)
        described.size = len(text)
        archive.addfile(described, BytesIO(text))
        archive.add(dump, DUMP, filter=_nameless)
    with beside.open("rb") as written:
        os.fsync(written.fileno())
    os.replace(beside, file)


def _nameless(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Leave out who owned the file: it is nobody's business where a backup is restored."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def _extract(archive: tarfile.TarFile, manifest: Manifest, file: Path, place: Place, progress: Progress) -> None:
    """Copy the dump out of the archive and verify its sum."""
    folder = place.folder / "dump"
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
                progress("Reading the backup (MB)", round(done / 1e6), round(manifest.size / 1e6))
    except tarfile.TarError as error:
        raise BadInput(_damaged(file, f"it ends after {done:,} bytes ({error})", manifest)) from error
    if (done, digest.hexdigest()) != (manifest.size, manifest.sha256):
        raise BadInput(_damaged(file, f"{done:,} bytes with the SHA-256 sum {digest.hexdigest()}", manifest))


def _damaged(file: Path, found: str, manifest: Manifest) -> str:
    return (
        f"{file} is damaged: {found}, but the manifest says {manifest.size:,} bytes with {manifest.sha256}; the shop "
        "is as it was. Use another copy of the backup"
    )


def _load(place: Place, progress: Progress) -> Migrated:
    folder = place.folder / "dump"
    run_admin(
        place,
        "database",
        "load",
        "neo4j",
        f"--from-path={folder}",
        "--overwrite-destination=true",
        memory=Memory(512, 64),
        progress=progress,
    )
    shutil.rmtree(folder)
    with (
        temporary_server(place, progress=progress) as server,
        Graph.connect(server.uri, server.auth) as graph,
    ):
        return migrate(graph, progress)


def _refuse_later_server(manifest: Manifest, file: Path) -> None:
    here = committed_lock().neo4j
    try:
        later = _numbers(manifest.neo4j) > _numbers(here)
    except ValueError:
        raise BadInput(f'{file} names the Neo4j version "{manifest.neo4j}", which is none') from None
    if later:
        raise BadInput(
            f"{file} was written by Neo4j {manifest.neo4j}, and this release of Kartograph carries {here}, which "
            f"cannot read it; install Kartograph {manifest.kartograph} or later"
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        for chunk in _chunks(opened):
            digest.update(chunk)
    return digest.hexdigest()


def _chunks(opened: IO[bytes]):
    while chunk := opened.read(_CHUNK):
        yield chunk


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
