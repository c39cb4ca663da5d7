"""How a shop's database and its trained versions are kept in one file, and how they come back from it.

A backup is a plain tar archive: `manifest.json` (versions, sizes, SHA-256 sums), `neo4j.dump`, which `neo4j-admin
database dump` wrote and any Neo4j of that version or later loads, and the files of the trained versions with a list of
their sums (`upkeep.kept_models`). The manifest has the sum of that list.
"""

import hashlib
import json
import shutil
import tarfile
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version as release_of
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Annotated

import neo4j.exceptions
import pydantic
from pydantic.dataclasses import dataclass

from kartograph import queries
from kartograph.graph.accounts import ACCOUNT, read_account
from kartograph.graph.connection import Graph
from kartograph.graph.ledger import LEDGER, read_ledger
from kartograph.graph.managed.admin import run_admin
from kartograph.graph.managed.check import check_store
from kartograph.graph.managed.copying import MEMORY, copied, recover
from kartograph.graph.managed.generations import (
    activate,
    discard,
    new_generation,
    only_builder,
    remove_leftovers,
    temporary_server,
)
from kartograph.graph.managed.home import Home, Place, bytes_below
from kartograph.graph.managed.installing.artifacts import committed_lock
from kartograph.graph.managed.lifecycle import refuse_full_disk, running, start_again
from kartograph.graph.managed.upkeep.kept_models import (
    FOLDER,
    LIST,
    Listed,
    extract_models,
    hold_models,
    lacking,
    list_text,
    listed,
    put_back,
    versions_of,
)
from kartograph.graph.managed.verify import UNRECOVERED, Verified, compare
from kartograph.graph.migrate import Migrated, migrate
from kartograph.tables.errors import BadInput, ServerError, in_lines
from kartograph.tables.progress import Progress, silent
from kartograph.tables.whole import PRIVATE, whole_file

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "neo4j.dump"
BOOKS = (LEDGER, ACCOUNT)
"""What an archive may have beside: which loads brought what the database holds, and what it must hold."""
_CHUNK = 1 << 20
_LONGEST_MANIFEST = 100_000
_LONGEST_BOOK = 10_000_000
_Text = Annotated[str, pydantic.Field(max_length=200)]


@dataclass(frozen=True, config=pydantic.ConfigDict(strict=True))
class Manifest:
    """What a backup says about itself."""

    format: int
    """Of the archive; 1."""
    shop: _Text
    """The shop whose database it is."""
    created: _Text
    """ISO 8601, UTC."""
    kartograph: _Text
    """Release that made it."""
    neo4j: _Text
    """Version of the server that wrote the database."""
    size: pydantic.NonNegativeInt
    """Bytes of the dump."""
    sha256: _Text
    """Of the dump."""
    versions: pydantic.NonNegativeInt | None = None
    """Trained versions in the archive; None where the release that made it kept none."""
    versions_size: pydantic.NonNegativeInt = 0
    """Bytes of their files."""
    versions_sha256: _Text = ""
    """Of the list of their files, which has the sum of each."""


@dataclass(frozen=True)
class Kept:
    """What a backup did."""

    manifest: Manifest
    waited: float | None
    """Seconds for which the shop was not served; None where no server ran."""


@dataclass(frozen=True)
class Restored:
    """What a restore did."""

    manifest: Manifest
    migrated: Migrated
    findings: list[str]
    """Where the database differs from what its accounts say, a line each."""
    without_files: list[str]
    """Trained versions that the database names, as MODEL/VERSION, and of which neither archive nor shop has files."""


_MANIFEST = pydantic.TypeAdapter(Manifest)


def backup(home: Home, file: Path, overwrite: bool = False, progress: Progress = silent) -> Kept:
    """Keep database and trained versions of a shop in `file`; a running server stops while its files are copied only.

    The file appears when it is whole, and only its owner reads it; nothing else lies beside it at any moment. A
    database whose server was killed is recovered first. Raises `BadInput` where the file exists already (unless
    `overwrite`), its folder does not or cannot be written, or the shop has no database; `ServerError` where the dump
    fails.
    """
    file = file.absolute()
    if file.is_dir() or (file.exists() and not overwrite):
        raise _exists(file)
    if not file.parent.is_dir():
        raise BadInput(f"the folder {file.parent} does not exist; create it, or name a file in another one")
    try:
        with TemporaryFile(dir=file.parent):
            pass
    except OSError as error:
        raise _unwritable(file, error) from error
    with copied(home, progress) as copy:
        manifest = _backed_up(home, copy.place, file, overwrite, progress)
    return Kept(manifest, copy.waited)


def _backed_up(home: Home, place: Place, file: Path, overwrite: bool, progress: Progress) -> Manifest:
    folder, models = place.folder / "dump", place.folder / FOLDER
    folder.mkdir()
    hold_models(home, models)
    needed = 50 + bytes_below(place.data / "databases" / "neo4j") // 1_000_000
    refuse_full_disk(folder, needed)
    refuse_full_disk(file.parent, needed + bytes_below(models) // 1_000_000)
    _dump(place, folder, progress)
    files = listed(models, progress)
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
        versions=len(versions_of(files)),
        versions_size=sum(one.size for one in files.values()),
        versions_sha256=hashlib.sha256(list_text(files)).hexdigest(),
    )
    more = [path for name in BOOKS if (path := place.folder / name).is_file()]
    _pack(manifest, dump, file, overwrite, {one.name: one for one in more}, files, models)
    return manifest


def _dump(place: Place, folder: Path, progress: Progress) -> None:
    """Write the dump of a database that no server serves, recovering it first where that takes it."""

    def dump() -> None:
        arguments = ("database", "dump", "neo4j", f"--to-path={folder}", "--overwrite-destination=true")
        run_admin(place, *arguments, memory=MEMORY, progress=progress, step="Dumping the database")

    try:
        dump()
    except ServerError as error:
        if UNRECOVERED not in str(error):
            raise
        recover(place, progress)
        dump()


def restore(home: Home, file: Path, progress: Progress = silent) -> Restored:
    """Replace the database of a shop by the one kept in `file`, brought to the present schema; versions come beside.

    The trained versions of the archive join those that the shop has. All sums are verified first; then the database is
    loaded beside the active one, migrated there, and put in its place in one step; a server that ran runs again.
    Whatever goes wrong before that step, and an interruption at any time, leaves the former database as it was. Raises
    `BadInput` where the file is no backup, is damaged, holds a database that Neo4j's consistency check finds damaged,
    or comes from a later release, or while a load is at work on the shop.
    """
    was_running = running(home)
    with only_builder(home), _opened(file) as archive:
        manifest = read_manifest(archive, file)
        _refuse_later_server(manifest, file)
        remove_leftovers(home)
        size = 4 * archive.getmember(DUMP).size + min(manifest.versions_size, file.stat().st_size)
        refuse_full_disk(home.folder, 300 + size // 1_000_000)
        place = new_generation(home)
        try:
            _extract(archive, manifest, file, place, progress)
            _extract_books(archive, file, place)
            models, files = place.folder / FOLDER, Listed()
            if manifest.versions is not None:
                files = extract_models(archive, file, manifest.versions_sha256, models, progress)
            migrated, verified, named = _load(place, file, progress)
            with put_back(home, models, files, lambda: home.generation == place.folder.name):
                activate(home, place, progress)
        except BaseException:
            if home.generation != place.folder.name:
                discard(place)
            raise
    shutil.rmtree(models, ignore_errors=True)
    if was_running:
        start_again(home, was_running, progress)
    return Restored(manifest, migrated, verified.findings, lacking(home, named))


def read_manifest(archive: tarfile.TarFile, file: Path) -> Manifest:
    """Return what a backup says about itself; raises `BadInput` where the archive is no backup."""
    try:
        members = [archive.getmember(name) for name in (MANIFEST, DUMP)]
        for member in members:
            if not member.isreg():
                raise ValueError(f"its member {member.name} is no file but a link, a folder or a device")
        if members[0].size > _LONGEST_MANIFEST:
            raise ValueError(f"its {MANIFEST} has {members[0].size:,} bytes")
        opened = archive.extractfile(members[0])
        text = opened.read() if opened else b""
        content = json.loads(text)
        if isinstance(content, dict) and content.get("format", FORMAT) != FORMAT:
            raise BadInput(
                f"{file} is a backup of format {str(content['format'])[:50]}, and this release of Kartograph reads "
                f"format {FORMAT}; install the release that made it ({str(content.get('kartograph'))[:50]})"
            )
        return _MANIFEST.validate_json(text)
    except pydantic.ValidationError as error:
        raise BadInput(
            f"{file} is no backup of Kartograph, or it is damaged: its {MANIFEST} is not what "
            f"`kartograph backup` writes:\n{in_lines(error)}"
        ) from error
    except (KeyError, TypeError, ValueError, ArithmeticError, RecursionError, tarfile.TarError, OSError) as error:
        raise BadInput(
            f"{file} is no backup of Kartograph: an archive with {MANIFEST} and {DUMP} is one, "
            f"written by `kartograph backup` ({error})"
        ) from error


def _opened(file: Path) -> tarfile.TarFile:
    if not file.is_file():
        raise BadInput(f"there is no file {file.absolute()}; name one that `kartograph backup` wrote")
    try:
        return tarfile.open(file, "r:")
    except (tarfile.TarError, ValueError, ArithmeticError, OSError) as error:
        raise BadInput(
            f"{file} is no backup of Kartograph, or it is damaged at its beginning ({error}); name a file that "
            "`kartograph backup` wrote"
        ) from error


def _pack(
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
        raise _exists(file) from error
    except OSError as error:
        raise _unwritable(file, error) from error


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, BytesIO(content))


def _exists(file: Path) -> BadInput:
    return BadInput(f"{file} exists already; name a file that does not, or allow to replace it (`--overwrite`)")


def _unwritable(file: Path, error: OSError) -> BadInput:
    return BadInput(
        f"{file} cannot be written: {error.strerror or error}; name a file in a folder that can be written and has room"
    )


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
                if done > manifest.size:
                    break
                progress("Reading the backup (MB)", round(done / 1e6), round(manifest.size / 1e6))
    except tarfile.TarError as error:
        raise BadInput(_damaged(file, f"it ends after {done:,} bytes ({error})", manifest)) from error
    if (done, digest.hexdigest()) != (manifest.size, manifest.sha256):
        raise BadInput(_damaged(file, f"{done:,} bytes with the SHA-256 sum {digest.hexdigest()}", manifest))


def _extract_books(archive: tarfile.TarFile, file: Path, place: Place) -> None:
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
        (place.folder / name).write_bytes(opened.read())
    try:
        read_ledger(place.folder)
        read_account(place.folder)
    except ServerError as error:
        raise BadInput(f"{file} is damaged, and the shop is as it was: {error}") from error


def _damaged(file: Path, found: str, manifest: Manifest) -> str:
    return (
        f"{file} is damaged: {found}, but the manifest says {manifest.size:,} bytes with {manifest.sha256}; the shop "
        "is as it was. Use another copy of the backup"
    )


def _load(place: Place, file: Path, progress: Progress) -> tuple[Migrated, Verified, list[str]]:
    """Load the dump and bring it to the present schema; returns also the trained versions that it names."""
    folder = place.folder / "dump"
    run_admin(
        place,
        "database",
        "load",
        "neo4j",
        f"--from-path={folder}",
        "--overwrite-destination=true",
        memory=MEMORY,
        progress=progress,
        step="Loading the database",
    )
    shutil.rmtree(folder)
    verified = Verified([f"store: {line}" for line in check_store(place, progress)])
    if verified.findings:
        lines = "\n".join(f"    {line}" for line in verified.findings[:20])
        raise BadInput(f"{file} holds a damaged database, and the shop is as it was; use another backup:\n{lines}")
    try:
        with temporary_server(place, progress=progress) as server, Graph.connect(server.uri, server.auth) as graph:
            migrated = migrate(graph, progress)
            compare(graph, read_account(place.folder), verified)
            named = graph.query(queries.load("versions/all"))
    except neo4j.exceptions.Neo4jError as error:
        raise BadInput(
            f"{file} holds a database that cannot be brought to the present schema: {error.message}; the shop is as it "
            "was. Restore it with the release of Kartograph that wrote it"
        ) from error
    return migrated, verified, [f"{one.model}/{one.version}" for one in named.itertuples()]


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
