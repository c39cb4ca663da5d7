"""Compiled: a text found by halving among sorted ones."""

from numba import njit


@njit(cache=True)
def find(characters, offsets, key):  # pragma: no cover - compiled
    """The row of `key` among texts sorted by their bytes, -1 where it is not among them."""
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
