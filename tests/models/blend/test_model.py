from dataclasses import replace
from itertools import combinations
from string import ascii_lowercase, ascii_uppercase

import numpy as np
import pytest
from tests.models.sessions import asking, training

from kartograph.models.blend import choosing
from kartograph.models.blend.choosing import hidden, quality
from kartograph.models.blend.components import components_for
from kartograph.models.blend.held_out import held_out
from kartograph.models.blend.model import Blend
from kartograph.models.data import TrainingData
from kartograph.models.registry import make
from kartograph.models.saved.saving import load
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import silent


def _sessions(count: int) -> TrainingData:
    """Sessions of three clicks of one of two tastes: the third is the first again or what comes after the second."""
    random = np.random.default_rng(0)
    words = []
    for taste, first, second, again in zip(*random.integers((2, 26, 26, 2), size=(count, 4)).T, strict=True):
        circle = (ascii_lowercase, ascii_uppercase)[taste]
        words.append(circle[first] + circle[second] + circle[first if again else (second + 1) % 26])
    return replace(training(*words), kind="sessions")


def _best(blend: Blend, data: TrainingData, prefix: str, k: int = 2) -> str:
    return "".join(sorted(data.items.external[blend.rank(asking(data, prefix), k).items[0]]))


def test_a_shop_of_a_few_sessions_is_answered_by_ranks_added_and_says_so():
    data = _sessions(20)

    blend = Blend().fit(data)

    assert blend.choice.about == "reciprocal ranks of walk, stan, item-knn added: 20 sessions are too few to choose by"
    assert blend.choice.ranker.bent is None
    assert blend.rank(asking(data, "ab"), 3).items.shape == (1, 3)


def test_sessions_of_one_click_each_leave_nothing_to_choose_by():
    blend = Blend().fit(replace(training(*"abcdefghij" * 30), kind="sessions"))

    assert blend.remark.endswith("added: 0 held-out cases are too few to choose by")


def test_a_small_shop_is_answered_by_what_is_best_on_its_latest_sessions():
    data = _sessions(400)

    blend = Blend().fit(data)

    assert "400 sessions are too few to learn a ranking from" in blend.choice.about
    assert 1 <= len(blend.components) <= 3
    assert "c" in _best(blend, data, "ce", 4)


@pytest.fixture(scope="module")
def learned():
    """A blend that learned from few cases in few steps."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(choosing, "STEPS", 200)
        patched.setattr(choosing, "LEAST_CHECKED", 100)
        return Blend().fit(_sessions(2_500))


@pytest.mark.slow
def test_a_shop_with_enough_sessions_teaches_a_network_and_drops_what_adds_nothing(learned):
    data = _sessions(2_500)

    assert "ordered by 5 networks that learned from 1000 held-out cases" in learned.choice.about
    assert "added nothing" in learned.choice.about
    assert 1 <= len(learned.components) < 9
    assert [_best(learned, data, prefix) for prefix in ("ce", "SW", "za")] == ["cf", "SX", "bz"]


def test_where_cases_are_few_networks_of_several_seeds_are_averaged(learned):
    straight = [ranker.straight.tolist() for ranker in learned.choice.ranker.rankers]

    assert len(straight) == choosing.NETWORKS
    assert all(one != other for one, other in combinations(straight, 2))


def test_each_query_is_answered_by_itself(learned):
    data = _sessions(2_500)
    both, alone = learned.rank(asking(data, "ab", "UVW"), 5), learned.rank(asking(data, "UVW"), 5)

    assert both.items[1].tolist() == alone.items[0].tolist()
    assert both.scores[1] == pytest.approx(alone.scores[0], rel=1e-4)


def test_components_offer_only_items_that_may_be_answered(learned):
    data = _sessions(2_500)
    allowed = np.isin(data.items.external, ["a", "Z"])
    queries = asking(data, "ab")

    top = learned.rank(queries, 2, allowed=allowed, masked=asking(data, "a").matrix(len(data.items)))

    assert [data.items.external[row] for row in top.items[0] if row >= 0] in (["Z"], [])


def test_a_saved_blend_answers_as_before(learned, tmp_path):
    data = _sessions(2_500)
    learned.save(tmp_path / "blend")
    again, _ = load(tmp_path / "blend")

    assert isinstance(again, Blend)
    assert again.choice.about == learned.choice.about
    one, other = (model.rank(asking(data, "ab", "t"), 5) for model in (learned, again))
    assert one.items.tolist() == other.items.tolist()
    assert one.scores.tolist() == other.scores.tolist()


def test_users_are_served_by_what_their_last_purchases_teach():
    data = replace(_sessions(220), kind="users")

    blend = Blend().fit(data)

    assert "220 users are too few" in blend.choice.about
    assert set(_best(blend, data, "ab", 4)) <= set(ascii_lowercase)


def test_a_network_that_is_not_better_than_a_component_gives_way_to_it(monkeypatch):
    monkeypatch.setattr(choosing, "ENOUGH", 300)
    monkeypatch.setattr(choosing, "STEPS", 20)
    monkeypatch.setattr(choosing, "_quality", lambda found, scores, answers: 0.0)

    blend = Blend().fit(_sessions(400))

    assert blend.choice.about.endswith("alone: no learned ranking was better on held-out cases")


def test_without_pytorch_components_answer_and_the_blend_says_so(monkeypatch):
    monkeypatch.setattr(choosing, "ENOUGH", 300)
    for module in ("choosing", "components", "model"):
        monkeypatch.setattr(f"kartograph.models.blend.{module}.is_installed", lambda extra: False)
    data = _sessions(400)

    blend = Blend(neural=True).fit(data)

    assert 'a learned ranking needs the extra neural, which is not installed: pip install "kartograph' in blend.remark
    assert "no neural network is among the components" in blend.remark
    assert "sasrec" not in components_for(data, neural=True)
    assert "c" in _best(blend, data, "ce", 4)


def test_data_without_events_is_refused():
    with pytest.raises(BadInput, match="no events to learn from"):
        Blend().fit(replace(training(), kind="sessions"))


def test_quality_is_hit_rate_and_reciprocal_rank():
    # Hits at ranks 1 and 3, a miss.
    lists, answers = np.array([[5, 6, 7], [6, 7, 5], [1, 2, 3]]), np.array([5, 5, 9])
    assert quality(lists, answers) == pytest.approx(2 / 3 + (1 + 1 / 3) / 3)


def test_a_hidden_component_looks_as_if_it_offered_nothing():
    features = np.arange(1.0, 7.0)[None]
    assert hidden(features, slice(1, 4)).tolist() == [[1, pytest.approx(np.log(1e-4)), 0, 0, 5, 6]]


def test_a_neural_model_takes_part_in_the_neural_blend_alone_and_by_its_probabilities():
    cases = held_out(_sessions(150))

    offers = choosing.offers_of(["markov", "sasrec"], 0, cases, None, silent)

    assert choosing.logarithmic(["markov", "sasrec"], offers) == (False, True)
    assert set(components_for(_sessions(1), True)) - set(components_for(_sessions(1), False)) == {"sasrec"}
    assert make("blend").options.neural
    assert not make("blend-graph").options.neural
