"""SASRec with sampled softmax, gated layers, item vectors that begin in the graph, and a copy of the history.

With unit item vectors e_i and the history x_1 … x_t, gated causal attention layers make states h_1 … h_t of
the events, and two more attentions mix and copy what they look at:

    h_s ← h_s + σ(G_1 n_s) ⊙ Attention(n)_s,    h_s ← h_s + σ(G_2 n_s) ⊙ SwiGLU(n_s),    n = RMSNorm(h)
    a_s  = softmax_{s ≤ t}( (W_q h_t)·(W_k h_s) / √size + b[t - s] )         and c_s of the same form
    z_t  = Σ_s a_s e_{x_s} / |Σ_s a_s e_{x_s}|
    p(j) = (1 - g_t) · exp(z_t·e_j / τ) / Σ_i exp(z_t·e_i / τ) + g_t · Σ_{s: x_s = j} c_s,      g_t = σ(w·h_t)
    score(j) = ln p(j)

Without `repeats` g is 0, an item of the history has no score, and only events on items that are new to their history
teach: so it answers which item a person takes next that the person has not seen.

The attention of the layers has a bias for each age t - s in place of positions. The item vectors begin as vectors of
the graph of items and histories (`graph_vectors`), for most items are too rare to be learned from a random start.
Trained with the cross entropy of the next event of every history, late histories weighted more where `recency` says so;
the weights of the epoch that ranks held-out histories best are kept.

Sources: Kang and McAuley, "Self-Attentive Sequential Recommendation" (2018); Tikhonovich et al., "eSASRec: Enhancing
Transformer-based Recommendations in a Modular Fashion" (2025), for sampled softmax and gated layers (LiGR); Hou et al.,
"CORE: Simple and Effective Session-based Recommendation within Consistent Representation Space" (2022), for z; Ren et
al., "RepeatNet" (2019), for repeat and explore.
"""

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from jaxtyping import Float, Int
from numpy import ndarray
from torch import Tensor
from torch.nn import functional

from kartograph.models.data import Histories, TrainingData
from kartograph.models.neural.graph_vectors import graph_vectors
from kartograph.models.neural.network_model import NetworkModel
from kartograph.models.neural.pieces import batches, padded, pieces_of
from kartograph.models.neural.sampled_softmax import DTYPES, SampledSoftmax
from kartograph.models.neural.sasrec_network import Network
from kartograph.models.neural.training import TrainingOptions, cut, mean_reciprocal_rank, reproducible, train
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

SMALLEST = 1e-9
"""The least chance of a copy, so that an item that is none has a finite loss."""


@dataclass(frozen=True)
class SASRecOptions(TrainingOptions):
    """Size of the network and course of its training."""

    embedding_size: int = 128
    """Length of the item vectors and of the states; a multiple of `heads`."""
    layers: int = 1
    heads: int = 2
    temperature: float = 0.1
    """τ; the smaller, the sharper."""
    dropout: float = 0.25
    """Share of the numbers of item vectors and of the layers' results that is zeroed in training."""
    learning_rate: float = 4e-3
    epochs: int = 8
    negatives: int = 12_000
    recency: float | None = 1.0
    graph_steps: int = 3
    """Steps in the graph that the first item vectors are made of; 0 begins at random."""
    history_length: int = 40
    """Events of a history that are looked at, the last ones; longer histories are learned in pieces."""
    repeats: bool = True
    """Whether an item of the history may come next. Without, nothing is copied (g = 0), only events on items that are
    new to their piece are learned, and what is in the history is not recommended."""


class SASRec(NetworkModel):
    """Gated self-attention over a history, softmax over the catalogue, copies of the history."""

    Options = SASRecOptions

    def learn(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Train, and keep the epoch that ranks held-out histories best."""
        options = self.options
        size, heads = options.embedding_size, options.heads
        if size % heads:
            raise BadInput(f"embedding_size is {size} and heads is {heads}: the size is a multiple of the heads.")
        pieces, owners = pieces_of(data.histories, options.history_length)
        if not len(pieces):
            raise BadInput("No session has two clicks: there is no next click to learn from.")
        self.items = data.items
        random = np.random.default_rng(options.seed)
        parts = cut(owners, options.held_out, options.recency, random)
        learned, held_out = pieces.take(parts.learned), pieces.take(parts.held_out)
        with reproducible(options.seed, options.threads, options.device) as device:
            self.network = self.new_network()
            if options.graph_steps:
                begin = graph_vectors(learned, len(data.items), size, options.graph_steps, random)
                self.network.begin_at(torch.as_tensor(begin))
            self.network.to(device)
            weights = torch.as_tensor(parts.weights, dtype=torch.float32, device=device)
            shares = max(1, round(len(data.items) / options.negatives))
            softmax = SampledSoftmax(options.temperature, shares, DTYPES[options.precision])

            def loss(batch: ndarray) -> Tensor:
                clicks, events, _ = padded(learned.take(batch), len(self.items), options.history_length + 1)
                clicks, events = torch.as_tensor(clicks, device=device), torch.as_tensor(events, device=device)
                shown, targets = clicks[:, :-1], clicks[:, 1:]
                real = targets != len(self.items)
                same = shown[:, None] == targets[:, :, None]
                if not options.repeats:
                    real &= ~same.tril().any(2)
                part = int(random.integers(shares))
                sampled = torch.arange(part, len(self.items), shares, device=device)
                vectors = self.network.unit_vectors(torch.cat([sampled, clicks.flatten()]))
                sample, near = vectors[: len(sampled)], vectors[len(sampled) :].unflatten(0, clicks.shape)
                session, copies = self.network(near[:, :-1], events[:, :-1])
                explored = softmax.by_sample(session[real], sample, near[:, 1:][real], targets[real], part)
                log_probability = explored
                if copies is not None:
                    repeated = (copies.weights * same).sum(2)[real]
                    gate = copies.gate[real]
                    log_probability = torch.logaddexp(
                        functional.logsigmoid(-gate) + explored,
                        functional.logsigmoid(gate) + repeated.clamp_min(SMALLEST).log(),
                    )
                weight = weights[torch.as_tensor(batch, device=device)][:, None].expand_as(real)[real]
                return -(weight * log_probability).sum() / max(len(weight), 1)

            def quality() -> float:
                self.vectors = self.network.unit_vectors().detach()
                shown, targets = _all_but_last(held_out)
                return mean_reciprocal_rank(self, shown, targets)

            train(
                self.network,
                options,
                lambda: batches(learned.lengths, options.batch_size, random),
                loss,
                quality if len(held_out) else None,
                progress,
            )
            self.network.cpu().eval()
        with torch.no_grad():
            self.vectors = self.network.unit_vectors()
        return self

    def new_network(self) -> Network:
        """The network before any training."""
        return Network(len(self.items), self.options)

    def log_probabilities(self, queries: Histories) -> Float[Tensor, "n items"]:
        """Of each item as the next event of each query; no query is empty."""
        if len(queries) == 1 and self.vectors.device.type == "cpu":
            return torch.from_numpy(self._after(queries))[None]
        clicks, events, lengths = padded(queries, len(self.items), self.options.history_length)
        device = self.vectors.device
        clicks, events = torch.as_tensor(clicks, device=device), torch.as_tensor(events, device=device)
        at = torch.arange(len(queries), device=device), torch.as_tensor(lengths - 1, device=device)
        session, copies = self.network(functional.embedding(clicks, self.vectors), events)
        shares = session[at] @ self.vectors.T / self.options.temperature
        shares[:, -1] = -math.inf  # what fills up is no item
        if copies is None:
            return shares.log_softmax(dim=1).scatter_(1, clicks, -math.inf)[:, :-1]
        copied, gate = copies.weights[at], copies.gate[at][:, None]
        shares = torch.softmax(shares, dim=1).mul_(torch.sigmoid(-gate))
        shares.scatter_add_(1, clicks, copied * torch.sigmoid(gate))
        return shares[:, :-1].log_()

    def _after(self, query: Histories) -> Float[ndarray, " items"]:
        """The log-probabilities after one history."""
        items, events = (one[-self.options.history_length :] for one in (query.items, query.events))
        vector, copies, gate = self.network.answering(self.vectors[items].numpy(), events)
        chances = self.vectors.numpy()[:-1] @ vector
        chances /= np.float32(self.options.temperature)
        chances -= chances.max()
        np.exp(chances, out=chances)
        chances *= np.float32((1 - gate) / chances.sum())
        if copies is None:
            chances[items] = 0
        else:
            np.add.at(chances, items, np.float32(gate) * copies)
        with np.errstate(divide="ignore"):  # of what is in the history, and of chances below float32
            return np.log(chances, out=chances)


def _all_but_last(histories: Histories) -> tuple[Histories, Int[ndarray, " n"]]:
    """Each history, none of them empty, without its last event, and the item of that."""
    before = histories.ages > 0
    shown = Histories.of(histories.owners[before], histories.items[before], len(histories), histories.events[before])
    return shown, histories.items[histories.offsets[1:] - 1]
