"""Tests of the engine: its tables outlive it, its folder does not outlive them."""

import gc

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


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(BadInput, match=r"No temporary folder can be made in .*nowhere"):
        Engine(EngineOptions(folder=tmp_path / "nowhere"))


def test_the_latest_value_that_is_known_holds_and_of_several_the_greatest():
    rows = [("k", "old", 1), ("k", "a", 2), ("k", "b", 2), ("k", None, 3), ("l", None, 1)]
    found = latest(ibis.memtable(rows, schema=VALUES), "key", "value", "at")
    assert found.to_pyarrow().to_pylist() == [{"key": "k", "value": "b"}]
