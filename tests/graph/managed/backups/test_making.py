"""Tests of making backups: whole after a crash, nothing beside the file, and refused before anything is stopped."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from tests.graph.managed.backups.archives import described

from kartograph.graph.connection import Graph
from kartograph.graph.managed.backups.archive import pack
from kartograph.graph.managed.backups.making import backup
from kartograph.graph.managed.backups.manifest import Manifest
from kartograph.graph.managed.home import ServerPaths, ShopDirectory
from kartograph.graph.managed.lifecycle import running, start
from kartograph.graph.managed.memory import Memory
from kartograph.graph.managed.process import end, ends_within, temporary_argument
from kartograph.tables.errors import BadInput


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.timeout(1800)
def test_a_shop_whose_server_and_backup_were_killed_is_backed_up_whole(home, tmp_path):
    shop = ShopDirectory.of("shop")
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


def _kill_a_backup(shop: ShopDirectory, file: Path) -> None:
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


def _copy(shop: ShopDirectory) -> ServerPaths:
    return replace(shop.paths, folder=shop.folder / "copy")


def _arguments(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def test_a_shop_without_a_database_has_nothing_to_back_up(home, tmp_path):
    with pytest.raises(BadInput, match='the shop "shop" has no database yet; load one first'):
        backup(ShopDirectory.of("shop"), tmp_path / "file")


def test_an_existing_file_is_not_replaced_unasked(home, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(BadInput, match="exists already; name a file that does not, or allow to replace it"):
        backup(ShopDirectory.of("shop"), tmp_path / "file")


def test_a_missing_folder_is_named(home, tmp_path):
    with pytest.raises(BadInput, match=r"the folder .*nowhere does not exist"):
        backup(ShopDirectory.of("shop"), tmp_path / "nowhere" / "file")


def test_of_two_backups_that_write_one_file_at_once_one_is_kept_and_the_other_says_so(tmp_path):
    """Both found no such file when they began."""
    (tmp_path / "dump").write_bytes(b"dump")
    manifest = Manifest(**described())

    def packed(_: int) -> str:
        try:
            pack(manifest, tmp_path / "dump", tmp_path / "file", overwrite=False)
        except BadInput as error:
            return str(error)
        return "written"

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(packed, range(8)))
    assert answers.count("written") == 1
    assert sum("exists already; name a file that does not" in answer for answer in answers) == 7


def test_a_folder_that_cannot_be_written_is_named_before_anything_is_stopped(home, tmp_path):
    (ShopDirectory.of("shop").current / "databases" / "neo4j").mkdir(parents=True)
    with pytest.raises(BadInput, match="/proc/file cannot be written"):
        backup(ShopDirectory.of("shop"), Path("/proc/file"))
