"""Tests of the files of a snapshot: damaged ones are made anew, and a kill leaves the former ones."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.graph.snapshot.shops import T0, THERE, add_load

from kartograph.graph.connection import Graph
from kartograph.graph.managed.home import ShopDirectory
from kartograph.graph.snapshot.snapshot import snapshot_folder
from kartograph.tables.errors import ServerError

pytestmark = pytest.mark.server


@pytest.mark.parametrize("damage", ["flipped", "cut", "gone", "no description"])
def test_a_damaged_file_is_exported_anew(shop, damage):
    shop.snapshot(THERE)
    [folder] = snapshot_folder(shop).glob("events-*")
    file = folder / "time.npy"
    if damage == "flipped":
        content = bytearray(file.read_bytes())
        content[-1] ^= 255
        file.write_bytes(content)
    elif damage == "cut":
        file.write_bytes(file.read_bytes()[:-8])
    elif damage == "gone":
        file.unlink()
    else:
        (folder / "part.json").write_text("{", "utf-8")
    snapshot = shop.snapshot(THERE)
    assert snapshot.exported == ("events",)
    assert snapshot.events.time[0] == T0
    assert shop.snapshot(THERE).exported == ()


def test_a_folder_that_cannot_be_written_is_named(shop, home):
    (home / "snapshots").write_text("a file", "utf-8")
    with pytest.raises(ServerError, match=f"a snapshot cannot be kept at {home}.*KARTOGRAPH_HOME"):
        shop.snapshot("items")


def test_a_kill_in_the_middle_leaves_the_former_snapshot(shop, home):
    first = shop.snapshot("events")
    [former] = snapshot_folder(shop).glob("events-*")
    files = {file.name: file.read_bytes() for file in former.iterdir()}
    add_load(shop)
    script = Path(__file__).with_name("killed.py")
    done = subprocess.run(
        [sys.executable, script, shop.uri, *shop._auth],
        env=os.environ | {"KARTOGRAPH_HOME": str(home)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert {file.name: file.read_bytes() for file in former.iterdir()} == files
    assert list(snapshot_folder(shop).glob(".unfinished-*"))
    assert first.events.time[0] == T0
    assert shop.snapshot("events").exported == ("events",)
    assert not former.exists()
    assert not list(snapshot_folder(shop).glob(".unfinished-*"))


def test_a_snapshot_is_kept_in_the_folder_of_its_shop(server, home):
    with Graph.connect(server.uri, server.auth) as graph:
        graph.home = ShopDirectory(home, "shop")
        assert snapshot_folder(graph) == home / "shops" / "shop" / "snapshot"
    with Graph.connect(server.uri, server.auth) as graph:
        assert snapshot_folder(graph).parent == home / "snapshots"
