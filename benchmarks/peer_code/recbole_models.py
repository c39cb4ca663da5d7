"""SR-GNN of RecBole, run in an environment of its own by `published_sr_gnn.py`.

The network, its session graphs, its initial weights and its loss are RecBole's; the steps of Adam over its prefixes are
taken here, and the rate is divided by ten after every `decay` epochs, as in the paper. A random tenth of the training
sessions is held out, as in the paper; the network answers as it was after the epoch with the best MRR@20 on that tenth.
"""

import copy
import os
from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import torch
from exchange import Exchange, K, answer
from recbole.config import Config
from recbole.model.sequential_recommender import SRGNN
from torch.utils.data import DataLoader, Dataset

LONGEST = 50
"""Clicks of a session that are looked at: RecBole's default."""
AT_ONCE = 500
SETTINGS = {"embedding_size": 100, "state": "ERROR", "train_neg_sample_args": None}


class Catalogue:
    """What the network asks of a data set: how many items, the padding among them."""

    def __init__(self, items: int) -> None:
        """Keep it."""
        self.items = items

    def num(self, field: str) -> int:
        """How many."""
        return self.items + 1


class Graphs(Dataset):
    """Batches of prefixes, each with its places, RecBole's graphs of it and its lengths."""

    def __init__(self, clicks: np.ndarray, starts: np.ndarray, stops: np.ndarray, batches: list[np.ndarray]) -> None:
        """The clicks from `starts` to `stops`, of which the last `LONGEST` are looked at."""
        self.clicks, self.starts, self.stops, self.batches = clicks, np.maximum(starts, stops - LONGEST), stops, batches

    def __len__(self) -> int:
        """How many batches."""
        return len(self.batches)

    def __getitem__(self, number: int) -> tuple[np.ndarray, tuple[torch.Tensor, ...], torch.Tensor]:
        """A batch as the network reads it: items from 1 on, filled up behind with 0."""
        rows = self.batches[number]
        lengths = self.stops[rows] - self.starts[rows]
        column = np.arange(lengths.max())
        filled = column < lengths[:, None]
        items = np.zeros(filled.shape, dtype=np.int64)
        items[filled] = self.clicks[(self.starts[rows, None] + column)[filled]] + 1
        return rows, SRGNN._get_slice(SimpleNamespace(device="cpu"), torch.as_tensor(items)), torch.as_tensor(lengths)

    def ready(self, workers: int, device: str) -> Iterator[tuple[np.ndarray, dict]]:
        """The batches one by one, made by so many processes: the graphs take longer than the steps on a fast device."""
        for rows, graphs, lengths in DataLoader(self, batch_size=None, num_workers=workers):
            yield rows.numpy(), {"item_id_list": [one.to(device) for one in graphs], "item_length": lengths.to(device)}


def trained(exchange: Exchange, targets: np.ndarray, options: dict) -> Iterator[SRGNN]:
    """The network after each epoch over the clicks at the places `targets`, each with what came before it."""
    device, size = options["device"], options["train_batch_size"]
    offsets, items = exchange.arrays["train_offsets"], exchange.arrays["train_items"]
    begins = np.repeat(offsets[:-1], np.diff(offsets))
    torch.manual_seed(0)
    network = SRGNN(Config(model="SRGNN", dataset="exchange", config_dict=SETTINGS), Catalogue(exchange.items))
    network._get_slice = lambda graphs: graphs
    network.to(device)
    adam = torch.optim.Adam(network.parameters(), lr=1e-3, weight_decay=1e-5)
    schedule = torch.optim.lr_scheduler.StepLR(adam, step_size=options["decay"], gamma=0.1)
    random = np.random.default_rng(0)
    for _ in range(options["epochs"]):
        network.train()
        batches = np.array_split(random.permutation(targets), -(-len(targets) // size))
        for batch, shown in Graphs(items, begins, np.arange(len(items)), batches).ready(options["workers"], device):
            right = torch.as_tensor(items[batch] + 1, device=device)
            adam.zero_grad()
            network.calculate_loss(shown | {network.POS_ITEM_ID: right}).backward()
            adam.step()
        schedule.step()
        network.eval()
        yield network


def scored(
    network: SRGNN, clicks: np.ndarray, starts: np.ndarray, stops: np.ndarray, options: dict
) -> Iterator[tuple[np.ndarray, torch.Tensor]]:
    """Rows of `starts` and `stops`, where there are clicks between them, and the scores of all items for each."""
    there = np.flatnonzero(stops > starts)
    graphs = Graphs(clicks, starts, stops, np.array_split(there, max(-(-len(there) // AT_ONCE), 1)))
    for rows, shown in graphs.ready(options["workers"], options["device"]):
        with torch.inference_mode():
            yield rows, network.full_sort_predict(shown)[:, 1:]


def parts(exchange: Exchange) -> tuple[np.ndarray, np.ndarray]:
    """The places of the clicks that have something before them: of nine tenths of the sessions, and of the rest."""
    lengths = np.diff(exchange.arrays["train_offsets"])
    number = np.arange(lengths.sum()) - np.repeat(exchange.arrays["train_offsets"][:-1], lengths)
    held_out = np.zeros(len(lengths), dtype=bool)
    held_out[np.random.default_rng(0).permutation(len(lengths))[: len(lengths) // 10]] = True
    held_out = np.repeat(held_out, lengths)
    return np.flatnonzero(~held_out & (number > 0)), np.flatnonzero(held_out & (number > 0))


def reciprocal_rank(network: SRGNN, exchange: Exchange, targets: np.ndarray, options: dict) -> float:
    """MRR@20 of the clicks at these places; equal scores count as better."""
    offsets, items = exchange.arrays["train_offsets"], exchange.arrays["train_items"]
    begins, total = np.repeat(offsets[:-1], np.diff(offsets))[targets], 0.0
    for rows, scores in scored(network, items, begins, targets, options):
        right = torch.as_tensor(items[targets[rows]], device=scores.device)[:, None]
        ranks = (scores >= scores.gather(1, right)).sum(1)
        total += float((1 / ranks[ranks <= K]).sum())
    return total / len(targets)


def lists(network: SRGNN, exchange: Exchange, options: dict) -> np.ndarray:
    """The best items for each query."""
    offsets, clicks = exchange.arrays["query_offsets"], exchange.arrays["query_items"]
    recommendations = np.full((len(offsets) - 1, exchange.asked), -1)
    for rows, scores in scored(network, clicks, offsets[:-1], offsets[1:], options):
        recommendations[rows] = scores.topk(exchange.asked, dim=1).indices.cpu().numpy()
    return recommendations


def fit(model: str, options: dict, exchange: Exchange):
    """Every click but a session's first is a target of what came before it."""
    options = {"workers": (os.cpu_count() or 2) // 2, "device": "cpu"} | options
    learned, held_out = parts(exchange)
    best, kept = -1.0, None
    for network in trained(exchange, learned, options):
        figure = reciprocal_rank(network, exchange, held_out, options)
        if figure > best:
            best, kept = figure, copy.deepcopy(network)
    return lambda: lists(kept, exchange, options)


if __name__ == "__main__":
    answer(fit)
