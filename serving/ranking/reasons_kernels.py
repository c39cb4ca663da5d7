"""Compiled steps of a request."""

from numba import njit


@njit(cache=True)
def strongest_links(offsets, items, weights, history, wanted, behind):  # pragma: no cover - compiled
    """For each wanted row the place in the history of the item that it co-occurs with most, -1 for none.

    The neighbours `items[offsets[i] : offsets[i + 1]]` of an item are sorted; rows beyond the offsets have none. Of
    equal weights the later item of the history counts.
    """
    known = len(offsets) - 1
    for number in range(len(wanted)):
        best, behind[number] = 0.0, -1
        for place in range(len(history) - 1, -1, -1):
            if history[place] >= known:
                continue
            low, high = offsets[history[place]], offsets[history[place] + 1]
            end = high
            while low < high:
                middle = (low + high) // 2
                if items[middle] < wanted[number]:
                    low = middle + 1
                else:
                    high = middle
            if low < end and items[low] == wanted[number] and weights[low] > best:
                best, behind[number] = weights[low], place
