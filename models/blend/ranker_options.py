"""The options of the network of a blend, apart from it: training needs them, and the network needs training."""

from dataclasses import dataclass


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
    absent: float = 0.0
    """Share of the queries of which each component is hidden, so that the network can do without any of them."""
    seed: int = 0
