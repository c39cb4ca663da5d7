"""How a shop is kept in a file, while who reads from it waits only until its store is copied."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version as release_of
from pathlib import Path
from tempfile import TemporaryFile

from kartograph.graph.managed.admin import run_admin
from kartograph.graph.managed.backups.archive import BOOKS, cannot_be_written, exists_already, pack, sha256
from kartograph.graph.managed.backups.kept_models import FOLDER, hold_models, list_text, listed, versions_of
from kartograph.graph.managed.backups.manifest import DUMP, FORMAT, Manifest
from kartograph.graph.managed.copying import MEMORY, copied, recover
from kartograph.graph.managed.home import ServerPaths, ShopDirectory, bytes_below
from kartograph.graph.managed.installing.artifacts import committed_lock
from kartograph.graph.managed.lifecycle import refuse_full_disk
from kartograph.graph.managed.verify import UNRECOVERED
from kartograph.tables.errors import BadInput, ServerError
from kartograph.tables.progress import Progress, silent


@dataclass(frozen=True)
class Kept:
    """What a backup did."""

    manifest: Manifest
    waited: float | None
    """Seconds for which the shop was not served; None where no server ran."""


def backup(home: ShopDirectory, file: Path, overwrite: bool = False, progress: Progress = silent) -> Kept:
    """Keep database and trained versions of a shop in `file`; a running server stops while its files are copied only.

    The file appears when it is whole, and only its owner reads it; nothing else lies beside it at any moment. A
    database whose server was killed is recovered first. Raises `BadInput` where the file exists already (unless
    `overwrite`), its folder does not or cannot be written, or the shop has no database; `ServerError` where the dump
    fails.
    """
    file = file.absolute()
    if file.is_dir() or (file.exists() and not overwrite):
        raise exists_already(file)
    if not file.parent.is_dir():
        raise BadInput(f"the folder {file.parent} does not exist; create it, or name a file in another one")
    try:
        with TemporaryFile(dir=file.parent):
            pass
    except OSError as error:
        raise cannot_be_written(file, error) from error
    with copied(home, progress) as copy:
        manifest = _backed_up(home, copy.paths, file, overwrite, progress)
    return Kept(manifest, copy.waited)


def _backed_up(home: ShopDirectory, paths: ServerPaths, file: Path, overwrite: bool, progress: Progress) -> Manifest:
    folder, models = paths.folder / "dump", paths.folder / FOLDER
    folder.mkdir()
    hold_models(home, models)
    needed = 50 + bytes_below(paths.data / "databases" / "neo4j") // 1_000_000
    refuse_full_disk(folder, needed)
    refuse_full_disk(file.parent, needed + bytes_below(models) // 1_000_000)
    _dump(paths, folder, progress)
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
        sha256=sha256(dump),
        versions=len(versions_of(files)),
        versions_size=sum(one.size for one in files.values()),
        versions_sha256=hashlib.sha256(list_text(files)).hexdigest(),
    )
    more = [path for name in BOOKS if (path := paths.folder / name).is_file()]
    pack(manifest, dump, file, overwrite, {one.name: one for one in more}, files, models)
    return manifest


def _dump(paths: ServerPaths, folder: Path, progress: Progress) -> None:
    """Write the dump of a database that no server serves, recovering it first where that takes it."""

    def dump() -> None:
        arguments = ("database", "dump", "neo4j", f"--to-path={folder}", "--overwrite-destination=true")
        run_admin(paths, *arguments, memory=MEMORY, progress=progress, step="Dumping the database")

    try:
        dump()
    except ServerError as error:
        if UNRECOVERED not in str(error):
            raise
        recover(paths, progress)
        dump()
