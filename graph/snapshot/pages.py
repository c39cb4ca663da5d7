"""How many nodes are read at once: some thousand in a row of the answer, packed into a list for each column.

A page begins after the last id of the one before and ends after `size` nodes. So the server holds no more than a page
at a time and sorts nothing, because it reads the ids' index in order; Cypher is all it has to know.
"""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.tables.progress import Progress

Page = tuple[list[Any], ...]
"""The columns of a page; the first one holds the ids of its nodes."""


def pages(
    graph: Graph, statement: str, size: int, progress: Progress, step: str, total: int, **parameters: Any
) -> Iterator[Page]:
    """Read all nodes page by page, the next one while the caller works on the last; progress is told as `step`."""
    text = queries.load(f"snapshot/{statement}")

    def read(after: str) -> Page:
        return graph.read(text, _only_row, after=after, k=size, **parameters)

    done = 0
    with ThreadPoolExecutor(1) as ahead:
        waiting: Future[Page] = ahead.submit(read, "")
        while True:
            progress(step, done, total)
            page = waiting.result()
            if not page[0]:
                return
            waiting = ahead.submit(read, page[0][-1])
            done += len(page[0])
            yield page


def _only_row(rows: Iterator[tuple[Any, ...]]) -> Page:
    [row] = rows
    return row
