"""Texts as UTF-8 bytes with offsets, as a saved model keeps them: those that are asked for are decoded, no others."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Self

import numpy as np
from jaxtyping import Int
from numpy import ndarray

_LONE = "surrogatepass"
"""How halves of surrogate pairs, which are no characters, are kept."""


class Texts:
    """An array of texts that takes no Python object for each."""

    def __init__(self, data: ndarray, offsets: ndarray) -> None:
        """Take the bytes of all texts, uint8, and where each begins, int64; the last offset is the number of bytes.

        Raises `ValueError` for bytes that are no texts so.
        """
        ends = len(offsets) and int(offsets[0]) == 0 and int(offsets[-1]) == len(data)
        if (data.dtype, offsets.dtype) != (np.uint8, np.int64) or not ends or (offsets[1:] < offsets[:-1]).any():
            raise ValueError("offsets of texts do not lead through their bytes")
        if data.max(initial=0) >= 0x80:  # not ASCII alone
            data.tobytes().decode("utf-8", _LONE)
            starts = offsets[:-1]
            if (data[starts[starts < len(data)]] & 0xC0 == 0x80).any():
                raise ValueError("a text begins within a character")
        self.data, self.offsets = data, offsets

    @classmethod
    def of(cls, texts: Sequence[str]) -> Self:
        """The texts as bytes."""
        return cls(*encode_texts(texts))

    def __len__(self) -> int:
        """How many texts there are."""
        return len(self.offsets) - 1

    def at(self, rows: Int[ndarray, " n"]) -> ndarray:
        """The texts of some rows, an array of objects."""
        texts = np.empty(len(rows), dtype=object)
        starts, stops = self.offsets[rows].tolist(), self.offsets[rows + 1].tolist()
        texts[:] = [
            self.data[start:stop].tobytes().decode("utf-8", _LONE) for start, stop in zip(starts, stops, strict=True)
        ]
        return texts

    def all(self) -> list[str]:
        """All texts."""
        return decode_texts(self.data, self.offsets)


def encode_texts(texts: Sequence[str]) -> tuple[ndarray, ndarray]:
    """UTF-8 bytes of all texts in a row, and where each begins; the last offset is the number of bytes."""
    encoded = [text.encode("utf-8", _LONE) for text in texts]
    offsets = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, encoded), dtype=np.int64, count=len(texts)), out=offsets[1:])
    return np.frombuffer(b"".join(encoded), dtype=np.uint8), offsets


def decode_texts(data: ndarray, offsets: ndarray) -> list[str]:
    """What `encode_texts` encoded."""
    whole, places = data.tobytes(), offsets.tolist()
    return [whole[start:stop].decode("utf-8", _LONE) for start, stop in pairwise(places)]
