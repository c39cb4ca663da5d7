"""Compiled: which rules' left sides a history holds."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def match_rules(offsets, items, by_first, rule_offsets, left_items, left_opens):  # pragma: no cover - compiled
    """Where each history's matches begin, and the rules that match, by history."""
    starts = np.zeros(len(offsets), dtype=np.int64)
    matches = np.empty(1024, dtype=np.int64)
    many = 0
    matched_at = np.full(len(by_first) - 1, -1, dtype=np.int64)
    present = np.full_like(matched_at, -1)
    for history in range(len(offsets) - 1):
        start, stop = offsets[history], offsets[history + 1]
        for event in range(start, stop):
            present[items[event]] = history
        for event in range(start, stop):
            item = items[event]
            if matched_at[item] == history:
                continue
            matched_at[item] = history
            if many + by_first[item + 1] - by_first[item] > len(matches):
                larger = np.empty(2 * (many + by_first[item + 1] - by_first[item]), dtype=np.int64)
                larger[:many] = matches[:many]
                matches = larger
            for rule in range(by_first[item], by_first[item + 1]):
                if _holds(rule, start, stop, history, items, present, rule_offsets, left_items, left_opens):
                    matches[many] = rule
                    many += 1
        starts[history + 1] = many
    return starts, matches[:many].copy()


@njit(cache=True, nogil=True)
def _holds(
    rule, start, stop, history, items, present, rule_offsets, left_items, left_opens
):  # pragma: no cover - compiled
    """Whether the events hold the rule's left side: its elements in order, the items of an element in any."""
    begin = rule_offsets[rule]
    for index in range(begin + 1, rule_offsets[rule + 1]):  # most rules fail here, before any search
        if present[left_items[index]] != history:
            return False
    position = start
    while begin < rule_offsets[rule + 1]:
        end = begin + 1
        while end < rule_offsets[rule + 1] and not left_opens[end]:
            end += 1
        furthest = position
        for index in range(begin, end):
            last = position
            while last < stop and items[last] != left_items[index]:
                last += 1
            furthest = max(furthest, last)
        if furthest == stop:
            return False
        position = furthest + 1
        begin = end
    return True
