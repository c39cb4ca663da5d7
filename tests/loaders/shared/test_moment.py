"""Times whose parts stand in columns of their own."""

import pytest
from tests.loaders.test_interaction_times import at

from kartograph.loaders.interactions import read
from kartograph.tables.errors import BadInput
from kartograph.tables.rejects import RejectLimit


def times(path, header, rows, options):
    path.write_text("\n".join([f"user,item,{header}", *(f"u{place},i,{row}" for place, row in enumerate(rows))]))
    source = read(path, options)
    rows = source.interactions.to_pyarrow().to_pylist()
    return [row["timestamp"] for row in sorted(rows, key=lambda row: row["user_id"])], source.report


@pytest.mark.parametrize(
    ("day", "clock", "written", "read_as"),
    [
        ("date", "hour", ["2024-01-05,9", "2024-01-05,14.0"], ["09:00", "14:00"]),
        ("order_date", "order_hour_of_day", ["2024-01-05,09", "2024-01-05,00"], ["09:00", "00:00"]),
        ("date", "hour", ["2024-01-05,9 AM", "2024-01-05,2pm"], ["09:00", "14:00"]),
        ("date", "time", ["2024-01-05,101500", "2024-01-05,500"], ["10:15", "00:05"]),
        ("date", "time", ["20240105,101500", "20240105,000500"], ["10:15", "00:05"]),
        ("date", "time", ["2024-01-05,1015", "2024-01-05,0005"], ["10:15", "00:05"]),
        ("date", "time", ["2024-01-05,10.15", "2024-01-05,00.05"], ["10:15", "00:05"]),
        ("date", "time", ["2024-01-05,10h15", "2024-01-05,T14:30:00"], ["10:15", "14:30"]),
        ("transaction_date", "time", ["2024-01-05,0.42708", '2024-01-05,"0,5"'], ["10:15", "12:00"]),
        ("date", "time", ["2024-01-05T00:00:00Z,10:15", "1/5/2024 12:00:00 AM,2:30 PM"], ["10:15", "14:30"]),
        ("date", "time", ["2024-01-05T00:00:00+01:00,10:15", "2024-01-05,14:30+02:00"], ["09:15", "12:30"]),
        ("date", "time", ["2024-01-05,1899-12-30T10:15:00.000Z", "2024-01-05,0 days 14:30:00"], ["10:15", "14:30"]),
        ("datetime", "time", ["2024-01-05T09:15:00,11:15", "2024-01-05T14:30:00,16:30"], ["09:15", "14:30"]),
        ("timestamp", "hour", ["1704446100,10", "1704465000,15"], ["09:15", "14:30"]),
    ],
)
def test_days_stand_beside_clocks_of_any_writing(tmp_path, options, day, clock, written, read_as):
    result, _ = times(tmp_path / "clicks.csv", f"{day},{clock}", written, options())
    assert result == [at(f"2024-01-05T{one}") for one in read_as]


@pytest.mark.parametrize(
    ("columns", "row", "time"),
    [
        ("year,month,day", "2024,1,5", "2024-01-05T00:00"),
        ("order_year,order_month,order_day", "24,Jan,05", "2024-01-05T00:00"),
        ("Year,Month,Day,Hour,Minute,Second", "2024.0,1.0,5.0,9.0,5.0,", "2024-01-05T09:05"),
        ("yyyy,mm,dd,hh", "2024,12,31,23", "2024-12-31T23:00"),
        ("year,month,day,time", "2024,1,5,2:30 PM", "2024-01-05T14:30"),
        ("year,month,day,timestamp", "2023,1,5,1704446100", "2024-01-05T09:15"),
    ],
)
def test_years_months_and_days_may_have_columns_of_their_own(tmp_path, options, columns, row, time):
    assert times(tmp_path / "clicks.csv", columns, [row], options())[0] == [at(time)]


def test_a_year_of_birth_is_no_time(tmp_path, options):
    result, _ = times(tmp_path / "users.csv", "birth_year,birth_month,birth_day", ["1984,1,5"], options())
    assert result == [None]


def test_what_is_no_clock_or_no_day_is_a_reject_and_a_row_without_a_clock_is_told(tmp_path, options):
    said = options(limit=RejectLimit(share=1))
    path = tmp_path / "clicks.csv"
    result, report = times(path, "date,hour", ["2024-01-05,9", "2024-01-05,24", "2024-01-05,", "2024-02-30,1"], said)
    assert result == [at("2024-01-05T09:00"), at("2024-01-05")]
    assert report.notes["rows without hour, read as midnight"] == 1
    assert list(report.rejects["value"]) == ["2024-01-05 no clock: 24", "2024-02-30 01:00"]


def test_a_part_of_a_day_among_clocks_is_a_reject(tmp_path, options):
    said = options(limit=RejectLimit(share=1))
    rows = ["2024-01-05,10:15", "2024-01-05,11:15", "2024-01-05,0.42"]
    assert times(tmp_path / "clicks.csv", "date,time", rows, said)[0] == [
        at("2024-01-05T10:15"),
        at("2024-01-05T11:15"),
    ]


def test_seconds_of_staying_beside_a_day_are_no_clocks(tmp_path, options):
    with pytest.raises(BadInput, match=r"the times of time .* lie before 1995"):
        times(tmp_path / "clicks.csv", "date,time", ["2024-01-05,30", "2024-01-05,120"], options())


def test_clocks_without_a_day_ask_for_it(tmp_path, options):
    with pytest.raises(BadInput, match=r"'time' of .* holds times of day, such as '10:15'.* Name it with --date"):
        times(tmp_path / "clicks.csv", "time,length", ["10:15,3"], options())
