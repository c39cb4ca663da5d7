"""Values survive the way through an import file, and the importer is told of line breaks."""

import csv
from pathlib import Path

import ibis
import pytest
from ibis.util import gen_name

from kartograph.graph.bulk.csv import Written, write_csv, write_node


def table(engine: ibis.BaseBackend, *values: str | None) -> ibis.Table:
    rows = [{":ID": number, "text": value} for number, value in enumerate(values)]
    given = ibis.memtable(rows, schema={":ID": "int64", "text": "string"})
    return engine.create_table(gen_name("texts"), given)


@pytest.fixture(scope="module")
def engine() -> ibis.BaseBackend:
    return ibis.duckdb.connect()


def lines(written: Written) -> list[list[str]]:
    with written.path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_null_is_an_empty_field_and_the_empty_string_a_quoted_one(engine: ibis.BaseBackend, tmp_path: Path) -> None:
    written = write_csv(table(engine, None, ""), tmp_path / "t.csv")
    assert written.path.read_text() == ':ID,text\n0,\n1,""\n'
    assert written.rows == 2


def test_quotes_commas_emoji_and_blanks_come_back_as_they_were(engine: ibis.BaseBackend, tmp_path: Path) -> None:
    values = ["'; MATCH (n) DETACH DELETE n //", 'say "hi"', "a,b", "\\", " both ends ", "🛒é漢", "x" * 10_000, "\t"]
    written = write_csv(table(engine, *values), tmp_path / "t.csv")
    assert [row[1] for row in lines(written)[1:]] == values
    assert not written.multiline


@pytest.mark.parametrize("value", ["two\nlines", "carriage\rreturn", "both\r\n"])
def test_a_line_break_inside_a_value_makes_the_file_multiline(value, engine: ibis.BaseBackend, tmp_path: Path) -> None:
    written = write_csv(table(engine, "plain", value), tmp_path / "t.csv")
    assert written.multiline
    assert lines(written)[2][1] == value


def test_a_path_with_quotes_in_it_is_written_to(engine: ibis.BaseBackend, tmp_path: Path) -> None:
    folder = tmp_path / 'o\'neil "shop"'
    folder.mkdir()
    assert write_csv(table(engine, "a"), folder / "t.csv").path.read_text() == ":ID,text\n0,a\n"


def test_a_single_node_leaves_out_what_is_null(tmp_path: Path) -> None:
    written = write_node(tmp_path / "load.csv", 7, {"id": 'a "b"', "sha256": None, "rows:long": 3})
    assert written.path.read_text() == '":ID","id","rows:long"\n7,"a ""b""",3\n'
