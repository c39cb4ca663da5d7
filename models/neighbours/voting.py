"""Sessions most like a query vote for items: what SKNN, V-SKNN and STAN share.

For a query `q` and a training session `s` with common items, `i*` the common item that the query touched last:

    sim(q, s)   = session_weight(s) · Σ_{i ∈ q ∩ s} query_weight(i)
    score(q, j) = item_weight(j) · Σ_{s ∈ N(q), j ∈ s} sim(q, s) · age_weight(a(i*)) · gap_weight(p_s(j) - p_s(i*))

with `a(i*)` the clicks in the query after `i*` and `p_s` positions in the session.

`N(q)` are the k most similar among the `sample` most recent sessions that share an item with the query, equals by
recency. An item that occurs more than once in a query or a session counts by its last occurrence. The three papers
differ in the weights only.
"""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.models.array_model import ArrayModel
from kartograph.models.data import Histories
from kartograph.models.explaining import Part, item_parts
from kartograph.models.groups import groups_of, offsets_of
from kartograph.models.scoring.scratch import of_items, of_sessions

LONGEST = 512
"""Ages and gaps beyond this many clicks weigh what this many weigh."""


@dataclass(frozen=True)
class SessionIndex:
    """Training sessions from both sides: the items of a session, the sessions of an item; each item once a session."""

    offsets: Int[ndarray, " sessions_plus_one"]
    items: Int[ndarray, " entries"]
    positions: Int[ndarray, " entries"]
    """Where the item occurs last in the session, counted from the session's end: 0 is the last click."""
    posting_offsets: Int[ndarray, " items_plus_one"]
    postings: Int[ndarray, " entries"]
    """The sessions of each item, most recent first."""

    @classmethod
    def of(cls, sessions: Histories, items: int) -> "SessionIndex":
        """Index sessions in order of time, the last one the most recent."""
        distinct = last_occurrences(sessions)
        owners = distinct.owners
        order = np.lexsort((-owners, distinct.items))
        offsets = offsets_of(distinct.items, items)
        return cls(distinct.offsets, distinct.items, distinct.ages, offsets, owners[order])


@dataclass(frozen=True)
class Occurrences:
    """The distinct items of each owner with the age of their last occurrence."""

    offsets: Int[ndarray, " owners_plus_one"]
    items: Int[ndarray, " entries"]
    ages: Int[ndarray, " entries"]
    """Clicks between the item's last occurrence and the owner's last click."""

    @property
    def owners(self) -> Int[ndarray, " entries"]:
        """The owner's row of each entry."""
        return groups_of(self.offsets)

    def matrix(self, weights: Float[ndarray, " entries"] | Bool[ndarray, " entries"], items: int) -> csr_array:
        """Owners × items with a weight for each entry.

        The indices have 32 bits like those of the models' matrices: a product would first convert the larger matrix.
        """
        indices, offsets = self.items.astype(np.int32), self.offsets.astype(np.int32)
        return csr_array((weights.astype(np.float32), indices, offsets), shape=(len(offsets) - 1, items))


def last_occurrences(histories: Histories) -> Occurrences:
    """Each owner's distinct items, oldest last occurrence first."""
    if len(histories) == 1:  # of a few items, for which NumPy's `unique` takes several times as long
        latest: dict[int, int] = {}
        for age, item in enumerate(reversed(histories.items.tolist())):
            latest.setdefault(item, age)
        items, ages = (np.array([*some][::-1], np.int64) for some in (latest, latest.values()))
        return Occurrences(np.array([0, len(items)]), items, ages)
    owners, ages = histories.owners, histories.ages
    order = np.lexsort((ages, histories.items, owners))
    first = np.ones(len(order), dtype=bool)
    first[1:] = (owners[order][1:] != owners[order][:-1]) | (histories.items[order][1:] != histories.items[order][:-1])
    kept = np.sort(order[first])
    offsets = offsets_of(owners[kept], len(histories))
    return Occurrences(offsets, histories.items[kept], ages[kept])


@dataclass(frozen=True)
class Weights:
    """What distinguishes one neighbourhood model from another; see the module's formulas. Kept in single precision."""

    session: Float[ndarray, " sessions"]
    item: Float[ndarray, " items"]
    age: Float[ndarray, " LONGEST_plus_one"]
    """By the age, in the query, of the common item touched last."""
    gap: Float[ndarray, " two_LONGEST_plus_one"]
    """By `p_s(j) - p_s(i*)`, shifted by LONGEST: entry LONGEST is the gap 0, later entries lie after `i*`."""

    def __post_init__(self) -> None:
        """Convert once what would be converted for every question."""
        for name, values in vars(self).items():
            object.__setattr__(self, name, values.astype(np.float32, copy=False))


class SessionNeighbours(ArrayModel):
    """A model whose neighbours vote. A subclass implements `learn`, which sets `index` and `weights`, and `query`."""

    explains = "sum"
    index: SessionIndex
    weights: Weights

    @abstractmethod
    def query(self, queries: Histories) -> tuple[Occurrences, Float[ndarray, " entries"]]:
        """The distinct items of each query with their weights."""

    def scores(self, queries: Histories, owners: Int[ndarray, " n"]) -> csr_array:
        """Votes of the neighbours; items that no neighbour holds have no entry.

        Runs in the number of entries touched: per query the sessions of its items, then the items of its k neighbours.
        """
        from kartograph.models.neighbours.voting_kernels import votes

        arguments: tuple[Any, ...] = (*self._arguments(*self.query(queries)), *of_items(len(self.items)))
        indptr, indices, data = votes(*arguments)
        return csr_array((data, indices, indptr), shape=(len(queries), len(self.items)))

    def parts(
        self, queries: Histories, owners: Int[ndarray, " n"], items: Int[ndarray, "n k"], most: int | None
    ) -> list[list[list[Part]]]:
        """What each item i of the history adds to a score; the amounts add up to it, whatever `most` is.

        `item_weight(j) · query_weight(i) · Σ_{s ∈ N(q), i ∈ s, j ∈ s} session_weight(s) · age_weight · gap_weight`
        """
        from kartograph.models.neighbours.voting_kernels import shares

        query, weights = self.query(queries)
        arguments: tuple[Any, ...] = (*self._arguments(query, weights), items.astype(np.int64))
        amounts = shares(*arguments)
        return item_parts(self.items, query.offsets, query.items, amounts, items)

    def _arguments(self, query: Occurrences, query_weights: Float[ndarray, " entries"]) -> tuple[Any, ...]:
        """What the kernels take, in their order."""
        index, weights = self.index, self.weights
        sessions = (index.offsets, index.items, index.positions, index.posting_offsets, index.postings)
        by = (weights.session, weights.item, weights.age, weights.gap)
        return (
            *sessions,
            query.offsets,
            query.items,
            query.ages,
            query_weights.astype(np.float32),
            *by,
            self.options.neighbours,
            self.options.sample,
            *of_sessions(len(index.offsets) - 1),
        )
