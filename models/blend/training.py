"""How the network of a blend is trained, in PyTorch."""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float, Int
from numpy import ndarray
from torch import Tensor, nn

from kartograph.models.blend.features import Candidates
from kartograph.models.blend.features_kernels import LOWEST
from kartograph.models.blend.ranker_options import RankerOptions
from kartograph.models.neural.finite import refuse_infinite
from kartograph.tables.progress import Progress


class _Network(nn.Module):
    def __init__(self, width: int, options: RankerOptions) -> None:
        super().__init__()
        hidden = options.hidden
        self.straight = nn.Linear(width, 1, bias=False)
        self.first, self.second = nn.Linear(width, hidden), nn.Linear(hidden, hidden)
        self.last = nn.Linear(hidden, 1, bias=False)
        self.dropout = nn.Dropout(options.dropout)

    def forward(self, features: Float[Tensor, "candidates features"]) -> Float[Tensor, " candidates"]:
        inner = self.dropout(torch.relu(self.first(features)))
        return (self.straight(features) + self.last(torch.relu(self.second(inner)))).squeeze(1)


def train(
    offered: Candidates,
    places: Int[ndarray, " queries"],
    training: Int[ndarray, " n"],
    means: Float[ndarray, " features"],
    spreads: Float[ndarray, " features"],
    hidden_together: Sequence[slice],
    options: RankerOptions,
    progress: Progress,
) -> tuple[ndarray, list[tuple[ndarray, ndarray]], ndarray]:
    """The weights for scaled features: of the straight part, of the inner layers with their biases, of the last."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(options.seed)
        network = _Network(offered.features.shape[1], options)
        _train(network, offered, places, training, means, spreads, hidden_together, options, progress)
    inner = [
        (layer.weight.detach().numpy().T, layer.bias.detach().numpy()) for layer in (network.first, network.second)
    ]
    return network.straight.weight.detach().numpy()[0], inner, network.last.weight.detach().numpy()[0]


def _train(network: _Network, offered, places, training, means, spreads, hidden_together, options, progress) -> None:
    random = np.random.default_rng(options.seed)
    starts, sizes = offered.offsets[:-1], np.diff(offered.offsets)
    center, scale = (torch.from_numpy(one.astype(np.float32)) for one in (means, spreads))
    steps = -(-len(training) // options.queries)
    rate, total = options.learning_rate, steps * options.epochs
    adam = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=options.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(adam, rate, total_steps=total, pct_start=0.1)
    network.train()
    for epoch in range(options.epochs):
        progress("Learning to rank (epochs)", epoch, options.epochs)
        total_loss = 0.0
        for queries in np.array_split(random.permutation(training), steps):
            owners = np.repeat(np.arange(len(queries)), sizes[queries])
            first = np.cumsum(sizes[queries]) - sizes[queries]
            features = offered.features[np.arange(len(owners)) + (starts[queries] - first)[owners]]
            for columns in hidden_together if options.absent else ():
                _hide(features, (random.random(len(queries)) < options.absent)[owners], columns)
            scores = network((torch.from_numpy(features) - center) / scale)
            right = scores[torch.from_numpy(first + places[queries])]
            loss = (_log_sums(scores, torch.from_numpy(owners), len(queries)) - right).mean()
            adam.zero_grad()
            loss.backward()
            adam.step()
            schedule.step()
            total_loss += float(loss.detach())
        refuse_infinite(total_loss, epoch, rate)
    network.eval()


def _hide(features: ndarray, rows: ndarray, columns: slice) -> None:
    """As if the component of these columns had offered nothing."""
    features[rows, columns] = 0
    features[rows, columns.start] = np.log(LOWEST)


def _log_sums(scores: Float[Tensor, " n"], owners: Int[Tensor, " n"], count: int) -> Float[Tensor, " count"]:
    """ln Σ exp of each owner's scores."""
    with torch.no_grad():
        top = torch.full((count,), -torch.inf).scatter_reduce(0, owners, scores, "amax")
    return top + torch.zeros(count).index_add(0, owners, (scores - top[owners]).exp()).log()
