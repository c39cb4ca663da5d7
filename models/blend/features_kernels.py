"""One compiled pass from what components offer to candidates with their features."""

import numpy as np
from numba import njit

LOWEST = 1e-4
"""What is added to a share of the largest score before the logarithm."""
OF_COMPONENT = ("log", "share", "rank", "raw")
OF_HISTORY = ("age 0", "age 1", "age 2", "age 3", "age 4+", "times", "carted", "bought")
OF_QUERY = ("length", "distinct", "items")
_MULTIPLIER = np.int64(2654435761)


@njit(cache=True, nogil=True)
def _slot(keys, item):  # pragma: no cover - compiled
    """Where a table of open addressing, its size a power of two, holds an item, or would hold it."""
    position = (item * _MULTIPLIER) & (len(keys) - 1)
    while keys[position] >= 0 and keys[position] != item:
        position = (position + 1) & (len(keys) - 1)
    return position


@njit(cache=True, nogil=True)
def candidate_features(  # pragma: no cover - compiled
    offered, scores, logarithmic, offsets, history, events, of_items, codes, prices, more, size
):
    """Candidates of each query and their features, in the order of `features.feature_names`.

    `codes` are items × kinds of group, -1 where an item is in none, `prices` logarithms, empty where none are known;
    `more` columns at the end are left at 0.
    `offered` and `scores` are components × queries × places, -1 where a component had no more; `size`, a power of two,
    is more than twice the items that all components offer a query, and those of the longest history.
    """
    components, queries, places = offered.shape
    first_of_history = len(OF_COMPONENT) * components
    first_of_item = first_of_history + len(OF_HISTORY)
    first_of_query = first_of_item + of_items.shape[1]
    first_of_pair = first_of_query + len(OF_QUERY)
    price_column = first_of_pair + codes.shape[1]
    width = price_column + (1 if len(prices) else 0) + more
    most = 0
    for component in range(components):
        for query in range(queries):
            for position in range(places):
                most += offered[component, query, position] >= 0
    items = np.empty(most, dtype=np.int64)
    features = np.zeros((most, width), dtype=np.float32)
    indptr = np.zeros(queries + 1, dtype=np.int64)
    keys, rows = np.full(size, -1, dtype=np.int64), np.empty(size, dtype=np.int64)
    used = np.empty(size, dtype=np.int64)
    seen, seen_used = np.full(size, -1, dtype=np.int64), np.empty(size, dtype=np.int64)
    nothing = np.float32(np.log(LOWEST))
    count = 0
    for query in range(queries):
        start, taken = count, 0
        for component in range(components):
            total, largest = 0.0, 0.0
            for position in range(places):
                if offered[component, query, position] < 0:
                    break
                value = scores[component, query, position]
                value = np.exp(value) if logarithmic[component] else value
                total += value
                largest = max(largest, value)
            column = len(OF_COMPONENT) * component
            for position in range(places):
                item = offered[component, query, position]
                if item < 0:
                    break
                slot = _slot(keys, item)
                if keys[slot] < 0:
                    keys[slot], rows[slot], used[taken] = item, count, slot
                    taken += 1
                    items[count] = item
                    for other in range(components):
                        features[count, len(OF_COMPONENT) * other] = nothing
                    count += 1
                row = rows[slot]
                value = scores[component, query, position]
                value = max(np.exp(value) if logarithmic[component] else value, 0.0)
                features[row, column] = np.log(value / max(largest, 1e-12) + LOWEST)
                features[row, column + 1] = value / max(total, 1e-12)
                features[row, column + 2] = 1 / (1 + position)
                features[row, column + 3] = np.log1p(value)
        distinct = 0
        length = offsets[query + 1] - offsets[query]
        for back in range(length):
            event = offsets[query + 1] - 1 - back
            item = history[event]
            slot = _slot(seen, item)
            latest = seen[slot] < 0
            if latest:
                seen[slot], seen_used[distinct] = item, slot
                distinct += 1
            slot = _slot(keys, item)
            if keys[slot] < 0:
                continue
            row = rows[slot]
            if latest:
                features[row, first_of_history + min(back, 4)] = 1
            features[row, first_of_history + 5] += 1
            if events[event] == 1:
                features[row, first_of_history + 6] = 1
            elif events[event] >= 2:
                features[row, first_of_history + 7] = 1
        for row in range(start, count):
            features[row, first_of_history + 5] = np.log1p(features[row, first_of_history + 5])
            for column in range(of_items.shape[1]):
                features[row, first_of_item + column] = of_items[items[row], column]
            features[row, first_of_query] = np.log(max(length, 1))
            features[row, first_of_query + 1] = distinct / max(length, 1)
            features[row, first_of_query + 2] = np.log(max(distinct, 1))
            if length == 0:
                continue
            item, last = items[row], history[offsets[query + 1] - 1]
            for kind in range(codes.shape[1]):
                if codes[item, kind] >= 0 and codes[item, kind] == codes[last, kind]:
                    features[row, first_of_pair + kind] = 1
            if len(prices):
                difference = prices[item] - prices[last]
                features[row, price_column] = 0.0 if np.isnan(difference) else difference
        for position in range(taken):
            keys[used[position]] = -1
        for position in range(distinct):
            seen[seen_used[position]] = -1
        indptr[query + 1] = count
    return indptr, items[:count], features[:count]
