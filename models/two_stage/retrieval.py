"""The first stage of the graph model: the history as one vector in the space of the items, candidates by one product.

With unit item vectors e_i (an own vector plus those of its groups: category, root, brand …), ages a = t - s and kinds
of event k_s:

    b_s  = softmax_{s ≤ t} ( (W_q e_t)·(W_k e_s) / √size + r[a] + h[k_s] )
    z_t  = Σ_s b_s e_s (+ the user's vector), brought to length 1
    f(j) = z_t · e_j / τ

trained on every next item of every history by sampled softmax, BPR or binary cross entropy.
"""

import math
from collections.abc import Iterator
from typing import Literal, NamedTuple, Self

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from torch import Tensor, nn
from torch.nn import functional

from kartograph.models.data import Histories
from kartograph.models.neural.sampled_softmax import SampledSoftmax
from kartograph.models.preaddl.training import Training
from kartograph.tables.events import EVENTS

RankingLoss = Literal["softmax", "bpr", "bce"]
"""Sampled softmax; Rendle et al., "BPR: Bayesian Personalized Ranking from Implicit Feedback" (2009); BCE."""
NEGATIVES = 256
"""Items that BPR and BCE draw for each step."""
AT_K = 20


class Clicks(NamedTuple):
    """Pieces of histories as padded matrices, oldest first."""

    items: Tensor
    events: Tensor
    owners: Tensor
    predicted: Tensor
    """Whether the next item at a place is to be predicted."""


class RetrievalNetwork(nn.Module):
    """From histories to vectors, one for every place."""

    def __init__(
        self, first: Float[Tensor, "items size"], groups: Int[Tensor, "items kinds"] | None, owners: int, options
    ) -> None:
        """Begin with the embeddings `first`; `owners` above 0 gives each a vector of its own, with sparse gradients.

        `groups` are numbers from 1 on, 0 for none; each is a vector that its items share.
        """
        super().__init__()
        items, size = first.shape
        self.padding, self.history_length = items, options.history_length
        self.embedding = nn.Embedding.from_pretrained(
            torch.cat([first, torch.zeros(1, size)]), freeze=False, padding_idx=items
        )
        self.groups: Tensor | None
        self.register_buffer("groups", groups)
        if groups is not None:
            self.group = nn.Embedding(int(groups.max()) + 1, size)
            nn.init.normal_(self.group.weight, std=0.02)
        if owners:
            self.owner = nn.Embedding(owners + 1, size, sparse=True)
            nn.init.zeros_(self.owner.weight)
        self.query, self.key = nn.Linear(size, size, bias=False), nn.Linear(size, size, bias=False)
        self.age = nn.Parameter(-0.15 * torch.arange(options.history_length + 1.0))
        self.event = nn.Parameter(torch.zeros(len(EVENTS)))
        self.dropout = nn.Dropout(options.dropout)

    @classmethod
    def of_state(cls, state: dict[str, Tensor], options) -> Self:
        """A network with the weights of `state_dict`, whose sizes it takes."""
        owners = len(state["owner.weight"]) - 1 if "owner.weight" in state else 0
        network = cls(state["embedding.weight"][:-1], state.get("groups"), owners, options)
        network.load_state_dict(state)
        return network

    def unit_vectors(self) -> Float[Tensor, "items_and_padding size"]:
        """The items' vectors; the last row is the padding's."""
        vectors = self.embedding.weight
        if self.groups is not None:
            of_items = self.group(self.groups).sum(1)
            vectors = vectors + torch.cat([of_items, of_items.new_zeros(1, of_items.shape[1])])
        return functional.normalize(vectors, dim=1)

    def forward(
        self, clicks: Clicks, vectors: Float[Tensor, "items_and_padding size"]
    ) -> Float[Tensor, "batch length size"]:
        """The vectors z of all places."""
        seen = self.dropout(functional.embedding(clicks.items, vectors))
        position = torch.arange(clicks.items.shape[1], device=seen.device)
        age = position[:, None] - position
        weights = self.query(seen) @ self.key(seen).transpose(1, 2) / math.sqrt(seen.shape[2])
        weights = weights + self.age[age.clamp(0, self.history_length)] + self.event[clicks.events][:, None, :]
        hidden = (age < 0) | (clicks.items == self.padding)[:, None, :] & (age != 0)
        mixed = weights.masked_fill(hidden, -math.inf).softmax(dim=2) @ seen
        if hasattr(self, "owner"):
            mixed = mixed + self.owner(clicks.owners)[:, None, :]
        return functional.normalize(mixed, dim=2)


class NextItemTask:
    """Every next item of the histories; early stopping looks at NDCG on validation cases."""

    def __init__(
        self,
        histories: Histories,
        validation: tuple[Histories, ndarray, ndarray] | None,
        loss: RankingLoss,
        clicks: int,
        softmax: SampledSoftmax,
        unseen_only: bool,
        history_length: int,
        training: Training,
    ) -> None:
        """`validation`: histories, owners and the right item of each; `unseen_only` asks for items not seen before."""
        self.histories, self.validation, self.kind, self.softmax = histories, validation, loss, softmax
        self.history_length, self.device, self.seed = history_length, training.device, training.seed
        self.starts, self.lengths = pieces(histories.offsets, history_length)
        if len(self.starts) == 0:
            raise_too_short()
        self.fresh = first_meetings(histories) if unseen_only else np.ones(len(histories.items), dtype=bool)
        self.clicks = clicks
        self.owner_of = histories.owners[self.starts]
        self._steps = len(self._batches(0))

    def steps(self) -> int:
        """Batches in an epoch."""
        return self._steps

    def _batches(self, epoch: int) -> list[ndarray]:
        """Pieces of like length together, about `clicks` places a batch, batches in random order."""
        random = np.random.default_rng([self.seed, epoch])
        order = np.lexsort((random.random(len(self.lengths)), self.lengths))
        number = np.cumsum(self.lengths[order] - 1) // self.clicks
        batches = np.split(order, np.flatnonzero(np.diff(number)) + 1)
        return [batches[position] for position in random.permutation(len(batches))]

    def batches(self, epoch: int, share: int, shares: int) -> Iterator[tuple[Clicks, int]]:
        """Matrices of clicks, and which part of the catalogue stands for all of it."""
        random = np.random.default_rng([self.seed, epoch, 1])
        for rows in self._batches(epoch):
            part = int(random.integers(self.softmax.parts))
            if len(rows) >= shares:  # else a process would have nothing to average
                yield self.matrices(rows[share::shares]), part

    def matrices(self, rows: Int[ndarray, " n"]) -> Clicks:
        """The pieces at these rows, one column more than there are predictions."""
        column = np.arange(self.lengths[rows].max())
        places = self.starts[rows, None] + column
        real = column < self.lengths[rows, None]
        places = np.where(real, places, 0)
        items = np.where(real, self.histories.items[places], -1)
        predicted = real[:, 1:] & self.fresh[places[:, 1:]]
        tensors = items, np.where(real, self.histories.events[places], 0), self.owner_of[rows], predicted
        return Clicks(*(torch.from_numpy(np.ascontiguousarray(one)).to(self.device) for one in tensors))

    def loss(self, network: nn.Module, batch: tuple[Clicks, int]) -> Tensor:
        """The mean loss of the wanted next items."""
        clicks, part = batch
        inner = network.module if isinstance(network, nn.parallel.DistributedDataParallel) else network
        vectors = inner.unit_vectors()  # pyright: ignore[reportCallIssue]
        padded = clicks.items.where(clicks.items >= 0, inner.padding)  # pyright: ignore[reportArgumentType, reportCallIssue]
        shown = Clicks(padded[:, :-1], clicks.events[:, :-1].long(), clicks.owners, clicks.predicted)
        states, targets = network(shown, vectors)[clicks.predicted], padded[:, 1:][clicks.predicted]
        if len(targets) == 0:
            return states.sum()
        if self.kind == "softmax":
            return self.softmax.loss(states, vectors[:-1], targets, part)
        wrong = torch.randint(len(vectors) - 1, (NEGATIVES,), device=states.device)
        right = (states * vectors[targets]).sum(1, keepdim=True) / self.softmax.temperature
        others = states @ vectors[wrong].T / self.softmax.temperature
        if self.kind == "bpr":
            return -functional.logsigmoid(right - others).mean()
        return functional.softplus(-right).mean() + functional.softplus(others).mean()

    def validate(self, network: nn.Module) -> dict[str, float]:
        """NDCG@20 of the right items among the whole catalogue; nothing where no case is held out."""
        if self.validation is None or not len(self.validation[2]):
            return {}
        queries, owners, targets = self.validation
        vectors = network.unit_vectors()  # pyright: ignore[reportCallIssue]
        gains = []
        for start in range(0, len(queries), 512):
            stop = min(start + 512, len(queries))
            z = history_vectors(network, vectors, queries.part(start, stop), owners[start:stop], self.history_length)
            scores = z @ vectors[:-1].T
            right = scores.gather(1, torch.from_numpy(targets[start:stop])[:, None].to(scores.device))
            rank = (scores > right).sum(1) + 1
            gains.append(torch.where(rank <= AT_K, 1 / torch.log2(1 + rank.float()), 0.0))
        return {f"validation_ndcg@{AT_K}": float(torch.cat(gains).mean())}


def history_vectors(
    network: nn.Module,
    vectors: Float[Tensor, "items_and_padding size"],
    queries: Histories,
    owners: Int[ndarray, " n"],
    history_length: int,
) -> Float[Tensor, "n size"]:
    """z at the end of each history; zero for an empty one without a user's vector."""
    items, events, real = latest_first(queries, history_length)
    length = max(int(real.sum(1).max(initial=0)), 1)
    # Oldest first, empty places in front: the last column is the latest item of every history.
    items, events = items[:, :length][:, ::-1].copy(), events[:, :length][:, ::-1].copy()
    padded = torch.from_numpy(np.where(items < 0, network.padding, items))  # pyright: ignore[reportArgumentType, reportCallIssue]
    unknown = len(network.owner.weight) - 1 if hasattr(network, "owner") else 0  # pyright: ignore[reportArgumentType, reportAttributeAccessIssue]
    who = torch.from_numpy(np.where(owners < 0, unknown, owners))
    device = vectors.device
    clicks = Clicks(padded.to(device), torch.from_numpy(events).long().to(device), who.to(device), padded)
    z = network(clicks, vectors)[:, -1]
    return z * torch.from_numpy(real[:, :1] | hasattr(network, "owner")).to(device)


def latest_first(
    queries: Histories, length: int
) -> tuple[Int[ndarray, "n length"], Int[ndarray, "n length"], Bool[ndarray, "n length"]]:
    """The last items of each history with their events, the latest first; -1 where a place is empty."""
    items = np.full((len(queries), length), -1)
    events = np.zeros((len(queries), length), dtype=np.int64)
    kept = queries.ages < length
    cells = queries.owners[kept], queries.ages[kept]
    items[cells], events[cells] = queries.items[kept], queries.events[kept]
    return items, events, items >= 0


def pieces(offsets: Int[ndarray, " n"], history_length: int) -> tuple[ndarray, ndarray]:
    """Starts and lengths of pieces of at most `history_length` + 1 events; a piece begins with the last of the one
    before."""
    lengths = np.diff(offsets)
    count = np.where(lengths > 1, -(-(lengths - 1) // history_length), 0)
    owner = np.repeat(np.arange(len(lengths)), count)
    number = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    starts = offsets[owner] + number * history_length
    return starts, np.minimum(history_length + 1, offsets[owner + 1] - starts)


def first_meetings(histories: Histories) -> Bool[ndarray, " events"]:
    """Whether an event is its owner's first on the item."""
    order = np.lexsort((np.arange(len(histories.items)), histories.items, histories.owners))
    same = histories.owners[order][1:] == histories.owners[order][:-1]
    again = np.r_[False, same & (histories.items[order][1:] == histories.items[order][:-1])]
    first = np.ones(len(order), dtype=bool)
    first[order[again]] = False
    return first


def raise_too_short() -> None:
    """Say that there is nothing to learn from."""
    from kartograph.tables.errors import BadInput

    raise BadInput("No history has two events: there is no next item to learn from.")
