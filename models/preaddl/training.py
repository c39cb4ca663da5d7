"""Trains a network: one loop for all, seeded, resumable after a kill, one process or several, CPU or CUDA.

A task says what a batch is and what its loss is. Embeddings with sparse gradients are stepped by SparseAdam, all else
by Adam. After every epoch the state is written to a file beside the final one and moved over it, so a kill at any
moment leaves a whole checkpoint; training that goes on from it gives the figures of training that never stopped,
because the order of the batches follows from the seed and the epoch and the random state is part of the checkpoint.

Under `torchrun` each process takes its share of every batch and gradients are averaged (gloo on CPU, nccl on CUDA).
"""

import math
import os
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from kartograph.models.neural.finite import refuse_infinite
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent


@dataclass(frozen=True)
class Training:
    """The course of training."""

    epochs: int = 5
    learning_rate: float = 1e-3
    """Adam's, the largest one."""
    embedding_rate: float | None = None
    """Of embeddings with sparse gradients, `learning_rate` where None: a row moves only when a batch touches it."""
    schedule: Literal["cosine", "one-cycle", "constant"] = "cosine"
    """Down to a hundredth of the rate along a cosine, up to it and down again (Smith 2018), or neither."""
    weight_decay: float = 0.0
    """Share of each weight, but of embeddings with sparse gradients, that Adam adds to its gradient."""
    patience: int | None = None
    """Epochs without a better validation figure after which training ends; the best epoch's weights are kept. None
    trains all epochs and keeps the last."""
    seed: int = 0
    device: str = "cpu"
    """Where the network is trained, as PyTorch names it."""
    threads: int = 0
    """Threads of PyTorch, 0 for its own choice."""
    checkpoint: str | None = None
    """File that each epoch's state goes to, and from which training resumes where it exists; None keeps none."""


@dataclass
class Course:
    """What happened: a row for each epoch with its mean loss and the validation figures."""

    epochs: list[dict[str, float]] = field(default_factory=list)
    best: int = -1
    """The epoch whose weights were kept, counted from 0."""
    best_figure: float = -math.inf


class Task(Protocol):
    """What is learned."""

    def steps(self) -> int:
        """Batches in an epoch."""
        ...

    def batches(self, epoch: int, share: int, shares: int) -> Iterator[Any]:
        """The batches of an epoch, of each the share of one process among `shares`; always the same for an epoch."""
        ...

    def loss(self, network: nn.Module, batch: Any) -> Tensor:
        """The mean loss of a batch; it calls `network` itself, so that gradients of several processes are joined."""
        ...

    def validate(self, network: nn.Module) -> dict[str, float]:
        """Figures of an epoch; the first is what early stopping looks at, larger is better. May be empty."""
        ...


def train(network: nn.Module, task: Task, options: Training, progress: Progress = silent) -> Course:
    """Train in place and leave the network in evaluation mode, with the weights of the epoch that was kept.

    Raises `BadInput`, before the checkpoint is written, where the loss of an epoch is NaN or infinite.
    """
    threads = torch.get_num_threads()
    if options.threads:
        torch.set_num_threads(options.threads)
    _join(options.device)
    devices = [torch.device(options.device)] if options.device.startswith("cuda") else []
    try:
        with torch.random.fork_rng(devices=devices):
            torch.manual_seed(options.seed + 7919 * _rank())
            return _train(network, task, options, progress)
    finally:
        torch.set_num_threads(threads)


def _train(network: nn.Module, task: Task, options: Training, progress: Progress) -> Course:
    network.to(options.device)
    trained = DistributedDataParallel(network) if _shares() > 1 else network
    optimisers = _optimisers(network, options)
    total = max(task.steps() * options.epochs, 1)
    schedules = [schedule_of(one, total, options) for one in optimisers]
    stateful = [network, *optimisers, *schedules]
    course, kept = Course(), None
    path = Path(options.checkpoint) if options.checkpoint else None
    if path and path.exists():
        course, kept = _resume(path, stateful, options)
    for epoch in range(len(course.epochs), options.epochs):
        if _stopped(course, options):
            break
        network.train()
        total_loss, done = 0.0, 0
        for batch in task.batches(epoch, _rank(), _shares()):
            progress("Training (epochs)", epoch + done / max(task.steps(), 1), options.epochs)
            for one in optimisers:
                one.zero_grad()
            loss = task.loss(trained, batch)
            loss.backward()
            for one, schedule in zip(optimisers, schedules, strict=True):
                one.step()
                schedule.step()
            total_loss, done = total_loss + float(loss.detach()), done + 1
        refuse_infinite(total_loss, epoch, options.learning_rate)
        network.eval()
        with torch.no_grad():
            figures = task.validate(network)
        course.epochs.append({"epoch": epoch, "loss": total_loss / max(done, 1), **figures})
        figure = next(iter(figures.values()), -math.inf)
        if options.patience is None or not figures or figure > course.best_figure:
            course.best, course.best_figure = epoch, figure
            kept = deepcopy(network.state_dict()) if options.patience is not None else None
        if path and _rank() == 0:
            _write(path, stateful, course, kept, options)
    if kept is not None:
        network.load_state_dict(kept)
    network.eval()
    return course


def _stopped(course: Course, options: Training) -> bool:
    return options.patience is not None and len(course.epochs) - 1 - course.best > options.patience


def _optimisers(network: nn.Module, options: Training) -> list[torch.optim.Optimizer]:
    """Adam, and SparseAdam where the network has embeddings with sparse gradients."""
    sparse = [module.weight for module in network.modules() if isinstance(module, nn.Embedding) and module.sparse]
    ids = {id(one) for one in sparse}
    dense = [one for one in network.parameters() if id(one) not in ids]
    optimisers: list[torch.optim.Optimizer] = (
        [torch.optim.Adam(dense, lr=options.learning_rate, weight_decay=options.weight_decay)] if dense else []
    )
    if sparse:
        optimisers.append(torch.optim.SparseAdam(sparse, lr=options.embedding_rate or options.learning_rate))
    return optimisers


def schedule_of(
    optimiser: torch.optim.Optimizer, steps: int, options: Training
) -> torch.optim.lr_scheduler.LRScheduler:
    """How the rate of an optimiser moves over the steps of a training."""
    rate = optimiser.param_groups[0]["lr"]
    if options.schedule == "cosine":
        return torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps, rate / 100)
    if options.schedule == "one-cycle":
        return torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps + 1)
    return torch.optim.lr_scheduler.ConstantLR(optimiser, factor=1.0, total_iters=0)


def _write(path: Path, stateful: list[Any], course: Course, kept: Any, options: Training) -> None:
    state = {
        "states": [one.state_dict() for one in stateful],
        "epochs": course.epochs,
        "best": course.best,
        "best_figure": course.best_figure,
        "kept": kept,
        "random": torch.random.get_rng_state(),
        "seed": options.seed,
        "planned": options.epochs,
    }
    beside = path.with_name(f".{path.name}.part")  # a kill at any moment leaves the former file or the new one
    torch.save(state, beside)
    os.replace(beside, path)


def _resume(path: Path, stateful: list[Any], options: Training) -> tuple[Course, Any]:
    """Take the states up; refuse a checkpoint of other training."""
    state = torch.load(path, map_location=options.device, weights_only=True)
    for name, ours in (("seed", options.seed), ("planned", options.epochs)):
        if state[name] != ours:
            raise BadInput(
                f"The checkpoint {path} is of training with {name} {state[name]}, not {ours}: name another file, or "
                "remove it to begin again."
            )
    try:
        for one, saved in zip(stateful, state["states"], strict=True):
            one.load_state_dict(saved)
    except (RuntimeError, ValueError) as error:
        raise BadInput(f"The checkpoint {path} is of another network: name another file, or remove it.") from error
    torch.random.set_rng_state(state["random"].cpu())
    return Course(state["epochs"], state["best"], state["best_figure"]), state["kept"]


def leave() -> None:
    """Take leave of the other processes that `torchrun` started; call it once, after all training."""
    if torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()


def _join(device: str) -> None:
    """Join the processes that `torchrun` started, if it did and they have not been joined yet."""
    if int(os.environ.get("WORLD_SIZE", "1")) > 1 and not torch.distributed.is_initialized():
        # The second stage of the graph model stays on the CPU, where nccl cannot average.
        torch.distributed.init_process_group("cpu:gloo,cuda:nccl" if device.startswith("cuda") else "gloo")


def _rank() -> int:
    return torch.distributed.get_rank() if torch.distributed.is_initialized() else 0


def _shares() -> int:
    return torch.distributed.get_world_size() if torch.distributed.is_initialized() else 1
