"""Compiled: the patterns that begin with one item, and how the occurrences of a frequent pattern grow by one item."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def begun_by(
    item, offsets, items, elements, owners, events, gap, window, support, max_length, max_patterns, first_only,
    ends, extending, seen, counts, places, first_met,
):  # pragma: no cover - compiled  # fmt: skip
    """All frequent patterns that begin with `item`, which occurs at `events` (rising), each before those it begins.

    Per pattern the number of the one that it extends by its last item, -1 for the first; the item; 1 where it opens an
    element; the support; the pattern without the last element, -1 without one; and how many items it has. Numbers count
    from the first pattern found here. Ends, and says so, where a pattern would be extended that is not among the first
    `max_patterns`. `ends` marks items that only end patterns, `extending` (2 × items) those that extend patterns, and
    those that extend them to full length; see `gsp.mine`.
    """
    first_support, before = 0, np.int64(-1)
    for event in events:
        first_support += owners[event] != before
        before = owners[event]
    rows = np.empty((16, 6), dtype=np.int64)
    patterns = 0
    stack = [(np.int64(-1), np.int64(item), np.int64(1), np.int64(first_support), np.int64(-1), np.int64(1), events,
              elements[events])]  # fmt: skip
    while len(stack):
        parent, last, kind, support_of, left, length, ends_at, starts = stack.pop()
        pattern = np.int64(patterns)
        rows = _with_room(rows, patterns + 1)
        rows[patterns] = parent, last, kind, support_of, left, length
        patterns += 1
        if pattern >= max_patterns:
            return rows[:patterns], True
        if length >= max_length or ends[last]:
            continue
        leaves = length + 1 == max_length
        kinds, more, supports, bounds, next_events, next_starts = grown(
            offsets, items, elements, owners, ends_at, starts, gap, window, support, first_only, leaves,
            extending[int(leaves)], seen, counts, places, first_met,
        )  # fmt: skip
        if first_only and not extending[1][more].any():
            continue
        if leaves:
            rows = _with_room(rows, patterns + len(more))
            for one in range(len(more)):
                without = pattern if kinds[one] else left
                rows[patterns] = pattern, more[one], kinds[one], supports[one], without, length + 1
                patterns += 1
            continue
        for one in range(len(more) - 1, -1, -1):
            part = slice(bounds[one], bounds[one + 1])
            without = pattern if kinds[one] else left
            stack.append((pattern, more[one], kinds[one], supports[one], without, length + 1, next_events[part],
                          next_starts[part]))  # fmt: skip
    return rows[:patterns].copy(), False


@njit(cache=True, nogil=True)
def _with_room(rows, rows_needed):  # pragma: no cover - compiled
    """The rows, in twice the space where so many do not fit."""
    if rows_needed <= len(rows):
        return rows
    larger = np.empty((max(2 * len(rows), rows_needed), rows.shape[1]), dtype=rows.dtype)
    larger[: len(rows)] = rows
    return larger


@njit(cache=True, nogil=True)
def grown(
    offsets,
    items,
    elements,
    owners,
    events,
    starts,
    gap,
    window,
    support,
    first_only,
    leaves,
    extending,
    seen,
    counts,
    places,
    first_met,
):  # pragma: no cover - compiled
    """The frequent extensions of a pattern that ends at `events` (rising), and where these end.

    Extension kind 0 joins the last element, kind 1 opens a new one. `starts` is the latest first element of an
    occurrence that ends there: with a window, later is better. `seen`, `counts` and `places` are left as they came, -1
    and 0. Without gap and window a new element need only follow the first end in a sequence: all others come after.
    Only `extending` items extend; where extensions end is not told of `leaves`.
    """
    many = 0
    before = np.int64(-1)
    for row in range(len(events)):
        event = events[row]
        owner = owners[event]
        opening = not (first_only and owner == before)
        before = owner
        for other in range(event + 1, offsets[owner + 1]):
            distance = elements[other] - elements[event]
            kind = 0 if distance == 0 else 1
            if (kind == 1 and not opening) or distance > gap or elements[other] - starts[row] > window:
                break
            item = items[other]
            if extending[item] and seen[kind, item] != owner:
                if counts[kind, item] == 0:
                    first_met[many, 0], first_met[many, 1] = kind, item
                    many += 1
                seen[kind, item] = owner
                counts[kind, item] += 1
    kept = 0
    keys = np.empty(many, dtype=np.int64)
    for one in range(many):
        kind, item = first_met[one, 0], first_met[one, 1]
        if counts[kind, item] >= support:
            keys[kept] = item * 2 + kind
            kept += 1
    keys = np.sort(keys[:kept])
    supports = np.empty(kept, dtype=np.int64)
    for one in range(kept):
        supports[one] = counts[keys[one] % 2, keys[one] // 2]
        places[keys[one] % 2, keys[one] // 2] = one + 1
    sizes = np.zeros(kept + 1, dtype=np.int64)
    ends = np.zeros(kept + 1, dtype=np.int64)
    out_events, out_starts = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    for fill in range(0 if leaves else 2):
        if fill == 1:
            ends[1:] = np.cumsum(sizes[:kept])
            out_events, out_starts = np.empty(ends[kept], dtype=np.int64), np.empty(ends[kept], dtype=np.int64)
            sizes[:] = 0
        before = np.int64(-1)
        for row in range(len(events)):
            event = events[row]
            owner = owners[event]
            opening = not (first_only and owner == before)
            before = owner
            for other in range(event + 1, offsets[owner + 1]):
                distance = elements[other] - elements[event]
                kind = 0 if distance == 0 else 1
                if (kind == 1 and not opening) or distance > gap or elements[other] - starts[row] > window:
                    break
                one = places[kind, items[other]] - 1
                if one >= 0:
                    if fill == 1:
                        out_events[ends[one] + sizes[one]] = other
                        out_starts[ends[one] + sizes[one]] = starts[row]
                    sizes[one] += 1
    for one in range(many):
        kind, item = first_met[one, 0], first_met[one, 1]
        counts[kind, item] = 0
        seen[kind, item] = -1
        places[kind, item] = 0
    # The same end can be reached from several: keep it once, with the latest start.
    new_ends = np.zeros(kept + 1, dtype=np.int64)
    at = 0
    for one in range(kept):
        part_events = out_events[ends[one] : ends[one + 1]].copy()
        part_starts = out_starts[ends[one] : ends[one + 1]].copy()
        for position in np.argsort(part_events, kind="mergesort"):
            if at > new_ends[one] and out_events[at - 1] == part_events[position]:
                out_starts[at - 1] = max(out_starts[at - 1], part_starts[position])
            else:
                out_events[at], out_starts[at] = part_events[position], part_starts[position]
                at += 1
        new_ends[one + 1] = at
    return keys % 2, keys // 2, supports, new_ends, out_events, out_starts
