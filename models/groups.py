"""Entries that are sorted by group: group n has the entries from `offsets[n]` up to `offsets[n + 1]`, without it."""

import numpy as np
from jaxtyping import Int
from numpy import ndarray


def offsets_of(groups: Int[ndarray, " entries"], count: int) -> Int[ndarray, " count_plus_one"]:
    """Where each of `count` groups begins, from the group of every entry; groups without entries are empty."""
    return np.r_[0, np.cumsum(np.bincount(groups, minlength=count))].astype(np.int64)


def groups_of(offsets: Int[ndarray, " groups_plus_one"]) -> Int[ndarray, " entries"]:
    """The group of every entry."""
    return np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
