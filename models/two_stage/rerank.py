"""The second stage of the graph model: each candidate asks the history, and the graph's edges say what to attend to.

For a candidate j and the latest items s of the history (s with age a_s and kind of event k_s), p(j, s) are the numbers

    cos(e_j, e_s),  ln(1 + w(j, s)),  n(j, s),  [j = s],  same category,  1 / (1 + a_s),  one-hot k_s

    α(j, s) = softmax_s ( (A e_j)·(B e_s) / √m + u·p(j, s) + r[a_s] )
    g(j)    = Σ_s α(j, s) φ(p(j, s))                      φ: a layer of 16 units
    x(j)    = f(j), ln Σ_s 0.8^a n(j, s), ln Σ_s 0.8^a w(j, s), seen?, age when last seen, ln events by kind
    score(j) = ψ(g(j), x(j))                              ψ: a layer of 16 units beside a linear one

α is what comes back as the reason: because you viewed s. To compare, `none` weighs the history alike, and `features`
does that and attends as PRE-ADDL's authors do, over the units of one pair: h = σ(W [g ; x]), softmax(W' h) ⊙ h.
Trained with softmax, BPR or BCE over the candidates of histories that the first stage did not learn from.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from jaxtyping import Float, Int
from numpy import ndarray
from torch import Tensor, nn
from torch.nn import functional

from kartograph.models.two_stage.retrieval import RankingLoss
from kartograph.tables.events import EVENTS

RELATIONS = 6 + len(EVENTS)
"""Numbers of p."""
OF_CANDIDATE = 5 + len(EVENTS) + 1
"""Numbers of x."""
DECAY = 0.8
HEAD = 16
UNITS = 64
"""Of the attention over the units of one pair."""
Attention = Literal["history", "features", "none"]


@dataclass(frozen=True)
class Asked:
    """n histories with their candidates, as tensors."""

    first: Float[Tensor, "n candidates"]
    """f, the score of the first stage."""
    candidate_vectors: Float[Tensor, "n candidates size"]
    history_vectors: Float[Tensor, "n length size"]
    weights: Float[Tensor, "n candidates length"]
    """w."""
    cosine: Float[Tensor, "n candidates length"]
    """n."""
    same_item: Float[Tensor, "n candidates length"]
    same_category: Float[Tensor, "n candidates length"]
    events: Int[Tensor, "n length"]
    real: Float[Tensor, "n length"]
    """1 where the history has an event, 0 where a place is empty."""
    popularity: Float[Tensor, "n candidates kinds"]
    """ln(1 + events) of each kind, and of the latest events."""

    def take(self, rows: Tensor) -> "Asked":
        """Some of the histories."""
        return Asked(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


class AttentionReranker(nn.Module):
    """Attention with the candidate as the query, over the history."""

    def __init__(self, size: int, length: int, attend: Attention = "history") -> None:
        """Make the layers."""
        super().__init__()
        self.attend, self.length = attend, length
        self.of_candidate, self.of_item = nn.Linear(size, HEAD, bias=False), nn.Linear(size, HEAD, bias=False)
        self.relation = nn.Linear(RELATIONS, 1, bias=False)
        self.age = nn.Parameter(-0.1 * torch.arange(float(length)))
        self.value = nn.Sequential(nn.Linear(RELATIONS, HEAD), nn.GELU())
        self.hidden = nn.Sequential(nn.Linear(HEAD + OF_CANDIDATE, HEAD), nn.GELU(), nn.Linear(HEAD, 1))
        self.linear = nn.Linear(HEAD + OF_CANDIDATE, 1)
        if attend == "features":
            self.units, self.of_units = nn.Linear(HEAD + OF_CANDIDATE, UNITS), nn.Linear(UNITS, UNITS)
            self.output = nn.Linear(UNITS, 1)
        with torch.no_grad():  # at first the first stage's order, and what occurs together
            self.linear.weight.mul_(0.1)
            self.linear.weight[0, HEAD] = 0.5
            self.linear.weight[0, HEAD + 1] = 0.3

    def forward(self, asked: Asked) -> tuple[Float[Tensor, "n candidates"], Float[Tensor, "n candidates length"]]:
        """Scores, and the attention of each candidate over the history; a history without items has none."""
        n, count, length = asked.cosine.shape
        real = asked.real[:, None, :]
        ages = torch.arange(length, device=asked.real.device)
        cosine = asked.candidate_vectors @ asked.history_vectors.transpose(1, 2)
        kinds = functional.one_hot(asked.events, len(EVENTS)).float()[:, None].expand(-1, count, -1, -1)
        nearness = (1 / (1 + ages)).expand(n, count, -1)
        relations = torch.cat(
            [
                torch.stack(
                    [cosine, asked.weights.log1p(), asked.cosine, asked.same_item, asked.same_category, nearness], dim=3
                ),
                kinds,
            ],
            dim=3,
        )
        relations = relations * real[..., None]
        if self.attend == "history":
            logits = self.of_candidate(asked.candidate_vectors) @ self.of_item(asked.history_vectors).transpose(1, 2)
            logits = logits / math.sqrt(HEAD) + self.relation(relations).squeeze(3) + self.age[:length]
        else:
            logits = torch.zeros_like(cosine)
        attention = torch.softmax(logits.masked_fill(real == 0, -1e9), dim=2) * real
        attended = (attention[..., None] * self.value(relations)).sum(2)
        fading = DECAY**ages * real
        same_item = asked.same_item * real
        facts = torch.stack(
            [
                asked.first,
                torch.log(1e-3 + (fading * asked.cosine).sum(2)),
                torch.log(1e-2 + (fading * asked.weights).sum(2)),
                same_item.amax(2),
                (same_item * nearness).amax(2),
            ],
            dim=2,
        )
        inputs = torch.cat([attended, facts, asked.popularity], dim=2)
        if self.attend == "features":
            units = torch.sigmoid(self.units(inputs))
            own = self.output(torch.softmax(self.of_units(units), dim=2) * units)
        else:
            own = self.hidden(inputs)
        return (self.linear(inputs) + own).squeeze(2), attention


def listwise_loss(scores: Float[Tensor, "n candidates"], right: Int[Tensor, " n"], kind: RankingLoss) -> Tensor:
    """The mean loss of n histories; `right` is the column of the right candidate."""
    if kind == "softmax":
        return functional.cross_entropy(scores, right)
    right_scores = scores.gather(1, right[:, None])
    others = functional.one_hot(right, scores.shape[1]) == 0
    if kind == "bpr":
        return -functional.logsigmoid(right_scores - scores)[others].mean()
    return functional.softplus(-right_scores).mean() + functional.softplus(scores)[others].mean()


def ndcg(scores: Float[Tensor, "n candidates"], right: Int[Tensor, " n"], k: int = 20) -> Float[Tensor, " n"]:
    """NDCG@k of one right candidate each."""
    rank = (scores > scores.gather(1, right[:, None])).sum(1) + 1
    return torch.where(rank <= k, 1 / torch.log2(1 + rank.float()), 0.0)


def popularity_features(
    items: Int[ndarray, " events"], events: Int[ndarray, " events"], catalogue: int
) -> Float[ndarray, "items kinds"]:
    """ln(1 + events) of each item by kind, and of the latest twentieth of all events."""
    columns = [np.bincount(items[events == kind], minlength=catalogue) for kind in range(len(EVENTS))]
    columns.append(np.bincount(items[-max(len(items) // 20, 1) :], minlength=catalogue))
    return np.log1p(np.stack(columns, axis=1)).astype(np.float32)
