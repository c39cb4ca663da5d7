"""The network of SASRec: gated layers of causal attention with a bias for each age, a mixture and a copy at the end.

The formulas stand in `sasrec`.
"""

import math
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Self

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from kartograph.models.neural.sasrec_answer import Answering
from kartograph.tables.events import EVENTS

if TYPE_CHECKING:
    from kartograph.models.neural.sasrec import SASRecOptions


class Copies(NamedTuple):
    """What is copied at each position of each history."""

    weights: Float[Tensor, "batch length length"]
    """c, rows that sum to 1."""
    gate: Float[Tensor, "batch length"]
    """The logit of g."""


class Network(nn.Module):
    """From histories to session vectors and copies, at every position."""

    def __init__(self, items: int, options: "SASRecOptions") -> None:
        """Random weights; the row after the items' fills up histories."""
        super().__init__()
        size = options.embedding_size
        self.embedding = nn.Embedding(items + 1, size, padding_idx=items)
        # Short at first, so that steps of Adam's size soon turn a vector.
        nn.init.normal_(self.embedding.weight, std=0.1)
        self.event = nn.Embedding(len(EVENTS), size)
        nn.init.zeros_(self.event.weight)
        self.dropout = nn.Dropout(options.dropout)
        self.layers = nn.ModuleList(_Layer(options) for _ in range(options.layers))
        self.norm = nn.RMSNorm(size)
        self.out = nn.Linear(size, size)
        self.repeats = options.repeats
        # There also where nothing is copied, so that a seed means the same numbers and kept versions load.
        self.mixed, self.copied = _Weights(options), _Weights(options)
        self.gate = nn.Linear(size, 1)

    def begin_at(self, vectors: Float[Tensor, "items size"]) -> None:
        """Add vectors to the random ones."""
        with torch.no_grad():
            self.embedding.weight[:-1] += vectors

    def unit_vectors(self, rows: Int[Tensor, " n"] | None = None) -> Float[Tensor, "n size"]:
        """Item vectors of length 1: those of some rows, or of all, the padding behind."""
        weights = self.embedding.weight if rows is None else self.embedding(rows)
        return functional.normalize(weights, dim=1)

    @cached_property
    def answering(self) -> Answering:
        """The same network for one history at a time; made anew after `train` or `eval`."""
        return Answering(self)

    def train(self, mode: bool = True) -> Self:
        """Set the mode of training or, with `eval`, of answering."""
        vars(self).pop("answering", None)  # it looks at weights that may have been replaced
        return super().train(mode)

    def forward(
        self,
        seen: Float[Tensor, "batch length size"],
        events: Int[Tensor, "batch length"],
    ) -> tuple[Float[Tensor, "batch length size"], Copies | None]:
        """After each event z and the copies, where there are some, of that event and those before it.

        `seen` are unit vectors of the items.
        """
        position = torch.arange(seen.shape[1], device=seen.device)
        age = position[:, None] - position
        states = self.dropout(seen * math.sqrt(seen.shape[2]) + self.event(events))
        for layer in self.layers:
            states = layer(states, age)
        states = self.norm(states)
        mixed = functional.normalize(self.mixed(states, age) @ self.dropout(seen), dim=2)
        vectors = functional.normalize(self.dropout(self.out(states)), dim=2)
        copies = Copies(self.copied(states, age), self.gate(states).squeeze(2)) if self.repeats else None
        return functional.normalize(mixed + vectors, dim=2), copies


class _Weights(nn.Module):
    """Attention weights of each position over those up to it, by states and age."""

    def __init__(self, options: "SASRecOptions") -> None:
        super().__init__()
        size = options.embedding_size
        self.query, self.key = nn.Linear(size, size), nn.Linear(size, size)
        self.age = nn.Parameter(torch.zeros(options.history_length))

    def forward(
        self, states: Float[Tensor, "batch length size"], age: Int[Tensor, "length length"]
    ) -> Float[Tensor, "batch length length"]:
        weights = self.query(states) @ self.key(states).transpose(1, 2) / math.sqrt(states.shape[2])
        return (weights + _by_age(self.age, age)).softmax(dim=2)


class _Layer(nn.Module):
    """One gated layer of causal attention and a feed-forward part."""

    def __init__(self, options: "SASRecOptions") -> None:
        super().__init__()
        size = options.embedding_size
        self.heads = options.heads
        self.before, self.between = nn.RMSNorm(size), nn.RMSNorm(size)
        self.projected, self.joined = nn.Linear(size, 3 * size), nn.Linear(size, size)
        self.attention_gate, self.feed_gate = nn.Linear(size, size), nn.Linear(size, size)
        self.wide, self.narrow = nn.Linear(size, 4 * size), nn.Linear(2 * size, size)
        self.age = nn.Parameter(torch.zeros(options.heads, options.history_length))
        self.dropout = nn.Dropout(options.dropout)

    def forward(
        self, states: Float[Tensor, "batch length size"], age: Int[Tensor, "length length"]
    ) -> Float[Tensor, "batch length size"]:
        normed = self.before(states)
        query, key, value = (
            part.unflatten(2, (self.heads, -1)).transpose(1, 2) for part in self.projected(normed).chunk(3, dim=2)
        )
        heads = functional.scaled_dot_product_attention(query, key, value, _by_age(self.age, age))
        attended = self.joined(heads.transpose(1, 2).flatten(2))
        states = states + self.dropout(torch.sigmoid(self.attention_gate(normed)) * attended)
        normed = self.between(states)
        up, gate = self.wide(normed).chunk(2, dim=2)
        fed = self.narrow(up * functional.silu(gate))
        return states + self.dropout(torch.sigmoid(self.feed_gate(normed)) * fed)


def _by_age(bias: Float[Tensor, "*heads longest"], age: Int[Tensor, "length length"]) -> Tensor:
    """The bias of each pair of positions, -inf for those that lie ahead."""
    return bias[..., age.clamp(min=0)].masked_fill(age < 0, -math.inf)
