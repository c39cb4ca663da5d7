"""SR-GNN of RecBole, run in an environment of its own by `published_sr_gnn.py`.

The network, its initial weights and its loss are RecBole's; the steps of Adam over its prefixes are taken here, and the
rate is divided by ten after every `decay` epochs, as in the paper.
"""

import numpy as np
import torch
from exchange import Exchange, answer
from recbole.config import Config
from recbole.model.sequential_recommender import SRGNN

LONGEST = 20


class Catalogue:
    """What the network asks of a data set: how many items, the padding among them."""

    def __init__(self, items: int) -> None:
        """Keep it."""
        self.items = items

    def num(self, field: str) -> int:
        """How many."""
        return self.items + 1


def fit(model: str, options: dict, exchange: Exchange):
    """Every click but a session's first is a target of what came before it."""
    epochs, size, decay = options.get("epochs", 30), options.get("train_batch_size", 100), options.get("decay", 3)
    config = Config(
        model=model, dataset="exchange", config_dict={"use_gpu": False, "state": "ERROR", "train_neg_sample_args": None}
    )
    torch.manual_seed(0)
    network = SRGNN(config, Catalogue(exchange.items))
    offsets, items = exchange.arrays["train_offsets"], exchange.arrays["train_items"]
    number = np.arange(len(items)) - np.repeat(offsets[:-1], np.diff(offsets))
    targets = np.flatnonzero(number > 0)
    adam = torch.optim.Adam(network.parameters(), lr=options.get("learning_rate", 1e-3), weight_decay=1e-5)
    schedule = torch.optim.lr_scheduler.StepLR(adam, step_size=decay, gamma=0.1)
    random = np.random.default_rng(0)
    for _ in range(epochs):
        network.train()
        for batch in np.array_split(random.permutation(targets), -(-len(targets) // size)):
            shown = _shown(items, batch - np.minimum(number[batch], LONGEST), batch)
            adam.zero_grad()
            network.calculate_loss(shown | {network.POS_ITEM_ID: torch.as_tensor(items[batch] + 1)}).backward()
            adam.step()
        schedule.step()
    network.eval()

    def ask() -> np.ndarray:
        starts, stops = exchange.arrays["query_offsets"][:-1], exchange.arrays["query_offsets"][1:]
        clicks, lists = exchange.arrays["query_items"], np.full((len(starts), exchange.asked), -1)
        there = np.flatnonzero(stops > starts)
        with torch.inference_mode():
            for rows in np.array_split(there, -(-len(there) // 500)):
                shown = _shown(clicks, np.maximum(starts[rows], stops[rows] - LONGEST), stops[rows])
                scores = network.full_sort_predict(shown)[:, 1:]
                lists[rows] = scores.topk(exchange.asked, dim=1).indices.numpy()
        return lists

    return ask


def _shown(clicks: np.ndarray, starts: np.ndarray, stops: np.ndarray) -> dict[str, torch.Tensor]:
    """Clicks from `starts` to `stops` as the network reads them: items from 1 on, filled up behind with 0."""
    lengths = stops - starts
    column = np.arange(lengths.max())
    filled = column < lengths[:, None]
    rows = np.zeros(filled.shape, dtype=np.int64)
    rows[filled] = clicks[(starts[:, None] + column)[filled]] + 1
    return {"item_id_list": torch.as_tensor(rows), "item_length": torch.as_tensor(lengths)}


answer(fit)
