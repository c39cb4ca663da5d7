"""Log-probabilities of the softmax over a large catalogue, cheaply: a random part of it stands for all of it.

With queries h, item vectors e_i, temperature τ and target t:

    ln p(t) = h·e_t / τ - ln Z,      Z = exp(h·e_t / τ) + parts · Σ_{i ∈ part, i ≠ t} exp(h·e_i / τ)

The part is the items of one residue class modulo `parts`, sampled anew for each call, so Z is unbiased; with 1 part it
is the full softmax. The sample is uniform, so no correction for popularity is due. Unless asked, the exponentials are
not shifted by their maximum: |h·e| / τ has to stay below 80, which for unit vectors means τ ≥ 0.02. The large products
run in bfloat16 where asked; sums are accumulated in float32, that over the part is rounded to the precision once.
"""

from dataclasses import dataclass, field

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from kartograph.tables.errors import BadInput

DTYPES = {"bfloat16": torch.bfloat16, "float32": torch.float32}
"""Precisions of the products with the catalogue, by the name that options use."""
SPARE = 0.1
"""Share of the memory for exponentials that is reserved beyond the first need, for later batches that are larger."""


def parts_of(sampled_fraction: float) -> int:
    """Into how many parts the catalogue is divided so that one has about this share of it; raises `BadInput`."""
    if not 0 < sampled_fraction <= 1:
        raise BadInput(f"sampled_fraction is {sampled_fraction}; it is above 0 and at most 1, the full softmax")
    return round(1 / sampled_fraction)


@dataclass
class SampledSoftmax:
    """The softmax of one training; it reuses the memory of its exponentials from step to step."""

    temperature: float
    parts: int
    dtype: torch.dtype
    shifted: bool = False
    """Whether products of any size are allowed, not only below 80."""
    free: Tensor | None = field(default=None, init=False, repr=False)
    """Memory that no step is using."""

    def loss(
        self,
        queries: Float[Tensor, "n size"],
        items: Float[Tensor, "catalogue size"],
        targets: Int[Tensor, " n"],
        part: int,
    ) -> Tensor:
        """Mean of -ln p(t) over n queries; `part` is the residue class that stands for the catalogue, below `parts`."""
        return -self.log_probability(queries, items, targets, part).mean()

    def log_probability(
        self,
        queries: Float[Tensor, "n size"],
        items: Float[Tensor, "catalogue size"],
        targets: Int[Tensor, " n"],
        part: int,
    ) -> Float[Tensor, " n"]:
        """ln p(t) of each query, for losses that weigh or mix the queries."""
        return self.by_sample(queries, items[part :: self.parts], functional.embedding(targets, items), targets, part)

    def by_sample(
        self,
        queries: Float[Tensor, "n size"],
        sample: Float[Tensor, "sample size"],
        target: Float[Tensor, "n size"],
        targets: Int[Tensor, " n"],
        part: int,
    ) -> Float[Tensor, " n"]:
        """ln p(t) of each query where the rest of the catalogue has no vectors at hand.

        `sample` are the vectors of the items part, part + parts, … and `target` those of the targets.
        """
        result = _LogProbability.apply(queries, sample, target, targets, self, part)
        return result  # pyright: ignore[reportReturnType]

    def memory(self, size: int, device: torch.device) -> Tensor:
        """At least so many numbers, the caller's until they are `free` again.

        Fresh pages for every step would cost more than the product that is written into them.
        """
        memory, self.free = self.free, None
        if memory is None or len(memory) < size:
            memory = torch.empty(int((1 + SPARE) * size), dtype=self.dtype, device=device)
        return memory


class _LogProbability(torch.autograd.Function):
    """The exponentials are needed for value and gradient: they are kept once, in the low precision."""

    @staticmethod
    def forward(ctx, queries, sample, target, targets, softmax, part):
        sample = sample.to(softmax.dtype)
        size = len(queries) * len(sample)
        ctx.softmax, ctx.memory = softmax, softmax.memory(size, sample.device)
        powers = ctx.memory[:size].view(len(queries), len(sample))
        torch.mm((queries / softmax.temperature).to(softmax.dtype), sample.T, out=powers)
        logit = (queries * target).sum(1) / softmax.temperature
        if softmax.shifted:
            largest = torch.maximum(powers.amax(1).float(), logit)
            powers -= largest[:, None]
            logit = logit - largest
        powers.exp_()
        inside = (targets % softmax.parts == part).nonzero().squeeze(1)
        powers[inside, targets[inside] // softmax.parts] = 0
        power = logit.exp()
        total = powers.sum(1).float() * softmax.parts + power
        ctx.save_for_backward(queries, sample, powers, target, power, total)
        return logit - total.log()

    @staticmethod
    def backward(ctx, *gradients):
        queries, sample, powers, target, power, total = ctx.saved_tensors
        share = gradients[0] / ctx.softmax.temperature
        of_sample = (-share * ctx.softmax.parts / total)[:, None]
        of_target = (share * (1 - power / total))[:, None]
        query_grad = torch.addcmul(of_target * target, of_sample, (powers @ sample).float())
        sample_grad = (powers.T @ (of_sample * queries).to(powers.dtype)).float()
        ctx.softmax.free = ctx.memory
        return query_grad, sample_grad, of_target * queries, *[None] * 3
