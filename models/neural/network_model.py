"""A model that ranks by arrays and whose knowledge is a network of PyTorch."""

from abc import abstractmethod
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from numpy import ndarray
from torch import Tensor, nn

from kartograph.models.array_model import ArrayModel
from kartograph.models.data import Histories


class NetworkModel(ArrayModel):
    """Saves the network as its weights; a model says how to build one, and what it makes of histories."""

    batch = 256
    network: Any
    """A module of PyTorch."""

    @abstractmethod
    def new_network(self) -> nn.Module:
        """The network before any training, from `items` and `options`."""

    @abstractmethod
    def log_probabilities(self, queries: Histories) -> Float[Tensor, "n items"]:
        """Of each item as the next event of each query; no query is empty."""

    def scores(self, queries: Histories, owners: ndarray) -> Float[ndarray, "n items"]:
        """Log-probabilities of the next event; an empty history is not served."""
        scores = np.full((len(queries), len(self.items)), -np.inf, dtype=np.float32)
        asked = np.flatnonzero(queries.lengths)
        if len(asked):
            with torch.inference_mode():
                scores[asked] = self.log_probabilities(queries.take(asked)).cpu().numpy()
        return scores

    def saved_state(self) -> dict[str, Any]:
        """The attributes, the network as its weights."""
        return vars(self) | {"network": dict(self.network.state_dict())}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Build the network anew and give it its weights."""
        vars(self).update(state)
        with torch.random.fork_rng(devices=[]):
            self.network = self.new_network()
        self.network.load_state_dict(state["network"])
        self.network.eval()
