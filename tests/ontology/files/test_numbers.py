"""The number of a literal: dates as years, durations and times of day in seconds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Literal
from rdflib.namespace import XSD

from kartograph.ontology.files.numbers import literal_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1922", 1922),
        ("-551", -551),
        ("12.5", 12.5),
        ("1e3", 1000),
        ("1922-01-01", 1922),
        ("1922-07", 1922 + 6 / 12),
        ("1922-07-01T10:00:00Z", 1922 + 6 / 12),
        ("1922-07-01 10:00:00", 1922 + 6 / 12),
        ("-0500-01-01", -500),
        ("soon", None),
        ("", None),
        ("1922-xx", None),
        ("1922-13", None),
        ("1923-02-29", None),
        ("1_000", None),
        ("inf", None),
        ("NaN", None),
        ("1e999", None),
        ("12-05", None),
    ],
)
def test_a_plain_literal_is_a_number_or_a_date_as_a_year(text, number):
    assert literal_number(Literal(text)) == number


@pytest.mark.parametrize(
    ("text", "datatype", "number"),
    [
        ("1999", "gYear", 1999),
        ("2001Z", "gYear", 2001),
        ("1957+02:00", "gYear", 1957),
        ("-0044", "gYear", -44),
        ("12000", "gYear", 12_000),
        ("1921-05", "gYearMonth", 1921 + 4 / 12),
        ("1921-05-05:00", "gYearMonth", 1921 + 4 / 12),
        ("-0012-11-29", "date", -12 + 10 / 12 + 28 / 372),
        ("2000-02-29+14:00", "date", 2000 + 1 / 12 + 28 / 372),
        ("1999", "date", 1999),
        ("19990503", "date", None),
        ("1999-02-30", "date", None),
        ("1999-05-03T24:00:00", "dateTime", 1999 + 4 / 12 + 2 / 372),
        ("1999-05-03T23:59:59.999-08:00", "dateTime", 1999 + 4 / 12 + 2 / 372),
        ("1999-05-03T25:00:00", "dateTime", None),
        ("1999-05-03T10:00:00Z", "dateTimeStamp", 1999 + 4 / 12 + 2 / 372),
        ("--05-03", "gMonthDay", None),
        ("--05", "gMonth", None),
        ("---03", "gDay", None),
        ("14:30:00Z", "time", 14.5 * 3600),
        ("14:60:00", "time", None),
        ("PT1H30M", "duration", 90 * 60),
        ("P1DT0.5S", "dayTimeDuration", 86_400.5),
        ("-P1Y2M", "yearMonthDuration", -14 * 2_629_746),
        ("P1M", "duration", 146_097 / 4_800 * 86_400),
        ("P", "duration", None),
        ("PT", "duration", None),
    ],
)
def test_every_type_of_dates_and_durations_has_a_number_or_none(text, datatype, number):
    assert literal_number(Literal(text, datatype=XSD[datatype], normalize=False)) == pytest.approx(number)


@given(st.dates(), st.dates())
def test_later_dates_have_larger_numbers(one, other):
    first, second = (literal_number(Literal(str(day), datatype=XSD.date)) for day in (one, other))
    assert first is not None and second is not None
    assert (first < second) == (one < other)


@given(st.text(max_size=12))
def test_no_text_is_a_traceback(text):
    assert literal_number(Literal(text)) is None or float(text.strip()[:4]) is not None
