"""Texts as bytes with offsets: any of them is read alone, and bytes that are no texts are refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartograph.models.saved.texts import Texts

ANY = st.lists(st.text(st.characters(exclude_categories=())), max_size=8)
"""Texts with halves of surrogate pairs among them."""


@given(ANY)
def test_texts_are_read_alone_and_all_together(texts):
    kept = Texts.of(texts)
    assert (len(kept), kept.all()) == (len(texts), texts)
    assert kept.at(np.arange(len(texts))[::-1]).tolist() == texts[::-1]


@pytest.mark.parametrize(
    ("data", "offsets"),
    [
        (b"ab", [0, 1]),
        (b"ab", [1, 2]),
        (b"ab", []),
        (b"ab", [0, 2, 1, 2]),
        (b"\xff", [0, 1]),
        ("ä".encode(), [0, 1, 2]),
    ],
)
def test_offsets_and_bytes_that_are_no_texts_are_refused(data, offsets):
    places = np.array(offsets) if offsets else np.zeros(0, np.int64)
    with pytest.raises(ValueError, match=r"text|codec"):
        Texts(np.frombuffer(data, np.uint8), places)


def test_arrays_of_other_numbers_are_refused():
    for data, offsets in ((np.zeros(2, np.uint8), np.array([0, 2], np.int32)), (np.zeros(2), np.array([0, 2]))):
        with pytest.raises(ValueError, match="offsets of texts do not lead"):
            Texts(data, offsets)
