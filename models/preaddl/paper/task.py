"""What the paper's network learns from: batches of labelled pairs and binary cross entropy, or its variants."""

import math
from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch import Tensor, nn
from torch.nn import functional

from kartograph.models.data import NONE
from kartograph.models.preaddl.pairs import Pairs

Loss = Literal["bce", "weighted", "focal"]
"""Binary cross entropy; the same with positives weighing negatives / positives; focal loss with γ = 2.

Source of the last: Lin, Goyal, Girshick, He, Dollár, "Focal Loss for Dense Object Detection" (2017), equation 4.
"""
FOCUS = 2.0
AT_ONCE = 65_536
"""Pairs that are scored at once outside of training."""


STEPS = 64
BATCHES = 64, 4096
"""The smallest and the largest batch that is chosen by the number of pairs."""


class Batch(NamedTuple):
    """Tensors of some pairs."""

    visitors: Tensor
    items: Tensor
    features: Tensor
    recent: Tensor
    labels: Tensor


class PairTask:
    """Training pairs in random batches; early stopping looks at the ROC-AUC of the validation pairs."""

    def __init__(
        self,
        pairs: Pairs,
        validation: Pairs | None,
        unknown: int,
        padding: int,
        loss: Loss,
        id_dropout: float,
        batch: int,
        seed: int,
        device: str,
    ) -> None:
        """Turn the pairs into tensors once; `unknown` and `padding` are the rows that stand for `NONE`."""
        self.unknown, self.padding, self.id_dropout = unknown, padding, id_dropout
        self.batch, self.seed, self.device, self.kind = batch, seed, device, loss
        self.pairs = as_batch(pairs, unknown, padding)
        self.validation = None if validation is None else as_batch(validation, unknown, padding)
        positives = float(pairs.labels.sum())
        self.weight = torch.tensor((len(pairs) - positives) / max(positives, 1.0), device=device)

    def steps(self) -> int:
        """Batches in an epoch."""
        return -(-len(self.pairs.labels) // self.batch)

    def batches(self, epoch: int, share: int, shares: int) -> Iterator[Batch]:
        """The pairs in an order that follows from seed and epoch."""
        order = torch.from_numpy(np.random.default_rng([self.seed, epoch]).permutation(len(self.pairs.labels)))
        for rows in order.split(self.batch):
            if len(rows) >= shares:  # else a process would have nothing to average
                yield Batch(*(part[rows[share::shares]].to(self.device) for part in self.pairs))

    def loss(self, network: nn.Module, batch: Batch) -> Tensor:
        """The loss, with some visitors shown as the unknown one, so that its row learns what visitors share."""
        dropped = torch.rand(len(batch.visitors), device=batch.visitors.device) < self.id_dropout
        visitors = torch.where(dropped, self.unknown, batch.visitors)
        logits = network(visitors, batch.items, batch.features, batch.recent)
        if self.kind == "weighted":
            return functional.binary_cross_entropy_with_logits(logits, batch.labels, pos_weight=self.weight)
        losses = functional.binary_cross_entropy_with_logits(logits, batch.labels, reduction="none")
        return ((1 - torch.exp(-losses)) ** FOCUS * losses).mean() if self.kind == "focal" else losses.mean()

    def validate(self, network: nn.Module) -> dict[str, float]:
        """ROC-AUC and mean cross entropy of the validation pairs."""
        if self.validation is None:
            return {}
        labels = self.validation.labels
        if labels.min() == labels.max():
            return {}  # nothing to tell apart
        logits = logits_of(network, self.validation, self.device)
        loss = functional.binary_cross_entropy_with_logits(logits, labels)
        return {"validation_auc": float(roc_auc_score(labels, logits)), "validation_loss": float(loss)}


def batch_for(pairs: int) -> int:
    """The power of two that comes nearest to `STEPS` steps an epoch, within `BATCHES`."""
    return int(np.clip(2 ** round(math.log2(max(pairs / STEPS, 1))), *BATCHES))


def as_batch(pairs: Pairs, unknown: int, padding: int) -> Batch:
    """All pairs as tensors on the CPU."""
    return Batch(
        torch.from_numpy(np.where(pairs.visitors == NONE, unknown, pairs.visitors)),
        torch.from_numpy(pairs.items),
        torch.from_numpy(pairs.features),
        torch.from_numpy(np.where(pairs.recent == NONE, padding, pairs.recent)),
        torch.from_numpy(pairs.labels),
    )


def logits_of(network: nn.Module, pairs: Batch, device: str) -> Tensor:
    """The logits of many pairs, in parts."""
    with torch.inference_mode():
        parts = [
            network(*(part[start : start + AT_ONCE].to(device) for part in pairs[:4])).cpu()
            for start in range(0, len(pairs.labels), AT_ONCE)
        ]
    return torch.cat(parts) if parts else torch.zeros(0)
