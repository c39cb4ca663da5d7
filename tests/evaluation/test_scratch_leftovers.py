"""Tests of what killed evaluations leave; no server is started."""

import subprocess
import sys

from kartograph.evaluation.scratch import remove_leftovers

HOLDING = """
import sys, time
from pathlib import Path
from kartograph.evaluation.scratch import _held
from kartograph.graph.managed.home import ShopDirectory
home = ShopDirectory(Path(sys.argv[1]), "eval-at-work")
with _held(home):
    home.make()
    print("ready", flush=True)
    time.sleep(600)
"""


def test_the_home_of_a_killed_evaluation_goes_and_that_of_one_at_work_stays(tmp_path):
    (tmp_path / "shops" / "eval-left" / "generations").mkdir(parents=True)
    (tmp_path / "shops" / "shop").mkdir()
    with subprocess.Popen([sys.executable, "-c", HOLDING, str(tmp_path)], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        assert [folder.name for folder in remove_leftovers(tmp_path)] == ["eval-left"]
        assert sorted(folder.name for folder in (tmp_path / "shops").iterdir()) == ["eval-at-work", "shop"]
        other.kill()
    assert [folder.name for folder in remove_leftovers(tmp_path)] == ["eval-at-work"]
    assert [folder.name for folder in (tmp_path / "shops").iterdir()] == ["shop"]


def test_a_root_without_shops_has_no_leftovers(tmp_path):
    assert remove_leftovers(tmp_path) == []
