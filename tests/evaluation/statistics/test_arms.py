"""Arms of an experiment: rates, intervals, the test and the rule by which it is decided."""

import pytest

from kartograph.evaluation.statistics.arms import Arm, compared, two_proportions


def arms(*counts: tuple[int, int]) -> list[Arm]:
    return [Arm(f"arm-{number}", 1 / len(counts), *one) for number, one in enumerate(counts)]


def test_a_rate_has_wilsons_interval() -> None:
    [first, _] = compared(arms((100, 20), (100, 20)), 10).arms
    # z = 1.96: (0.2 + z²/200 ± z √(0.2 · 0.8 / 100 + z² / 40000)) / (1 + z² / 100)
    z = 1.959964
    middle, half = 0.2 + z**2 / 200, z * (0.16 / 100 + z**2 / 40_000) ** 0.5
    assert first.low == pytest.approx((middle - half) / (1 + z**2 / 100), abs=1e-6)
    assert first.high == pytest.approx((middle + half) / (1 + z**2 / 100), abs=1e-6)


def test_the_test_is_that_of_two_proportions() -> None:
    # pooled 0.25, deviation √(0.25 · 0.75 · 2 / 200) = 0.0433, z = 0.1 / 0.0433 = 2.309, p = 0.0209
    assert two_proportions(40, 200, 60, 200) == pytest.approx(0.0209, abs=1e-4)
    assert two_proportions(0, 200, 0, 200) is None
    assert two_proportions(0, 0, 5, 10) is None


def test_nothing_is_decided_before_every_arm_has_the_planned_users() -> None:
    early = compared(arms((199, 20), (201, 90)), 200)
    assert early.verdict.startswith("go on: arm-0 has 199 of 200 users")
    late = compared(arms((200, 20), (201, 90)), 200)
    assert late.verdict == "decided: arm-1 is better than arm-0"
    assert late.arms[1].lift == pytest.approx((90 / 201) / 0.1 - 1)
    assert compared(arms((200, 20), (201, 21)), 200).verdict == "decided: no arm differs from arm-0 beyond chance"
    assert compared(arms((200, 90), (201, 20)), 200).verdict == "decided: arm-1 is worse than arm-0"


def test_a_split_that_is_not_as_asked_concludes_nothing() -> None:
    # (600 - 550)² / 550 · 2 = 9.09 with one degree of freedom: p = 0.0026; 640 against 460: p = 6e-8
    assert compared(arms((600, 60), (500, 100)), 200).verdict.startswith("decided")
    broken = compared(arms((640, 60), (460, 100)), 200)
    assert broken.verdict.startswith("conclude nothing: users are not split as asked")
    assert broken.split_p is not None and broken.split_p < 1e-6


def test_p_of_several_arms_is_corrected_for_their_number() -> None:
    raw = two_proportions(40, 200, 60, 200)
    result = compared(arms((200, 40), (200, 60), (200, 41)), 200)
    assert raw is not None
    assert result.arms[1].p == pytest.approx(2 * raw)
    assert result.arms[0].p is None
    assert result.verdict == "decided: arm-1 is better than arm-0"


def test_an_experiment_without_users_goes_on() -> None:
    empty = compared(arms((0, 0), (0, 0)), 200)
    assert (empty.split_p, empty.arms[0].rate) == (None, None)
    assert empty.verdict.startswith("go on")
