"""Similarity edges as arrays: those that the graph holds by a measure, and how it comes to hold others.

Only what differs is written, for writing an edge takes the server longer than finding it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float, Int
from numpy import ndarray

from kartograph import queries
from kartograph.graph.connection import Graph

READ = 50_000
"""Items whose links are read at once."""
WRITTEN = 10_000
"""Items in a message to the server."""


@dataclass(frozen=True)
class Links:
    """`(items[source])-[:SIMILAR {score}]->(items[target])`, in no order."""

    items: pd.Index
    source: Int[ndarray, " links"]
    target: Int[ndarray, " links"]
    score: Float[ndarray, " links"]

    @classmethod
    def of_rows(
        cls, items: pd.Index, rows: Int[ndarray, " m"], neighbours: Int[ndarray, "m k"], scores: Float[ndarray, "m k"]
    ) -> "Links":
        """The links of some rows to those found for each, -1 where there are fewer."""
        there = neighbours >= 0
        return cls(items, np.repeat(rows, there.sum(axis=1)), neighbours[there], scores[there])

    def __len__(self) -> int:
        """How many there are."""
        return len(self.source)


def read_links(graph: Graph, measure: str, items: pd.Index) -> Links:
    """Read the links of a measure. `items` of the result are those given, then others that have links."""
    return _collected([_lists(graph, "enrich/links", measure=measure)], items)


def read_links_of(graph: Graph, measure: str, items: pd.Index, some: Sequence[str]) -> Links:
    """The same of some items alone."""
    parts = [
        _lists(graph, "enrich/links_of_items", items=list(some[begin : begin + READ]), measure=measure)
        for begin in range(0, len(some), READ)
    ]
    return _collected(parts, items)


def _lists(graph: Graph, statement: str, **parameters: Any) -> list:
    return graph.query(queries.load(statement), exact=True, **parameters).iloc[0].to_list()


def _collected(by_item: Iterable[list], items: pd.Index) -> Links:
    sources, sizes, near, scores = [], [], [], []
    for lists in by_item:
        for column, values in zip((sources, sizes, near, scores), lists, strict=True):
            column.extend(values)
    names = np.array([*sources, *chain.from_iterable(near)], object)
    rows = items.get_indexer(pd.Index(names))
    if (rows < 0).any():
        items = items.append(pd.Index(np.unique(names[rows < 0])))
        rows = items.get_indexer(pd.Index(names))
    source = np.repeat(rows[: len(sources)], np.array(sizes, np.int64))
    return Links(items, source, rows[len(sources) :], np.fromiter(chain.from_iterable(scores), np.float64))


def change_links(graph: Graph, run: str, measure: str, former: Links, links: Links) -> int:
    """Make the graph hold `links` in place of the `former` ones; returns how many were written, changed or deleted.

    Both number the items alike, `former` perhaps more of them. A link that stays keeps the run that wrote it.
    """
    count = len(former.items)
    before, first, times = np.unique(former.source * count + former.target, return_index=True, return_counts=True)
    once = times == 1  # two runs at the same time may have written a link twice
    order = np.argsort(links.source * count + links.target)
    after, scores = (links.source * count + links.target)[order], links.score[order]
    held = pd.Series(former.score[first[once]], before[once]).reindex(after).to_numpy()  # NaN where there is none
    gone, new, other = before[~(np.isin(before, after) & once)], np.isnan(held), ~np.isnan(held) & (held != scores)
    names = former.items.to_numpy(object)
    _change_scores(graph, measure, names, after[other], scores[other])
    items = np.unique(np.concatenate([gone, after[new]]) // count)
    left, near, near_scores = names[gone % count], names[after[new] % count], scores[new]
    parts = (_parts(pairs, items, count) for pairs in (gone, after[new]))
    rows = [
        {"item": item, "gone": left[lost].tolist(), "near": near[found].tolist(), "scores": near_scores[found].tolist()}
        for item, lost, found in zip(names[items], *parts, strict=True)
    ]
    statement = queries.load("enrich/change_links")
    for begin in range(0, len(rows), WRITTEN):
        graph.query(statement, write=True, rows=rows[begin : begin + WRITTEN], measure=measure, run=run)
    return len(gone) + int(new.sum()) + int(other.sum())


def _change_scores(graph: Graph, measure: str, names: ndarray, pairs: Int[ndarray, " n"], scores: ndarray) -> None:
    """Write the scores of links that are there, sorted pairs of items: a statement of its own is twice as quick."""
    count = len(names)
    items, near, of = np.unique(pairs // count), names[pairs % count], scores.tolist()
    rows = [
        {"item": item, "scores": dict(zip(near[found], of[found], strict=True))}
        for item, found in zip(names[items], _parts(pairs, items, count), strict=True)
    ]
    statement = queries.load("enrich/change_link_scores")
    for begin in range(0, len(rows), WRITTEN):
        graph.query(statement, write=True, rows=rows[begin : begin + WRITTEN], measure=measure)


def _parts(pairs: Int[ndarray, " n"], items: Int[ndarray, " m"], count: int) -> Iterator[slice]:
    """Where each item stands among sorted pairs, `item · count + other`."""
    return map(slice, np.searchsorted(pairs, items * count), np.searchsorted(pairs, (items + 1) * count))
