"""The course of training that the sequence networks share: a held-out cut, one cycle, averaged weights, early stopping.

After each step the average w̄ moves towards the weights w, faster at first so that short trainings lag little; with n
steps before it

    w̄ ← d·w̄ + (1 - d)·w,      d = min(0.99, n / (n + 9))

Sources: Polyak and Juditsky, "Acceleration of Stochastic Approximation by Averaging" (1992); Smith and Topin,
"Super-Convergence" (2018), for the cycle.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int
from numpy import ndarray
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from kartograph.models.array_model import ArrayModel, SessionOptions
from kartograph.models.data import NONE, Histories
from kartograph.models.neural.finite import refuse_infinite
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress

LATE = 0.2
"""Share of the histories, the latest, that the held-out ones are sampled from."""
AVERAGED = 0.99
"""d at its largest: the average goes about a hundred steps back."""
FEWEST = 20
"""Held-out histories that can decide which epoch is best: fewer are not held out."""


@dataclass(frozen=True)
class TrainingOptions(SessionOptions):
    """The course of training; the options of a model add the size of its network."""

    learning_rate: float = 2e-3
    """Adam's largest rate; it rises over the first 15 % of the steps and falls to zero (one cycle)."""
    weight_decay: float = 0.0
    """L2 penalty of all weights."""
    epochs: int = 6
    """Most epochs."""
    patience: int = 2
    """Epochs without a better rank of the held-out events after which training stops."""
    held_out: int = 1000
    """Late histories, at most, that decide which epoch is kept; without any the last one is."""
    recency: float | None = None
    """How fast the weight of a history falls with the share of histories after it; None weighs all alike."""
    batch_size: int = 2000
    """Events to predict in one step, about."""
    negatives: int = 3000
    """Items that stand for the catalogue in each step, about; the whole of it where it has no more."""
    precision: Literal["bfloat16", "float32"] = "bfloat16"
    """Of the products with the catalogue; bfloat16 is fast on processors that have it."""
    device: str = "cpu"
    """Where the network is trained, as PyTorch names it; it answers on the processor."""
    threads: int = 0
    """Threads of PyTorch in training, 0 for its own choice."""
    seed: int = 0


class Parts(NamedTuple):
    """Pieces of histories to learn from, with a weight each, and those that decide when to stop."""

    learned: Int[ndarray, " n"]
    weights: Float[ndarray, " n"]
    held_out: Int[ndarray, " m"]


@contextmanager
def reproducible(seed: int, threads: int, device: str) -> Iterator[torch.device]:
    """PyTorch with this seed and number of threads (0 for its own choice); both are put back afterwards.

    Raises `BadInput` for a device that this machine does not have.
    """
    try:
        there = torch.empty(0, device=device).device
    except (RuntimeError, AssertionError) as error:
        raise BadInput(f'The device "{device}" cannot be used: {str(error).splitlines()[0]} Choose cpu.') from error
    before = torch.get_num_threads()
    if threads:
        torch.set_num_threads(threads)
    try:
        with torch.random.fork_rng(devices=[there] if there.type == "cuda" else []):
            torch.manual_seed(seed)
            yield there
    finally:
        torch.set_num_threads(before)


def cut(owners: Int[ndarray, " n"], count: int, recency: float | None, random: np.random.Generator) -> Parts:
    """Pieces by the owner of each: `count` owners of the latest fifth are held out, at most a tenth of that fifth.

    Where that makes fewer than `FEWEST`, none is.
    A piece that `share` of the owners came after weighs exp(-share / `recency`), scaled to a mean of 1; None weighs all
    alike.
    """
    share = (owners.max() - owners) / max(int(owners.max()), 1)
    late = np.unique(owners[share < LATE])
    count = min(count, len(late) // 10)
    held_out = np.isin(owners, random.permutation(late)[: count if count >= FEWEST else 0])
    weights = np.ones(len(owners)) if recency is None else np.exp(-share / recency)
    learned = np.flatnonzero(~held_out)
    return Parts(learned, weights[learned] / weights[learned].mean(), np.flatnonzero(held_out))


def mean_reciprocal_rank(model: ArrayModel, shown: Histories, targets: Int[ndarray, " n"], k: int = 20) -> float:
    """The mean of 1 / rank of the targets, 0 from rank k + 1; equal scores count as better."""
    total = 0.0
    for start in range(0, len(shown), model.batch):
        part = shown.part(start, min(start + model.batch, len(shown)))
        scores = np.asarray(model.scores(part, np.full(len(part), NONE)))
        of_targets = scores[np.arange(len(part)), targets[start : start + len(part)]]
        ranks = (scores >= of_targets[:, None]).sum(axis=1)
        total += float((1 / ranks[ranks <= k]).sum())
    return total / len(shown)


def train(
    network: nn.Module,
    options: TrainingOptions,
    batches: Callable[[], list[ndarray]],
    loss: Callable[[ndarray], Tensor],
    quality: Callable[[], float] | None,
    progress: Progress,
) -> None:
    """Train by Adam with one cycle of the rate; the network ends with the averaged weights of its best epoch.

    The rate rises over the first 15 % of the steps and falls to zero. `quality` ranks with the averaged weights;
    training stops after `patience` epochs without a better one. Without it (nothing held out) all epochs are trained
    and the averaged weights of the last one are kept.
    """
    averaged = AveragedModel(network, multi_avg_fn=_move)
    optimizer = torch.optim.Adam(
        network.parameters(), options.learning_rate, (0.9, 0.98), weight_decay=options.weight_decay, fused=True
    )
    steps = len(batches()) * options.epochs
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, options.learning_rate, total_steps=steps + 1, pct_start=0.15
    )
    best, kept, worse = -np.inf, None, 0
    for epoch in range(options.epochs):
        network.train()
        of_epoch, error = batches(), torch.zeros(())
        for number, batch in enumerate(of_epoch):
            progress("Training (epochs)", epoch + number / len(of_epoch), options.epochs)
            optimizer.zero_grad()
            error = loss(batch)
            error.backward()
            optimizer.step()
            averaged.update_parameters(network)
            schedule.step()
        refuse_infinite(error.item(), epoch, options.learning_rate)
        network.eval()
        if quality is None:
            continue
        _swap(network, averaged)
        reached = quality()
        if reached > best:
            best, kept, worse = reached, deepcopy(network.state_dict()), 0
        else:
            worse += 1
            if worse >= options.patience:
                break
        _swap(network, averaged)
    network.load_state_dict(averaged.module.state_dict() if kept is None else kept)


def _move(averaged: Sequence[Tensor], weights: Sequence[Tensor], steps: Tensor | int) -> None:
    """One step of the average; `steps` came before."""
    n = int(steps)
    for one, other in zip(averaged, weights, strict=True):
        one.lerp_(other, 1 - min(AVERAGED, n / (n + 9)))


def _swap(network: nn.Module, averaged: nn.Module) -> None:
    """Let the network have the averaged weights and the average those of the network, or back; nothing is copied."""
    for one, other in zip(network.parameters(), averaged.parameters(), strict=True):
        one.data, other.data = other.data, one.data
