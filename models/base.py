"""What a recommender is: what it learns from, what it is asked, what it answers.

Two kinds of id never mix. An *external id* is the text that a shop uses (`item_id`, `user_id`, `session_id`); a *row*
is the number of an item or of an owner (a session or a user) in the training data, 0, 1, 2 … Models know rows only;
`Ids` turns one into the other at the edge.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.models.groups import groups_of, offsets_of
from kartograph.models.top_k import hashed_order, top_k_of_dense, top_k_of_sparse
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent
from kartograph.tables.schema import EVENTS

if TYPE_CHECKING:
    from kartograph.models.item_categories import ItemCategories

USER, ITEM, SCORE, RANK, REASON = "user_id", "item_id", "score", "rank", "reason"
RECOMMENDATIONS = (USER, ITEM, SCORE, RANK, REASON)
"""The columns of a frame of recommendations; rank 1 is the best, reason may be null."""

NONE = -1
"""The row of an item or owner that the training data does not know; also an empty place in a `TopK`."""


class Ids:
    """External ids by row number, and back."""

    def __init__(self, external: pd.Index) -> None:
        """Number the ids in the order given; they have to be unique."""
        if not external.is_unique:
            raise BadInput(f"id {external[external.duplicated()][0]!r} occurs twice: ids have to be unique")
        self.external = external

    def __len__(self) -> int:
        """How many ids there are."""
        return len(self.external)

    @cached_property
    def tie_order(self) -> Int[ndarray, " n"]:
        """The place of each row where scores are equal: it depends on the id alone, not on the order of the rows."""
        return hashed_order(self.external)

    def rows(self, external: pd.Series | pd.Index | list[str]) -> Int[ndarray, " n"]:
        """The row of each external id, `NONE` where it is unknown."""
        return self.external.get_indexer(pd.Index(external)).astype(np.int64)


@dataclass(frozen=True)
class Histories:
    """Events in order, grouped by owner: the n-th owner's events are `items[offsets[n] : offsets[n + 1]]`."""

    offsets: Int[ndarray, " owners_plus_one"]
    items: Int[ndarray, " events"]
    """Item rows, oldest first; never `NONE`."""
    events: Int[ndarray, " events"]
    """What happened, as positions in `tables.schema.EVENTS`."""

    @classmethod
    def of(
        cls, owners: Int[ndarray, " events"], items: Int[ndarray, " events"], count: int, events: ndarray | None = None
    ) -> Self:
        """Group events that are already sorted by owner row; events of unknown items are dropped.

        `count` is the number of owners; owners without a known event get an empty history. Without `events` all are
        views.
        """
        known = items != NONE
        offsets = offsets_of(owners[known], count)
        kinds = np.zeros(len(items), dtype=np.int8) if events is None else events.astype(np.int8)
        return cls(offsets, items[known].astype(np.int64), kinds[known])

    def __len__(self) -> int:
        """How many owners there are."""
        return len(self.offsets) - 1

    @cached_property
    def lengths(self) -> Int[ndarray, " owners"]:
        """How many events each owner has."""
        return np.diff(self.offsets)

    @cached_property
    def owners(self) -> Int[ndarray, " events"]:
        """The owner's row of each event."""
        return groups_of(self.offsets)

    @cached_property
    def ages(self) -> Int[ndarray, " events"]:
        """How many events each event lies before its owner's last one: 0 for the last."""
        return np.repeat(self.offsets[1:], self.lengths) - 1 - np.arange(len(self.items))

    def part(self, start: int, stop: int) -> "Histories":
        """The owners from `start` up to `stop`, without it."""
        first, last = self.offsets[start], self.offsets[stop]
        return Histories(self.offsets[start : stop + 1] - first, self.items[first:last], self.events[first:last])

    def take(self, rows: Int[ndarray, " n"]) -> "Histories":
        """The owners at these rows, in this order; `NONE` gives an empty history."""
        lengths = np.where(rows == NONE, 0, self.lengths[rows])
        offsets = np.zeros(len(rows) + 1, dtype=np.int64)
        np.cumsum(lengths, out=offsets[1:])
        events = np.arange(offsets[-1]) + np.repeat(self.offsets[rows] - offsets[:-1], lengths)
        return Histories(offsets, self.items[events], self.events[events])

    def matrix(self, items: int, weights: ndarray | None = None) -> csr_array:
        """Owners × items, the sum of the weights of an owner's events on an item; without weights their number."""
        values = np.ones(len(self.items), dtype=np.float32) if weights is None else weights.astype(np.float32)
        # Copies: summing duplicates works in place.
        matrix = csr_array((values, self.items.copy(), self.offsets.copy()), shape=(len(self), items))
        matrix.sum_duplicates()
        return matrix


@dataclass(frozen=True)
class TrainingData:
    """What a model may learn from: the events of every session, or of every user, in order of time."""

    items: Ids
    owners: Ids
    """Sessions or users, in order of time where they are sessions."""
    histories: Histories
    times: Int[ndarray, " events"] | None = None
    """Milliseconds of each event, None where the source has none."""
    categories: "ItemCategories | None" = None
    """The categories of the items, None where none are known; `models.item_categories` adds them."""

    @classmethod
    def from_table(cls, table: pd.DataFrame, owner: str) -> Self:
        """Training data from a table with `item_id`, the column `owner`, and perhaps `event` and `timestamp`.

        Owners and items are numbered in the order in which they first appear. Events of an owner come by timestamp
        where there is one, otherwise in the order of the table.
        """
        owner_rows, owners = pd.factorize(table[owner])
        item_rows, items = pd.factorize(table[ITEM])
        times = table["timestamp"].to_numpy() if "timestamp" in table else np.zeros(len(table), dtype=np.int64)
        order = np.lexsort((times, owner_rows))
        events = pd.Index(EVENTS).get_indexer(pd.Index(table["event"])) if "event" in table else None
        return cls(
            Ids(pd.Index(items)),
            Ids(pd.Index(owners)),
            Histories.of(owner_rows[order], item_rows[order], len(owners), None if events is None else events[order]),
            times[order] if "timestamp" in table else None,
        )


@dataclass(frozen=True)
class TopK:
    """The best k items for each of n queries, best first."""

    items: Int[ndarray, "n k"]
    """Item rows; `NONE` where a model had fewer than k items to offer."""
    scores: Float[ndarray, "n k"]
    """Scores, larger is better, comparable within one row only; -inf where the item is `NONE`."""

    @property
    def unserved(self) -> Bool[ndarray, " n"]:
        """Which queries got no item at all."""
        return self.items[:, 0] == NONE


class Recommender(ABC):
    """Something that learns from `TrainingData` and ranks items for histories.

    A model implements `fit` and `scores`; ranking, masks and batches are here.
    """

    batch = 512
    """How many queries are scored at once."""
    items: Ids
    """The items of the training data; the columns of every score."""

    @abstractmethod
    def fit(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Learn from the data, forget what was learnt before, return the model itself."""

    @abstractmethod
    def scores(self, queries: Histories, owners: Int[ndarray, " n"]) -> Float[ndarray, "n items"] | csr_array:
        """One score for each query and item; larger is better.

        An item that must not be recommended has -inf in an array and no entry in a sparse array. `owners` are rows of
        the training data's owners or `NONE`; models that go by the history alone ignore them.
        """

    def close(self) -> None:
        """Give back what `fit` has opened: for most models nothing."""
        return

    def recommend(
        self,
        queries: Histories,
        k: int,
        owners: Int[ndarray, " n"] | None = None,
        masked: csr_array | None = None,
        progress: Progress = silent,
    ) -> TopK:
        """The k best items for each query, ties by `Ids.tie_order`: by a hash of the item's id.

        Every query is scored by itself: the answer does not depend on the other queries of the call. `masked`
        (queries × items) marks items that are left out of a query's answer.
        """
        if not hasattr(self, "items"):
            raise BadInput(f"{type(self).__name__} has learnt nothing yet: call fit first")
        if k < 1:
            raise BadInput(f"k is {k}: ask for at least 1 item")
        rows = np.full(len(queries), NONE) if owners is None else owners
        best = np.full((len(queries), k), NONE, dtype=np.int64)
        values = np.full((len(queries), k), -np.inf, dtype=np.float32)
        for start in range(0, len(queries), self.batch):
            stop = min(start + self.batch, len(queries))
            progress("Ranking (queries)", start, len(queries))
            scores = self.scores(queries.part(start, stop), rows[start:stop])
            mask = None if masked is None else masked[start:stop]
            if isinstance(scores, np.ndarray):
                best[start:stop], values[start:stop] = top_k_of_dense(scores, k, mask, self.items.tie_order)
            else:
                best[start:stop], values[start:stop] = top_k_of_sparse(scores, k, mask, self.items.tie_order)
        return TopK(best, values)


class CategoryRecommender(Recommender):
    """A recommender that can be asked with a category in place of a history: for users of whom no item is known."""

    @abstractmethod
    def category_scores(self, categories: Int[ndarray, " n"]) -> Float[ndarray, "n items"] | csr_array:
        """One score for each category and item, as `scores` has them.

        Categories are rows of the training data's categories; `NONE` asks without any.
        """


def recommendation_frame(top: TopK, users: list[str], items: Ids) -> pd.DataFrame:
    """The answers as rows of `RECOMMENDATIONS`; empty places are left out, reasons are null."""
    query, place = np.nonzero(top.items != NONE)
    return pd.DataFrame(
        {
            USER: np.asarray(users, dtype=object)[query],
            ITEM: items.external[top.items[query, place]],
            SCORE: top.scores[query, place],
            RANK: place + 1,
            REASON: None,
        },
        columns=list(RECOMMENDATIONS),
    )
