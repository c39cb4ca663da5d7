"""Times of log lines in all notations."""

import pytest

from kartograph.loaders.access_log.times import strptime, time_of

AT = 1455944446_000  # 2016-02-20 05:00:46 UTC


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("20/Feb/2016:00:00:46 -0500", AT),
        ("20/Feb/2016:05:00:46.789 +0000", AT + 789),
        ("20/Feb/2016:05:00:60 +0000", AT + 13_000),  # a leap second counts as the 59th
        ("2016-02-20T05:00:46Z", AT),
        ("2016-02-20T06:00:46.125999+01:00", AT + 125),
        ("2016-02-20 05:00:46", AT),
        ("2016-02-20 07:00:46 +0200", AT),
        ("2016/02/20 05:00:46.5", AT + 500),
        ("1455944446", AT),
        ("1455944446.25", AT + 250),
        ("1455944446250", AT + 250),
        ("1455944446250000", AT + 250),
        ("1455944446250000000", AT + 250),
        ("20/Feb/2016:05:00:61 +0000", None),
        ("30/Feb/2016:05:00:46 +0000", None),
        ("2016-02-20", None),
        ("46", None),
        ("nan", None),
        ("inf", None),
        ("-1455944446", None),
        ("", None),
    ],
)
def test_a_text_names_an_instant_or_none(text, time):
    assert time_of(text) == time


def test_a_pattern_of_strftime_reads_what_it_wrote():
    assert strptime("%F %T %z")("2016-02-20 00:00:46 -0500") == AT
    assert strptime("%d/%b/%Y:%T")("20/Feb/2016:05:00:46") == AT
    assert strptime("%s")("1455944446") == AT
    assert strptime("%F")("yesterday") is None
