"""What visitors looked at, as rows of the catalogue."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kartograph.tables.errors import BadInput


@dataclass(frozen=True)
class Sessions:
    """Session `s` visited `items[starts[s]:starts[s + 1]]`: each item once, in the order of first visits."""

    starts: NDArray[np.int64]
    items: NDArray[np.int64]

    def __len__(self) -> int:
        """How many sessions there are."""
        return len(self.starts) - 1

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Number of different items of each session."""
        return np.diff(self.starts)

    @property
    def owners(self) -> NDArray[np.int64]:
        """The session of each entry of `items`."""
        return np.repeat(np.arange(len(self)), self.sizes)

    def select(self, chosen: NDArray) -> "Sessions":
        """Some sessions, by their numbers or by a mask: one fold of a cross-validation, say."""
        numbers = np.arange(len(self))[chosen]
        sizes = self.sizes[numbers]
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        inside = np.arange(starts[-1]) - np.repeat(starts[:-1], sizes)
        return Sessions(starts, self.items[np.repeat(self.starts[numbers], sizes) + inside])

    def longer_than(self, size: int) -> "Sessions":
        """The sessions of more than `size` different items."""
        return self.select(self.sizes > size)

    def after(self, position: int) -> "Sessions":
        """Of every session the items from this position on; sessions that end before are empty."""
        place = np.arange(len(self.items)) - self.starts[self.owners]
        kept = place >= position
        sizes = np.bincount(self.owners[kept], minlength=len(self))
        return Sessions(np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64), self.items[kept])


def sessions_of(visits: pd.DataFrame, ids: NDArray[np.object_], *, session: str, item: str) -> Sessions:
    """Sessions from a table with a row per visit, in order; `session` and `item` name its columns.

    An item that a session visits again counts once, at its first visit.

    Raises
    ------
    BadInput
        An item that is not in the catalogue.
    """
    rows = pd.Index(ids).get_indexer(pd.Index(visits[item]))
    if (rows < 0).any():
        unknown = list(visits[item][rows < 0].unique()[:5])
        raise BadInput(f"sessions visit {unknown}, which the catalogue does not have; add them or leave the visits out")
    numbers, _ = pd.factorize(visits[session])
    frame = pd.DataFrame({"session": numbers, "item": rows}).drop_duplicates().sort_values("session", kind="stable")
    sizes = np.bincount(frame["session"], minlength=numbers.max(initial=-1) + 1)
    return Sessions(np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64), frame["item"].to_numpy(np.int64))
