"""Softmax cross entropy over a large catalogue, cheaply: a random part of the catalogue stands for all of it.

With unit vectors h (query) and e_i (items), temperature τ and target t:

    loss = -h·e_t / τ + ln Z,      Z = exp(h·e_t / τ) + parts · Σ_{i ∈ part, i ≠ t} exp(h·e_i / τ)

The part is the items of one residue class modulo `parts`, drawn anew for each call, so Z is unbiased; with 1 part it is
the full softmax. As |h·e| ≤ 1, the exponentials need no shift by their maximum for τ ≥ 0.02. The large products run in
bfloat16 where asked, everything that is summed up in float32.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor


def sampled_softmax_loss(
    queries: Float[Tensor, "n size"],
    items: Float[Tensor, "catalogue size"],
    targets: Int[Tensor, " n"],
    temperature: float,
    parts: int,
    part: int,
    dtype: torch.dtype,
) -> Tensor:
    """Mean loss of n queries; `part` is the residue class that stands for the catalogue, from 0 up to `parts` - 1."""
    return _SampledSoftmax.apply(queries, items, targets, temperature, parts, part, dtype)  # pyright: ignore[reportReturnType]


class _SampledSoftmax(torch.autograd.Function):
    """Forward and gradient in one go: the exponentials are needed for both and are too large to keep."""

    @staticmethod
    def forward(ctx, queries, items, targets, temperature, parts, part, dtype):
        sample = items[part::parts]
        scaled, low = (queries / temperature).to(dtype), sample.to(dtype)
        powers = (scaled @ low.T).exp_()
        inside = (targets % parts == part).nonzero().squeeze(1)
        powers[inside, targets[inside] // parts] = 0
        ones = torch.ones(len(sample), 1, dtype=dtype)
        summed = (powers @ torch.cat([low, ones], dim=1)).float() * parts

        target = items[targets]
        logit = (queries * target).sum(1) / temperature
        power = logit.exp()
        total = summed[:, -1] + power
        share = 1 / (len(queries) * temperature)

        query_grad = ((summed[:, :-1] + power[:, None] * target) / total[:, None] - target) * share
        item_grad = torch.zeros_like(items)
        pushed = scaled * (parts / (len(queries) * total))[:, None].to(dtype)
        item_grad[part::parts] = (powers.T @ pushed).float()
        item_grad.index_add_(0, targets, ((power / total - 1) * share)[:, None] * queries)
        ctx.save_for_backward(query_grad, item_grad)
        return (total.log() - logit).mean()

    @staticmethod
    def backward(ctx, *gradients):
        query_grad, item_grad = ctx.saved_tensors
        return query_grad * gradients[0], item_grad * gradients[0], None, None, None, None, None
