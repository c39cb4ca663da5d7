"""Log-probabilities of the softmax over a large catalogue, cheaply: a random part of it stands for all of it.

With queries h, item vectors e_i, temperature τ and target t:

    ln p(t) = h·e_t / τ - ln Z,      Z = exp(h·e_t / τ) + parts · Σ_{i ∈ part, i ≠ t} exp(h·e_i / τ)

The part is the items of one residue class modulo `parts`, sampled anew for each call, so Z is unbiased; with 1 part it
is the full softmax. The sample is uniform, so no correction for popularity is due. Unless asked, the exponentials are
not shifted by their maximum: |h·e| / τ has to stay below 80, which for unit vectors means τ ≥ 0.02. The large products
run in bfloat16 where asked, everything that is summed up in float32.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from kartograph.tables.errors import BadInput

DTYPES = {"bfloat16": torch.bfloat16, "float32": torch.float32}
"""Precisions of the products with the catalogue, by the name that options use."""


def parts_of(sampled_fraction: float) -> int:
    """Into how many parts the catalogue is divided so that one has about this share of it; raises `BadInput`."""
    if not 0 < sampled_fraction <= 1:
        raise BadInput(f"sampled_fraction is {sampled_fraction}; it is above 0 and at most 1, the full softmax")
    return round(1 / sampled_fraction)


def sampled_softmax_loss(
    queries: Float[Tensor, "n size"],
    items: Float[Tensor, "catalogue size"],
    targets: Int[Tensor, " n"],
    temperature: float,
    parts: int,
    part: int,
    dtype: torch.dtype,
) -> Tensor:
    """Mean of -ln p(t) over n queries; `part` is the residue class that stands for the catalogue, below `parts`."""
    return -sampled_log_probability(queries, items, targets, temperature, parts, part, dtype).mean()


def sampled_log_probability(
    queries: Float[Tensor, "n size"],
    items: Float[Tensor, "catalogue size"],
    targets: Int[Tensor, " n"],
    temperature: float,
    parts: int,
    part: int,
    dtype: torch.dtype,
    shifted: bool = False,
) -> Float[Tensor, " n"]:
    """ln p(t) of each query, for losses that weigh or mix the queries; `shifted` for products of any size."""
    sample, target = items[part::parts], functional.embedding(targets, items)
    return log_probability_by_sample(queries, sample, target, targets, temperature, parts, part, dtype, shifted)


def log_probability_by_sample(
    queries: Float[Tensor, "n size"],
    sample: Float[Tensor, "sample size"],
    target: Float[Tensor, "n size"],
    targets: Int[Tensor, " n"],
    temperature: float,
    parts: int,
    part: int,
    dtype: torch.dtype,
    shifted: bool = False,
) -> Float[Tensor, " n"]:
    """ln p(t) of each query where the rest of the catalogue has no vectors at hand.

    `sample` are the vectors of the items part, part + parts, … and `target` those of the targets.
    """
    result = _LogProbability.apply(queries, sample, target, targets, temperature, parts, part, dtype, shifted)
    return result  # pyright: ignore[reportReturnType]


class _LogProbability(torch.autograd.Function):
    """The exponentials are needed for value and gradient: they are kept once, in the low precision."""

    @staticmethod
    def forward(ctx, queries, sample, target, targets, temperature, parts, part, dtype, shifted):
        sample = sample.to(dtype)
        powers = (queries / temperature).to(dtype) @ sample.T
        logit = (queries * target).sum(1) / temperature
        if shifted:
            largest = torch.maximum(powers.amax(1).float(), logit)
            powers -= largest[:, None]
            logit = logit - largest
        powers.exp_()
        inside = (targets % parts == part).nonzero().squeeze(1)
        powers[inside, targets[inside] // parts] = 0
        power = logit.exp()
        total = powers.sum(1, dtype=torch.float32) * parts + power
        ctx.save_for_backward(queries, sample, powers, target, power, total)
        ctx.temperature, ctx.parts = temperature, parts
        return logit - total.log()

    @staticmethod
    def backward(ctx, *gradients):
        queries, sample, powers, target, power, total = ctx.saved_tensors
        share = gradients[0] / ctx.temperature
        of_sample = (-share * ctx.parts / total)[:, None]
        of_target = (share * (1 - power / total))[:, None]
        query_grad = torch.addcmul(of_target * target, of_sample, (powers @ sample).float())
        sample_grad = (powers.T @ (of_sample * queries).to(powers.dtype)).float()
        return query_grad, sample_grad, of_target * queries, *[None] * 6
