import numpy as np
import pytest
import torch

from kartograph.models.blend import ranker
from kartograph.models.blend.features import Candidates, concatenated
from kartograph.models.blend.ranker import Averaged, Ranker
from kartograph.models.blend.ranker_options import RankerOptions
from kartograph.tables.errors import BadInput


def _choices(queries: int, seed: int = 0) -> tuple[Candidates, np.ndarray]:
    """Three candidates for each query; the right one has the largest first feature."""
    random = np.random.default_rng(seed)
    features = random.random((queries * 3, 2)).astype(np.float32)
    best = features[:, 0].reshape(-1, 3).argmax(axis=1)
    return Candidates(np.arange(queries + 1) * 3, np.tile([7, 8, 9], queries), features), best + 7


def _hits(ranker: Ranker, result: Candidates, answers: np.ndarray) -> float:
    best = ranker.scores(result.features).reshape(-1, 3).argmax(axis=1)
    return float((best + 7 == answers).mean())


def test_features_are_scaled_by_numpys_deviation_whatever_is_held_at_once(monkeypatch):
    features = np.array([[1, 5], [2, 5], [6, 5], [7, 5], [9, 8]], dtype=np.float32)
    monkeypatch.setattr(ranker, "ROWS_AT_ONCE", 2)
    assert ranker._spreads(features, features.mean(axis=0)).tolist() == pytest.approx([np.sqrt(9.2), 1.2])


def test_learning_finds_the_feature_that_tells_right_from_wrong():
    ranker = Ranker.learn(*_choices(2000))

    assert _hits(ranker, *_choices(500, seed=1)) > 0.95


def test_the_scores_of_a_choice_that_says_nothing_become_the_log_shares_of_the_answers():
    # Two candidates, told apart by one feature; the first is right in 6 of 9.
    result = Candidates(np.arange(10) * 2, np.tile([0, 1], 9), np.tile([[0.0], [1.0]], (9, 1)).astype(np.float32))
    answers = np.array([0] * 6 + [1] * 3)

    options = RankerOptions(epochs=60, dropout=0, queries=20)
    ranker = Ranker.learn(concatenated([result] * 20), np.tile(answers, 20), options=options)

    powers = np.exp(ranker.scores(result.features[:2]))
    assert powers[0] / powers.sum() == pytest.approx(6 / 9, abs=0.02)


def test_queries_without_their_answer_teach_nothing():
    result, answers = _choices(600)
    lost = np.where(np.arange(600) < 300, 1, answers)

    assert _hits(Ranker.learn(result, lost, options=RankerOptions(epochs=40)), *_choices(500, seed=1)) > 0.9
    with pytest.raises(BadInput, match="No answer of 600 is among the candidates"):
        Ranker.learn(result, np.ones(600, dtype=int))


def test_a_component_that_is_often_hidden_in_training_is_not_relied_on():
    # Both features say the same, the first three times as loudly; hidden, a component shows the logarithm of nothing.
    result, answers = _choices(2000)
    features = result.features[:, :1] * np.array([[3.0, 1.0]], dtype=np.float32)
    twice = Candidates(result.offsets, result.items, features)
    without = Candidates(result.offsets, result.items, features * np.array([[0.0, 1.0]], dtype=np.float32) - [9.21, 0])

    options = RankerOptions(absent=0.5)
    robust = Ranker.learn(twice, answers, [slice(0, 1)], options)

    assert _hits(robust, without, answers) > 0.95


def test_a_seed_gives_the_same_network_and_leaves_the_chance_of_others_alone():
    result, answers = _choices(300)
    before = torch.get_rng_state()

    first, second = (Ranker.learn(result, answers, options=RankerOptions(epochs=1)) for _ in range(2))

    assert first.scores(result.features).tolist() == second.scores(result.features).tolist()
    assert first.scores(result.features[:0]).shape == (0,)
    assert torch.equal(before, torch.get_rng_state())


def test_a_rate_that_leads_out_of_the_range_of_numbers_is_named():
    with pytest.raises(BadInput, match=r"its loss is (nan|inf)\. Give a smaller learning_rate than 1e\+30"):
        Ranker.learn(*_choices(300), options=RankerOptions(learning_rate=1e30))


def test_fusing_adds_reciprocal_ranks():
    # log, share, rank and raw of two components, then a feature of the item.
    features = np.array([[9, 9, 1 / 2, 9, 9, 9, 1 / 5, 9, 9]], dtype=np.float32)

    assert Ranker.fusing(2).scores(features).tolist() == pytest.approx([1 / 2 + 1 / 5])


def test_averaged_rankers_score_by_the_mean_of_their_scores():
    features = np.array([[1, 2], [3, 4]], dtype=np.float32)

    averaged = Averaged([Ranker(np.array(weights)) for weights in ([1.0, 0.0], [0.0, 1.0], [2.0, -1.0])])

    assert averaged.scores(features).tolist() == pytest.approx([1, 3])
    assert averaged.scores(features[:0]).shape == (0,)
