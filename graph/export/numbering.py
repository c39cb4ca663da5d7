"""Which row of an array stands for which node: ids from outside on one side, row numbers on the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kartograph.tables.errors import BadInput

SHOWN = 3
"""How many unknown ids an error names."""


@dataclass(frozen=True)
class Numbering:
    """The ids of the nodes of one label, sorted; the row number of an id is its place among them.

    The order is that of the ids' UTF-8 bytes, so it does not depend on how and when the nodes came into the graph.
    """

    label: str
    ids: tuple[str, ...]

    def __len__(self) -> int:
        """Return how many nodes there are."""
        return len(self.ids)

    @cached_property
    def _row_of(self) -> dict[str, int]:
        return {id_: row for row, id_ in enumerate(self.ids)}

    @cached_property
    def _array(self) -> NDArray[np.object_]:
        return np.array(self.ids, dtype=object)

    def rows(self, ids: Sequence[str]) -> NDArray[np.int64]:
        """Return the row numbers of ids, in their order.

        Raises `BadInput` where one of them is not among the exported nodes.
        """
        rows = np.fromiter((self._row_of.get(id_, -1) for id_ in ids), np.int64, len(ids))
        if (rows < 0).any():
            unknown = [repr(id_) for id_, row in zip(ids, rows, strict=True) if row < 0]
            more = f" and {len(unknown) - SHOWN:,} more" if len(unknown) > SHOWN else ""
            raise BadInput(
                f"no {self.label} of the export has the id {', '.join(unknown[:SHOWN])}{more}; ids are strings, and "
                f"the export holds {len(self):,} of them: export again if they came later"
            )
        return rows

    def ids_of(self, rows: NDArray[np.integer] | Sequence[int]) -> NDArray[np.object_]:
        """Return the ids that stand at row numbers, in their order.

        Raises `BadInput` for a number below 0 or beyond the last row.
        """
        asked_rows = np.asarray(rows, dtype=np.int64)
        if asked_rows.size and (asked_rows.min() < 0 or asked_rows.max() >= len(self)):
            raise BadInput(
                f"{self.label} has the rows 0 to {len(self) - 1}, "
                f"not {int(asked_rows.min())} to {int(asked_rows.max())}"
            )
        return self._array[asked_rows]
