"""Frequent sequential patterns (GSP): sequences of item sets that many users share.

A sequence contains a pattern when each of the pattern's elements is a subset of an element of the sequence, in order;
with `max_gap`, neighbouring ones lie at most that far apart, with `window`, the first and the last one do. The support
of a pattern is the number of sequences that contain it.

The patterns are those of GSP; they are found by growing each pattern from the places where it ends, as PrefixSpan and
SPADE do, which reads the database once per pattern instead of once per candidate. (GSP's sliding window, which gathers
the items of one element over some time, is what the periods of a `SequenceDatabase` are for.)

Source: Srikant and Agrawal, "Mining Sequential Patterns: Generalizations and Performance Improvements" (1996).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Int
from numpy import ndarray

from kartograph.models.groups import groups_of, offsets_of
from kartograph.models.patterns.databases import SequenceDatabase
from kartograph.models.patterns.gsp_kernels import begun_by
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

PARENT, ITEM, OPENS, SUPPORT, LEFT, LENGTH = range(6)
"""What `begun_by` says of a pattern."""
UNLIMITED = np.iinfo(np.int64).max // 4


class TooManyPatterns(BadInput):
    """More patterns have the support than `MiningOptions.most` allows.

    Raised: by `kartograph patterns` and by models that mine patterns, before the list outgrows the memory.

    Remedy: ask for more support (`--support 20`) or for shorter patterns.
    """


@dataclass(frozen=True)
class MiningOptions:
    """Which patterns count."""

    support: int = 5
    """Sequences that have to contain a pattern."""
    max_length: int = 4
    """Most items of a pattern."""
    max_gap: int | None = None
    """Largest distance between neighbouring elements, in numbers of the database's elements; None: any."""
    window: int | None = None
    """Largest distance between the first and the last element; None: any."""
    max_patterns: int = 1_000_000
    """More patterns than this are an error: the support is too low."""

    def __post_init__(self) -> None:
        """Refuse what no pattern can fulfil."""
        if self.support < 1 or self.max_length < 1:
            raise BadInput(f"support {self.support}, longest {self.max_length}: both have to be at least 1")


@dataclass(frozen=True)
class Patterns:
    """Frequent patterns; pattern p has the items `items[offsets[p] : offsets[p + 1]]`."""

    offsets: Int[ndarray, " patterns_plus_one"]
    items: Int[ndarray, " entries"]
    opens: Bool[ndarray, " entries"]
    """Whether the item opens a new element, or joins that of the item before."""
    support: Int[ndarray, " patterns"]
    left: Int[ndarray, " patterns"]
    """The pattern without its last element, -1 where that was the only one."""
    sequences: int
    """In the database."""

    def __len__(self) -> int:
        """How many patterns there are."""
        return len(self.support)

    def elements(self, pattern: int) -> tuple[tuple[int, ...], ...]:
        """A pattern as a person reads it: ((1, 2), (3,)) is items 1 and 2 together, then item 3."""
        of = slice(self.offsets[pattern], self.offsets[pattern + 1])
        return elements_of(self.items[of], self.opens[of])

    @cached_property
    def by_elements(self) -> dict[tuple[tuple[int, ...], ...], int]:
        """The number of each pattern."""
        return {self.elements(pattern): pattern for pattern in range(len(self))}


def elements_of(items: Int[ndarray, " n"], opens: Bool[ndarray, " n"]) -> tuple[tuple[int, ...], ...]:
    """Items in the elements that they stand in; `opens` says which of them begin one."""
    grouped: list[list[int]] = []
    for item, begins in zip(items.tolist(), opens.tolist(), strict=True):
        if begins:
            grouped.append([])
        grouped[-1].append(item)
    return tuple(map(tuple, grouped))


def mine(
    database: SequenceDatabase,
    options: MiningOptions | None = None,
    last: Bool[ndarray, " items"] | None = None,
    progress: Progress = silent,
) -> Patterns:
    """All patterns with the support, by first item, each before those that extend it.

    `last` marks items that can only end a pattern, by item number (purchases at the end of clicks, say). Patterns that
    no such item follows often enough are then not extended: without gap and window, what extends them is not followed
    by it either; and patterns of full length all end in one. Raises `TooManyPatterns` where there are more than
    `options.most`.
    """
    options = options or MiningOptions()
    count = int(database.items.max(initial=-1)) + 1
    ends = np.zeros(count, dtype=bool)
    if last is not None:
        ends[: len(last)] = last[:count]
    database = _of_frequent_items(database, count, options.support)
    gap = UNLIMITED if options.max_gap is None else options.max_gap
    window = UNLIMITED if options.window is None else options.window
    first_only = options.max_gap is None and options.window is None
    owners = groups_of(database.offsets)
    seen = np.full((2, count), -1, dtype=np.int64)
    counts, places = np.zeros((2, count), dtype=np.int64), np.zeros((2, count), dtype=np.int64)
    first_met = np.empty((2 * count, 2), dtype=np.int64)
    extending = np.ones((2, count), dtype=bool)
    if last is not None:
        extending[1] = ends
    order = np.argsort(database.items, kind="stable")
    singles, firsts = np.unique(database.items[order], return_index=True)
    bounds = np.r_[firsts, len(order)]
    mined: list[Int[ndarray, "patterns 6"]] = [np.empty((0, 6), dtype=np.int64)]
    total = 0
    for position, item in enumerate(singles):
        progress("Mining patterns (first items)", position, len(singles))
        rows, too_many = begun_by(
            item, database.offsets, database.items, database.elements, owners,
            order[bounds[position] : bounds[position + 1]], gap, window, options.support, options.max_length,
            options.max_patterns - total, first_only, ends, extending, seen, counts, places, first_met,
        )  # fmt: skip
        if too_many:
            raise TooManyPatterns(
                f"more than {options.max_patterns:,} patterns have a support of {options.support}: ask for a higher "
                "support or shorter patterns"
            )
        for column in (PARENT, LEFT):
            rows[rows[:, column] >= 0, column] += total
        mined.append(rows)
        total += len(rows)
    return _collected(np.concatenate(mined), len(database))


def _of_frequent_items(database: SequenceDatabase, count: int, support: int) -> SequenceDatabase:
    """No pattern holds an item that is rare by itself. An item counts once a sequence."""
    owners = groups_of(database.offsets)
    once = np.unique(owners * max(count, 1) + database.items) % max(count, 1)
    kept = (np.bincount(once, minlength=count) >= support)[database.items]
    offsets = offsets_of(owners[kept], len(database))
    return SequenceDatabase(offsets, database.items[kept], database.elements[kept])


def _collected(rows: Int[ndarray, "patterns 6"], sequences: int) -> Patterns:
    """The patterns, their items gathered from the last to the first: a pattern is one that it extends and an item."""
    lengths = rows[:, LENGTH]
    offsets = np.r_[0, np.cumsum(lengths)].astype(np.int64)
    items, opens = np.empty(offsets[-1], dtype=np.int64), np.empty(offsets[-1], dtype=bool)
    wholes, parts = np.arange(len(rows)), np.arange(len(rows))
    while len(wholes):
        entries = offsets[wholes] + lengths[parts] - 1
        items[entries], opens[entries] = rows[parts, ITEM], rows[parts, OPENS]
        longer = rows[parts, PARENT] >= 0
        wholes, parts = wholes[longer], rows[parts[longer], PARENT]
    return Patterns(offsets, items, opens, rows[:, SUPPORT].copy(), rows[:, LEFT].copy(), sequences)
