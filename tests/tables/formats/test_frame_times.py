"""Times of frames: numbers, dates and texts."""

import numpy as np
import pandas as pd
import pytest

from kartograph.tables.errors import BadInput
from kartograph.tables.formats.frame_times import milliseconds

SECOND = "1970-01-01 00:00:01"


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ([1000, 2], [1000, 2]),
        ([1000.0, 2.0], [1000, 2]),
        ([SECOND, "1970-01-01T00:00:02.500"], [1000, 2500]),
        (["1970-01-01 00:00:01+01:00"], [1000 - 3_600_000]),
        (pd.to_datetime([SECOND]), [1000]),
        (pd.to_datetime([SECOND]).tz_localize("Europe/Berlin"), [1000 - 3_600_000]),
        ([pd.Timestamp(SECOND)], [1000]),
        ([], []),
    ],
)
def test_numbers_dates_and_texts_are_milliseconds_utc(times, expected):
    result = milliseconds(pd.Series(times, name="timestamp"))
    assert result.dtype == np.int64 or not len(result)
    assert result.tolist() == expected


@pytest.mark.parametrize("times", [[1000.0, None], [pd.Timestamp(SECOND), None], [SECOND, None]])
def test_missing_times_stay_missing(times):
    assert milliseconds(pd.Series(times)).fillna(-1).tolist() == [1000, -1]


@pytest.mark.parametrize("wrong", ["yesterday", 1.5, True])
def test_the_first_row_that_is_no_time_is_named(wrong):
    with pytest.raises(BadInput, match=f"^Row 2 of the frame has the timestamp '{wrong}'"):
        milliseconds(pd.Series([None, wrong], name="timestamp"))
