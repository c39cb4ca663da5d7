"""Compiled: the categories that walks from each start visit most."""

import numpy as np
from numba import njit

from kartograph.graph.walks.steps_kernels import STOPPED, key_of, length_of, next_node


@njit(cache=True, nogil=True)
def most_visited(rows, edges, starts, seed, log_damping, max_steps, jump, walks, first, kept):  # pragma: no cover
    """The `kept` nodes from `first` on that walks from each start visit most, equals by the smaller number."""
    count = np.zeros(len(rows) - first, dtype=np.int32)
    touched = np.empty(len(rows) - first, dtype=np.int32)
    columns = np.zeros((len(starts), kept), dtype=np.int32)
    shares = np.zeros((len(starts), kept), dtype=np.float32)
    node, key = np.empty(walks, dtype=np.int32), np.empty(walks, dtype=np.uint64)
    left = np.empty(walks, dtype=np.int64)
    for row in range(len(starts)):
        start = starts[row]
        many = total = 0
        active = 0
        for walk in range(walks):
            key[active] = key_of(seed, np.uint64(walk), start)
            left[active] = length_of(key[active], log_damping, max_steps)
            node[active] = start
            if start >= first:
                if count[start - first] == 0:
                    touched[many] = start - first
                    many += 1
                count[start - first] += 1
                total += 1
            active += left[active] > 0
        step = 0
        while active > 0:
            step += 1
            going = 0
            for walk in range(active):
                current = next_node(rows, edges, node[walk], key[walk], step, jump)
                if current == STOPPED:
                    continue
                if current >= first:
                    if count[current - first] == 0:
                        touched[many] = current - first
                        many += 1
                    count[current - first] += 1
                    total += 1
                node[going], key[going], left[going] = current, key[walk], left[walk] - 1
                going += left[going] > 0
            active = going
        for position in range(many):  # insertion into the short sorted list of the best
            category = touched[position]
            value = np.float32(count[category] / total)
            count[category] = 0
            at = min(position, kept - 1)
            if position >= kept:
                last, worst = columns[row, at], shares[row, at]
                if worst > value or (worst == value and last < category):
                    continue
            while at > 0 and (
                shares[row, at - 1] < value or (shares[row, at - 1] == value and columns[row, at - 1] > category)
            ):
                shares[row, at], columns[row, at] = shares[row, at - 1], columns[row, at - 1]
                at -= 1
            shares[row, at], columns[row, at] = value, category
    return columns, shares
