"""Arrow files, Arrow streams and ORC read like Parquet."""

import io

import pyarrow as pa
import pyarrow.feather as feather
import pytest
from pyarrow import orc

from kartograph.tables.errors import BadInput

TABLE = pa.table({"id": ["1", None, "3"], "title": ["a", "b", "c"]})
ROWS = [("1", "a"), ("3", "c")]


def streamed(table: pa.Table) -> bytes:
    target = io.BytesIO()
    with pa.ipc.new_stream(target, table.schema) as writer:
        writer.write_table(table, max_chunksize=2)
    return target.getvalue()


def written(write, table: pa.Table) -> bytes:
    target = io.BytesIO()
    write(table, target)
    return target.getvalue()


FILES = {
    "feather": written(feather.write_feather, TABLE),
    "arrows": streamed(TABLE),
    "orc": written(orc.write_table, TABLE),
}


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("suffix", ["", ".csv"])
def test_rows_and_rejects_are_those_of_any_table_whatever_the_name(read, kind, suffix):
    rows, bad, _ = read(FILES[kind], f"rows.{kind}{suffix}")
    assert (rows, bad) == (ROWS, [(f"rows.{kind}{suffix}", 2, "no id")])


def test_a_column_of_categories_is_text(read):
    table = pa.table({"id": pa.array(["1", "3"]).dictionary_encode(), "title": ["a", "c"]})
    assert read(streamed(table), "rows.arrows")[0] == ROWS


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_is_cut_off_is_refused_with_its_name(read, kind):
    with pytest.raises(BadInput, match=rf"rows\.{kind} cannot be read as an Arrow file or ORC: .*Write it again"):
        read(FILES[kind][: len(FILES[kind]) * 2 // 3], f"rows.{kind}")


def test_a_feather_file_of_the_first_version_is_named(read):
    with pytest.raises(BadInput, match="is a Feather file of the first version"):
        read(b"FEA1\x00\x00\x00\x00", "rows.feather")


def test_text_that_begins_with_the_letters_of_orc_is_text(read):
    rows, *_ = read(b"id,title\nORC,a\n", "rows.csv")
    assert rows == [("ORC", "a")]
    rows, *_ = read(b"ORC,id,title\nx,1,a\n", "rows.csv")
    assert rows == [("1", "a")]
