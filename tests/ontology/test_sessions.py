"""Sessions as rows of the catalogue."""

import numpy as np
import pandas as pd
import pytest

from kartograph.ontology.sessions import Sessions, sessions_of
from kartograph.tables.errors import BadInput

IDS = np.array(["a", "b", "c"], dtype=object)


def visits(*pairs: str) -> pd.DataFrame:
    return pd.DataFrame([tuple(pair) for pair in pairs], columns=["visit", "book"])


def lists(sessions: Sessions) -> list[list[int]]:
    return [sessions.items[a:b].tolist() for a, b in zip(sessions.starts, sessions.starts[1:], strict=False)]


def read(*pairs: str) -> Sessions:
    return sessions_of(visits(*pairs), IDS, session="visit", item="book")


def test_sessions_keep_their_order_and_an_item_counts_once():
    assert lists(read("2c", "1a", "2a", "2c", "1b")) == [[2, 0], [0, 1]]


def test_sessions_are_chosen_by_number_by_mask_and_by_size():
    sessions = read("1a", "2b", "2c", "3a", "3b", "3c")
    assert lists(sessions.select(np.array([2, 0]))) == [[0, 1, 2], [0]]
    assert lists(sessions.select(np.array([False, True, False]))) == [[1, 2]]
    assert lists(sessions.longer_than(2)) == [[0, 1, 2]]


def test_what_comes_after_a_position_may_be_nothing():
    assert lists(read("1a", "2b", "2c", "3a", "3b", "3c").after(1)) == [[], [2], [1, 2]]


def test_no_visits_are_no_sessions():
    assert len(read()) == 0 and lists(read().after(1)) == []


def test_an_item_that_the_catalogue_lacks_is_named():
    with pytest.raises(BadInput, match=r"sessions visit \['z'\], which the catalogue does not have"):
        read("1z")
