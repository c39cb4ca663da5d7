"""The expected success among ties, against counting every order."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kartograph.ontology.sessions import Sessions
from kartograph.ontology.success import session_success, success_from

ONE = np.array([0])


def success(scores: list[float], later: list[int], suggestions: int) -> float:
    sessions = Sessions(np.array([0, len(later)]), np.array(later, dtype=np.int64))
    return session_success(np.array([scores], dtype=np.float32), ONE, sessions, suggestions)[0]


def test_an_item_above_all_others_is_suggested_for_sure():
    assert success([0.9, 0.5, 0.5], [0], 1) == 1


def test_one_of_three_tied_items_is_suggested_with_a_third():
    assert success([0.9, 0.9, 0.9, 0.1], [1], 1) == pytest.approx(1 / 3)


def test_two_of_four_tied_items_are_missed_by_three_draws_never():
    assert success([0.5] * 4, [0, 1], 3) == 1
    assert success([0.5] * 4, [0, 1], 2) == pytest.approx(1 - 1 / 6)


def test_items_above_the_tie_take_places():
    assert success([0.9, 0.5, 0.5], [1], 2) == pytest.approx(1 / 2)
    assert success([0.9, 0.8, 0.5], [2], 2) == 0


def test_what_cannot_be_compared_comes_last_and_what_is_excluded_never():
    assert success([np.nan, 0.0, 0.1], [0], 2) == 0
    assert success([np.nan, np.nan, 0.1], [0], 2) == pytest.approx(1 / 2)
    assert success([-np.inf, -np.inf], [0], 2) == 0


def test_a_session_without_later_items_has_no_success():
    assert success([0.9, 0.5], [], 1) == 0


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.sampled_from([0.1, 0.2, 0.3, np.nan]), min_size=1, max_size=5),
    st.sets(st.integers(0, 4), min_size=1),
    st.integers(1, 4),
)
def test_the_formula_is_the_share_of_all_orders_that_succeed(scores, later, suggestions):
    later = [item for item in later if item < len(scores)]
    ranked = [-1 if score != score else score for score in scores]
    hits = [
        any(item in later for item in sorted(order, key=lambda item: -ranked[item])[:suggestions])
        for order in permutations(range(len(scores)))
    ]
    assert success(scores, later, suggestions) == pytest.approx(sum(hits) / len(hits))


def test_items_seen_are_never_suggested():
    sessions = Sessions(np.array([0, 2, 5]), np.array([0, 1, 2, 1, 0]))
    asked = []

    def score(seen):
        asked.append(seen.tolist())
        return np.array([[9, 5, 5, 1.0]] * len(seen), dtype=np.float32)

    result = success_from(sessions, score, suggestions=1)
    assert asked == [[[0], [2]]]
    assert result.tolist() == [1 / 2, 1]  # from 0: 1 of the tied 1 and 2; from 2: 0 is the best and comes later
