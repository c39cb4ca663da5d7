"""Tests of what holds for lists that people see."""

import pandas as pd
import pytest

from kartograph.models.where.conditions import for_people, where
from kartograph.models.where.filters import mask
from kartograph.tables.errors import BadInput

ITEMS = pd.DataFrame(
    {
        "item_id": ["kettle", "pan", "pot"],
        "price": [40.0, 30.0, 35.0],
        "available": pd.array([True, False, None], dtype="boolean"),
    }
)


@pytest.mark.parametrize(
    ("condition", "allowed"),
    [
        (None, ["kettle", "pot"]),
        (where(), ["kettle", "pot"]),
        (where(price_max=35), ["pot"]),
        (where(available=False), ["pan"]),
        ("price < 36", ["pot"]),
        ("price < 36 -- cheap", ["pot"]),
        ("price > 36 or price < 31", ["kettle"]),
        ("not AVAILABLE", ["pan"]),
        ("available or not available", ["kettle", "pan", "pot"]),
        ("price < 36 and (available or price = 30)", ["pan", "pot"]),
    ],
)
def test_what_is_known_to_be_unavailable_is_left_out_unless_the_filter_says(condition, allowed):
    assert ITEMS["item_id"][mask(for_people(condition), ITEMS)].tolist() == allowed


@pytest.mark.parametrize("text", ["", "price <", "1=1) or (1=1", "price + 1", "colour = 'red'", "price < 9; drop"])
def test_what_is_no_filter_is_refused_in_the_same_words(text):
    with pytest.raises(BadInput) as plain:
        mask(text, ITEMS)
    with pytest.raises(BadInput) as refused:
        mask(for_people(text), ITEMS)
    assert str(refused.value) == str(plain.value)
