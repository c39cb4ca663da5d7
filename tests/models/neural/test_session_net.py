from dataclasses import replace

import numpy as np
import pytest
import torch
from tests.models.sessions import answers, asking, training
from torch.nn import functional

from kartograph.models.neural.sampled_softmax import parts_of, sampled_log_probability, sampled_softmax_loss
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


def _vectors(count: int, seed: int) -> torch.Tensor:
    points = torch.randn(count, 6, generator=torch.Generator().manual_seed(seed))
    return functional.normalize(points, dim=1).requires_grad_()


def test_one_part_is_the_full_softmax_with_its_gradient():
    queries, items, targets = _vectors(5, 1), _vectors(9, 2), torch.tensor([0, 3, 8, 3, 5])
    functional.cross_entropy(queries @ items.T / 0.1, targets).backward()
    expected = queries.grad, items.grad
    queries.grad = items.grad = None

    loss = sampled_softmax_loss(queries, items, targets, 0.1, 1, 0, torch.float32)
    loss.backward()

    assert loss.item() == pytest.approx(functional.cross_entropy(queries @ items.T / 0.1, targets).item(), rel=1e-5)
    torch.testing.assert_close(queries.grad, expected[0], rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(items.grad, expected[1], rtol=1e-4, atol=1e-5)


def test_the_parts_average_to_the_full_sum_and_each_has_the_gradient_of_its_own_loss():
    queries, items, targets, parts = _vectors(2, 3), _vectors(8, 4), torch.tensor([5, 2]), 4
    logits = queries @ items.T / 0.2
    target = logits[[0, 1], targets]
    totals = []
    for part in range(parts):
        weights = torch.where(torch.arange(8) % parts == part, float(parts), 0.0).repeat(2, 1)
        weights[[0, 1], targets] = 1
        total = (weights * logits.exp()).sum(1)
        expected = torch.autograd.grad((total.log() - target).mean(), (queries, items), retain_graph=True)

        loss = sampled_softmax_loss(queries, items, targets, 0.2, parts, part, torch.float32)

        assert loss.item() == pytest.approx((total.log() - target).mean().item(), rel=1e-5)
        for result, right in zip(torch.autograd.grad(loss, (queries, items)), expected, strict=True):
            torch.testing.assert_close(result, right, rtol=1e-4, atol=1e-5)
        totals.append(total.detach())
    torch.testing.assert_close(torch.stack(totals).mean(0), logits.exp().sum(1).detach())


def test_shifted_exponentials_hold_products_of_any_size():
    queries, items, targets = _vectors(5, 1), _vectors(9, 2), torch.tensor([0, 3, 8, 3, 5])
    logits = 40 * queries @ (40 * items).T
    assert logits.abs().max() > 1000
    expected = functional.cross_entropy(logits, targets)
    gradients = torch.autograd.grad(expected, (queries, items))

    result = -sampled_log_probability(40 * queries, 40 * items, targets, 1.0, 1, 0, torch.float32, shifted=True).mean()

    assert result.item() == pytest.approx(expected.item(), rel=1e-5)
    for one, right in zip(torch.autograd.grad(result, (queries, items)), gradients, strict=True):
        torch.testing.assert_close(one, right, rtol=1e-4, atol=1e-2)


def test_bfloat16_is_near_float32():
    queries, items, targets = _vectors(50, 1), _vectors(90, 2), torch.arange(50)

    low = sampled_softmax_loss(queries, items, targets, 0.1, 1, 0, torch.bfloat16)

    assert low.item() == pytest.approx(functional.cross_entropy(queries @ items.T / 0.1, targets).item(), rel=0.01)


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


def test_the_share_of_the_catalogue_is_a_whole_number_of_parts():
    assert [parts_of(share) for share in (1.0, 0.25, 0.3)] == [1, 4, 3]
    for share in (0.0, -0.5, 1.5, float("nan")):
        with pytest.raises(BadInput, match="sampled_fraction is"):
            parts_of(share)
