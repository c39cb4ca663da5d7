import numpy as np
import pytest
import torch
from tests.models.sessions import answers, asking, training

from kartograph.evaluation.record import options_of
from kartograph.models.baselines.popularity import Popularity
from kartograph.models.blend.features import feature_names
from kartograph.models.blend.model import Blend
from kartograph.models.blend.presets import BLENDS
from kartograph.models.blend.ranker import Ranker
from kartograph.models.data import NONE
from kartograph.models.patterns.sequential_rules import SequentialRules
from kartograph.models.registry import make
from kartograph.tables.errors import BadInput

DATA = training("ab", "ab", "ac", "d")
PARTS = ("rules", "popular")


def _ranker(weights: dict[str, float], parts: tuple[str, ...] = PARTS) -> Ranker:
    """A network of its straight part alone."""
    names = feature_names(parts)
    ranker = Ranker(names, np.zeros(len(names)), np.ones(len(names)))
    with torch.no_grad():
        for value in ranker.parts.parameters():
            value.zero_()
        ranker.straight.weight[:] = torch.tensor([[weights.get(name, 0.0) for name in names]])
    return ranker


def _blend(weights: dict[str, float]) -> Blend:
    return Blend({"rules": SequentialRules(), "popular": Popularity()}, _ranker(weights)).fit(DATA)


def test_the_network_decides_the_order():
    by_rules = _blend({"share rules": 1.0}).rank(asking(DATA, "a"), 2)
    not_seen = _blend({"popularity": 1.0, "age 0": -10.0}).rank(asking(DATA, "a"), 4)

    assert answers(DATA, by_rules) == ["bc"]
    assert answers(DATA, not_seen) == ["bcda"]


def test_the_score_of_a_candidate_is_the_networks():
    blend = _blend({"share rules": 2.0, "age 0": 0.5})

    scores = blend.scores(asking(DATA, "a"), np.array([NONE])).toarray()[0]

    # After a came b twice and c once.
    assert scores[DATA.items.rows(list("abc"))] == pytest.approx([0.5, 2.0 * 2 / 3, 2.0 * 1 / 3])


def test_a_record_of_a_blend_names_the_options_of_its_components_and_its_network():
    one, other = _blend({"popularity": 1.0}), _blend({"popularity": 2.0})

    options = options_of(one)

    assert options["components"]["popular"] == {"share": 1.0}
    assert options["network"] != options_of(other)["network"]
    assert options == options_of(_blend({"popularity": 1.0}))


def test_a_network_that_was_taught_with_other_features_is_refused():
    with pytest.raises(BadInput, match="taught with the feature 'log popular' where the components give 'log rules'"):
        Blend({"rules": SequentialRules(), "popular": Popularity()}, _ranker({}, ("popular", "rules")))
    with pytest.raises(BadInput, match="Teach it with these features: log rules, share rules, age 0"):
        Blend({"rules": SequentialRules()}, _ranker({}))


@pytest.mark.parametrize("name", BLENDS)
def test_the_networks_that_are_shipped_know_the_components_of_their_presets(name):
    blend = make(name, 0)

    assert isinstance(blend, Blend)
    assert list(blend.components) == list(BLENDS[name])
    assert all(np.isfinite(value.numpy()).all() for value in blend.ranker.parts.state_dict().values())
