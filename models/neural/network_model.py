"""A model that ranks by arrays and whose knowledge is a network of PyTorch."""

from abc import abstractmethod
from typing import Any

import torch
from torch import nn

from kartograph.models.array_model import ArrayModel


class NetworkModel(ArrayModel):
    """Saves the network as its weights; a model says how to build one."""

    batch = 256
    network: Any
    """A module of PyTorch."""

    @abstractmethod
    def new_network(self) -> nn.Module:
        """The network before any training, from `items` and `options`."""

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
