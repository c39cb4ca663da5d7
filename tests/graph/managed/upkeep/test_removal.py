"""Shops go whole, or not at all; what is not Kartograph's stays."""

import os
import subprocess
import sys

import filelock
import pytest

from kartograph.graph.managed.home import ShopDirectory
from kartograph.graph.managed.installing.class_data import MAKER
from kartograph.graph.managed.lifecycle import running, start
from kartograph.graph.managed.memory import Memory
from kartograph.graph.managed.upkeep.removal import (
    REMOVED,
    refuse_busy,
    remove,
    shop_removal,
    shops_of,
    total,
    whole_removal,
)
from kartograph.tables.errors import BadInput, NothingThere


def shop(root, name="books") -> ShopDirectory:
    home = ShopDirectory.of(name, root)
    home.make()
    (home.folder / "password").write_text("12345678")
    return home


def test_a_shop_goes_and_others_stay(tmp_path):
    home, other = shop(tmp_path), shop(tmp_path, "other")
    removal = shop_removal(home)
    assert removal.sizes == {home.folder: 8}
    remove(removal)
    assert [path.name for path in (tmp_path / "shops").iterdir()] == ["other"]
    assert other.password_file.read_text() == "12345678"


MAKES = """
import filelock, sys, time
filelock.FileLock(sys.argv[2] + ".classes-1.lock").acquire()
print("held", flush=True)
time.sleep(600)
"""


def test_what_makes_archives_in_the_background_is_ended_and_what_it_made_goes(tmp_path):
    server = tmp_path / "servers" / "0123456789abcdef"
    server.mkdir(parents=True)
    with subprocess.Popen([sys.executable, "-c", MAKES, MAKER, str(server)], stdout=subprocess.PIPE) as maker:
        assert maker.stdout and maker.stdout.readline() == b"held\n"
        removal = whole_removal(tmp_path)
        refuse_busy(removal)
        (tmp_path / "servers" / f"{server.name}.classes-1").mkdir()  # after the look at what there is
        remove(removal)
        assert maker.poll() is not None
    assert not tmp_path.exists()


def test_a_shop_that_is_not_there_is_named_with_those_that_are(tmp_path):
    shop(tmp_path, "one")
    with pytest.raises(NothingThere, match=r'no shop "none" .* it has one'):
        shop_removal(ShopDirectory.of("none", tmp_path))


def test_a_foreign_folder_is_not_taken_for_a_shop(tmp_path):
    foreign = tmp_path / "shops" / "photos"
    (foreign / "logs").mkdir(parents=True)
    (foreign / "cat.jpg").write_text("miau")
    with pytest.raises(BadInput, match="does not look like a shop"):
        shop_removal(ShopDirectory.of("photos", tmp_path))
    mine = shop(tmp_path)
    removal = whole_removal(tmp_path)
    assert removal.left == (foreign,)
    remove(removal)
    assert not mine.folder.exists()
    assert (foreign / "cat.jpg").read_text() == "miau"


def test_a_link_is_not_followed(tmp_path):
    elsewhere = shop(tmp_path / "elsewhere")
    (tmp_path / "home" / "shops").mkdir(parents=True)
    (tmp_path / "home" / "shops" / "books").symlink_to(elsewhere.folder)
    with pytest.raises(BadInput, match="is a link to"):
        shop_removal(ShopDirectory.of("books", tmp_path / "home"))
    servers = tmp_path / "jars"
    (servers / "0123456789abcdef").mkdir(parents=True)
    (tmp_path / "home" / "servers").symlink_to(servers)
    remove(whole_removal(tmp_path / "home"))
    assert elsewhere.password_file.exists()
    assert (servers / "0123456789abcdef").is_dir()
    assert not (tmp_path / "home" / "servers").is_symlink()


def test_everything_goes_where_nothing_else_lies_there(tmp_path):
    root = tmp_path / "home"
    shop(root)
    for path in ("servers/0123456789abcdef/lib", "records", "report", "models/books", f"shops/{REMOVED}old-1"):
        (root / path).mkdir(parents=True)
    remove(whole_removal(root))
    assert not root.exists()


def test_in_a_folder_shared_with_others_only_what_is_certain_goes(tmp_path):
    shop(tmp_path)
    (tmp_path / "thesis.tex").write_text("\\begin")
    for path in ("models/mine", "records", "servers/0123456789abcdef", "servers/web"):
        (tmp_path / path).mkdir(parents=True)
    removal = whole_removal(tmp_path)
    assert {path.relative_to(tmp_path).as_posix() for path in removal.left} == {
        "thesis.tex",
        "models",
        "records",
        "servers/web",
    }
    remove(removal)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["models", "records", "servers", "thesis.tex"]
    assert [path.name for path in (tmp_path / "servers").iterdir()] == ["web"]


def test_a_home_of_others_alone_is_refused(tmp_path):
    (tmp_path / "thesis.tex").write_text("\\begin")
    with pytest.raises(NothingThere, match="there is nothing to remove"):
        whole_removal(tmp_path)
    with pytest.raises(NothingThere):
        whole_removal(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["load.lock", "shop.lock", "models/walk/.lock", "pipeline/run.lock"])
def test_a_shop_whose_lock_another_command_holds_stays_as_it_is(tmp_path, name):
    home = shop(tmp_path)
    lock = home.folder / name
    lock.parent.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(lock):
        with pytest.raises(BadInput, match="Another command is at work"):
            refuse_busy(shop_removal(home))
        with pytest.raises(BadInput, match="Another command is at work"):
            remove(whole_removal(tmp_path))
        assert home.password_file.exists()
    remove(shop_removal(home))
    assert not home.folder.exists()


def test_a_shop_whose_files_another_process_holds_open_stays(tmp_path):
    home = shop(tmp_path)
    script = "import sys; opened = open(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", script, home.password_file], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        with pytest.raises(BadInput, match=f"process {process.pid}"):
            remove(shop_removal(home))
        process.communicate("")
    remove(shop_removal(home))
    assert shops_of(tmp_path) == []


def test_an_install_in_progress_keeps_the_servers(tmp_path):
    (tmp_path / "servers").mkdir()
    with (
        filelock.FileLock(tmp_path / "servers" / "0123456789abcdef.lock"),
        pytest.raises(BadInput, match="Another command"),
    ):
        remove(whole_removal(tmp_path))


def test_sizes_are_readable():
    assert total([1_500_000, 500_000]) == "2.0 MB"
    assert total([1_234_000_000]) == "1.2 GB"


@pytest.mark.slow
@pytest.mark.server
def test_a_running_server_is_stopped_first(home):
    of = ShopDirectory.of("gone")
    state = start(of, Memory(512, 64)).state
    remove(shop_removal(of))
    assert running(of) is None
    assert not of.folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(state.pid, 0)
