from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import permutation_test, ttest_1samp

from kartograph.evaluation.statistics.significance import compare, fewest_units, holm, letters, paired_p
from kartograph.tables.errors import BadInput


def test_the_paired_test_of_four_users_is_that_of_hand():
    ours, theirs = np.array([3.0, 2, 4, 3]), np.array([1.0, 2, 2, 1])

    # Differences 2, 0, 2, 2: of the 2³ choices of signs two reach |6|.
    assert paired_p(ours, theirs) == 2 / 8
    # Differences 1, 2, -1: of the eight choices those with a sum of 2 or more in size, all but ±(1 - 2 + 1).
    assert paired_p(np.array([1.0, 2, 0]), np.array([0.0, 0, 1])) == 6 / 8


def test_the_paired_test_of_many_users_is_the_t_test():
    differences = np.arange(-4.0, 16)  # one is 0

    assert paired_p(differences, np.zeros(20)) == pytest.approx(ttest_1samp(differences, 0).pvalue)


def test_few_units_tell_nothing_however_much_their_differences_agree():
    assert paired_p(np.array([2.0, 2]), np.array([1.0, 1])) == 2 / 2**2
    assert paired_p(np.array([0.3, 0.7]), np.array([0.1, 0.5])) == 2 / 2**2  # equal but for 5e-17
    assert paired_p(np.full(5, 2.0), np.ones(5)) == 2 / 2**5
    assert paired_p(np.full(40, 0.3), np.full(40, 0.1)) == 2 / 2**40
    assert paired_p(np.array([2.0]), np.array([1.0])) == 1
    assert compare({"one": np.full(5, 2.0), "other": np.ones(5)})["groups"] == {"one": "a", "other": "a"}
    assert compare({"one": np.full(6, 2.0), "other": np.ones(6)})["groups"] == {"one": "a", "other": "b"}


def test_a_few_differing_units_among_many_equal_ones_tell_nothing_either():
    ours = np.zeros(1000)
    ours[:4] = 1

    assert paired_p(ours, np.zeros(1000)) == 2 / 2**4


def test_the_units_that_a_comparison_needs_grow_with_its_tests():
    assert fewest_units(0.05, 1) == 6  # 2^-5 = 0.031
    assert fewest_units(0.05, 3) == 7  # 3 · 2^-6 = 0.047
    result = compare({name: np.full(4, value) for name, value in (("a", 1.0), ("b", 2.0), ("c", 3.0))})
    assert (result["units"], result["fewest_units"]) == (4, 7)


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


def test_what_differs_by_rounding_only_is_not_different():
    assert paired_p(np.ones(5), np.ones(5)) == 1
    assert paired_p(np.full(9, 0.1 + 0.2), np.full(9, 0.3)) == 1


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

    result = letters(names, different)

    assert all(result.values())
    for pair in combinations(names, 2):
        assert bool(set(result[pair[0]]) & set(result[pair[1]])) == (pair not in different)


def test_a_comparison_names_alpha_correction_groups_and_every_p():
    rng = np.random.default_rng(3)
    base = rng.random(100)
    sums = {"low": base, "high": base + 0.5 + 0.1 * rng.random(100), "same": base + 1e-3 * rng.normal(size=100)}

    result = compare(sums)

    assert (result["alpha"], result["correction"]) == (0.05, "holm")
    assert result["groups"]["high"] == "a"
    assert result["groups"]["low"] == result["groups"]["same"] == "b"
    assert result["p"]["low"]["high"] == result["p"]["high"]["low"] < 1e-9
    assert set(result["p"]["low"]) == {"high", "same"}
    with pytest.raises(BadInput, match="alpha is 5"):
        compare(sums, alpha=5)
