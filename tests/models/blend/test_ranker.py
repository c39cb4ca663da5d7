import numpy as np
import pytest
import torch

from kartograph.models.blend.features import Candidates
from kartograph.models.blend.ranker import Ranker, RankerOptions
from kartograph.tables.errors import BadInput

NAMES = ("good", "noise")


def _choices(queries: int, seed: int = 0) -> tuple[Candidates, np.ndarray]:
    """Three candidates for each query; the right one has the largest first feature."""
    random = np.random.default_rng(seed)
    features = random.random((queries * 3, 2)).astype(np.float32)
    best = features[:, 0].reshape(-1, 3).argmax(axis=1)
    return Candidates(np.arange(queries + 1) * 3, np.tile([7, 8, 9], queries), features), best + 7


def _hits(ranker: Ranker, found: Candidates, answers: np.ndarray) -> float:
    best = ranker.scores(found.features).reshape(-1, 3).argmax(axis=1)
    return float((best + 7 == answers).mean())


def test_learning_finds_the_feature_that_tells_right_from_wrong():
    found, answers = _choices(2000)

    ranker = Ranker.learn([found], [answers], NAMES)

    assert _hits(ranker, *_choices(500, seed=1)) > 0.95


def test_the_scores_of_a_choice_that_says_nothing_become_the_log_shares_of_the_answers():
    # Two candidates, told apart by one feature; the first is right in 6 of 9.
    found = Candidates(np.arange(10) * 2, np.tile([0, 1], 9), np.tile([[0.0], [1.0]], (9, 1)).astype(np.float32))
    answers = np.array([0] * 6 + [1] * 3)

    ranker = Ranker.learn([found] * 20, [answers] * 20, ("which",), RankerOptions(epochs=60, dropout=0, queries=20))

    powers = np.exp(ranker.scores(found.features[:2]))
    assert powers[0] / powers.sum() == pytest.approx(6 / 9, abs=0.02)


def test_parts_are_learnt_from_together_and_queries_without_their_answer_teach_nothing():
    found, answers = _choices(300)
    others, _ = _choices(300, seed=2)
    lost = np.ones(300, dtype=int)

    together = Ranker.learn([found, others], [answers, lost], NAMES, RankerOptions(epochs=40))

    assert _hits(together, *_choices(500, seed=1)) > 0.9
    with pytest.raises(BadInput, match="No answer of 300 is among the candidates"):
        Ranker.learn([found], [lost], NAMES)


def test_a_seed_gives_the_same_network_and_leaves_the_chance_of_others_alone():
    found, answers = _choices(300)
    before = torch.get_rng_state()

    first, second = (Ranker.learn([found], [answers], NAMES, RankerOptions(epochs=1)) for _ in range(2))

    assert first.scores(found.features).tolist() == second.scores(found.features).tolist()
    assert torch.equal(before, torch.get_rng_state())


def test_a_kept_network_scores_as_before(tmp_path):
    found, answers = _choices(300)
    ranker = Ranker.learn([found], [answers], NAMES, RankerOptions(epochs=1, hidden=8))

    ranker.save(tmp_path / "kept.npz")
    again = Ranker.load(tmp_path / "kept.npz")

    assert again.names == NAMES
    assert again.scores(found.features).tolist() == ranker.scores(found.features).tolist()
    assert again.scores(found.features[:0]).shape == (0,)
