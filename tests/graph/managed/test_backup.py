"""Tests of backups: a shop comes back from one, one of a former schema too; what goes wrong leaves it as it was."""

import io
import json
import os
import stat
import subprocess
import sys
import tarfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from kartograph.graph.connection import Graph
from kartograph.graph.managed.backup import DUMP, MANIFEST, Manifest, _pack, backup, restore
from kartograph.graph.managed.generations import only_builder
from kartograph.graph.managed.home import Home, Place
from kartograph.graph.managed.lifecycle import running, start, stop
from kartograph.graph.managed.memory import Memory
from kartograph.graph.managed.process import end, ends_within, temporary_argument
from kartograph.graph.managed.upkeep.kept_models import LIST
from kartograph.tables.errors import BadInput

FORMER_SCHEMA = """
CREATE (a:Item {id: '1'})-[:CO_OCCURS {weight: 2.0, sessions: 2}]->(b:Item {id: '2'})
CREATE (:User {id: 'u'})-[:BOUGHT {count: 1}]->(a)
"""
"""A shop of schema 0: no `:Meta` node, and edges of co-occurrence that name no run."""


def packed(file: Path, manifest: dict | str, dump: bytes = b"dump") -> Path:
    """Write an archive in the form of a backup."""
    text = manifest if isinstance(manifest, str) else json.dumps(manifest)
    with tarfile.open(file, "w:") as archive:
        for name, content in ((MANIFEST, text.encode()), (DUMP, dump)):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return file


def described(**changes) -> dict:
    """A manifest that fits no dump."""
    return {
        "format": 1,
        "shop": "shop",
        "created": "2026-01-01T00:00:00+00:00",
        "kartograph": "0.1.0",
        "neo4j": "5.26.30",
        "size": 4,
        "sha256": "00",
        **changes,
    }


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.timeout(1800)
def test_a_shop_of_a_former_schema_comes_back_in_the_present_one_and_an_interrupted_restore_changes_nothing(
    home, tmp_path
):
    shop = Home.of("shop")
    memory = Memory(512, 64)
    file = tmp_path / "shop.backup"
    with Graph.connect((server := start(shop, memory)).uri, server.auth) as graph:
        graph.query(FORMER_SCHEMA, write=True)
    try:
        kept = backup(shop, file)
        manifest, state = kept.manifest, running(shop)
        assert state is not None and (state.heap_mib, state.page_cache_mib) == (512, 64)
        assert state.uri == server.uri  # who reads finds it at the same address
        assert kept.waited is not None and kept.waited > 0
        assert manifest.size > 0 and manifest.shop == "shop"
        with tarfile.open(file) as archive:
            assert archive.getnames() == [MANIFEST, DUMP, LIST]
            assert Manifest(**json.load(archive.extractfile(MANIFEST))) == manifest  # pyright: ignore[reportArgumentType]
        with Graph.local("shop") as graph:
            graph.query("CREATE (:Item {id: 'added after the backup'})", write=True)
        former = shop.generation

        def interrupting(step, done=None, total=None):
            if step.startswith("Loading the database"):
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            restore(shop, file, interrupting)
        assert shop.generation == former
        assert [folder.name for folder in shop.generations.iterdir()] == [former]
        assert running(shop) == state
        _damage(file, tmp_path / "damaged.backup")
        with pytest.raises(BadInput, match=r"damaged\.backup is damaged: .* the shop is as it was"):
            restore(shop, tmp_path / "damaged.backup")
        assert (shop.generation, running(shop)) == (former, state)

        migrated = restore(shop, file).migrated

        assert (migrated.before, migrated.applied[0]) == (0, "migrate/0001_co_occurrence_run")
        assert running(shop) is not None
        with Graph.local("shop") as graph:
            items = graph.query("MATCH (i:Item) RETURN i.id AS id ORDER BY id")["id"].tolist()
            assert items == ["1", "2"]
            assert graph.query("MATCH ()-[c:CO_OCCURS]->() RETURN c.run AS run")["run"].tolist() == ["load"]
            version = graph.query("MATCH (m:Meta {id: 'schema'}) RETURN m.schema_version AS v")["v"].tolist()
            assert version == [migrated.now]
            names = graph.query("SHOW CONSTRAINTS YIELD name RETURN name")["name"].tolist()
            assert "item_id_unique" in names
    finally:
        stop(shop)


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.timeout(1800)
def test_a_shop_whose_server_and_backup_were_killed_is_backed_up_whole(home, tmp_path):
    shop = Home.of("shop")
    with Graph.connect((server := start(shop, Memory(512, 64))).uri, server.auth) as graph:
        graph.query("CREATE (:Item {id: 'kept'})", write=True)
    end(server.state, force=True)
    assert ends_within(server.state, 60)
    folder = tmp_path / "backups"
    folder.mkdir()
    file = folder / "shop.backup"
    _kill_a_backup(shop, file)
    assert list(folder.iterdir()) == []

    steps: list[str] = []
    before = os.umask(0)
    try:
        manifest = backup(shop, file, progress=lambda step, done=None, total=None: steps.append(step)).manifest
    finally:
        os.umask(before)

    assert "Recovering the database, whose server was killed" in steps
    assert manifest.size > 0
    assert list(folder.iterdir()) == [file]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not (shop.folder / "copy").exists()
    assert running(shop) is None


def _kill_a_backup(shop: Home, file: Path) -> None:
    """Begin a backup in a process of its own, kill that when the Java process works, and see that this ends too."""
    program = "from kartograph.cli import main; main()"
    command = [sys.executable, "-c", program, "--shop", shop.shop, "backup", str(file)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("Dumping the database"):
                break
        workers = [one for one in psutil.process_iter() if temporary_argument(_copy(shop)) in _arguments(one)]
        process.kill()
    if sys.platform == "linux":
        assert workers
        _, alive = psutil.wait_procs(workers, timeout=60)
        assert not alive


def _copy(shop: Home) -> Place:
    return replace(shop.place, folder=shop.folder / "copy")


def _arguments(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _damage(file: Path, copy: Path) -> None:
    """Change one byte in the middle of the dump."""
    with tarfile.open(file) as archive:
        dump = archive.getmember(DUMP)
    content = bytearray(file.read_bytes())
    content[dump.offset_data + dump.size // 2] ^= 0xFF
    copy.write_bytes(content)


def test_a_shop_without_a_database_has_nothing_to_back_up(home, tmp_path):
    with pytest.raises(BadInput, match='the shop "shop" has no database yet; load one first'):
        backup(Home.of("shop"), tmp_path / "file")


def test_an_existing_file_is_not_replaced_unasked(home, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(BadInput, match="exists already; name a file that does not, or allow to replace it"):
        backup(Home.of("shop"), tmp_path / "file")


def test_a_missing_folder_is_named(home, tmp_path):
    with pytest.raises(BadInput, match=r"the folder .*nowhere does not exist"):
        backup(Home.of("shop"), tmp_path / "nowhere" / "file")


def test_what_is_no_backup_is_refused(home, tmp_path):
    shop = Home.of("shop")
    with pytest.raises(BadInput, match="there is no file"):
        restore(shop, tmp_path / "nowhere")
    (tmp_path / "text").write_text("not an archive" * 100)
    with pytest.raises(BadInput, match="text is no backup of Kartograph, or it is damaged at its beginning"):
        restore(shop, tmp_path / "text")
    with tarfile.open(tmp_path / "other.tar", "w:") as archive:
        archive.add(tmp_path / "text", "text")
    with pytest.raises(BadInput, match=r"other\.tar is no backup of Kartograph: an archive with manifest.json"):
        restore(shop, tmp_path / "other.tar")
    with pytest.raises(BadInput, match="is no backup of Kartograph"):
        restore(shop, packed(tmp_path / "cut", '{"format": 1, '))
    assert not shop.generations.exists() or not list(shop.generations.iterdir())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 2}, "is a backup of format 2, and this release of Kartograph reads format 1"),
        ({"neo4j": "2026.10.0"}, "was written by Neo4j 2026.10.0, and this release of Kartograph carries 5.26"),
        ({"neo4j": "latest"}, 'names the Neo4j version "latest", which is none'),
        ({}, "is damaged: 4 bytes with the SHA-256 sum [0-9a-f]{64}, but the manifest says 4 bytes with 00"),
        ({"size": 9}, "is damaged: 4 bytes with .*, but the manifest says 9 bytes"),
    ],
)
def test_a_backup_that_cannot_be_read_here_is_refused_and_nothing_of_it_stays(home, tmp_path, changes, message):
    shop = Home.of("shop")
    with pytest.raises(BadInput, match=message):
        restore(shop, packed(tmp_path / "file", described(**changes)))
    assert not list(shop.generations.iterdir())


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE])
@pytest.mark.parametrize("odd", [MANIFEST, DUMP])
def test_a_member_that_is_no_file_is_refused(home, tmp_path, odd, kind):
    with tarfile.open(tmp_path / "file", "w:") as archive:
        for name, content in ((MANIFEST, json.dumps(described()).encode()), (DUMP, b"dump")):
            member = tarfile.TarInfo(name)
            if name == odd:
                member.type, member.linkname = kind, "/etc/passwd"
                archive.addfile(member)
            else:
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
    with pytest.raises(BadInput, match=f"its member {odd} is no file but a link, a folder or a device"):
        restore(Home.of("shop"), tmp_path / "file")


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (described(size="4"), r"size: .*not '4'$"),
        (described(size=-1), r"size: .*not -1$"),
        (described(size=4.5), r"size: .*not 4.5$"),
        (described(size=True), r"size: .*not True$"),
        (described(shop=None, sha256=["00"]), r"shop: .*not None\n    sha256: .*not \['00'\]$"),
        (described(neo4j="5" * 1000), "neo4j: .*at most 200 characters"),
        (described(neo4j="9" * 200), "was written by Neo4j 9+, and this release"),
        ({"format": 1}, "shop: "),
        ("[]", "the whole: "),
        ("null", "the whole: "),
        ("5", "the whole: "),
        ("[" * 90_000, "is no backup of Kartograph"),
        ('{"format": 1e999}', "is a backup of format inf"),
        ('{"format": ' + "9" * 5000 + "}", "is no backup of Kartograph"),
        ("\ud800".encode("utf-16", "surrogatepass").decode("latin-1"), "is no backup of Kartograph"),
        ('{"format": 1}' + " " * 200_000, "its manifest.json has 200,013 bytes"),
    ],
)
def test_a_manifest_with_other_content_is_refused_with_a_line_for_each_value(home, tmp_path, manifest, message):
    with pytest.raises(BadInput, match=f"(?s){message}"):
        restore(Home.of("shop"), packed(tmp_path / "file", manifest))


def test_of_two_backups_that_write_one_file_at_once_one_is_kept_and_the_other_says_so(tmp_path):
    """Both found no such file when they began."""
    (tmp_path / "dump").write_bytes(b"dump")
    manifest = Manifest(**described())

    def pack(_: int) -> str:
        try:
            _pack(manifest, tmp_path / "dump", tmp_path / "file", overwrite=False)
        except BadInput as error:
            return str(error)
        return "written"

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(pack, range(8)))
    assert answers.count("written") == 1
    assert sum("exists already; name a file that does not" in answer for answer in answers) == 7


def test_a_folder_that_cannot_be_written_is_named_before_anything_is_stopped(home, tmp_path):
    (Home.of("shop").current / "databases" / "neo4j").mkdir(parents=True)
    with pytest.raises(BadInput, match="/proc/file cannot be written"):
        backup(Home.of("shop"), Path("/proc/file"))


def test_a_restore_waits_for_no_load_but_says_that_one_is_at_work(home, tmp_path):
    shop = Home.of("shop")
    with only_builder(shop), pytest.raises(BadInput, match="Another load is at work"):
        restore(shop, packed(tmp_path / "file", described()))
