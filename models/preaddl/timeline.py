"""Looks up what was true of an item or a visitor at a moment, in rows sorted by owner and time, all at once.

Owner and time become one whole number, `owner · span + time`, so that one binary search answers every question of a
kind: the value that held at a time, or how many events lie before it.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Int
from numpy import ndarray

from kartograph.models.data import NONE


@dataclass(frozen=True)
class Timeline:
    """Rows sorted by owner, then time."""

    keys: Int[ndarray, " rows"]
    order: Int[ndarray, " rows"]
    """The place of each sorted row in the table that was given."""
    first: int
    """The earliest time; earlier ones asked for count as just before it."""
    span: int

    @classmethod
    def of(cls, owners: Int[ndarray, " rows"], times: Int[ndarray, " rows"]) -> Self:
        """Sort rows; rows of one owner and time keep their order. Owners are not `NONE`."""
        if len(times) == 0:
            return cls(np.zeros(0, np.int64), np.zeros(0, np.int64), 0, 2)
        first, span = int(times.min()), int(times.max() - times.min()) + 3
        keys = owners.astype(np.int64) * span + (times - first) + 1
        order = np.argsort(keys, kind="stable")
        return cls(keys[order], order, first, span)

    def before(self, owners: Int[ndarray, " n"], times: Int[ndarray, " n"]) -> Int[ndarray, " n"]:
        """The number of the owner's rows with an earlier time; 0 for the owner `NONE`."""
        starts = np.searchsorted(self.keys, owners * self.span)
        return np.where(owners == NONE, 0, np.searchsorted(self.keys, self._asked(owners, times)) - starts)

    def latest(self, owners: Int[ndarray, " n"], times: Int[ndarray, " n"], back: int | None = None) -> ndarray:
        """The place of the owner's latest row at or before each time, -1 where there is none.

        Where `back` is given, the owner's first row stands in for what lies before it if its own time is at most
        `back`: a value that was known by then is taken to have held from the beginning.
        """
        if len(self.keys) == 0:
            return np.full(len(owners), -1)
        starts = np.searchsorted(self.keys, owners * self.span)
        positions = np.searchsorted(self.keys, self._asked(owners, times), side="right") - 1
        missing = positions < starts
        if back is not None:
            first = np.minimum(starts, len(self.keys) - 1)
            stands_in = missing & (first == starts) & (self.keys[first] // self.span == owners)
            stands_in &= self.keys[first] % self.span - 1 + self.first <= back
            positions, missing = np.where(stands_in, first, positions), missing & ~stands_in
        return np.where(missing | (owners == NONE), -1, self.order[np.maximum(positions, 0)])

    def window(self, owners: Int[ndarray, " n"], times: Int[ndarray, " n"], length: int) -> Int[ndarray, "n length"]:
        """The places of the owner's last `length` rows before each time, the latest first, -1 where there are fewer."""
        count = self.before(owners, times)
        ends = np.searchsorted(self.keys, owners * self.span) + count
        places = ends[:, None] - 1 - np.arange(length)
        if len(self.keys) == 0:
            return np.full(places.shape, -1)
        return np.where(np.arange(length) < count[:, None], self.order[np.maximum(places, 0)], -1)

    def _asked(self, owners: ndarray, times: ndarray) -> Int[ndarray, " n"]:
        return owners * self.span + np.clip(times - self.first + 1, 0, self.span - 1)
