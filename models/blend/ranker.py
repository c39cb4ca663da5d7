"""A small network that orders candidates by their features.

With x̂ the features at mean 0 and deviation 1 over the candidates that it learns from,

    s(x) = w·x̂ + v·GELU(B·GELU(A·x̂ + a) + b)

and the weights make the right items likely, each query a choice among its candidates:

    loss = -mean over queries of ( s(x_right) - ln Σ_candidates exp s(x) )

Sources: McFadden, "Conditional Logit Analysis of Qualitative Choice Behavior" (1974), which is the part w·x̂ alone; Cao,
Qin, Liu, Tsai, Li, "Learning to Rank: From Pairwise Approach to Listwise Approach" (2007), section 4, for the loss.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from jaxtyping import Float, Int
from numpy import ndarray
from torch import Tensor, nn

from kartograph.models.blend.features import Candidates
from kartograph.models.data import NONE
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

BLOCK = 200_000
"""Candidates that are scored at once."""


@dataclass(frozen=True)
class RankerOptions:
    """Size of the network and course of its training."""

    hidden: int = 64
    """Length of both inner layers."""
    dropout: float = 0.1
    """Share of the first layer that is zeroed in training."""
    learning_rate: float = 3e-3
    """Adam's largest rate; it rises over the first tenth of the steps and falls to zero (one cycle)."""
    decay: float = 1e-4
    """Decoupled weight decay."""
    epochs: int = 6
    queries: int = 128
    """Queries in one step."""
    seed: int = 0


class Ranker:
    """The network with the names, means and deviations of its features."""

    def __init__(
        self,
        names: Sequence[str],
        means: Float[ndarray, " features"],
        spreads: Float[ndarray, " features"],
        options: RankerOptions | None = None,
    ) -> None:
        """An untaught network; `learn` and `load` give taught ones."""
        self.names, self.options = tuple(names), options or RankerOptions()
        self.means, self.spreads = means.astype(np.float32), spreads.astype(np.float32)
        hidden = self.options.hidden
        self.straight = nn.Linear(len(names), 1, bias=False)
        self.bent = nn.Sequential(
            *(nn.Linear(len(names), hidden), nn.GELU(), nn.Dropout(self.options.dropout)),
            *(nn.Linear(hidden, hidden), nn.GELU(), nn.Linear(hidden, 1, bias=False)),
        )
        self.parts = nn.ModuleDict({"straight": self.straight, "bent": self.bent}).eval()

    @classmethod
    def learn(
        cls,
        found: Sequence[Candidates],
        answers: Sequence[Int[ndarray, " queries"]],
        names: Sequence[str],
        options: RankerOptions | None = None,
        progress: Progress = silent,
    ) -> Self:
        """Learn to put `answers` first among what was found, perhaps in several parts of one shop's time.

        Queries whose answer is no candidate teach nothing and are left out. Raises `BadInput` where none is left.
        """
        options = options or RankerOptions()
        features = np.concatenate([part.features for part in found])
        places, starts, sizes = _places(found, answers)
        taught = np.flatnonzero(places >= 0)
        if len(taught) == 0:
            raise BadInput(f"No answer of {len(places)} is among the candidates: there is nothing to learn from.")
        spreads = features.std(axis=0)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(options.seed)
            made = cls(names, features.mean(axis=0), np.where(spreads > 1e-6, spreads, 1), options)
            features -= made.means
            features /= made.spreads
            made._train(torch.from_numpy(features), places, starts, sizes, taught, progress)
        return made

    def scores(self, features: Float[ndarray, "candidates features"]) -> Float[ndarray, " candidates"]:
        """s of every candidate."""
        if len(features) == 0:
            return np.empty(0, dtype=np.float32)
        scaled = torch.from_numpy((features - self.means) / self.spreads)
        with torch.no_grad():
            return torch.cat([self._scored(block) for block in scaled.split(BLOCK)]).numpy()

    def saved_state(self) -> dict[str, Any]:
        """Names, scale, options and the weights of the network."""
        kept = {"names": self.names, "means": self.means, "spreads": self.spreads, "options": self.options}
        return kept | {"weights": dict(self.parts.state_dict())}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Build the network anew and give it its weights."""
        with torch.random.fork_rng(devices=[]):
            self.__init__(state["names"], state["means"], state["spreads"], state["options"])
        self.parts.load_state_dict(state["weights"])

    @property
    def digest(self) -> str:
        """SHA-256 over names, scale and weights."""
        weights = (value.numpy() for value in self.parts.state_dict().values())
        parts = (repr(self.names).encode(), *(array.tobytes() for array in (self.means, self.spreads, *weights)))
        return hashlib.sha256(b"".join(parts)).hexdigest()

    def save(self, file: Path) -> None:
        """Write names, scale and weights as NumPy arrays (`.npz`); no Python objects are in the file."""
        weights = {name: value.numpy() for name, value in self.parts.state_dict().items()}
        np.savez_compressed(file, names=np.array(self.names), means=self.means, spreads=self.spreads, **weights)

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read what `save` wrote."""
        with np.load(file, allow_pickle=False) as kept:
            hidden = kept["bent.0.weight"].shape[0]
            made = cls(kept["names"].tolist(), kept["means"], kept["spreads"], RankerOptions(hidden=hidden))
            made.parts.load_state_dict({name: torch.from_numpy(kept[name]) for name in made.parts.state_dict()})
        return made

    def _scored(self, scaled: Float[Tensor, "candidates features"]) -> Float[Tensor, " candidates"]:
        return (self.straight(scaled) + self.bent(scaled)).squeeze(1)

    def _train(self, features: Tensor, places: ndarray, starts: ndarray, sizes: ndarray, taught, progress) -> None:
        random = np.random.default_rng(self.options.seed)
        steps = -(-len(taught) // self.options.queries)
        rate, total = self.options.learning_rate, steps * self.options.epochs
        adam = torch.optim.AdamW(self.parts.parameters(), lr=rate, weight_decay=self.options.decay)
        schedule = torch.optim.lr_scheduler.OneCycleLR(adam, rate, total_steps=total, pct_start=0.1)
        self.parts.train()
        for epoch in range(self.options.epochs):
            progress("Learning to rank (epochs)", epoch, self.options.epochs)
            for queries in np.array_split(random.permutation(taught), steps):
                owners = np.repeat(np.arange(len(queries)), sizes[queries])
                first = np.cumsum(sizes[queries]) - sizes[queries]
                rows = np.arange(len(owners)) + (starts[queries] - first)[owners]
                scores = self._scored(features[torch.from_numpy(rows)])
                right = scores[torch.from_numpy(first + places[queries])]
                loss = (_log_sums(scores, torch.from_numpy(owners), len(queries)) - right).mean()
                adam.zero_grad()
                loss.backward()
                adam.step()
                schedule.step()
        self.parts.eval()


def _places(found: Sequence[Candidates], answers: Sequence[ndarray]) -> tuple[ndarray, ndarray, ndarray]:
    """Of all queries: which of its candidates is the answer (-1 for none), its first candidate, and how many."""
    places = []
    for part, right in zip(found, answers, strict=True):
        queries, place = part.queries, np.full(len(right), NONE)
        rows = np.flatnonzero(part.items == right[queries])
        place[queries[rows]] = rows - part.offsets[queries[rows]]
        places.append(place)
    sizes = np.concatenate([np.diff(part.offsets) for part in found])
    return np.concatenate(places), np.cumsum(sizes) - sizes, sizes


def _log_sums(scores: Float[Tensor, " n"], owners: Int[Tensor, " n"], count: int) -> Float[Tensor, " count"]:
    """ln Σ exp of each owner's scores."""
    with torch.no_grad():
        top = torch.full((count,), -torch.inf).scatter_reduce(0, owners, scores, "amax")
    return top + torch.zeros(count).index_add(0, owners, (scores - top[owners]).exp()).log()
