from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import permutation_test, t

from kartograph.evaluation.statistics.significance import compare, holm, letters, paired_p
from kartograph.tables.errors import BadInput


def test_the_paired_test_of_four_users_is_that_of_hand():
    ours, theirs = np.array([3.0, 2, 4, 3]), np.array([1.0, 2, 2, 1])

    # Differences 2, 0, 2, 2: mean 3/2, variance (3 · (1/2)² + (3/2)²) / 3 = 1, t = (3/2) / sqrt(1/4) = 3.
    assert paired_p(ours, theirs) == pytest.approx(2 * t.sf(3, df=3))
    assert paired_p(ours, theirs) == pytest.approx(0.0577, abs=1e-4)


def test_the_paired_test_agrees_with_a_randomisation_test():
    rng = np.random.default_rng(0)
    theirs = rng.random(200)
    ours = theirs + rng.normal(0.02, 0.15, size=200)

    randomised = permutation_test(
        (ours, theirs),
        lambda x, y, axis: np.mean(x - y, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=5000,
        rng=np.random.default_rng(1),
    )

    assert paired_p(ours, theirs) == pytest.approx(randomised.pvalue, abs=0.02)


def test_what_never_differs_is_not_different_and_what_always_does_is():
    assert paired_p(np.ones(5), np.ones(5)) == 1
    assert paired_p(np.full(5, 2.0), np.ones(5)) == 0
    assert paired_p(np.array([2.0]), np.array([1.0])) == 1


def test_holm_multiplies_the_smallest_by_all_and_never_falls():
    assert holm(np.array([0.03, 0.01, 0.04, 0.9])) == pytest.approx([0.03 * 3, 0.01 * 4, 0.03 * 3, 0.9])
    assert holm(np.array([0.5, 0.6])).tolist() == [1, 1]


def test_models_that_overlap_share_letters():
    # a and b do not differ, nor b and c, but a and c do; d differs from all.
    different = {("a", "c"), ("a", "d"), ("b", "d"), ("c", "d")}

    assert letters(["a", "b", "c", "d"], different) == {"a": "a", "b": "ab", "c": "b", "d": "c"}
    assert letters(["a", "b"], set()) == {"a": "a", "b": "a"}


@given(st.integers(1, 7).flatmap(lambda n: st.tuples(st.just(n), st.sets(st.sampled_from(range(n * n))))))
def test_two_models_share_a_letter_exactly_if_they_do_not_differ(drawn):
    count, chosen = drawn
    names = [f"m{n}" for n in range(count)]
    different = {pair for pair in combinations(names, 2) if names.index(pair[0]) * count + int(pair[1][1:]) in chosen}

    found = letters(names, different)

    assert all(found.values())
    for pair in combinations(names, 2):
        assert bool(set(found[pair[0]]) & set(found[pair[1]])) == (pair not in different)


def test_a_comparison_names_alpha_correction_groups_and_every_p():
    rng = np.random.default_rng(3)
    base = rng.random(100)
    sums = {"low": base, "high": base + 0.5 + 0.1 * rng.random(100), "same": base + 1e-3 * rng.normal(size=100)}

    found = compare(sums)

    assert (found["alpha"], found["correction"]) == (0.05, "holm")
    assert found["groups"]["high"] == "a"
    assert found["groups"]["low"] == found["groups"]["same"] == "b"
    assert found["p"]["low"]["high"] == found["p"]["high"]["low"] < 1e-9
    assert set(found["p"]["low"]) == {"high", "same"}
    with pytest.raises(BadInput, match="alpha is 5"):
        compare(sums, alpha=5)
