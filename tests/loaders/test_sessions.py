"""Tests of reading files of sessions."""

import pytest

from kartograph.loaders.sessions import read
from kartograph.loaders.shared.options import ReadOptions
from kartograph.tables.derived.derive import derive
from kartograph.tables.errors import BadInput


def test_clicks_become_views_in_the_order_of_their_positions(tmp_path):
    path = tmp_path / "clicks.csv"
    path.write_text("session_id,position,item_id\ns,1,b\ns,0,a\nt,0,a\n" + "t,1,c\n" * 20 + "t,first,a\n")
    source = read(path, ReadOptions(rejects=tmp_path / "rejects.csv"))
    assert source.report.rejected == {"position is no whole number": 1}
    rows = derive(source).session_items.order_by("session_id", "position").to_pyarrow().to_pylist()
    assert [row["item_id"] for row in rows if row["session_id"] == "s"] == ["a", "b"]
    assert {row["event"] for row in rows} == {"view"}


def test_what_sessions_know_nothing_of_are_empty_tables_beside_the_events(tmp_path):
    path = tmp_path / "clicks.csv"
    path.write_text("session_id,position,item_id\ns,0,a\n")
    source = read(path, ReadOptions(rejects=tmp_path / "rejects.csv"))
    database = source.interactions.get_backend()
    for table in (source.items, source.item_categories, source.category_tree, source.categories):
        assert table.get_backend() is database
        assert table.count().to_pyarrow().as_py() == 0


def test_a_file_without_positions_is_refused_with_the_loader_that_orders_by_times(tmp_path):
    path = tmp_path / "clicks.csv"
    path.write_text("session_id,timestamp,item_id\ns,2024-01-09,a\n")
    with pytest.raises(BadInput, match=r"no column 'position'.* load interactions`.* by their times\.$"):
        read(path, ReadOptions(rejects=tmp_path / "rejects.csv"))


@pytest.mark.slow
def test_the_real_file_reads_whole(real_data, tmp_path):
    source = read(real_data / "retailrocket" / "session_clicks.csv.gz", ReadOptions(rejects=tmp_path / "rejects.csv"))
    assert (source.report.rows, source.report.rejected) == (685_984, {})
    derive(source)
    assert source.report.counts["sessions"] == 126_168
    assert source.report.counts["items"] == 36_968
