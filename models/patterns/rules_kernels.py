"""Compiled: which rules' left sides a history holds."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def match_rules(offsets, items, by_first, rule_offsets, left_items, left_opens, counts, found):  # pragma: no cover
    """Count each history's matches into `counts[history + 1]`, or, with `found`, write them from `counts[history]`."""
    write = len(found) > 0
    met = np.full(len(by_first) - 1, -1, dtype=np.int64)
    for history in range(len(offsets) - 1):
        start, stop = offsets[history], offsets[history + 1]
        at = counts[history]
        many = 0
        for event in range(start, stop):
            item = items[event]
            if met[item] == history:
                continue
            met[item] = history
            for rule in range(by_first[item], by_first[item + 1]):
                position = start
                begin = rule_offsets[rule]
                inside = True
                while inside and begin < rule_offsets[rule + 1]:
                    end = begin + 1
                    while end < rule_offsets[rule + 1] and not left_opens[end]:
                        end += 1
                    furthest = position
                    for place in range(begin, end):
                        here = position
                        while here < stop and items[here] != left_items[place]:
                            here += 1
                        furthest = max(furthest, here)
                    inside = furthest < stop
                    position = furthest + 1
                    begin = end
                if inside:
                    if write:
                        found[at + many] = rule
                    many += 1
        if not write:
            counts[history + 1] = many
