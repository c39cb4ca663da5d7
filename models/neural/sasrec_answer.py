"""What the network of SASRec says after one history, in NumPy.

PyTorch spends more time on beginning each of the network's seventy small operations than on computing them: one session
is answered in a fraction of the time without it. Batches go through `sasrec_network.Network`, whose formulas these are.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.special import expit
from torch import Tensor, nn

EPSILON = float(np.finfo(np.float32).eps)
"""What RMSNorm adds to the mean square."""


class Last(NamedTuple):
    """What the network says after the last event."""

    vector: Float[ndarray, " size"]
    """z."""
    copies: Float[ndarray, " length"] | None
    """c of the events, that sum to 1; None where nothing is copied."""
    gate: float
    """g."""


class Answering:
    """The weights of a network as arrays, which share its memory."""

    def __init__(self, network: Any) -> None:
        """Look at the weights of a `sasrec_network.Network`; they may not be trained further."""
        self.event = _array(network.event.weight)
        self.layers = [_Block(layer) for layer in network.layers]
        self.norm, self.out, self.gate = _array(network.norm.weight), _Linear(network.out), _Linear(network.gate)
        self.mixed = _LastWeights(network.mixed)
        self.copied = _LastWeights(network.copied) if network.repeats else None

    def __call__(self, seen: Float[ndarray, "length size"], events: Int[ndarray, " length"]) -> Last:
        """After the last of the events; `seen` are the unit vectors of their items."""
        states = seen * np.float32(math.sqrt(seen.shape[1])) + self.event[events]
        for layer in self.layers:
            states = layer(states)
        states = _rms(states, self.norm)
        mixed = _unit(self.mixed(states) @ seen)
        vector = _unit(mixed + _unit(self.out(states[-1])))
        if self.copied is None:
            return Last(vector, None, 0.0)
        return Last(vector, self.copied(states), float(expit(self.gate(states[-1]))[0]))


class _Linear:
    def __init__(self, layer: nn.Linear) -> None:
        self.weight, self.bias = _array(layer.weight).T, _array(layer.bias)

    def __call__(self, x: ndarray) -> ndarray:
        return x @ self.weight + self.bias


class _LastWeights:
    """Attention weights of the last position over all."""

    def __init__(self, weights: Any) -> None:
        self.query, self.key, self.age = _Linear(weights.query), _Linear(weights.key), _array(weights.age)

    def __call__(self, states: Float[ndarray, "length size"]) -> Float[ndarray, " length"]:
        scores = self.key(states) @ self.query(states[-1]) / np.float32(math.sqrt(states.shape[1]))
        return _softmax(scores + self.age[len(states) - 1 :: -1])


class _Block:
    """One gated layer."""

    def __init__(self, layer: Any) -> None:
        self.heads, self.age = layer.heads, _array(layer.age)
        self.before, self.between = _array(layer.before.weight), _array(layer.between.weight)
        self.projected, self.joined = _Linear(layer.projected), _Linear(layer.joined)
        self.attention_gate, self.feed_gate = _Linear(layer.attention_gate), _Linear(layer.feed_gate)
        self.wide, self.narrow = _Linear(layer.wide), _Linear(layer.narrow)

    def __call__(self, states: Float[ndarray, "length size"]) -> Float[ndarray, "length size"]:
        normed = _rms(states, self.before)
        length, size = states.shape
        split = self.projected(normed).reshape(length, 3, self.heads, size // self.heads).transpose(1, 2, 0, 3)
        query, key, value = split
        scores = query @ key.transpose(0, 2, 1) / np.float32(math.sqrt(size // self.heads)) + self._by_age(length)
        attended = self.joined((_softmax(scores) @ value).transpose(1, 0, 2).reshape(length, size))
        states = states + expit(self.attention_gate(normed)) * attended
        normed = _rms(states, self.between)
        up, gate = np.split(self.wide(normed), 2, axis=1)
        return states + expit(self.feed_gate(normed)) * self.narrow(up * gate * expit(gate))

    def _by_age(self, length: int) -> Float[ndarray, "heads length length"]:
        position = np.arange(length)
        age = position[:, None] - position
        return np.where(age < 0, -np.inf, self.age[:, age.clip(0)]).astype(np.float32)


def _array(weights: Tensor) -> ndarray:
    return weights.detach().numpy()


def _rms(states: ndarray, weight: ndarray) -> ndarray:
    return states / np.sqrt(np.square(states).mean(axis=1, keepdims=True) + EPSILON) * weight


def _unit(vector: ndarray) -> ndarray:
    return vector / max(math.sqrt(vector @ vector), 1e-12)


def _softmax(scores: ndarray) -> ndarray:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
