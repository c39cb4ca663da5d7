"""How a shop comes back from a file: checked beside the active database, then put in its place in one step."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import neo4j.exceptions

from kartograph import queries
from kartograph.graph.accounts import read_account
from kartograph.graph.connection import Graph
from kartograph.graph.managed.admin import run_admin
from kartograph.graph.managed.backups.archive import extract_books, extract_dump, opened_archive
from kartograph.graph.managed.backups.kept_models import FOLDER, Listed, extract_models, lacking, put_back
from kartograph.graph.managed.backups.manifest import DUMP, Manifest, read_manifest, refuse_later_server
from kartograph.graph.managed.check import check_store
from kartograph.graph.managed.copying import MEMORY
from kartograph.graph.managed.generations import (
    activate,
    build_lock,
    discard,
    new_generation,
    remove_leftovers,
    temporary_server,
)
from kartograph.graph.managed.home import ServerPaths, ShopDirectory
from kartograph.graph.managed.lifecycle import refuse_full_disk, running, start_again
from kartograph.graph.managed.verify import Verified, compare
from kartograph.graph.migrate import Migrated, migrate
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent


@dataclass(frozen=True)
class Restored:
    """What a restore did."""

    manifest: Manifest
    migrated: Migrated
    findings: list[str]
    """Where the database differs from what its accounts say, a line each."""
    without_files: list[str]
    """Trained versions that the database names, as MODEL/VERSION, and of which neither archive nor shop has files."""


def restore(home: ShopDirectory, file: Path, progress: Progress = silent) -> Restored:
    """Replace the database of a shop by the one kept in `file`, brought to the present schema; versions come beside.

    The trained versions of the archive join those that the shop has. All sums are verified first; then the database is
    loaded beside the active one, migrated there, and put in its place in one step; a server that ran runs again.
    Whatever goes wrong before that step, and an interruption at any time, leaves the former database as it was. Raises
    `BadInput` where the file is no backup, is damaged, holds a database that Neo4j's consistency check finds damaged,
    or comes from a later release, or while a load is at work on the shop.
    """
    was_running = running(home)
    with build_lock(home), opened_archive(file) as archive:
        manifest = read_manifest(archive, file)
        refuse_later_server(manifest, file)
        remove_leftovers(home)
        size = 4 * archive.getmember(DUMP).size + min(manifest.versions_size, file.stat().st_size)
        refuse_full_disk(home.folder, 300 + size // 1_000_000)
        paths = new_generation(home)
        try:
            extract_dump(archive, manifest, file, paths, progress)
            extract_books(archive, file, paths)
            models, files = paths.folder / FOLDER, Listed()
            if manifest.versions is not None:
                files = extract_models(archive, file, manifest.versions_sha256, models, progress)
            migrated, verified, named = _load(paths, file, progress)
            with put_back(home, models, files, lambda: home.generation == paths.folder.name):
                activate(home, paths, progress)
        except BaseException:
            if home.generation != paths.folder.name:
                discard(paths)
            raise
    shutil.rmtree(models, ignore_errors=True)
    if was_running:
        start_again(home, was_running, progress)
    return Restored(manifest, migrated, verified.findings, lacking(home, named))


def _load(paths: ServerPaths, file: Path, progress: Progress) -> tuple[Migrated, Verified, list[str]]:
    """Load the dump and bring it to the present schema; returns also the trained versions that it names."""
    folder = paths.folder / "dump"
    run_admin(
        paths,
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
    verified = Verified([f"store: {line}" for line in check_store(paths, progress)])
    if verified.findings:
        lines = "\n".join(f"    {line}" for line in verified.findings[:20])
        raise BadInput(f"{file} holds a damaged database, and the shop is as it was; use another backup:\n{lines}")
    try:
        with temporary_server(paths, progress=progress) as server, Graph.connect(server.uri, server.auth) as graph:
            migrated = migrate(graph, progress)
            compare(graph, read_account(paths.folder), verified)
            named = graph.query(queries.load("versions/all"))
    except neo4j.exceptions.Neo4jError as error:
        raise BadInput(
            f"{file} holds a database that cannot be brought to the present schema: {error.message}; the shop is as it "
            "was. Restore it with the release of Kartograph that wrote it"
        ) from error
    return migrated, verified, [f"{one.model}/{one.version}" for one in named.itertuples()]
