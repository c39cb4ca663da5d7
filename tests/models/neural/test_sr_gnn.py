from dataclasses import replace

import numpy as np
import pytest
import torch
from tests.models.sessions import answers, asking, training

from kartograph.models.data import TrainingData
from kartograph.models.neural.sr_gnn import SRGNN, GatedSessionConv, SRGNNOptions, session_graphs
from kartograph.tables.errors import BadInput

SMALL = SRGNNOptions(embedding_size=16, epochs=20, batch_size=20, dropout=0.0, learning_rate=0.02, precision="float32")
CYCLES = ["abcd", "bcda", "cdab", "dabc", "wxyz", "xyzw", "yzwx", "zwxy"] * 3


@pytest.fixture(scope="module")
def data() -> TrainingData:
    return training(*CYCLES)


@pytest.fixture(scope="module")
def model(data) -> SRGNN:
    return SRGNN(SMALL).fit(data)


def _matrix(weights, edges, size):
    matrix = np.zeros((size, size))
    matrix[edges[0], edges[1]] = weights
    return matrix


def test_the_session_of_the_paper_has_the_adjacency_of_the_paper():
    # Figure 2 there: v1 → v2 → v3 → v2 → v4.
    data = training("1234")

    graphs = session_graphs(asking(data, "12324"), 4)

    assert graphs.nodes.tolist() == [0, 1, 2, 3]
    assert graphs.clicks.tolist() == [0, 1, 2, 1, 3]
    outgoing = [[0, 1, 0, 0], [0, 0, 1 / 2, 1 / 2], [0, 1, 0, 0], [0, 0, 0, 0]]
    incoming = [[0, 0, 0, 0], [1 / 2, 0, 1 / 2, 0], [0, 1, 0, 0], [0, 1, 0, 0]]
    assert _matrix(graphs.out_weights, graphs.edges, 4).tolist() == outgoing
    assert _matrix(graphs.in_weights, graphs.edges[::-1], 4).tolist() == incoming


def test_sessions_share_no_nodes_and_an_edge_counts_how_often_it_was_taken():
    data = training("abc")

    graphs = session_graphs(asking(data, "ababac", "cb"), 3)

    assert graphs.nodes.tolist() == [0, 1, 2, 1, 2]
    assert graphs.last.tolist() == [2, 3]
    assert graphs.edges.T.tolist() == [[0, 1], [0, 2], [1, 0], [4, 3]]
    assert graphs.out_weights.tolist() == [2 / 3, 1 / 3, 1, 1]


def test_a_step_hears_from_both_sides_apart():
    conv = GatedSessionConv(2)
    for linear in (conv.incoming, conv.outgoing):
        torch.nn.init.eye_(linear.weight)
        torch.nn.init.zeros_(linear.bias)
    states = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 2.0]])
    edges, half, whole = torch.tensor([[0, 0], [1, 2]]), torch.tensor([0.5, 0.5]), torch.ones(2)

    after = conv(states, edges, half, whole)

    heard = torch.tensor([[0.0, 0.0, 0.0, 0.5 * 1 + 0.5 * 2], [1.0, 0.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]])
    torch.testing.assert_close(after, conv.gate(heard, states))


def test_the_next_item_of_a_pattern_comes_first(data, model):
    queries = asking(data, "ab", "xy", "da")

    assert [answer[0] for answer in answers(data, model.rank(queries, 1))] == ["c", "z", "b"]


def test_the_published_form_without_unit_vectors_learns_too(data):
    model = SRGNN(replace(SMALL, temperature=None, epochs=30)).fit(data)

    assert [answer[0] for answer in answers(data, model.rank(asking(data, "ab", "xy"), 1))] == ["c", "z"]


def test_scores_are_log_probabilities_whatever_else_is_asked(data, model):
    alone = model.scores(asking(data, "ab"), np.array([-1]))
    together = model.scores(asking(data, "", "ab", "abcdabcd"), np.full(3, -1))

    assert np.exp(together).sum(axis=1) == pytest.approx([0, 1, 1], rel=1e-4)
    assert together[1] == pytest.approx(alone[0], rel=1e-4)


def test_held_out_sessions_choose_the_epoch_and_leave_a_whole_model():
    data = training(*CYCLES * 42)  # 1,008 sessions: 20 are held out

    model = SRGNN(replace(SMALL, epochs=2, batch_size=500)).fit(data)

    assert np.exp(model.scores(asking(data, "ab"), np.array([-1]))).sum() == pytest.approx(1, rel=1e-4)
    assert model.vectors.shape[1] == 16
    assert not model.network.training


def test_one_seed_gives_one_result(data):
    queries, options = asking(data, "ab", ""), replace(SMALL, epochs=2)

    first, second = (SRGNN(options).fit(data).scores(queries, np.full(2, -1)) for _ in range(2))

    assert first.tolist() == second.tolist()


def test_sessions_of_one_click_teach_nothing():
    with pytest.raises(BadInput, match="No session has two clicks"):
        SRGNN(SMALL).fit(training("a", "b"))
