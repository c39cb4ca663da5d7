"""Tests of reading any table of interactions, and of guessing its columns."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kartograph.loaders.interactions import read
from kartograph.tables.describe import describe
from kartograph.tables.errors import BadInput
from kartograph.tables.rejects import RejectLimit

VIEWS = "rows that count as views, for no column says the event (--event names it, --default-event buy says all)"
"""What a file without a column of events is told."""


def events(source):
    return source.interactions.order_by("user_id", "item_id", "timestamp").to_pyarrow().to_pylist()


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


def times(path, content, options):
    path.write_text("user,item,time\n" + "".join(f"u,{place},{text}\n" for place, text in enumerate(content)))
    source = read(path, options)
    got = {int(row["item_id"]): row["timestamp"] for row in source.interactions.to_pyarrow().to_pylist()}
    return [got.get(place) for place in range(len(content))], source.report


def at(text: str) -> int:
    """Milliseconds of a moment in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2024-03-30 02:30:00 PM", "2024-03-30T14:30"),
        ("2024-03-30 11:05 PM", "2024-03-30T23:05"),
        ("2024-03-30 12:00 a.m.", "2024-03-30T00:00"),
        ("2024-03-30 02:30:00 CEST", "2024-03-30T00:30"),
        ("2024-03-30 23:30 UTC-2", "2024-03-31T01:30"),
        ("2024-01-30 02:30:00 America/New_York", "2024-01-30T07:30"),
        ("2024-07-30 02:30 PM America/New_York", "2024-07-30T18:30"),
        ("2024-03-30T14:30:00+02:00[Europe/Berlin]", "2024-03-30T12:30"),
        ("Sat Mar 30 2024 02:30:00 GMT+0100 (CET)", "2024-03-30T01:30"),
        ("20240330", "2024-03-30T00:00"),
        ("20240330143000", "2024-03-30T14:30"),
        ("20240330143000000", "2024-03-30T14:30"),
        ("20240330T143000Z", "2024-03-30T14:30"),
        ("30.03.2024 14:30", "2024-03-30T14:30"),
        ("3/30/2024 2:30 PM", "2024-03-30T14:30"),
        ("30/Mar/2024:14:30:00 +0200", "2024-03-30T12:30"),
        ('"Sat, 30 Mar 2024 14:30:00 GMT"', "2024-03-30T14:30"),
        ('"March 30th, 2024 at 2:30 p.m."', "2024-03-30T14:30"),
        ("1711809000000000", "2024-03-30T14:30"),
        ("Sat Mar 30 14:30:00 CET 2024", "2024-03-30T13:30"),
        ("Sat Mar 30 14:30:00 +0000 2024", "2024-03-30T14:30"),
    ],
)
def test_a_time_in_a_usual_shape_is_understood_whole(tmp_path, options, text, utc):
    assert times(tmp_path / "clicks.csv", [text], options())[0] == [at(utc)]


def test_what_is_no_time_or_only_a_part_of_one_is_a_reject(tmp_path, options):
    words = ["banana", "epoch", "infinity", "now", "2024-03-30 02:30 banana", "2024-02-30", "12:30", "May", "1.1.1",
             "2024-03-30 13:00 PM", "2024-03-30 25:00", "2024-03-30 12:30 IST"]  # fmt: skip
    found, report = times(tmp_path / "clicks.csv", ["2024-03-30", *words], options(limit=RejectLimit(share=1)))
    assert found == [at("2024-03-30"), *[None] * len(words)]
    assert report.rejected == {"time is no time: write it as 2024-03-05 14:30 or say its format": len(words)}


def test_dates_that_show_that_the_day_comes_first_decide_for_the_others(tmp_path, options):
    found, report = times(tmp_path / "a.csv", ["03/04/2024", "30/04/2024 10:00"], options())
    assert (found, report.notes) == ([at("2024-04-03"), at("2024-04-30T10:00")], {VIEWS: 2})
    found, report = times(tmp_path / "b.csv", ["03/04/2024", "05/06/2024"], options())
    assert found == [at("2024-03-04"), at("2024-05-06")]
    assert report.notes == {"dates such as 03/04/2024, read with the month first": 2, VIEWS: 2}
    found, _ = times(tmp_path / "b.csv", ["03/04/2024", "05/06/2024"], options(time_format="%d/%m/%Y"))
    assert found == [at("2024-04-03"), at("2024-06-05")]


def test_local_times_are_read_in_the_zone_that_is_said_and_clock_changes_are_told(tmp_path, options):
    texts = [
        "2024-07-01 12:00",
        "2024-03-31 02:30:00",
        "2024-10-27 02:30",
        "20240701",
        "2024-07-01 12:00:00Z",
        "1719835200",
    ]
    found, report = times(tmp_path / "clicks.csv", texts, options(timezone="Europe/Berlin"))
    assert found == [
        at("2024-07-01T10:00"), at("2024-03-31T01:00"), at("2024-10-27T00:30"), at("2024-06-30T22:00"),
        at("2024-07-01T12:00"), at("2024-07-01T12:00"),
    ]  # fmt: skip
    assert report.notes == {
        "times that a clock change of Europe/Berlin skips, read as the first moment after it": 1,
        "times that come twice at a clock change of Europe/Berlin, read as the first": 1,
        VIEWS: len(texts),
    }
    assert times(tmp_path / "clicks.csv", texts[:1], options(timezone="+05:30"))[0] == [at("2024-07-01T06:30")]
    with pytest.raises(BadInput, match=r"'Europe/Berln' is no time zone. .* near are Europe/Berlin"):
        read(tmp_path / "clicks.csv", options(timezone="Europe/Berln"))


@pytest.mark.parametrize(
    ("form", "text"),
    [("excel", "43739.5"), ("epoch-s", "1569931200"), ("epoch-ms", "1569931200000"), ("epoch-us", "1569931200000000"),
     ("epoch-ns", "1569931200000000000"), ("%Y%j %H", "2019274 12"), ("%d.%m.%y %H:%M %z", "01.10.19 14:00 +0200")],
)  # fmt: skip
def test_a_format_that_is_said_holds_alone(tmp_path, options, form, text):
    said = options(time_format=form, limit=RejectLimit(share=1))
    assert times(tmp_path / "clicks.csv", [text, "1 October 2019"], said)[0] == [at("2019-10-01T12:00"), None]


def test_times_of_which_most_are_implausible_stop_the_load_and_the_likely_unit_is_named(tmp_path, options):
    path = tmp_path / "clicks.csv"
    with pytest.raises(
        BadInput, match=r"in 2 of 2 rows .* As excel they would be 2019-10-01 12:00 to 2019-10-02 06:00"
    ):
        times(path, ["43739.5", "43740.25"], options())
    with pytest.raises(BadInput, match="say --time-format epoch-s"):
        times(path, ["1569931200"], options(time_format="epoch-ms"))
    with pytest.raises(BadInput, match="with --time-format, or the first plausible day with --earliest"):
        times(path, ["1919-11-17"], options())
    assert times(path, ["1919-11-17"], options(earliest="1919"))[0] == [at("1919-11-17")]
    found, report = times(path, ["2019-10-01"] * 20 + ["1970-01-01", "2970-01-01"], options())
    assert (len(found) - found.count(None), report.rejected) == (
        20,
        {"time is before 1995-01-01": 1, "time is after tomorrow": 1},
    )


def test_a_day_and_a_clock_may_stand_in_two_columns(tmp_path, options):
    path = tmp_path / "clicks.csv"
    path.write_text("user,item,date,time\nu,i,2019-10-01,12:30\nu,j,10/2/2019,1:05:10 PM\n")
    source = read(path, options())
    assert [row["timestamp"] for row in events(source)] == [at("2019-10-01T12:30"), at("2019-10-02T13:05:10")]
    assert source.report.columns["date"] == "date"
    path.write_text("user,item,d,t\nu,i,20191001,12:30\n")
    assert events(read(path, options(date="d", time="t")))[0]["timestamp"] == at("2019-10-01T12:30")


def test_ids_with_blanks_around_them_stay_and_are_counted(tmp_path, options):
    path = tmp_path / "clicks.csv"
    path.write_text("user, item\nu, i\nv, j\n")
    source = read(path, options())
    assert [row["item_id"] for row in events(source)] == [" i", " j"]
    assert source.report.notes["rows whose item has blanks around it, as ' i': --repair-ids takes them off"] == 2
    assert [row["item_id"] for row in events(read(path, options(repair_ids=True)))] == ["i", "j"]


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("12,50", 12.5), ("1.234,50 €", 1234.5), ("$1,234.50", 1234.5), ("1,234", 1234), ("12.50 EUR", 12.5),
        ("1.234.567", 1_234_567), ("EUR 5", 5), ("0,99", 0.99), ("1,234,567.5", 1_234_567.5), ("free", None),
    ],
)  # fmt: skip
def test_prices_are_read_with_a_decimal_point_or_comma(tmp_path, options, text, price):
    path = tmp_path / "clicks.csv"
    path.write_text(f"user;item;quantity;price\nu;i;1,5;{text}\n")
    source = read(path, options())
    assert source.items.to_pyarrow().to_pylist()[0]["price"] == price
    assert source.interactions.to_pyarrow().to_pylist()[0]["quantity"] == 1.5


def test_a_table_that_seems_to_have_one_column_asks_for_the_delimiter(tmp_path, options):
    path = tmp_path / "clicks.csv"
    path.write_text("user~item\nu~i\n")
    with pytest.raises(BadInput, match=r"seems to have one column alone, 'user~item'. Say with --delimiter"):
        read(path, options())
    assert len(events(read(path, options(delimiter="~")))) == 1


def test_columns_apart_by_blanks_are_read_and_where_they_are_not_in_line_the_remedy_is_named(tmp_path, options):
    path = tmp_path / "clicks.txt"
    path.write_text(
        "user_id  item_id  timestamp\nu1       a b      2024-01-01 10:00\nu2       c        2024-01-01 11:00\n"
    )
    assert [(one["user_id"], one["item_id"]) for one in events(read(path, options()))] == [("u1", "a b"), ("u2", "c")]
    path.write_text("user_id  item_id\nu1xxxxxxxx a b\nu2       c\n")
    with pytest.raises(BadInput, match=r"with blanks alone between its names.* put a line of dashes below the header"):
        read(path, options())


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
            "quantity": None,
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


@pytest.mark.parametrize(
    ("column", "values"),
    [("items", '"A,B"'), ("items", "A|B"), ("product_ids", '"A, B"'), ("item_id", '"[""A"", ""B""]"'), ("skus", "A;B")],
)
def test_a_column_of_items_that_holds_several_is_refused(tmp_path, options, column, values):
    path = tmp_path / "orders.csv"
    path.write_text(f"user_id,{column}\nu1,A\nu2,{values}\n")
    item = {} if column in ("items", "item_id") else {"item": column}
    with pytest.raises(BadInput, match=f"column '{column}' holds lists or objects, such as .*Write a row"):
        read(path, options(**item))
    path.write_text('user_id,item_id\nu1,"Lamp, red"\nu2,"Rug; blue"\nu3,[bold]\nu4,[/]\n')
    assert [row["item_id"] for row in events(read(path, options()))] == ["Lamp, red", "Rug; blue", "[bold]", "[/]"]


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("item", '{""id"": ""a""}', "column 'item' holds lists or objects"),
        ("properties", '{""product_id"": ""a""}', "no column of items, but JSON in column 'properties'"),
    ],
)
def test_json_in_a_column_is_named_with_the_form_in_which_it_is_read(tmp_path, options, column, value, words):
    path = tmp_path / "events.csv"
    path.write_text(f'user,{column}\nu,"{value}"\n')
    with pytest.raises(BadInput, match=f"{words}.* JSON lines"):
        read(path, options())


def test_objects_by_ids_load_as_events(tmp_path, options):
    path = tmp_path / "export.json"
    path.write_text(
        '{"events": {"-Nx1": {"user": "u1", "item": "a", "ts": 1705312800000},'
        ' "-Nx2": {"user": "u2", "item": "b", "ts": 1705312860000}}}'
    )
    found = [(row["user_id"], row["item_id"], row["timestamp"]) for row in events(read(path, options()))]
    assert found == [("u1", "a", 1705312800000), ("u2", "b", 1705312860000)]


def test_a_column_that_is_not_there_is_named_with_the_nearest(tmp_path, options):
    path = tmp_path / "clicks.csv"
    path.write_text("user,item\nu,i\n")
    with pytest.raises(BadInput, match=r"has no column 'usr' \(did you mean 'user'\?\)"):
        read(path, options(user="usr"))


def test_the_data_report_counts_missing_values_and_duplicates(tmp_path, options):
    path = tmp_path / "clicks.csv"
    path.write_text("user,session,item,event,time\nu,s,i,view,1430623510\nu,s,i,view,1430623510\n,s,i,buy,1430623520\n")
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


def test_a_category_that_is_a_path_lies_below_the_one_before_it(tmp_path, options):
    path = tmp_path / "clicks.csv"
    path.write_text("user,item,category\nu,i,Home>Light > Lamps\nu,j,Home » Light\nu,k,Toys & Games/Cars\n")
    source = read(path, options())
    held = {row["item_id"]: row["category_id"] for row in source.item_categories.to_pyarrow().to_pylist()}
    assert held == {"i": "Home > Light > Lamps", "j": "Home > Light", "k": "Toys & Games/Cars"}
    edges = {tuple(row.values()) for row in source.category_tree.to_pyarrow().to_pylist()}
    assert edges == {("Home > Light > Lamps", "Home > Light"), ("Home > Light", "Home"), ("Home", None)}


def test_other_signs_between_categories_are_said_to_divide_nothing_and_tags_do_not(tmp_path, options):
    path = tmp_path / "views.csv"
    path.write_text(
        "user,item,category_path\nu,i,Home/Light/Lamps\nu,j,Home/Light\nu,k,AC/DC\nu,l,<i>c</i>\nu,m,A >> B\n"
    )
    source = read(path, options())
    held = set(source.item_categories.to_pyarrow()["category_id"].to_pylist())
    assert held == {"Home/Light/Lamps", "Home/Light", "AC/DC", "<i>c</i>", "A > B"}
    words = "categories such as 'Home/Light/Lamps', each one name: write A > B where B lies below A"
    assert source.report.notes[words] == 1


def test_a_column_of_zones_that_is_not_read_is_said_to_be_none(tmp_path, options):
    path = tmp_path / "sales.csv"
    path.write_text("user,item,time,Time Zone\nu,i,2024-01-05 14:30,Eastern Time (US & Canada)\n")
    [words] = [one for one in read(path, options()).report.remarks if "Time Zone" in one]
    assert words.endswith("times without a zone are UTC unless --timezone says one")
    assert not any("Time Zone" in one for one in read(path, options(timezone="America/New_York")).report.remarks)
    path.write_text("user,item,start_time,tz_offset\nu,i,2024-01-05 14:30,+02:00\n")
    assert any("'tz_offset' of zones" in one for one in read(path, options()).report.remarks)


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


def test_names_of_zones_of_several_meanings_are_told_and_read_as_where_the_zone_that_is_said_lies(tmp_path, options):
    path = tmp_path / "clicks.csv"
    found, report = times(path, ["2024-01-31 12:00 CST"], options())
    assert found == [at("2024-01-31T18:00")]
    assert report.notes["times in CST, read as UTC-6: --timezone Asia/Shanghai if they are from there"] == 1
    found, report = times(path, ["2024-01-31 12:00 CST", "2024-01-31 12:00 PST"], options(timezone="Asia/Shanghai"))
    assert found == [at("2024-01-31T04:00")] * 2
    found, _ = times(path, ["2024-01-31 12:00 IST"], options(timezone="Asia/Kolkata"))
    assert found == [at("2024-01-31T06:30")]
    found, _ = times(path, ["2024-01-31 12:00 CST"], options(timezone="Europe/Berlin"))
    assert found == [at("2024-01-31T18:00")]


def test_columns_that_are_named_hold_for_the_table_of_items_too(tmp_path, options):
    (tmp_path / "sales.csv").write_text("Kunde,Nummer\nu,7\n")
    (tmp_path / "wares.csv").write_text("Nummer,Bezeichnung,Preis\n7,Kanne,2.5\n")
    named = {"user": "Kunde", "item": "Nummer", "title": "Bezeichnung", "price": "Preis"}
    source = read(tmp_path / "sales.csv", options(items=str(tmp_path / "wares.csv"), **named))
    [item] = source.items.to_pyarrow().to_pylist()
    assert (item["item_id"], item["title"], item["price"]) == ("7", "Kanne", 2.5)
    wrong = options(items=str(tmp_path / "wares.csv"), **{**named, "brand": "Marke"})
    with pytest.raises(BadInput, match=r"wares\.csv has no column 'Marke'"):
        read(tmp_path / "sales.csv", wrong)
