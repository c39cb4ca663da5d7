"""Tests of the ids of interactions: which stay as they are, which are nobody's, which are damaged."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kartograph.loaders.interactions import read
from kartograph.tables.errors import BadInput


def events(source):
    return source.interactions.order_by("user_id", "item_id", "timestamp").to_pyarrow().to_pylist()


def test_ids_with_blanks_around_them_stay_and_are_counted(tmp_path, options):
    path = tmp_path / "clicks.csv"
    path.write_text("user, item\nu, i\nv, j\n")
    source = read(path, options())
    assert [row["item_id"] for row in events(source)] == [" i", " j"]
    assert source.report.notes["rows whose item has blanks around it, as ' i': --repair-ids takes them off"] == 2
    assert [row["item_id"] for row in events(read(path, options(repair_ids=True)))] == ["i", "j"]


def test_session_minus_one_is_none(tmp_path, options):
    path = tmp_path / "events.csv"
    path.write_text("user,item,time,session_id\nu,i,1700000000,-1\nv,i,1700000000,-1\nv,j,1700000000,7\n")
    assert [row["session_id"] for row in events(read(path, options()))] == [None, None, "7"]


@pytest.mark.parametrize(("column", "value"), [("user", 2**24 + 1), ("item", 2**24), ("time", 1_700_000_000)])
def test_ids_and_times_as_floats_of_32_bits_that_have_lost_digits_are_refused(tmp_path, options, column, value):
    told = {"user": [1, 2], "item": [1, 2], "time": [1_700_000_000, 1_700_000_060]} | {column: [1, value]}
    path = tmp_path / "clicks.parquet"
    pq.write_table(pa.table(told | {column: np.array(told[column], dtype=np.float32)}), path)
    with pytest.raises(BadInput, match=f"column '{column}' holds floats of 32 bits .* int64 or as text"):
        read(path, options())


def test_small_ids_as_floats_of_32_bits_load(tmp_path, options):
    path = tmp_path / "clicks.parquet"
    pq.write_table(pa.table({"user": pa.array([1, 2**24 - 1], pa.float32()), "item": ["a", "b"]}), path)
    assert len(events(read(path, options()))) == 2


def test_guests_of_a_dash_a_question_mark_or_the_uuid_of_zeros_are_nobody(tmp_path, options):
    path = tmp_path / "clicks.csv"
    guests = ("-", " ? ", "00000000-0000-0000-0000-000000000000")
    path.write_text("user,session,item\n" + "".join(f"{user},s,i\n" for user in (*guests, "u")))
    assert sorted(row["user_id"] or "nobody" for row in events(read(path, options()))) == ["nobody"] * 3 + ["u"]


@pytest.mark.parametrize(("others", "told"), [(19, 1), (18, 0)])
def test_many_events_of_one_item_make_one_doubt_its_column(tmp_path, options, others, told):
    path = tmp_path / "apps.csv"
    path.write_text("user_id,app_id\nu,shop\n" + "".join(f"u{place},shop\n" for place in range(others)))
    remarks = [
        words for words in read(path, options()).report.remarks if words.startswith("all events are of one item")
    ]
    assert len(remarks) == told
