"""The gate's decision on results of users: what passes, what is refused, and how often each is wrong."""

import numpy as np
import pytest

from kartograph.pipeline.declaration import Gate
from kartograph.pipeline.gate import Decision, Measured, decide, is_better, winner

GATE = Gate(fewest_users=200, margin=0.02)
USERS = 400
REPEATS = 50


def measured(sums, served=None, coverage=0.5, popularity=10.0) -> Measured:
    sums = np.asarray(sums, dtype=float)
    return Measured(sums, np.ones(len(sums), dtype=bool) if served is None else served, coverage, popularity)


def hits(seed: int, rate: float = 0.4) -> np.ndarray:
    return (np.random.default_rng(seed).random(USERS) < rate).astype(float)


def with_loss(sums: np.ndarray, share: float, seed: int) -> np.ndarray:
    """The same hits without a share of them."""
    lost = np.random.default_rng(1000 + seed).permutation(np.flatnonzero(sums))[: round(share * sums.sum())]
    return np.where(np.isin(np.arange(len(sums)), lost), 0, sums)


def test_identical_candidates_pass_in_every_repeat():
    passes = [decide(measured(hits(seed)), measured(hits(seed)), GATE, USERS).passes for seed in range(REPEATS)]
    assert sum(passes) == REPEATS


def test_a_planted_loss_of_five_percent_is_refused_in_every_repeat():
    passes = [
        decide(measured(with_loss(hits(seed), 0.05, seed)), measured(hits(seed)), GATE, USERS).passes
        for seed in range(REPEATS)
    ]
    assert sum(passes) == 0


def test_equal_models_with_chance_in_them_pass_mostly_and_a_loss_beneath_is_refused_mostly():
    """One in fifty hits is exchanged for another user's: what two seeds of one model look like."""
    passed = refused = 0
    for seed in range(REPEATS):
        published, rng = hits(seed), np.random.default_rng(seed)
        there, missing = (rng.permutation(np.flatnonzero(published == value)) for value in (1, 0))
        equal = published.copy()
        equal[there[: rng.binomial(len(there), 0.02)]] = 0
        equal[missing[: rng.binomial(len(there), 0.02)]] = 1
        passed += decide(measured(equal), measured(published), GATE, USERS).passes
        refused += not decide(measured(with_loss(equal, 0.05, seed)), measured(published), GATE, USERS).passes
    assert passed >= 0.8 * REPEATS
    assert refused >= 0.9 * REPEATS


def test_the_power_is_the_chance_to_refuse_a_loss_of_five_percent():
    published = np.tile([1.0, 0.0], 200)
    candidate = published.copy()
    candidate[:2] = [0, 1]
    candidate[2:4] = [0, 1]
    decision = decide(measured(candidate), measured(published), GATE, USERS)
    # Four users differ by 1: the sum of 400 differences has the deviation 2; (5 % - 2 %) of 200 is 6, 3 deviations.
    assert decision.loss == 0
    assert decision.power == pytest.approx(0.99865, abs=1e-4)


def test_a_sure_but_small_loss_passes_where_the_data_show_that_it_is_within_the_margin():
    published = np.ones(100_000)
    candidate = published.copy()
    candidate[:1000] = 0  # 1 %
    decision = decide(measured(candidate), measured(published), GATE, 100_000)
    assert decision.passes
    assert decision.loss == pytest.approx(1000 / 100_000)
    assert decision.p_worse is not None and decision.p_worse < 0.05


def test_a_gain_is_told_as_one():
    published = hits(0)
    decision = decide(measured(np.ones(USERS)), measured(published), GATE, USERS)
    assert decision.passes
    assert decision.reason.startswith(f"NDCG@20 gained {USERS / published.sum() - 1:.1%}")


@pytest.mark.parametrize(
    ("candidate", "words"),
    [
        ({"coverage": 0.2}, "its lists cover 20.0% of the catalogue instead of 50.0%"),
        ({"popularity": 25.0}, "have 25 events instead of 10 on average"),
        ({"served": np.arange(USERS) >= 8}, "2.0% of those served now would get no answer"),
    ],
)
def test_a_candidate_that_is_as_good_is_refused_for_what_its_lists_are_like(candidate, words):
    decision = decide(measured(hits(0), **candidate), measured(hits(0)), GATE, USERS)
    assert not decision.passes
    assert words in decision.reason


def test_with_too_few_users_nothing_is_compared():
    decision = decide(measured(np.zeros(USERS)), measured(hits(0)), GATE, 199)
    assert decision == Decision(True, "too few to compare: 199 users in 7 days, 200 are needed")


def test_nothing_can_be_lost_where_the_published_recipe_has_nothing():
    assert decide(measured(np.zeros(USERS)), measured(np.zeros(USERS)), GATE, USERS).passes


def chosen(measured_by: dict[str, Measured], published: str | None, users: int = USERS) -> tuple[str | None, str]:
    names = [name for name in measured_by if name != "old"]
    others = measured_by[published] if published else None
    decisions = {
        name: decide(measured_by[name], others, GATE, users) if others else Decision(True, "nothing is published yet")
        for name in names
    }
    return winner(names, measured_by, decisions, published, GATE, users)


def test_the_best_wins_where_nothing_is_published():
    assert chosen({"a": measured(hits(0, 0.3)), "b": measured(hits(1, 0.5))}, None)[0] == "b"


def test_the_published_recipe_is_kept_unless_another_is_significantly_better():
    little_better = hits(0)
    little_better[np.flatnonzero(little_better == 0)[0]] = 1
    assert chosen({"a": measured(hits(0)), "b": measured(little_better)}, "a") == (
        "a",
        "no other candidate is significantly better",
    )
    assert chosen({"a": measured(hits(0)), "b": measured(np.ones(USERS))}, "a")[0] == "b"


def test_a_recipe_that_is_no_candidate_any_more_gives_way_to_one_that_is_as_good():
    assert chosen({"old": measured(hits(0)), "b": measured(hits(0))}, "old")[0] == "b"


def test_nothing_is_published_where_every_candidate_is_refused():
    name, why = chosen({"old": measured(hits(0)), "b": measured(np.zeros(USERS))}, "old")
    assert name is None
    assert "NDCG@20 lost 100.0%, beyond the margin of 2.0%" in why


def test_with_too_few_users_the_published_recipe_is_fitted_anew_or_the_first_of_the_file_wins():
    both = {"a": measured(np.zeros(10)), "b": measured(np.ones(10))}
    assert chosen(both, "b", users=10)[0] == "b"
    assert chosen(both, None, users=10)[0] == "a"


def test_equal_results_are_not_better():
    assert not is_better(measured(hits(0)), measured(hits(0)), GATE)
