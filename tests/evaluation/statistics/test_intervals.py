import numpy as np
import pytest

from kartograph.evaluation.statistics.intervals import UnitSums, bootstrap
from kartograph.tables.errors import BadInput


def test_the_cases_of_a_unit_add_up_with_their_weights():
    values = np.array([[1.0, 10], [2, 20], [4, 40]])

    sums = UnitSums.of(values, np.array([7, 3, 7]), np.array([1.0, 1, 0.5]))

    assert sums.sums.tolist() == [[2, 20], [1 + 0.5 * 4, 10 + 0.5 * 40]]
    assert sums.sizes.tolist() == [1, 1.5]


def test_the_interval_of_a_share_is_that_of_the_binomial():
    hits = (np.arange(400) < 100).astype(float)[:, None]

    low, high = bootstrap(UnitSums.of(hits, np.arange(400)), seed=1, resamples=4000)

    error = 1.96 * (0.25 * 0.75 / 400) ** 0.5
    assert low[0] == pytest.approx(0.25 - error, abs=0.004)
    assert high[0] == pytest.approx(0.25 + error, abs=0.004)


def test_cases_of_one_session_count_as_one_unit():
    # A hundred sessions of sixteen cases, all right or all wrong: as sure as a hundred cases, not as 1,600.
    hits = np.repeat(np.arange(100) % 2, 16).astype(float)[:, None]

    low, high = bootstrap(UnitSums.of(hits, np.repeat(np.arange(100), 16)), seed=1, resamples=4000)

    assert (high - low)[0] / 2 == pytest.approx(1.96 * 0.5 / 100**0.5, abs=0.01)


def test_one_seed_gives_one_interval_whatever_is_held_in_memory_at_once(monkeypatch):
    sums = UnitSums.of(np.random.default_rng(0).random((50, 2)), np.arange(50))
    whole = bootstrap(sums, seed=5, resamples=40)

    monkeypatch.setattr("kartograph.evaluation.statistics.intervals.AT_ONCE", 300)

    assert np.array_equal(whole, bootstrap(sums, seed=5, resamples=40))
    assert not np.array_equal(whole, bootstrap(sums, seed=6, resamples=40))


def test_an_impossible_level_is_refused():
    with pytest.raises(BadInput, match=r"level is 1\.0 with 1000 resamples"):
        bootstrap(UnitSums.of(np.ones((2, 1)), np.arange(2)), seed=0, level=1.0)
