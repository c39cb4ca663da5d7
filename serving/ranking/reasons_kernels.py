"""Compiled steps of a request."""

from numba import njit

from kartograph.models.scoring.sparse_kernels import entry


@njit(cache=True)
def weight_over(offsets, items, weights, row, other):  # pragma: no cover - compiled
    """`Σ_m w(row, m) · w(other, m)` over the items m that both have an edge to."""
    position, end = offsets[row], offsets[row + 1]
    beside, beside_end = offsets[other], offsets[other + 1]
    total = 0.0
    while position < end and beside < beside_end:
        if items[position] < items[beside]:
            position += 1
        elif items[position] > items[beside]:
            beside += 1
        else:
            total += weights[position] * weights[beside]
            position += 1
            beside += 1
    return total


@njit(cache=True)
def strongest_links(offsets, items, weights, history, rows, seen, near):  # pragma: no cover - compiled
    """For each wanted row the places in the history of what it is linked with most, -1 for nothing.

    `seen` by an edge that one of the two keeps; where there is none, `near` over one item between them. The edges
    `items[offsets[i] : offsets[i + 1]]` of an item are sorted; rows beyond the offsets have none. Of equal weights the
    later item of the history counts.
    """
    known = len(offsets) - 1
    for number in range(len(rows)):
        seen[number] = near[number] = -1
        row = rows[number]
        best = 0.0
        for position in range(len(history) - 1, -1, -1):
            if history[position] < known:
                weight = entry(offsets, items, weights, history[position], row)
                if weight == 0 and row < known:
                    weight = entry(offsets, items, weights, row, history[position])
                if weight > best:
                    best, seen[number] = weight, position
        if seen[number] >= 0 or row >= known:
            continue
        for position in range(len(history) - 1, -1, -1):
            if history[position] < known:
                weight = weight_over(offsets, items, weights, history[position], row)
                if weight > best:
                    best, near[number] = weight, position
