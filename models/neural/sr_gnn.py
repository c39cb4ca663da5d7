"""SR-GNN: a session is a graph of its items, a gated graph network makes their states, attention reads them out.

The distinct items of a session are nodes v_i, its consecutive clicks edges; A_out[i, j] is the number of clicks from i
to j over all from i, A_in[i, j] that from j to i over all to i. With one step or more of

    a_i = [ Σ_j A_in[i, j] (H_in v_j + b_in) , Σ_j A_out[i, j] (H_out v_j + b_out) ],      v_i ← GRUCell(a_i, v_i)

and the node v_n of the last click,

    α_t = q·σ(W_1 v_n + W_2 v_t + c)          for each click t
    s   = W_3 [ v_n , Σ_t α_t v_t ]
    score(j) = ln softmax_j( s·e_j )

e_j are the item vectors that the nodes begin with. `temperature` has s and e_j as unit vectors and divides by it, which
keeps popular items from winning by their length; None is the published form.

Sources: Wu et al., "Session-based Recommendation with Graph Neural Networks" (AAAI 2019), section 3; Gupta et al.,
"NISER: Normalized Item and Session Representations" (2019), for the unit vectors.
"""

import warnings
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
import torch
from jaxtyping import Float, Int
from numpy import ndarray
from torch import Tensor, nn
from torch.nn import functional

from kartograph.models.data import Histories, TrainingData
from kartograph.models.neural.network_model import NetworkModel
from kartograph.models.neural.pieces import batches, prefixes
from kartograph.models.neural.sampled_softmax import DTYPES, SampledSoftmax
from kartograph.models.neural.training import TrainingOptions, cut, mean_reciprocal_rank, reproducible, train
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

with warnings.catch_warnings():
    # PyTorch Geometric 2.8 compiles parts of itself at import in a way that torch is about to drop.
    warnings.simplefilter("ignore", FutureWarning)
    from torch_geometric.nn import MessagePassing
    from torch_geometric.utils import scatter


@dataclass(frozen=True)
class SRGNNOptions(TrainingOptions):
    """Size of the network and course of its training."""

    embedding_size: int = 128
    """Length of the item vectors and node states; the paper has 100."""
    steps: int = 1
    """Times that the nodes hear from their neighbours."""
    temperature: float | None = 0.08
    """Divides the cosine of session and item; None scores by the plain product, as the paper does."""
    dropout: float = 0.25
    """Share of the numbers of item vectors that is zeroed in training; the paper has none."""
    batch_size: int = 1000
    """Clicks to predict in one step of training."""
    history_length: int = 20
    """Clicks of a session that are looked at, the last ones."""


class SessionGraphs(NamedTuple):
    """Graphs of several sessions as one, without edges from one to another."""

    nodes: Int[ndarray, " nodes"]
    """The item of each node."""
    clicks: Int[ndarray, " clicks"]
    """The node of each click."""
    sessions: Int[ndarray, " clicks"]
    """The session of each click."""
    last: Int[ndarray, " sessions"]
    """The node of each session's last click."""
    edges: Int[ndarray, "two edges"]
    """From and to."""
    out_weights: Float[ndarray, " edges"]
    """Clicks along an edge over all clicks from its start."""
    in_weights: Float[ndarray, " edges"]
    """Clicks along an edge over all clicks to its end."""


def session_graphs(histories: Histories, items: int) -> SessionGraphs:
    """The graphs of sessions, none of them empty; `items` is the number of the catalogue's."""
    keys, clicks = np.unique(histories.owners * items + histories.items, return_inverse=True)
    follows = np.flatnonzero(np.diff(histories.owners) == 0)
    pairs, counts = np.unique(clicks[follows] * len(keys) + clicks[follows + 1], return_counts=True)
    edges = np.stack([pairs // max(len(keys), 1), pairs % max(len(keys), 1)])
    leaving, arriving = (np.bincount(end, counts, len(keys)) for end in edges)
    return SessionGraphs(
        keys % items,
        clicks,
        histories.owners,
        clicks[histories.offsets[1:] - 1],
        edges,
        counts / leaving[edges[0]],
        counts / arriving[edges[1]],
    )


class GatedSessionConv(MessagePassing):
    """One step of the gated graph network with incoming and outgoing edges apart."""

    def __init__(self, size: int) -> None:
        """Messages add up."""
        super().__init__(aggr="add")
        self.incoming, self.outgoing = nn.Linear(size, size), nn.Linear(size, size)
        self.gate = nn.GRUCell(2 * size, size)

    def forward(
        self,
        states: Float[Tensor, "nodes size"],
        edges: Int[Tensor, "two edges"],
        out_weights: Float[Tensor, " edges"],
        in_weights: Float[Tensor, " edges"],
    ) -> Float[Tensor, "nodes size"]:
        """The states after the step."""
        before = self.propagate(edges, x=self.incoming(states), weights=in_weights)
        after = self.propagate(edges.flip(0), x=self.outgoing(states), weights=out_weights)
        return self.gate(torch.cat([before, after], dim=1), states)

    def message(self, x_j: Tensor, weights: Tensor) -> Tensor:  # pyright: ignore[reportIncompatibleMethodOverride]
        """What an edge carries: its weight times the neighbour's state."""
        return weights[:, None] * x_j


class SRGNN(NetworkModel):
    """Gated session graphs, softmax over the catalogue."""

    Options = SRGNNOptions

    def learn(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Train on every prefix of every session, and keep the epoch that ranks held-out clicks best."""
        options = self.options
        shown, targets, owners = prefixes(data.histories, options.history_length)
        if not len(targets):
            raise BadInput("No session has two clicks: there is no next click to learn from.")
        self.items = data.items
        random = np.random.default_rng(options.seed)
        parts = cut(owners, options.held_out, options.recency, random)
        softmax = SampledSoftmax(
            options.temperature or 1.0,
            max(1, round(len(data.items) / options.negatives)),
            DTYPES[options.precision],
            shifted=options.temperature is None,
        )
        with reproducible(options.seed, options.threads, options.device) as device:
            self.network = self.new_network().to(device)
            weights = torch.as_tensor(parts.weights, dtype=torch.float32, device=device)

            def loss(batch: ndarray) -> Tensor:
                rows = parts.learned[batch]
                vectors = self.network.item_vectors()
                log_probability = softmax.log_probability(
                    self.network(session_graphs(shown.take(rows), len(self.items)), vectors),
                    vectors,
                    torch.as_tensor(targets[rows], device=device),
                    int(random.integers(softmax.parts)),
                )
                return -(weights[torch.as_tensor(batch, device=device)] * log_probability).mean()

            def quality() -> float:
                self.vectors = self.network.item_vectors().detach()
                return mean_reciprocal_rank(self, shown.take(parts.held_out), targets[parts.held_out])

            lengths = shown.lengths[parts.learned] + 1
            clicks = options.batch_size * int(np.ceil(lengths.mean() - 1))
            train(
                self.network,
                options,
                lambda: batches(lengths, clicks, random),
                loss,
                quality if len(parts.held_out) else None,
                progress,
            )
            self.network.cpu().eval()
        with torch.no_grad():
            self.vectors = self.network.item_vectors()
        return self

    def new_network(self) -> "_Network":
        """The network before any training."""
        return _Network(len(self.items), self.options)

    def log_probabilities(self, queries: Histories) -> Float[Tensor, "n items"]:
        """Of each item as the next click of each query; no query is empty."""
        graphs = session_graphs(queries.latest(self.options.history_length), len(self.items))
        sessions = self.network(graphs, self.vectors)
        return torch.log_softmax(sessions @ self.vectors.T / (self.options.temperature or 1.0), dim=1)


class _Network(nn.Module):
    """From session graphs to session vectors."""

    def __init__(self, items: int, options: SRGNNOptions) -> None:
        super().__init__()
        size = options.embedding_size
        self.embedding = nn.Embedding(items, size)
        nn.init.normal_(self.embedding.weight, std=0.1)
        self.unit = options.temperature is not None
        self.steps = options.steps
        self.dropout = nn.Dropout(options.dropout)
        self.conv = GatedSessionConv(size)
        self.last, self.click = nn.Linear(size, size), nn.Linear(size, size, bias=False)
        self.attention = nn.Linear(size, 1, bias=False)
        self.out = nn.Linear(2 * size, size, bias=False)

    def item_vectors(self) -> Float[Tensor, "items size"]:
        return functional.normalize(self.embedding.weight, dim=1) if self.unit else self.embedding.weight

    def forward(self, graphs: SessionGraphs, vectors: Float[Tensor, "items size"]) -> Float[Tensor, "sessions size"]:
        nodes, clicks, sessions, last, edges = (torch.as_tensor(part, device=vectors.device) for part in graphs[:5])
        weights = [torch.as_tensor(part, dtype=vectors.dtype, device=vectors.device) for part in graphs[5:]]
        states = self.dropout(functional.embedding(nodes, vectors))
        for _ in range(self.steps):
            states = self.conv(states, edges, *weights)
        if self.unit:
            states = functional.normalize(states, dim=1)
        attention = self.attention(torch.sigmoid(self.last(states[last])[sessions] + self.click(states)[clicks]))
        whole = scatter(attention * states[clicks], sessions, dim_size=len(last), reduce="sum")
        projected = self.out(torch.cat([states[last], whole], dim=1))
        return functional.normalize(projected, dim=1) if self.unit else projected
