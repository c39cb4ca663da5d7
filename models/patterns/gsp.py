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
from kartograph.models.patterns.gsp_kernels import grown
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

_Grown = tuple[tuple[int, ...], tuple[bool, ...], int, int, ndarray, ndarray]
"""Items, which of them open an element, support, left side, and where and since when occurrences end."""
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
    longest: int = 4
    """Most items of a pattern."""
    max_gap: int | None = None
    """Largest distance between neighbouring elements, in numbers of the database's elements; None: any."""
    window: int | None = None
    """Largest distance between the first and the last element; None: any."""
    most: int = 1_000_000
    """More patterns than this are an error: the support is too low."""

    def __post_init__(self) -> None:
        """Refuse what no pattern can fulfil."""
        if self.support < 1 or self.longest < 1:
            raise BadInput(f"support {self.support}, longest {self.longest}: both have to be at least 1")


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
        found: list[list[int]] = []
        for place in range(self.offsets[pattern], self.offsets[pattern + 1]):
            if self.opens[place]:
                found.append([])
            found[-1].append(int(self.items[place]))
        return tuple(tuple(element) for element in found)

    @cached_property
    def by_elements(self) -> dict[tuple[tuple[int, ...], ...], int]:
        """The number of each pattern."""
        return {self.elements(pattern): pattern for pattern in range(len(self))}


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
    met = np.empty((2 * count, 2), dtype=np.int64)
    every = np.ones(count, dtype=bool)
    found: list[tuple[tuple[int, ...], tuple[bool, ...], int, int]] = []
    order = np.argsort(database.items, kind="stable")
    singles, firsts = np.unique(database.items[order], return_index=True)
    bounds = np.r_[firsts, len(order)]
    for place, item in enumerate(singles):
        progress("Mining patterns (first items)", place, len(singles))
        places_of_item = order[bounds[place] : bounds[place + 1]]
        support = len(np.unique(owners[places_of_item]))
        stack: list[_Grown] = [((int(item),), (True,), support, -1, places_of_item, database.elements[places_of_item])]
        while stack:
            items, opens, support, left, events, starts = stack.pop()
            pattern = len(found)
            found.append((items, opens, support, left))
            if pattern >= options.most:
                raise TooManyPatterns(
                    f"more than {options.most:,} patterns have a support of {options.support}: ask for a higher "
                    "support or shorter patterns"
                )
            if len(items) >= options.longest or ends[items[-1]]:
                continue
            leaves = len(items) + 1 == options.longest
            kinds, more, supports, offsets, next_events, next_starts = grown(
                database.offsets, database.items, database.elements, owners, events, starts, gap, window,
                options.support, first_only, leaves, ends if leaves and last is not None else every,
                seen, counts, places, met,
            )  # fmt: skip
            if last is not None and first_only and not ends[more].any():
                continue
            if leaves:
                found.extend(
                    ((*items, item), (*opens, bool(kind)), count_of, pattern if kind else left)
                    for item, kind, count_of in zip(more.tolist(), kinds.tolist(), supports.tolist(), strict=True)
                )
                continue
            for one in range(len(more) - 1, -1, -1):
                part = slice(offsets[one], offsets[one + 1])
                new = bool(kinds[one])
                stack.append(
                    (
                        (*items, int(more[one])),
                        (*opens, new),
                        int(supports[one]),
                        pattern if new else left,
                        next_events[part],
                        next_starts[part],
                    )
                )
    return _collected(found, len(database))


def _of_frequent_items(database: SequenceDatabase, count: int, support: int) -> SequenceDatabase:
    """No pattern holds an item that is rare by itself. An item counts once a sequence."""
    owners = groups_of(database.offsets)
    once = np.unique(owners * max(count, 1) + database.items) % max(count, 1)
    kept = (np.bincount(once, minlength=count) >= support)[database.items]
    offsets = offsets_of(owners[kept], len(database))
    return SequenceDatabase(offsets, database.items[kept], database.elements[kept])


def _collected(found: list, sequences: int) -> Patterns:
    lengths = np.array([len(items) for items, _, _, _ in found], dtype=np.int64)
    return Patterns(
        np.r_[0, np.cumsum(lengths)].astype(np.int64),
        np.array([item for items, _, _, _ in found for item in items], dtype=np.int64),
        np.array([new for _, opens, _, _ in found for new in opens], dtype=bool),
        np.array([support for _, _, support, _ in found], dtype=np.int64),
        np.array([left for _, _, _, left in found], dtype=np.int64),
        sequences,
    )
