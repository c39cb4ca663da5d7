"""Arrays that compiled code counts in, kept from one answer to the next: making them takes longer than the counting.

Whoever uses them leaves them as they were: zeros, False, -1. Each thread has its own; they grow with the largest model.
"""

import threading

import numpy as np
from numpy import ndarray


def _of_items(count: int) -> tuple[ndarray, ndarray, ndarray]:
    return np.zeros(count, np.float32), np.zeros(count, np.bool_), np.empty(count, np.int32)


def _of_sessions(count: int) -> tuple[ndarray, ndarray, ndarray]:
    return np.zeros(count, np.float32), np.full(count, -1, np.int32), np.empty(count, np.int32)


class _Kept(threading.local):
    def __init__(self) -> None:
        self.items = _of_items(0)
        self.sessions = _of_sessions(0)


_kept = _Kept()


def of_items(count: int) -> tuple[ndarray, ndarray, ndarray]:
    """A sum for each item (0), whether it was touched (False), and a list of those that were, of at least `count`."""
    if len(_kept.items[0]) < count:
        _kept.items = _of_items(count)
    return _kept.items


def of_sessions(count: int) -> tuple[ndarray, ndarray, ndarray]:
    """A sum for each session (0), its latest entry (-1), and a list of those that were touched, of at least `count`."""
    if len(_kept.sessions[0]) < count:
        _kept.sessions = _of_sessions(count)
    return _kept.sessions
