"""A neural session model: a recurrent network decides which clicks matter, the session stays a mixture of its items.

With unit item vectors e_i, the hidden states h_1 … h_t of a GRU over the clicks x_1 … x_t and a learned b for each age:

    a_s  = softmax_{s ≤ t} ( (W_q h_t)·(W_k h_s) / √size + b[t - s] )
    z_t  = Σ_s a_s e_{x_s} / |Σ_s a_s e_{x_s}|
    score(j) = z_t·e_j / τ - ln Σ_i exp(z_t·e_i / τ)            a log-probability

trained with the softmax cross entropy of every next click of every session. The session's vector lives in the space of
the items' vectors, which is what keeps rare items apart.

Sources: Hou et al., "CORE: Simple and Effective Session-based Recommendation within Consistent Representation Space"
(2022), section 3, for mixture, unit vectors and temperature; Li et al., "Neural Attentive Session-based
Recommendation" (2017), section 3, for attention over the states of a GRU.
"""

import math
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
import torch
from jaxtyping import Float, Int
from numpy import ndarray
from torch import Tensor, nn
from torch.nn import functional

from kartograph.models.array_model import SessionOptions
from kartograph.models.data import Histories, TrainingData
from kartograph.models.neural.network_model import NetworkModel
from kartograph.models.neural.pieces import batches, padded, pieces_of
from kartograph.models.neural.sampled_softmax import DTYPES, SampledSoftmax, parts_of
from kartograph.models.neural.training import TrainingOptions, reproducible, train
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent


@dataclass(frozen=True)
class SessionNetOptions(SessionOptions):
    """Size of the network and course of its training."""

    embedding_size: int = 128
    """Length of the item vectors and of the hidden state."""
    temperature: float = 0.08
    """τ; the smaller, the sharper."""
    dropout: float = 0.25
    """Share of the numbers of item vectors and hidden states that is zeroed in training."""
    learning_rate: float = 2e-3
    """Adam's largest rate; it rises over the first 15 % of the steps and falls to zero (one cycle)."""
    epochs: int = 6
    batch_size: int = 2000
    """Clicks to predict in one step of training."""
    sampled_fraction: float = 0.25
    """Share of the catalogue that stands for all of it in each step, 1 / n for a whole n; 1 is the full softmax."""
    history_length: int = 40
    """Clicks of a session that are looked at, the last ones; longer sessions are learned in pieces."""
    precision: Literal["bfloat16", "float32"] = "bfloat16"
    """Of the products with the catalogue in training; bfloat16 is fast on processors that have it."""
    threads: int = 0
    """Threads of PyTorch in training, 0 for its own choice."""
    seed: int = 0


class SessionNet(NetworkModel):
    """Attention over a GRU, unit vectors, softmax over the catalogue."""

    Options = SessionNetOptions

    def learn(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Train for the number of epochs that the options say; nothing is chosen on the way."""
        pieces, _ = pieces_of(data.histories, self.options.history_length)
        if not len(pieces):
            raise BadInput("No session has two clicks: there is no next click to learn from.")
        self.items = data.items
        with reproducible(self.options.seed, self.options.threads, "cpu"):
            self.network = self.new_network()
            _train(self.network, pieces, self.options, progress)
        with torch.no_grad():
            self.vectors = self.network.unit_vectors()
        return self

    def new_network(self) -> "_Network":
        """The network before any training."""
        return _Network(len(self.items), self.options)

    def log_probabilities(self, queries: Histories) -> Float[Tensor, "n items"]:
        """Of each item as the next click of each query; no query is empty."""
        clicks, _, lengths = padded(queries, len(self.items), self.options.history_length)
        states = self.network(torch.as_tensor(clicks), self.vectors)
        last = states[torch.arange(len(queries)), torch.as_tensor(lengths) - 1]
        return torch.log_softmax(last @ self.vectors[:-1].T / self.options.temperature, dim=1)


class _Network(nn.Module):
    """From clicks to session vectors, one for every place of every session."""

    def __init__(self, items: int, options: SessionNetOptions) -> None:
        super().__init__()
        size = options.embedding_size
        self.padding = items
        self.embedding = nn.Embedding(items + 1, size, padding_idx=items)
        # Short at first, so that steps of Adam's size soon turn a vector.
        nn.init.normal_(self.embedding.weight, std=0.1)
        self.dropout = nn.Dropout(options.dropout)
        self.recurrent = nn.GRU(size, size, batch_first=True)
        self.query, self.key = nn.Linear(size, size), nn.Linear(size, size)
        self.age = nn.Parameter(torch.zeros(options.history_length + 1))

    def unit_vectors(self) -> Float[Tensor, "items_and_padding size"]:
        return functional.normalize(self.embedding.weight, dim=1)

    def forward(
        self, clicks: Int[Tensor, "batch length"], vectors: Float[Tensor, "items_and_padding size"]
    ) -> Float[Tensor, "batch length size"]:
        seen = self.dropout(functional.embedding(clicks, vectors))
        states = self.dropout(self.recurrent(seen)[0])
        position = torch.arange(clicks.shape[1])
        age = position[:, None] - position
        weights = self.query(states) @ self.key(states).transpose(1, 2) / math.sqrt(states.shape[2])
        weights = weights + self.age[age.clamp(0, len(self.age) - 1)]
        weights = weights.masked_fill(age < 0, -math.inf).softmax(dim=2)
        return functional.normalize(weights @ seen, dim=2)


def _train(network: _Network, pieces: Histories, options: SessionNetOptions, progress: Progress) -> None:
    random = np.random.default_rng(options.seed)
    softmax = SampledSoftmax(options.temperature, parts_of(options.sampled_fraction), DTYPES[options.precision])

    def loss(batch: ndarray) -> Tensor:
        clicks = padded(pieces.take(batch), network.padding, options.history_length + 1).items
        shown, targets = torch.as_tensor(clicks[:, :-1]), torch.as_tensor(clicks[:, 1:])
        vectors = network.unit_vectors()
        real = targets != network.padding
        part = int(random.integers(softmax.parts))
        return softmax.loss(network(shown, vectors)[real], vectors[:-1], targets[real], part)

    course = TrainingOptions(learning_rate=options.learning_rate, weight_decay=0.0, epochs=options.epochs)
    train(network, course, lambda: batches(pieces.lengths, options.batch_size, random), loss, None, progress)
