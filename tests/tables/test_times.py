"""Times in shapes that expressions leave over."""

import pandas as pd
import pytest

from kartograph.tables.errors import BadInput
from kartograph.tables.times import TimeRule, doubts, understand


def read(*texts: str) -> list[str | None]:
    """The moments of texts, None for what is no time."""
    result = understand(pd.Series(texts)).set_index("text")["value"]
    return [str(pd.Timestamp(result[text], unit="ms")) if text in result.index else None for text in texts]


def test_weeks_and_days_of_the_year_are_those_of_iso_8601() -> None:
    assert read("2024-W05-3", "2024W053", "2024-W05", "2024-W05-3T10:00:00Z") == [
        *["2024-01-31 00:00:00"] * 2,
        "2024-01-29 00:00:00",  # its Monday
        "2024-01-31 10:00:00",
    ]
    assert read("2024-035", "2024-366", "2020-W53-7") == [
        "2024-02-04 00:00:00",  # 31 + 4
        "2024-12-31 00:00:00",
        "2021-01-03 00:00:00",
    ]


@pytest.mark.parametrize("text", ["2023-366", "2024-000", "2024-367", "2023-W53-1", "2024-W60-1", "2024-W05-8"])
def test_weeks_and_days_that_a_year_does_not_have_are_no_times(text) -> None:
    assert read(text) == [None]


@pytest.mark.parametrize(
    "text",
    [
        *("3. März 2024", "3 mars 2024", "Montag, 3. März 2024", "3 de marzo de 2024", "3-mrt-2024", "3 марта 2024"),
        *("3 marca 2024", "3. maaliskuuta 2024", "3º março 2024"),
    ],
)
def test_months_have_names_of_many_languages(text) -> None:
    assert read(text) == ["2024-03-03 00:00:00"]


def test_months_of_other_languages_stand_beside_clocks() -> None:
    assert read("15 janvier 2024 14:30", "1er mars 2024", "15/août/2024 12:00") == [
        "2024-01-15 14:30:00",
        "2024-03-01 00:00:00",
        "2024-08-15 12:00:00",
    ]


@pytest.mark.parametrize("text", ["3 listopad 2024", "3 lis 2024", "3 mars avril 2024", "3 Foo 2024", "mars"])
def test_a_word_that_is_no_month_or_means_several_leaves_no_time(text) -> None:
    assert read(text) == [None]


def test_programs_write_a_name_behind_an_offset_brackets_around_and_no_blank_between() -> None:
    assert (
        read("2024-01-05 14:30:00 +0200 CEST", "[05/Jan/2024:14:30:00 +0200]", "05JAN2024:12:30:00")
        == ["2024-01-05 12:30:00"] * 3
    )


@pytest.mark.parametrize("text", ["2024-01-05 14:30 +25:00", "2024-01-05 14:30 +01:75", "2024-01-05 14:30 IST"])
def test_an_offset_that_no_zone_has_and_a_name_of_several_zones_leave_no_time(text) -> None:
    assert read(text) == [None]


def test_days_that_contradict_each_other_are_said_to_be_in_doubt() -> None:
    result = understand(pd.Series(["25/12/2024", "12/25/2024", "03/04/2024"])).set_index("text")["remark"]
    assert result["03/04/2024"] == "dates such as 03/04/2024, read with the month first, though others have it second"
    assert result[["25/12/2024", "12/25/2024"]].isna().all()


def test_a_column_of_serial_numbers_may_hold_dates_of_a_workbook() -> None:
    result = understand(pd.Series(["45296.5", "2024-01-05 12:00:00"]), TimeRule(format="excel"))
    assert result["value"].nunique() == 1


def test_a_word_behind_the_clock_and_an_instant_of_net_are_read() -> None:
    result = read(
        "26.11.2020 10:00 Uhr", "2020-11-26 10:00h", "/Date(1606384800000)/", "\\/Date(1606384800000+0100)\\/"
    )
    assert result == ["2020-11-26 10:00:00"] * 4
    assert read("26.11.2020 Uhr") == [None]


@pytest.mark.parametrize(
    "clock", ["14:30", "14h30", "- 14:30", "à 14:30", "um 14:30 Uhr", "1430", "2:30 PM", "14:30:0", "14:30 MEZ"]
)
def test_the_order_of_day_and_month_holds_whatever_stands_beside(clock) -> None:
    result = understand(pd.Series([f"25/12/2023 {clock}", f"05/01/2024 {clock}"]))
    days = pd.to_datetime(result.set_index("text")["value"], unit="ms").dt.strftime("%d.%m.%Y")
    assert days.to_list() == ["25.12.2023", "05.01.2024"] and result["remark"].isna().all()


def test_days_with_slashes_and_dashes_say_the_order_of_each_other() -> None:
    assert read("25/12/2023", "05-01-2024", "5 / 1 / 2024") == ["2023-12-25 00:00:00", *["2024-01-05 00:00:00"] * 2]


@pytest.mark.parametrize("text", ["5. 1. 2024", "05. 01. 2024", "5.1.2024"])
def test_dots_stand_behind_the_day_first(text) -> None:
    assert read(text) == ["2024-01-05 00:00:00"]


@pytest.mark.parametrize("text", ["05/01/2024;10:30", "24 Jan 5", "05/01/2024 10:30.5", "2024-01-05 14:30 foo"])
def test_what_has_to_be_guessed_or_leaves_a_word_over_is_no_time(text) -> None:
    assert read(text) == [None]


@pytest.mark.parametrize("sign", ["-", "/", "."])
def test_years_of_two_digits_may_come_first(sign) -> None:
    assert read(*(f"24{sign}01{sign}{day}" for day in ("05", "30", "31"))) == [
        "2024-01-05 00:00:00",
        "2024-01-30 00:00:00",
        "2024-01-31 00:00:00",
    ]
    assert read(f"31{sign}12{sign}23", f"05{sign}01{sign}23") == ["2023-12-31 00:00:00", "2023-01-05 00:00:00"]


def test_a_day_that_could_be_a_year_is_said_to_be_in_doubt() -> None:
    [[result, remark]] = understand(pd.Series(["13-01-12"]))[["value", "remark"]].to_numpy().tolist()
    assert pd.Timestamp(result, unit="ms") == pd.Timestamp("2012-01-13")
    assert remark == "dates such as 13-01-12, read with the year last"


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("1.70447E+12", 1_704_470_000_000),
        ("1,7E+09", 1_700_000_000_000),
        ("1.7044700e+12", 1_704_470_000_000),
        ("1.704470E+09", 1_704_470_000_000),
    ],
)
def test_numbers_that_a_spreadsheet_has_shortened_are_said_to_be_so(text, milliseconds) -> None:
    [[result, remark]] = understand(pd.Series([text]))[["value", "remark"]].to_numpy().tolist()
    assert (result, remark) == (
        milliseconds,
        "times such as 1.70447E+12, whose last digits a spreadsheet may have dropped",
    )


@pytest.mark.parametrize(
    "text", ["Jan 31, 2024 @ 10:15:30.000", "2024-01-31T10:15:30.000Z[UTC]", "2024-01-31T10:15:30Z[Etc/UTC]"]
)
def test_what_kibana_and_java_write_is_read(text) -> None:
    assert read(text) == ["2024-01-31 10:15:30"]


@pytest.mark.parametrize("pattern", ["%d/%m/%Y %H:%M %p", "%d/%m/%Y %I:%M"])
def test_a_pattern_that_would_lose_the_half_of_the_day_is_refused(pattern) -> None:
    with pytest.raises(BadInput, match="needs both %I"):
        TimeRule(format=pattern)
    assert TimeRule(format="%d/%m/%Y %I:%M %p").format


def test_weekdays_say_whether_day_or_month_comes_first() -> None:
    day_first = understand(pd.Series(["Fri 05/01/2024", "03/02/2024"]))
    assert read("Fri 05/01/2024", "03/02/2024") == ["2024-01-05 00:00:00", "2024-02-03 00:00:00"]
    assert day_first["remark"].isna().all()
    assert read("Wednesday, 05/01/2024 10:15") == ["2024-05-01 10:15:00"]
    # Of this one either order is a Saturday, and of the next none is a Monday.
    assert read("Sat 06/01/2024") == ["2024-06-01 00:00:00"]
    assert understand(pd.Series(["Mon 05/01/2024"]))["remark"].to_list() == [
        "dates such as 05/01/2024, read with the month first"
    ]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("٢٠٢٤-٠٣-٠١ ١٥:٠٥", "2024-03-01 15:05"),
        ("２０２４／０３／０１ １５：０５", "2024-03-01 15:05"),
        ("2024/3/1 上午9:05", "2024-03-01 09:05"),
        ("2024年3月1日 下午3:05", "2024-03-01 15:05"),
        ("2024/03/01 午前12:30", "2024-03-01 00:30"),
        ("2024. 3. 1. 오후 3:05:09", "2024-03-01 15:05:09"),
    ],
)
def test_digits_of_other_scripts_and_halves_of_the_day_before_a_clock_are_read(text, moment):
    [value] = understand(pd.Series([text]))["value"]
    assert pd.Timestamp(value, unit="ms") == pd.Timestamp(moment)


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["2567-05-01 10:00", "01/02/2566"], "Buddhist (Thai) calendar they would be about 2023 to 2024"),  # less 543
        (["25670501", "25661231"], "Buddhist (Thai) calendar they would be about 2023 to 2024"),
        (["1402/05/01", "1403/01/01"], "Persian (solar Hijri) calendar they would be about 2023 to 2024"),  # and 621
        (["1445-01-01", "1445-12-01"], "Islamic (lunar Hijri) calendar they would be about 2023 to 2023"),
        (["1919-05-01", "1920-01-01"], "Say how they are written with --time-format"),
        (["2567-05-01", "1402-05-01"], "Say how they are written with --time-format"),
    ],
)
def test_years_of_another_calendar_are_named(texts, words):
    # The lunar year 1445 has 1445 - 1421 = 24 years since April 2000: 24 * 354.367 / 365.2425 = 23.3 of the sun.
    assert words in doubts(texts, "time", TimeRule())
