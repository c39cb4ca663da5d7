"""Tests of restoring: a shop of a former schema comes back too, and what goes wrong leaves the shop as it was."""

import json
import tarfile
from pathlib import Path

import pytest
from tests.graph.managed.backups.archives import described, packed
from tests.graph.managed.own_ports import start_on_own_ports

from kartograph.graph.connection import Graph
from kartograph.graph.managed.backups.kept_models import LIST
from kartograph.graph.managed.backups.making import backup
from kartograph.graph.managed.backups.manifest import DUMP, MANIFEST, Manifest
from kartograph.graph.managed.backups.restoring import restore
from kartograph.graph.managed.generations import build_lock
from kartograph.graph.managed.home import ShopDirectory
from kartograph.graph.managed.lifecycle import running, stop
from kartograph.graph.managed.memory import Memory
from kartograph.tables.errors import BadInput

FORMER_SCHEMA = """
CREATE (a:Item {id: '1'})-[:CO_OCCURS {weight: 2.0, sessions: 2}]->(b:Item {id: '2'})
CREATE (:User {id: 'u'})-[:BOUGHT {count: 1}]->(a)
"""
"""A shop of schema 0: no `:Meta` node, and edges of co-occurrence that name no run."""


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.timeout(1800)
def test_a_shop_of_a_former_schema_comes_back_in_the_present_one_and_an_interrupted_restore_changes_nothing(
    home, tmp_path
):
    shop = ShopDirectory.of("shop")
    memory = Memory(512, 64)
    file = tmp_path / "shop.backup"
    with Graph.connect((server := start_on_own_ports(shop, memory)).uri, server.auth) as graph:
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


def _damage(file: Path, copy: Path) -> None:
    """Change one byte in the middle of the dump."""
    with tarfile.open(file) as archive:
        dump = archive.getmember(DUMP)
    content = bytearray(file.read_bytes())
    content[dump.offset_data + dump.size // 2] ^= 0xFF
    copy.write_bytes(content)


def test_what_is_no_backup_is_refused(home, tmp_path):
    shop = ShopDirectory.of("shop")
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


def test_a_restore_waits_for_no_load_but_says_that_one_is_at_work(home, tmp_path):
    shop = ShopDirectory.of("shop")
    with build_lock(shop), pytest.raises(BadInput, match="Another load is at work"):
        restore(shop, packed(tmp_path / "file", described()))
