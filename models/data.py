"""What a model learns from: ids by row number, histories of owners, training data.

Two kinds of id never mix. An *external id* is the text that a shop uses (`item_id`, `user_id`, `session_id`); a *row*
is the number of an item or of an owner (a session or a user) in the training data, 0, 1, 2 … Models know rows only;
`Ids` turns one into the other at the edge.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
import pandas as pd
from jaxtyping import Int
from numpy import ndarray

from kartograph.models.columns import EVENT, ITEM, TIME, USER
from kartograph.models.groups import groups_of, offsets_of
from kartograph.models.saved.texts import Texts
from kartograph.models.scoring.hashed import found_by_hash, hashed_order
from kartograph.tables.errors import BadInput
from kartograph.tables.events import EVENTS
from kartograph.tables.formats.frame_times import milliseconds

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from kartograph.models.computed import Computed
    from kartograph.models.item_categories import ItemCategories

Owners = Literal["sessions", "users"]
SESSION_ID = "session_id"

NONE = -1
"""The row of an item or owner that the training data does not know; also an empty place in a `TopK`."""
FEW = 2_000
"""Ids that are looked up without an index of all."""


class Ids:
    """External ids by row number, and back.

    Read from a saved model they lie in the memory that its files are mapped to. A question names a few: those are found
    by the order that `tie_order` sorts them in, and no object is made for the others.
    """

    def __init__(self, external: pd.Index) -> None:
        """Number the ids in the order given; they have to be unique."""
        if not external.is_unique:
            raise BadInput(f"id {external[external.duplicated()][0]!r} occurs twice: ids have to be unique")
        self._external: pd.Index | None = external
        self._texts: Texts | None = None

    def __len__(self) -> int:
        """How many ids there are."""
        return len(self.external if self._texts is None else self._texts)

    @property
    def external(self) -> pd.Index:
        """All ids by row."""
        if self._external is None:
            assert self._texts is not None
            self._external = pd.Index(self._texts.all(), dtype=self._like.dtype, name=self._like.name)
        return self._external

    @property
    def tie_order(self) -> Int[ndarray, " n"]:
        """The place of each row where scores are equal: it depends on the id alone, not on the order of the rows.

        Once asked for it is kept, and saved with a model: a process that opens one need not work it out again.
        """
        if not hasattr(self, "_tie_order"):
            self._tie_order = hashed_order(self.external)
        return self._tie_order

    def rows(self, external: pd.Series | pd.Index | list[str]) -> Int[ndarray, " n"]:
        """The row of each external id, `NONE` where it is unknown."""
        if self._external is None and self._texts is not None and len(external) <= FEW and hasattr(self, "_tie_order"):
            return found_by_hash(self._texts, self._by_place, list(external))
        return self.external.get_indexer(pd.Index(external)).astype(np.int64)

    def names(self, rows: Int[ndarray, " n"]) -> ndarray:
        """The external ids of some rows, an array of objects."""
        if self._external is None and self._texts is not None and len(rows) <= FEW:
            return self._texts.at(rows)
        return self.external[rows].to_numpy(object)

    def name(self, row: int) -> str:
        """The external id of a row, as text."""
        return str(self.names(np.array([row]))[0])

    @cached_property
    def _by_place(self) -> Int[ndarray, " n"]:
        """The rows in the order of `tie_order`."""
        order = np.empty(len(self), dtype=np.int64)
        order[self.tie_order] = np.arange(len(self))
        return order

    def saved_state(self) -> dict[str, Any]:
        """What a saved model keeps: texts as bytes, anything else as it is."""
        order = {"_tie_order": self._tie_order} if hasattr(self, "_tie_order") else {}
        texts = self._texts
        if texts is None:
            if not all(isinstance(one, str) for one in self.external):
                return {"external": self.external, **order}
            texts = Texts.of(self.external.tolist())
        like = self._like if self._external is None else self._external[:0]
        return {"data": texts.data, "offsets": texts.offsets, "like": like, **order}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take what `saved_state` gave, in this release or an earlier one. Raises `ValueError` for what is none."""
        self._external, self._texts = state.get("external"), None
        if self._external is None:
            self._texts, self._like = Texts(state["data"], state["offsets"]), state["like"]
        if "_tie_order" in state:
            order = state["_tie_order"]
            if len(order) != len(self) or (len(order) and not 0 <= order.min() <= order.max() < len(order)):
                raise ValueError("the order of ids is of others")
            self._tie_order = order


@dataclass(frozen=True)
class Histories:
    """Events in order, grouped by owner: the n-th owner's events are `items[offsets[n] : offsets[n + 1]]`."""

    offsets: Int[ndarray, " owners_plus_one"]
    items: Int[ndarray, " events"]
    """Item rows, oldest first; never `NONE`."""
    events: Int[ndarray, " events"]
    """What happened, as positions in `tables.events.EVENTS`."""

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
        events = self.places(rows)
        return Histories(offsets, self.items[events], self.events[events])

    def places(self, rows: Int[ndarray, " n"]) -> Int[ndarray, " events_of_them"]:
        """The numbers of the events of the owners at these rows, in this order; `NONE` has none."""
        lengths = np.where(rows == NONE, 0, self.lengths[rows])
        starts = np.cumsum(lengths) - lengths
        return np.arange(lengths.sum()) + np.repeat(self.offsets[rows] - starts, lengths)

    def latest(self, length: int) -> "Histories":
        """The last `length` events of each owner."""
        kept = self.ages < length
        return Histories.of(self.owners[kept], self.items[kept], len(self), self.events[kept])

    def followed_by(self, later: "Histories") -> "Histories":
        """Each owner's events here, then those there."""
        owners = np.r_[self.owners, later.owners]
        order = np.argsort(owners, kind="stable")
        items, events = np.r_[self.items, later.items], np.r_[self.events, later.events]
        return Histories.of(owners[order], items[order], len(self), events[order])

    def matrix(self, items: int, weights: ndarray | None = None) -> "csr_array":
        """Owners × items, the sum of the weights of an owner's events on an item; without weights their number."""
        from scipy.sparse import csr_array  # a model that asks the graph answers without it, in a tenth less time

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
    kind: Owners = "users"
    """What the owners are."""
    other: "TrainingData | None" = None
    """The same events by the other kind of owner, with the same items; None where the source knows one kind only."""
    facts: pd.DataFrame | None = None
    """The table of items, a row for each of `items` in their order: `item_id` and what is known of it, from a graph
    title, price, brand, available, group_id, popularity, first_seen and last_seen."""
    computed: "Computed | None" = None
    """What the enrichment of the graph computed, by the rows of `items` and `categories`; None for tables, and where
    the model names no step of it in `needs` or `uses`."""

    @classmethod
    def from_table(cls, table: pd.DataFrame, owner: str) -> Self:
        """Training data from a table with `item_id`, the column `owner`, and perhaps `event` and `timestamp`.

        Owners and items are numbered in the order in which they first appear. Events of an owner come by timestamp
        where there is one, otherwise in the order of the table.
        """
        item_rows, items = pd.factorize(table[ITEM])
        return cls._of(table, owner, item_rows, Ids(pd.Index(items)))

    @classmethod
    def from_frame(cls, events: pd.DataFrame, items: pd.DataFrame | None = None) -> "TrainingData":
        """Training data from a frame of events, by users and by sessions where both are named.

        `events` has `item_id`, `user_id` or `session_id` or both, and perhaps `event` and `timestamp` (milliseconds
        UTC, or dates). `items` has `item_id` and what is known of each item, such as `title`, `price`, `brand`,
        `available`; its items are known to models even without events. Rows whose owner is null count for the other
        kind only.

        Raises:
            BadInput: no item or owner column, an event that is none of `tables.events.EVENTS`, or an item listed twice.
        """
        owners = [column for column in (USER, SESSION_ID) if column in events]
        if ITEM not in events or not owners:
            raise BadInput(
                f"The events have the columns {', '.join(map(str, events.columns))}; they need {ITEM} and {USER} or "
                f"{SESSION_ID}, and may have {EVENT} and {TIME}."
            )
        if EVENT in events and (unknown := sorted(set(events[EVENT].dropna()) - set(EVENTS))):
            raise BadInput(f"The event {unknown[0]!r} is not known. Events are {', '.join(EVENTS)}.")
        known = pd.Series([], dtype=object) if items is None else items[ITEM].astype(str)
        if known.duplicated().any():
            raise BadInput(f"The item {known[known.duplicated()].iloc[0]!r} stands twice in the table of items.")
        if TIME in events:
            events = events.assign(**{TIME: milliseconds(events[TIME])})
            events = events.sort_values(TIME, kind="stable")  # owners are numbered by their first event
        events = events.assign(**{ITEM: events[ITEM].astype(str)})
        ids = Ids(pd.Index(pd.unique(pd.concat([events[ITEM], known], ignore_index=True)), dtype=object))
        named = {column: events[events[column].notna()] for column in owners}
        columns = {column: cls._of(rows, column, ids.rows(rows[ITEM]), ids) for column, rows in named.items()}
        facts = None if items is None else items.assign(**{ITEM: known}).set_index(ITEM).reindex(ids.external)
        facts = None if facts is None else facts.rename_axis(ITEM).reset_index()
        first = replace(columns[owners[0]], facts=facts)
        return first.beside(replace(columns[owners[1]], facts=facts)) if len(owners) == 2 else first

    @classmethod
    def _of(cls, table: pd.DataFrame, owner: str, item_rows: ndarray, items: Ids) -> Self:
        owner_rows, owners = pd.factorize(table[owner])
        times = table[TIME].to_numpy() if TIME in table else np.zeros(len(table), dtype=np.int64)
        order = np.lexsort((times, owner_rows))
        events = pd.Index(EVENTS).get_indexer(pd.Index(table[EVENT])) if EVENT in table else None
        return cls(
            items,
            Ids(pd.Index(owners)),
            Histories.of(owner_rows[order], item_rows[order], len(owners), None if events is None else events[order]),
            times[order] if TIME in table else None,
            kind="sessions" if owner == SESSION_ID else "users",
        )

    def beside(self, other: "TrainingData") -> "TrainingData":
        """This one with the same events by the other kind of owner, so that either leads to the other."""
        return replace(self, other=replace(other, other=replace(self, other=None)))

    def grouped(self, kind: Owners) -> "TrainingData":
        """The events by this kind of owner; by the only kind that there is where the source knows no other."""
        return self.other if self.other is not None and self.kind != kind else self
