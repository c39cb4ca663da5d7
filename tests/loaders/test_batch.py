"""Tests of running loaders unattended: exit codes, log file, one at a time."""

import json
import subprocess
import sys

import pytest

from kartograph.graph.managed.generations import only_builder
from kartograph.graph.managed.home import Home
from kartograph.loaders.batch import Batch
from kartograph.loaders.interactions import InteractionOptions
from kartograph.loaders.options import ReadOptions
from kartograph.loaders.sessions import NAME, read
from kartograph.tables.errors import BadInput


@pytest.fixture
def batch(tmp_path, monkeypatch):
    monkeypatch.setenv("KARTOGRAPH_HOME", str(tmp_path / "home"))
    return Batch(NAME, "Load sessions.", read, ReadOptions)


@pytest.fixture
def clicks(tmp_path):
    path = tmp_path / "clicks.csv"
    path.write_text("session_id,position,item_id\ns,0,a\n,1,b\n")
    return path


def test_a_dry_run_prints_json_logs_and_ends_as_the_load_would(batch, clicks, capsys):
    assert batch.main([str(clicks), "--dry-run", "--max-rejects", "1"]) == 0
    assert "verdict: this would be loaded" in capsys.readouterr().out
    assert batch.main([str(clicks), "--dry-run", "--json"]) == 1
    summary = json.loads(capsys.readouterr().out)
    assert (summary["rows"], summary["good"], summary["rejected"]) == (2, 1, {"no session_id": 1})
    folder = Home.of("shop").folder / "loads"
    assert summary["rejects_file"] == str(folder / "sessions-rejects.csv")
    log = (folder / "sessions.log").read_text()
    assert "INFO began with" in log
    assert "INFO done: " in log


def test_the_log_grows_from_run_to_run(batch, clicks, tmp_path):
    log = tmp_path / "own.log"
    for _ in range(2):
        assert batch.main([str(clicks), "--dry-run", "--max-rejects", "1", "--log", str(log)]) == 0
    assert log.read_text().count("INFO began with") == 2


def test_too_many_bad_rows_end_with_1_and_stand_in_the_log(batch, clicks, tmp_path, capsys):
    log = tmp_path / "own.log"
    assert batch.main([str(clicks), "--max-rejects", "0", "--log", str(log)]) == 1
    assert "1 of 2 rows of clicks are bad, allowed are 0 rows" in capsys.readouterr().err
    assert "ERROR 1 of 2 rows of clicks are bad" in log.read_text()


def test_a_failure_that_nobody_foresaw_ends_with_1_and_its_trace_stands_in_the_log(tmp_path, clicks, capsys):
    def broken(path, options, progress):
        raise RuntimeError("no such luck")

    log = tmp_path / "own.log"
    assert Batch("broken", "", broken, InteractionOptions).main([str(clicks), "--dry-run", "--log", str(log)]) == 1
    assert "no such luck" in capsys.readouterr().err
    assert "Traceback" in log.read_text()


def test_wrong_usage_ends_with_2(batch):
    with pytest.raises(SystemExit) as caught:
        batch.main(["--no-such-option"])
    assert caught.value.code == 2


def test_a_second_load_into_the_same_shop_is_refused_and_another_shop_is_not(batch, clicks, capsys):
    with only_builder(Home.of("shop"), "load"):
        with (
            pytest.raises(BadInput, match='Another load is at work on the shop "shop"\\.'),
            only_builder(Home.of("shop"), "load"),
        ):
            pass
        assert batch.main([str(clicks), "--max-rejects", "50%"]) == 1
        assert "Another load is at work" in capsys.readouterr().err
        with only_builder(Home.of("other"), "load"):
            pass
    with only_builder(Home.of("shop"), "load"):
        pass


def test_the_lock_goes_with_the_process_that_held_it(batch):
    held = (
        "import os\n"
        "from kartograph.graph.managed.home import Home\n"
        "from kartograph.graph.managed.generations import only_builder\n"
        "with only_builder(Home.of('shop'), 'load'): os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", held], check=False).returncode == 9
    with only_builder(Home.of("shop"), "load"):
        pass


@pytest.mark.parametrize("name", ["retailrocket", "rees46", "interactions", "sessions"])
def test_every_loader_runs_as_a_module(name, tmp_path):
    ran = subprocess.run(
        [sys.executable, "-m", f"kartograph.loaders.{name}", "--help"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert "--max-rejects" in ran.stdout
