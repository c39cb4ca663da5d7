"""Tests of the times of interactions: their shapes, units and zones."""

from datetime import UTC, datetime

import pytest

from kartograph.loaders.interactions import read
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
    result = {row["item_id"]: row["timestamp"] for row in events(read(path, options()))}
    assert result == {
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
        ("2024-03-30 14", "2024-03-30T14:00"),
        ("2024-03-30T14", "2024-03-30T14:00"),
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
    result, report = times(tmp_path / "clicks.csv", ["2024-03-30", *words], options(limit=RejectLimit(share=1)))
    assert result == [at("2024-03-30"), *[None] * len(words)]
    assert report.rejected == {"time is no time: write it as 2024-03-05 14:30 or say its format": len(words)}


def test_dates_that_show_that_the_day_comes_first_decide_for_the_others(tmp_path, options):
    result, report = times(tmp_path / "a.csv", ["03/04/2024", "30/04/2024 10:00"], options())
    assert (result, report.notes) == ([at("2024-04-03"), at("2024-04-30T10:00")], {VIEWS: 2})
    result, report = times(tmp_path / "b.csv", ["03/04/2024", "05/06/2024"], options())
    assert result == [at("2024-03-04"), at("2024-05-06")]
    assert report.notes == {"dates such as 03/04/2024, read with the month first": 2, VIEWS: 2}
    result, _ = times(tmp_path / "b.csv", ["03/04/2024", "05/06/2024"], options(time_format="%d/%m/%Y"))
    assert result == [at("2024-04-03"), at("2024-06-05")]


def test_local_times_are_read_in_the_zone_that_is_said_and_clock_changes_are_told(tmp_path, options):
    texts = [
        "2024-07-01 12:00",
        "2024-03-31 02:30:00",
        "2024-10-27 02:30",
        "20240701",
        "2024-07-01 12:00:00Z",
        "1719835200",
    ]
    result, report = times(tmp_path / "clicks.csv", texts, options(timezone="Europe/Berlin"))
    assert result == [
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


COUNTED = {
    "ticks": "637055280000000000",
    "filetime": "132144048000000000",
    "webkit": "13214404800000000",
    "cocoa": "591624000",
    "julian": "2458758",
    "epoch-days": "18170.5",
}
"""1 October 2019 12:00 UTC in each."""


@pytest.mark.parametrize(
    ("form", "text"),
    [*COUNTED.items(), ("excel", "43739.5"), ("excel-1904", "42277.5"), ("epoch-s", "1569931200"),
     ("epoch-ms", "1569931200000"), ("epoch-us", "1569931200000000"), ("epoch-ns", "1569931200000000000"),
     ("%Y%j %H", "2019274 12"), ("%d.%m.%y %H:%M %z", "01.10.19 14:00 +0200")],
)  # fmt: skip
def test_a_format_that_is_said_holds_alone(tmp_path, options, form, text):
    said = options(time_format=form, limit=RejectLimit(share=1))
    assert times(tmp_path / "clicks.csv", [text, "1 October 2019"], said)[0] == [at("2019-10-01T12:00"), None]


@pytest.mark.slow
def test_times_of_which_most_are_implausible_stop_the_load_and_the_likely_unit_is_named(tmp_path, options):
    path = tmp_path / "clicks.csv"
    with pytest.raises(
        BadInput,
        match=r"in 2 of 2 rows .* They would be as excel 2019-10-01 12:00 to 2019-10-02 06:00, as excel-1904 "
        r"2023-10-02 12:00 to 2023-10-03 06:00: if that is right, say --time-format excel or --time-format excel-1904",
    ):
        times(path, ["43739.5", "43740.25"], options())
    with pytest.raises(BadInput, match="say --time-format epoch-s"):
        times(path, ["1569931200"], options(time_format="epoch-ms"))
    for name, text in COUNTED.items():
        with pytest.raises(BadInput, match=rf"as {name} 2019-10-01 12:00 to .* say --time-format {name}\."):
            times(path, [text], options())
    with pytest.raises(BadInput, match="with --time-format, or the first plausible day with --earliest"):
        times(path, ["1919-11-17"], options())
    assert times(path, ["1919-11-17"], options(earliest="1919"))[0] == [at("1919-11-17")]
    result, report = times(path, ["2019-10-01"] * 20 + ["1970-01-01", "2970-01-01"], options())
    assert (len(result) - result.count(None), report.rejected) == (
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


def test_a_column_of_zones_that_is_not_read_is_said_to_be_none(tmp_path, options):
    path = tmp_path / "sales.csv"
    path.write_text("user,item,time,Time Zone\nu,i,2024-01-05 14:30,Eastern Time (US & Canada)\n")
    [words] = [one for one in read(path, options()).report.remarks if "Time Zone" in one]
    assert words.endswith("times without a zone are UTC unless --timezone says one")
    assert not any("Time Zone" in one for one in read(path, options(timezone="America/New_York")).report.remarks)
    path.write_text("user,item,start_time,tz_offset\nu,i,2024-01-05 14:30,+02:00\n")
    assert any("'tz_offset' of zones" in one for one in read(path, options()).report.remarks)


def test_names_of_zones_of_several_meanings_are_told_and_read_as_where_the_zone_that_is_said_lies(tmp_path, options):
    path = tmp_path / "clicks.csv"
    result, report = times(path, ["2024-01-31 12:00 CST"], options())
    assert result == [at("2024-01-31T18:00")]
    assert report.notes["times in CST, read as UTC-6: --timezone Asia/Shanghai if they are from there"] == 1
    result, report = times(path, ["2024-01-31 12:00 CST", "2024-01-31 12:00 PST"], options(timezone="Asia/Shanghai"))
    assert result == [at("2024-01-31T04:00")] * 2
    result, _ = times(path, ["2024-01-31 12:00 IST"], options(timezone="Asia/Kolkata"))
    assert result == [at("2024-01-31T06:30")]
    result, _ = times(path, ["2024-01-31 12:00 CST"], options(timezone="Europe/Berlin"))
    assert result == [at("2024-01-31T18:00")]


def test_numbers_that_another_count_makes_plausible_too_are_told(tmp_path, options):
    told = times(tmp_path / "clicks.csv", ["700000000", "700086400"], options(earliest="1990"))[1]
    assert told.remarks == [
        "times that are read as seconds since 1970, 1992-03-07 to 1992-03-08 in the first rows; they would be as cocoa "
        "2023-03-08 to 2023-03-09: if that is right, say --time-format cocoa"
    ]
    assert times(tmp_path / "clicks.csv", ["1569931200"], options())[1].remarks == []
