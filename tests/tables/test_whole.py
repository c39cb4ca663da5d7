"""Tests of files that appear whole: under any umask, in the face of others that write them, and of a kill."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kartograph.tables import whole
from kartograph.tables.whole import PRIVATE, whole_file, write_whole


@pytest.fixture(params=["nameless", "beside"], autouse=True)
def way(request, monkeypatch):
    """Both ways: through a file without a name, and through one beside, as on systems that lack the former."""
    if request.param == "beside":
        monkeypatch.setattr(whole, "_nameless", lambda folder, mode: None)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_appears_when_the_block_ends(tmp_path):
    with whole_file(tmp_path / "a") as file:
        file.write(b"half")
        assert not (tmp_path / "a").exists()
    assert (tmp_path / "a").read_bytes() == b"half"
    write_whole(tmp_path / "a", "whole")
    assert (tmp_path / "a").read_text() == "whole"
    assert names(tmp_path) == ["a"]


def test_a_block_that_raises_leaves_the_former_file_and_nothing_beside_it(tmp_path):
    write_whole(tmp_path / "a", "former")
    with pytest.raises(KeyboardInterrupt), whole_file(tmp_path / "a") as file:
        file.write(b"half")
        raise KeyboardInterrupt
    assert (tmp_path / "a").read_text() == "former"
    assert names(tmp_path) == ["a"]


def test_an_existing_file_stays_unless_it_may_be_replaced(tmp_path):
    write_whole(tmp_path / "a", "former")
    with pytest.raises(FileExistsError):
        write_whole(tmp_path / "a", "new", overwrite=False)
    assert (tmp_path / "a").read_text() == "former"
    assert names(tmp_path) == ["a"]


def test_of_many_that_make_one_file_at_once_exactly_one_does(tmp_path):
    def make(number: int) -> bool:
        try:
            write_whole(tmp_path / "a", str(number), overwrite=False)
        except FileExistsError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(make, range(40)))
    assert made.count(True) == 1
    assert (tmp_path / "a").read_text() == str(made.index(True))
    assert names(tmp_path) == ["a"]


@pytest.mark.parametrize(("umask", "shared"), [(0, 0o666), (0o022, 0o644), (0o077, 0o600)])
def test_a_private_file_is_its_owners_alone_under_any_umask(tmp_path, umask, shared):
    before = os.umask(umask)
    try:
        write_whole(tmp_path / "private", "", PRIVATE)
        write_whole(tmp_path / "shared", "")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "private").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "shared").stat().st_mode) == shared


def test_a_link_stays_a_link(tmp_path):
    write_whole(tmp_path / "a", "former")
    (tmp_path / "link").symlink_to("a")
    write_whole(tmp_path / "link", "new")
    assert (tmp_path / "a").read_text() == "new"
    assert (tmp_path / "link").is_symlink()


def test_a_pipe_is_written_to_and_not_replaced():
    program = "from pathlib import Path; from kartograph.tables.whole import write_whole; "
    program += "write_whole(Path('/dev/stdout'), 'told')"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert told.stdout == b"told"
    assert Path("/dev/stdout").is_symlink()


def test_a_folder_that_is_not_there_is_an_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "nowhere" / "a", "")


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="only Linux has files without a name")
def test_a_kill_leaves_nothing(tmp_path):
    program = f"""
import os, signal
from pathlib import Path
from kartograph.tables.whole import whole_file
with whole_file(Path({str(tmp_path / "a")!r})) as file:
    file.write(bytes(1_000_000))
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""
    assert subprocess.run([sys.executable, "-c", program]).returncode == -9
    assert names(tmp_path) == []


def test_a_private_folder_and_what_was_missing_above_it_are_its_owners_alone(tmp_path):
    from kartograph.tables.whole import make_private

    tmp_path.chmod(0o755)
    make_private(tmp_path / "shop" / "loads")
    make_private(tmp_path / "shop" / "loads")
    modes = [path.stat().st_mode & 0o777 for path in (tmp_path, tmp_path / "shop", tmp_path / "shop" / "loads")]
    assert modes == [0o755, 0o700, 0o700]
