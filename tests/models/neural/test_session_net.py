from dataclasses import replace

import numpy as np
import pytest
import torch
from tests.models.sessions import answers, asking, training

from kartograph.models.neural.session_net import SessionNet, SessionNetOptions
from kartograph.tables.errors import BadInput

SMALL = SessionNetOptions(
    embedding_size=16,
    epochs=15,
    batch_size=40,
    sampled_fraction=1.0,
    dropout=0.0,
    learning_rate=0.02,
    precision="float32",
)
CYCLES = ["abcd", "bcda", "cdab", "dabc", "wxyz", "xyzw", "yzwx", "zwxy"] * 3


def test_the_network_tells_two_tastes_apart_and_answers_in_log_probabilities():
    data = training(*CYCLES)
    model = SessionNet(SMALL).fit(data)
    queries = asking(data, "ab", "yz", "dab")

    top = model.rank(queries, 4)
    assert [set(answer) for answer in answers(data, top)] == [set("abcd"), set("wxyz"), set("abcd")]
    assert np.exp(model.scores(queries, np.full(3, -1))).sum(axis=1) == pytest.approx([1, 1, 1], rel=1e-4)


def test_one_seed_gives_one_result_and_leaves_the_global_random_state_alone():
    data = training(*CYCLES)
    queries = asking(data, "ab", "")
    state = torch.random.get_rng_state()

    first, second = (SessionNet(SMALL).fit(data).scores(queries, np.full(2, -1)) for _ in range(2))

    assert first.tolist() == second.tolist()
    assert torch.equal(state, torch.random.get_rng_state())


def test_an_answer_does_not_depend_on_the_other_queries_of_the_call():
    data = training(*CYCLES)
    model = SessionNet(SMALL).fit(data)

    alone = model.scores(asking(data, "ab"), np.array([-1]))
    together = model.scores(asking(data, "", "ab", "abcdabcd"), np.full(3, -1))

    assert together[1] == pytest.approx(alone[0], rel=1e-4)
    assert model.rank(asking(data, "", "ab"), 2).unserved.tolist() == [True, False]


def test_clicks_beyond_the_longest_are_not_looked_at():
    data = training("abcdefghij" * 2)

    history_length = SessionNet(replace(SMALL, history_length=2, epochs=1)).fit(data)
    queries = asking(data, "abcd", "cd")
    scores = history_length.scores(queries, np.full(2, -1))
    assert scores[0] == pytest.approx(scores[1], rel=1e-4)


def test_sessions_of_one_click_teach_nothing():
    with pytest.raises(BadInput, match="No session has two clicks"):
        SessionNet(SMALL).fit(training("a", "b"))
