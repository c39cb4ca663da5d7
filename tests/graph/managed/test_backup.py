"""Tests of backups: a shop comes back from one, one of a former schema too; what goes wrong leaves it as it was."""

import io
import json
import tarfile
from pathlib import Path

import pytest

from kartograph.graph.connection import Graph
from kartograph.graph.managed.backup import DUMP, MANIFEST, Manifest, backup, restore
from kartograph.graph.managed.generations import only_builder
from kartograph.graph.managed.home import Home
from kartograph.graph.managed.lifecycle import running, start, stop
from kartograph.graph.managed.memory import Memory
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
        manifest = backup(shop, file)
        state = running(shop)
        assert state is not None and (state.heap_mib, state.page_cache_mib) == (512, 64)
        assert manifest.size > 0 and manifest.shop == "shop"
        with tarfile.open(file) as archive:
            assert archive.getnames() == [MANIFEST, DUMP]
            assert Manifest(**json.load(archive.extractfile(MANIFEST))) == manifest  # pyright: ignore[reportArgumentType]
        with Graph.local("shop") as graph:
            graph.query("CREATE (:Item {id: 'added after the backup'})", write=True)
        former = shop.generation

        def interrupting(step, done=None, total=None):
            if step.startswith("neo4j-admin"):
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

        _, migrated = restore(shop, file)

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


def test_a_restore_waits_for_no_load_but_says_that_one_is_at_work(home, tmp_path):
    shop = Home.of("shop")
    with only_builder(shop), pytest.raises(BadInput, match="Another load is at work"):
        restore(shop, packed(tmp_path / "file", described()))
