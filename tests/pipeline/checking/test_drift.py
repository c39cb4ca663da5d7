"""The population stability index on counts that can be checked by hand."""

from math import log

import numpy as np
import pandas as pd
import pytest

from kartograph.pipeline.checking import drift


def test_the_index_of_two_bins_less_what_chance_gives():
    index = drift.stability_index(np.array([500.0, 500.0]), np.array([750.0, 250.0]))
    assert index == pytest.approx(0.25 * log(1.5) - 0.25 * log(0.5) - (2 - 1) * (1 / 1000 + 1 / 1000))


def test_equal_shares_have_no_drift_whatever_their_number():
    assert drift.of_counts({"view": 10, "buy": 90}, {"view": 100, "buy": 900}) == 0


def test_a_sample_of_the_same_distribution_stays_below_a_small_shift():
    rng, shares = np.random.default_rng(0), np.full(20, 1 / 20)
    indices = [drift.stability_index(*rng.multinomial(500, shares, size=2).astype(float)) for _ in range(50)]
    assert max(indices) < 0.1


def test_a_kind_that_is_new_counts_as_half_an_event_before():
    index = drift.of_counts({"view": 1000}, {"view": 500, "buy": 500})
    expected = (0.5 - 1) * log(0.5) + (0.5 - 0.0005) * log(0.5 / 0.0005) - (1 / 1000 + 1 / 1000)
    assert index == pytest.approx(expected)


def test_no_events_on_either_side_are_no_drift():
    assert drift.of_counts({}, {"view": 3}) == 0
    assert drift.of_counts({"view": 3}, {}) == 0


def test_the_same_items_have_no_drift_and_other_items_a_large_one():
    before = pd.DataFrame({"item_id": [f"i{n}" for n in range(100)], "events": np.arange(100, 0, -1)})
    assert drift.of_items(before, before) == 0
    new = before.assign(item_id="n" + before["item_id"])
    assert drift.of_items(before, new) > 1


def test_users_who_turn_to_rare_items_are_a_drift():
    before = pd.DataFrame({"item_id": ["a", "b", "c", "d"], "events": [700, 100, 100, 100]})
    now = pd.DataFrame({"item_id": ["a", "b", "c", "d"], "events": [100, 100, 100, 700]})
    assert drift.of_items(before, now) > 0.25
