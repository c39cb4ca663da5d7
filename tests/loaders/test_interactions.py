"""Tests of reading any table of interactions, and of guessing its columns."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kartograph.loaders.guess import guess_columns
from kartograph.loaders.interactions import InteractionOptions, read
from kartograph.tables.describe import describe
from kartograph.tables.errors import BadInput


@pytest.fixture
def options(tmp_path):
    return lambda **more: InteractionOptions(rejects=tmp_path / "rejects.csv", **more)


def events(source):
    return source.interactions.order_by("user_id", "item_id", "timestamp").to_pyarrow().to_pylist()


def test_usual_names_are_guessed_and_what_is_said_goes_first():
    columns = ("VisitorId", "product-id", "Event_Type", "created at", "when")
    assert guess_columns(columns, {}) == {
        "user": "VisitorId",
        "item": "product-id",
        "event": "Event_Type",
        "time": "created at",
    }
    assert guess_columns(columns, {"time": "when"})["time"] == "when"
    assert "user" not in guess_columns(("user", "item"), {"item": "user"})


def test_seconds_milliseconds_and_iso_times_come_out_as_milliseconds(tmp_path, options):
    path = tmp_path / "clicks.csv"
    path.write_text(
        "user,item,time\n"
        "u,a,1430623510\n"
        "u,b,1430623510123\n"
        "u,c,2015-05-03T03:25:10Z\n"
        "u,d,2015-05-03 05:25:10.5+02:00\n"
        "u,e,1430623510.25\n"
        "u,f,2015-05\n"
        "u,g,2015\n"
        "u,h,2015-05-02 22:55:10.999-0430\n"
        "u,i,2015-05-03 03:25:10 UTC\n"
    )
    found = {row["item_id"]: row["timestamp"] for row in events(read(path, options()))}
    assert found == {
        "a": 1_430_623_510_000,
        "b": 1_430_623_510_123,
        "c": 1_430_623_510_000,
        "d": 1_430_623_510_500,
        "e": 1_430_623_510_250,
        "f": 1_430_438_400_000,  # the first of May
        "g": 1_420_070_400_000,  # New Year
        "h": 1_430_623_510_999,
        "i": 1_430_623_510_000,
    }


def test_without_a_column_of_events_all_are_views(tmp_path, options):
    path = tmp_path / "pairs.csv"
    path.write_text("user_id,item_id\nu,i\n")
    source = read(path, options())
    assert events(source) == [
        {
            "user_id": "u",
            "item_id": "i",
            "event": "view",
            "timestamp": None,
            "session_id": None,
            "position": None,
            "part": 0,
        }
    ]
    assert source.report.columns == {"user": "user_id", "item": "item_id"}


def test_parquet_reads_like_csv(tmp_path, options):
    path = tmp_path / "clicks.parquet"
    pq.write_table(pa.table({"who": [1, 2], "sku": ["a", "b"], "action": ["Click", "PURCHASE"]}), path)
    source = read(path, options(user="who"))
    assert [(row["user_id"], row["item_id"], row["event"]) for row in events(source)] == [
        ("1", "a", "view"),
        ("2", "b", "buy"),
    ]


def test_a_row_may_lack_user_or_session_but_not_both(tmp_path, options):
    path = tmp_path / "clicks.csv"
    path.write_text("user,session,item\nu,,i\n,s,i\nu,s,i\n" + "u,s,j\n" * 20 + ",,i\n")
    report = read(path, options()).report
    assert report.rejected == {"no user and no session": 1}


def test_a_file_without_items_or_without_anybody_says_which_option_helps(tmp_path, options):
    path = tmp_path / "odd.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(BadInput, match=r"usual name for items; its columns are 'a', 'b'. Name it with"):
        read(path, options())
    with pytest.raises(BadInput, match=r"users or sessions; .* Name one of them with --user or --session"):
        read(path, options(item="b"))


def test_a_column_that_is_not_there_is_named_with_the_nearest(tmp_path, options):
    path = tmp_path / "clicks.csv"
    path.write_text("user,item\nu,i\n")
    with pytest.raises(BadInput, match=r"has no column 'usr' \(did you mean 'user'\?\)"):
        read(path, options(user="usr"))


def test_the_data_report_counts_missing_values_and_duplicates(tmp_path, options):
    path = tmp_path / "clicks.csv"
    path.write_text("user,session,item,event,time\nu,s,i,view,1430623510\nu,t,i,view,1430623510\n,s,i,buy,1430623520\n")
    data = describe(read(path, options()))
    assert data["rows"] == 3
    assert data["users"] == 1
    assert data["events"] == {"buy": 1, "view": 2}
    assert data["missing"] == {"user_id": 1, "timestamp": 0, "session_id": 0}
    assert data["duplicates"] == 1
    assert (data["first"], data["last"]) == (1_430_623_510_000, 1_430_623_520_000)


@pytest.mark.parametrize(
    ("file", "rows"), [("retailrocket/buyers.csv.gz", 97_381), ("retailrocket/visitor_item_weights.csv.gz", 450_427)]
)
def test_the_real_files_read_whole(real_data, options, file, rows):
    report = read(real_data / file, options()).report
    assert (report.rows, report.rejected) == (rows, {})
