import math

import pytest
import torch
from torch.nn import functional

from kartograph.models.neural.sampled_softmax import SampledSoftmax, parts_of
from kartograph.tables.errors import BadInput


def _vectors(count: int, seed: int) -> torch.Tensor:
    points = torch.randn(count, 6, generator=torch.Generator().manual_seed(seed))
    return functional.normalize(points, dim=1).requires_grad_()


def test_one_part_is_the_full_softmax_with_its_gradient():
    queries, items, targets = _vectors(5, 1), _vectors(9, 2), torch.tensor([0, 3, 8, 3, 5])
    functional.cross_entropy(queries @ items.T / 0.1, targets).backward()
    expected = queries.grad, items.grad
    queries.grad = items.grad = None

    loss = SampledSoftmax(0.1, 1, torch.float32).loss(queries, items, targets, 0)
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

        loss = SampledSoftmax(0.2, parts, torch.float32).loss(queries, items, targets, part)

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

    result = SampledSoftmax(1.0, 1, torch.float32, shifted=True).loss(40 * queries, 40 * items, targets, 0)

    assert result.item() == pytest.approx(expected.item(), rel=1e-5)
    for one, right in zip(torch.autograd.grad(result, (queries, items)), gradients, strict=True):
        torch.testing.assert_close(one, right, rtol=1e-4, atol=1e-2)


def test_bfloat16_is_near_float32():
    queries, items, targets = _vectors(50, 1), _vectors(90, 2), torch.arange(50)

    low = SampledSoftmax(0.1, 1, torch.bfloat16).loss(queries, items, targets, 0)

    assert low.item() == pytest.approx(functional.cross_entropy(queries @ items.T / 0.1, targets).item(), rel=0.01)


def test_a_sum_over_many_items_loses_none_in_bfloat16():
    queries, items = torch.ones(1, 2), torch.zeros(10_000, 2)

    loss = SampledSoftmax(1.0, 1, torch.bfloat16).loss(queries, items, torch.tensor([7]), 0)

    assert loss.item() == pytest.approx(math.log(10_000), abs=2**-8)


def test_steps_share_memory_and_each_has_its_own_gradient():
    softmax = SampledSoftmax(0.1, 1, torch.float32)
    losses, expected = [], []
    for seed in (1, 3):  # the second begins before the first has its gradients, as where two losses are added
        queries, items, targets = _vectors(4, seed), _vectors(9, seed + 1), torch.tensor([0, 3, 8, seed])
        losses.append((softmax.loss(queries, items, targets, 0), (queries, items)))
        full = functional.cross_entropy(queries @ items.T / 0.1, targets)
        expected.append(torch.autograd.grad(full, (queries, items)))
    for (loss, inputs), gradients in zip(losses, expected, strict=True):
        for result, right in zip(torch.autograd.grad(loss, inputs), gradients, strict=True):
            torch.testing.assert_close(result, right, rtol=1e-4, atol=1e-5)

    kept = softmax.free
    queries, items = _vectors(2, 5), _vectors(3, 6)
    loss = softmax.loss(queries, items, torch.tensor([1, 2]), 0)
    (result,) = torch.autograd.grad(loss, queries)

    (right,) = torch.autograd.grad(functional.cross_entropy(queries @ items.T / 0.1, torch.tensor([1, 2])), queries)
    torch.testing.assert_close(result, right, rtol=1e-4, atol=1e-5)
    assert kept is not None and softmax.free is kept


def test_the_share_of_the_catalogue_is_a_whole_number_of_parts():
    assert [parts_of(share) for share in (1.0, 0.25, 0.3)] == [1, 4, 3]
    for share in (0.0, -0.5, 1.5, float("nan")):
        with pytest.raises(BadInput, match="sampled_fraction is"):
            parts_of(share)
