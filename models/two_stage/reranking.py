"""Teaching data of the second stage: held-out histories, their candidates, and which of these came next."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Int
from numpy import ndarray
from torch import Tensor, nn

from kartograph.models.two_stage.rerank import Asked, listwise_loss, ndcg
from kartograph.models.two_stage.retrieval import RankingLoss

AT_ONCE = 64
"""Histories in a step."""
LEAST_STEPS = 240
"""Where few cases are held out, they are gone through more often."""


@dataclass(frozen=True)
class RerankingTask:
    """Cases by number; `right` is the column of the right one among each case's candidates."""

    ask: Callable[[Int[ndarray, " n"]], Asked]
    """What the network sees of some cases."""
    right: Int[ndarray, " cases"]
    training: Int[ndarray, " learned"]
    validation: Int[ndarray, " validation"]
    kind: RankingLoss
    seed: int

    def epochs(self, least: int) -> int:
        """So many that there are `LEAST_STEPS`."""
        return max(least, -(-LEAST_STEPS // self.steps()))

    def steps(self) -> int:
        """Batches in an epoch."""
        return max(len(self.training) // AT_ONCE, 1)

    def batches(self, epoch: int, share: int, shares: int) -> Iterator[tuple[Asked, Tensor]]:
        """Cases by chance, the same for an epoch; a batch too small to be shared is everybody's."""
        order = np.random.default_rng([self.seed, epoch]).permutation(self.training)
        for some in np.array_split(order, self.steps()):
            own = some[share::shares] if len(some) >= shares else some
            yield self.ask(own), torch.from_numpy(self.right[own])

    def loss(self, network: nn.Module, batch: tuple[Asked, Tensor]) -> Tensor:
        """See `listwise_loss`."""
        asked, right = batch
        return listwise_loss(network(asked)[0], right, self.kind)

    def validate(self, network: nn.Module) -> dict[str, float]:
        """NDCG@20 of the validation cases."""
        if len(self.validation) == 0:
            return {}
        parts = np.array_split(self.validation, max(len(self.validation) // (2 * AT_ONCE), 1))
        gains = [ndcg(network(self.ask(some))[0], torch.from_numpy(self.right[some])) for some in parts]
        return {"validation_ndcg@20": float(torch.cat(gains).mean())}
