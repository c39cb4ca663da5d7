"""Texts as UTF-8 bytes with offsets: mapped, shared between workers, found by halving."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Int, UInt8
from numba import njit
from numpy import ndarray

NONE = -1
"""The row of an id that is not there."""


class Texts:
    """An array of texts that takes no Python object for each."""

    def __init__(self, characters: UInt8[ndarray, " bytes"], offsets: Int[ndarray, " n_plus_one"]) -> None:
        """Take bytes and where each text begins; `is_sorted` ones can be searched by `row`."""
        self.characters, self.offsets = characters, offsets

    def __len__(self) -> int:
        """How many texts there are."""
        return len(self.offsets) - 1

    def __getitem__(self, row: int) -> str:
        """The text of a row."""
        return self.characters[self.offsets[row] : self.offsets[row + 1]].tobytes().decode()

    def row(self, text: str) -> int:
        """The row of a text among texts sorted by their bytes, `NONE` where it is not among them."""
        return _find(self.characters, self.offsets, np.frombuffer(text.encode(), np.uint8))


def packed(texts: Sequence[str]) -> tuple[UInt8[ndarray, " bytes"], Int[ndarray, " n_plus_one"]]:
    """Bytes and offsets of texts."""
    encoded = [text.encode() for text in texts]
    offsets = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum([len(text) for text in encoded], out=offsets[1:])
    return np.frombuffer(b"".join(encoded), np.uint8), offsets


@njit(cache=True)
def _find(characters, offsets, key):  # pragma: no cover - compiled
    low, high = 0, len(offsets) - 1
    while low < high:
        middle = (low + high) // 2
        start, stop = offsets[middle], offsets[middle + 1]
        order = 0
        for place in range(min(stop - start, len(key))):
            if characters[start + place] != key[place]:
                order = -1 if characters[start + place] < key[place] else 1
                break
        if order == 0:
            if stop - start == len(key):
                return middle
            order = -1 if stop - start < len(key) else 1
        if order < 0:
            low = middle + 1
        else:
            high = middle
    return -1
