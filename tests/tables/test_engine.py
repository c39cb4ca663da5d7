"""Tests of the engine: its tables outlive it, its folder does not outlive them."""

import gc
import subprocess
import sys

import ibis
import pytest

from kartograph.tables.engine import Engine, EngineOptions, count_rows, latest
from kartograph.tables.errors import BadInput

VALUES = ibis.schema({"key": "string", "value": "string", "at": "int64"})


def test_a_stored_table_keeps_its_engine_alive_and_the_folder_goes_with_it():
    engine = Engine()
    folder = engine.folder
    table = engine.store("rows", ibis.memtable([("a", "b", 1)], schema=VALUES))
    del engine
    gc.collect()
    assert count_rows(table) == 1
    table.get_backend().disconnect()
    del table
    gc.collect()
    assert not folder.exists()


def test_closing_removes_the_folder():
    with Engine() as engine:
        assert engine.folder.is_dir()
    assert not engine.folder.exists()


def test_what_a_killed_process_left_goes_with_the_next_engine_and_what_is_in_use_stays(tmp_path):
    made = (
        "import os, sys\nfrom pathlib import Path\nfrom kartograph.tables.engine import Engine, EngineOptions\n"
        "held = Engine(EngineOptions(folder=Path(sys.argv[1])))\nos._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", made, str(tmp_path)], check=False).returncode == 9
    [left] = tmp_path.iterdir()
    with Engine(EngineOptions(folder=tmp_path)) as first, Engine(EngineOptions(folder=tmp_path)) as second:
        assert set(tmp_path.iterdir()) == {first.folder, second.folder}
        assert left not in tmp_path.iterdir()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(BadInput, match=r"No temporary folder can be made in .*nowhere"):
        Engine(EngineOptions(folder=tmp_path / "nowhere"))


def test_the_latest_value_that_is_known_holds_and_of_several_the_greatest():
    rows = [("k", "old", 1), ("k", "a", 2), ("k", "b", 2), ("k", None, 3), ("l", None, 1)]
    result = latest(ibis.memtable(rows, schema=VALUES), "key", "value", "at")
    assert result.to_pyarrow().to_pylist() == [{"key": "k", "value": "b", "value_at": 2}]


@pytest.mark.parametrize("memory", ["nan", "inf", "-1GB", "0GB", "3", "3 apples", ""])
def test_memory_that_is_no_size_is_refused(memory):
    with pytest.raises(BadInput, match=r"The memory of the tables is .*; write it as 500MB or 3GB"):
        EngineOptions(memory=memory)


@pytest.mark.parametrize("threads", [0, -1, 99_999_999_999])
def test_no_more_threads_are_started_than_a_machine_bears(threads):
    with pytest.raises(BadInput, match=f"The tables have {threads} threads; give 1 or more, at most 1,024"):
        EngineOptions(threads=threads)


def test_long_work_draws_nothing_among_the_results():
    with Engine() as engine:
        [(drawn,)] = engine.backend.raw_sql("SELECT current_setting('enable_progress_bar')").fetchall()
    assert not drawn
