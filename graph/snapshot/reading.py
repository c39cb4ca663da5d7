"""What the export of every part works with: the graph, its state, and the numbering of its nodes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from jaxtyping import Int
from numpy import ndarray

from kartograph.graph.connection import Graph
from kartograph.graph.snapshot.pages import Page, pages
from kartograph.graph.snapshot.state import State
from kartograph.graph.snapshot.texts import UNKNOWN, Ids, concatenated, number_array, text_array
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress

NODES = 20_000
"""Nodes in a page: some hundred thousand values in a row of the answer."""
_PLURAL = {"User": "users", "Item": "items", "Category": "categories", "Session": "sessions"}


@dataclass(frozen=True)
class Reading:
    """One attempt to export parts of a graph in one state."""

    graph: Graph
    state: State
    progress: Progress
    ids: dict[str, Ids] = field(default_factory=dict)
    """By label: User, Item, Category."""

    def pages(self, statement: str, label: str, step: str, size: int = 0, **parameters: Any) -> Iterator[Page]:
        """Read all nodes of a label by a statement, in pages of `size` (0: `NODES`); `step` tells what is read.

        Raises `BadInput` where nodes are missing from the answer because they have no text as their id.
        """
        total = self.state.counts[label]
        done = 0
        for page in pages(
            self.graph, statement, size or NODES, self.progress, f"{step} ({_PLURAL[label]})", total, **parameters
        ):
            done += len(page[0])
            yield page
        if done < total and State.of(self.graph).counts[label] == total:
            raise BadInput(
                f"{total - done:,} of {total:,} {label} nodes have no text in the property id, or one that another "
                f"node has: ids of the graph are strings and unique. Find them by MATCH (n:{label}) WHERE n.id IS NULL "
                "OR toString(n.id) <> n.id RETURN n, and the constraints in `queries/schema/`"
            )

    def number(self, statement: str, label: str) -> Ids:
        """Read and sort the ids of a label."""
        parts = [text_array(ids, f"an id of {label}") for (ids,) in self.pages(statement, label, "Reading ids")]
        return Ids.sorted(concatenated(parts), label)

    def rows(self, label: str, texts: pa.LargeStringArray, what: str) -> Int[ndarray, " n"]:
        """Return the rows of ids that `what` names; raises `BadInput` for one that no node of the label has."""
        rows = self.ids[label].rows(texts)
        if (rows == UNKNOWN).any():
            [position] = np.flatnonzero(rows == UNKNOWN)[:1]
            raise BadInput(
                f'{what} leads to a {label} node with the id "{texts[int(position)].as_py()}", which is not among the '
                f"{len(self.ids[label]):,} that were read: its id has to be a text, and the graph has to stay as it is "
                "while it is read; try again"
            )
        return rows

    def edges(
        self, statement: str, ends: tuple[str, str], type_: str, step: str, columns: Sequence[type], **parameters: Any
    ) -> list[Any]:
        """Read the relationships of a type from one label to another, in no order.

        The statement returns ids of a page, the place among them of each relationship's source, the id of its target,
        and `columns`, of the types given. Returns the rows of the sources (int32), those of the targets, and a column
        for each type: an array of numbers, or texts for `str`.
        """
        ids, targets, places = [], [], [np.empty(0, np.int64)]
        parts: list[list[Any]] = [[] if dtype is str else [np.empty(0, dtype)] for dtype in columns]
        read = 0
        for page_ids, page_places, others, *values in self.pages(statement, ends[0], step, **parameters):
            ids.append(text_array(page_ids, f"an id of {ends[0]}"))
            places.append(np.array(page_places, np.int64) + read)
            targets.append(text_array(others, f"an id of {ends[1]}"))
            for part, column, dtype in zip(parts, values, columns, strict=True):
                what = f"a property of {type_}"
                part.append(text_array(column, what) if dtype is str else number_array(column, dtype, what))
            read += len(page_ids)
        sources = self.rows(ends[0], concatenated(ids), "a page of the answer")
        joined = [
            concatenated(part) if dtype is str else np.concatenate(part)
            for part, dtype in zip(parts, columns, strict=True)
        ]
        return [sources[np.concatenate(places)], self.rows(ends[1], concatenated(targets), type_), *joined]
