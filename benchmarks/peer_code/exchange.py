"""What a peer's process gets and gives back: arrays in a folder. Needs NumPy and SciPy alone.

exchange.npz    train_offsets, train_items, train_events     the histories to learn from, by owner, oldest first
                query_offsets, query_items, query_events     those to answer
                masked_offsets, masked_items                 what is left out of each answer
                owners                                       the owner of each query, -1 for none
                items                                        how many items there are
answer.npz      lists: queries × `K`, -1 where there was no more; fit_s, rank_s, peak_mib
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

K = 20
BEYOND = 200
"""Items that are asked for beyond `K` at most, so that enough are left where some are masked."""


class Exchange:
    """The arrays as a library takes them."""

    def __init__(self, folder: Path) -> None:
        """Read them."""
        self.arrays = dict(np.load(folder / "exchange.npz"))
        self.owners, self.items = self.arrays["owners"], int(self.arrays["items"])
        self.asked = K + min(BEYOND, int(np.diff(self.arrays["masked_offsets"]).max(initial=0)))

    def matrix(self, part: str) -> csr_matrix:
        """Owners × items of `train` or `query`: 1 where an item occurs."""
        offsets, items = self.arrays[f"{part}_offsets"], self.arrays[f"{part}_items"]
        matrix = csr_matrix((np.ones(len(items), np.float32), items, offsets), (len(offsets) - 1, self.items))
        matrix.sum_duplicates()
        matrix.data[:] = 1
        return matrix

    def pairs(self, part: str) -> tuple[np.ndarray, np.ndarray]:
        """Rows of owners and items, each pair once."""
        entries = self.matrix(part).tocoo()
        return entries.row, entries.col

    def unmasked(self, lists: np.ndarray) -> np.ndarray:
        """The first `K` of each list that are not masked."""
        offsets, masked = self.arrays["masked_offsets"], self.arrays["masked_items"]
        rows = np.repeat(np.arange(len(lists)), np.diff(offsets))
        known = np.isin(np.arange(len(lists))[:, None] * self.items + lists, rows * self.items + masked)
        lists = np.where(known, -1, lists)
        order = np.argsort(lists < 0, axis=1, kind="stable")[:, :K]
        return np.take_along_axis(lists, order, axis=1)


def _peak_mib() -> float:
    """The most memory that this process held. `getrusage` would count what its parent held when it began as well."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


Fit = Callable[[str, dict[str, Any], Exchange], Callable[[], np.ndarray]]
"""From a model's name, its options and the data to what answers: lists of `asked` items, -1 where there are no more."""


def answer(fit: Fit) -> None:
    """Fit and answer as the command line says: the folder, the model, its options as JSON."""
    folder, model, options = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
    exchange = Exchange(folder)
    began = time.perf_counter()
    ask = fit(model, options, exchange)
    fitted = time.perf_counter()
    lists = ask()
    asked = time.perf_counter()
    seconds = {"fit_s": fitted - began, "rank_s": asked - fitted, "peak_mib": _peak_mib()}
    np.savez(folder / "answer.npz", lists=exchange.unmasked(lists), **seconds)
