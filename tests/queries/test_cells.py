"""Tests of how values from the database are written."""

from datetime import date

import numpy as np
import pytest
from neo4j.time import Date

from kartograph.queries.cells import cell


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (float("nan"), ""),
        ("a | b", "a | b"),
        (True, "true"),
        (np.int64(3), "3"),
        (0.5, "0.5"),
        ([1, None, "é"], '[1, null, "é"]'),
        ({"a": [np.float64(1.5)]}, '{"a": [1.5]}'),
        (date(2020, 9, 13), "2020-09-13"),
        (Date(2020, 9, 13), "2020-09-13"),
        ([Date(2020, 9, 13)], '["2020-09-13"]'),
    ],
)
def test_a_value_is_written_as_text(value, text):
    assert cell(value) == text
