"""The compiled walks: many at a time, so that the memory fetches of one overlap with those of the others.

Every random number is a hash of (seed, round, number of the walk, step): a walk does not depend on which thread runs
it, in which batch, or on what other walks do. The hash is SplitMix64.

Source: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators" (2014).
"""

import numpy as np
from numba import njit

BATCH = 2048
"""Walks that go in step: enough to hide the memory's latency, few enough for the cache."""
STOPPED = np.int32(-1)
"""The place of a walk after it ended at a node without edges."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX2 = np.uint64(0x94D049BB133111EB)
_S27, _S30, _S31, _S32 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)


@njit(cache=True, nogil=True, inline="always")
def mixed(value):  # pragma: no cover - compiled
    """SplitMix64's finaliser: a bijection of 64 bits that looks random."""
    value = (value ^ (value >> _S30)) * _MIX1
    value = (value ^ (value >> _S27)) * _MIX2
    return value ^ (value >> _S31)


@njit(cache=True, nogil=True, inline="always")
def key_of(seed, round_, number):  # pragma: no cover - compiled
    """Where a walk's stream of random numbers starts."""
    return mixed(mixed(seed + _GOLDEN * (round_ + np.uint64(1))) + _GOLDEN * (np.uint64(number) + np.uint64(1)))


@njit(cache=True, nogil=True, inline="always")
def length_of(key, log_damping, max_steps):  # pragma: no cover - compiled
    """How many steps a walk takes: geometric, at most `max_steps`. `P(length ≥ l) = damping^l`."""
    uniform = (np.float64(mixed(key) >> np.uint64(11)) + 0.5) * 1.1102230246251565e-16
    return np.int64(min(np.floor(np.log(uniform) / log_damping), np.float64(max_steps)))


@njit(cache=True, nogil=True, inline="always")
def next_node(rows, edges, node, key, step, jump):  # pragma: no cover - compiled
    """One step: a neighbour by weight; from a node without edges any node (`jump`), or the end."""
    degree = rows[node, 1]
    if degree == 1:
        return rows[node, 0]
    random = mixed(key + _GOLDEN * np.uint64(step))
    high, low = random >> _S32, random & _LOW
    if degree == 0:
        return np.int32((high * np.uint64(len(rows))) >> _S32) if jump else STOPPED
    edge = np.int64(rows[node, 0]) + np.int64((high * np.uint64(degree)) >> _S32)
    if low < np.uint64(np.uint32(edges[edge, 0])):
        return edges[edge, 1]
    return edges[edge, 2]


@njit(cache=True, nogil=True)
def count_visits(rows, edges, starts, first, seed, round_, log_damping, max_steps, jump, counts):  # pragma: no cover
    """Walk once from each of `starts`, the walks numbered from `first`, and add every visit to `counts`.

    Returns the number of steps. Walks of a batch are sorted by length, longest first: those that still go are always
    the first ones, and no step asks whether a walk has ended.
    """
    node, key = np.empty(BATCH, dtype=np.int32), np.empty(BATCH, dtype=np.uint64)
    length, batch_key = np.empty(BATCH, dtype=np.int64), np.empty(BATCH, dtype=np.uint64)
    longer = np.zeros(max_steps + 2, dtype=np.int64)
    steps = 0
    for begin in range(0, len(starts), BATCH):
        size = min(BATCH, len(starts) - begin)
        longer[:] = 0
        for walk in range(size):
            batch_key[walk] = key_of(seed, round_, first + begin + walk)
            length[walk] = length_of(batch_key[walk], log_damping, max_steps)
            longer[length[walk]] += 1
        for steps_left in range(max_steps - 1, -1, -1):
            longer[steps_left] += longer[steps_left + 1]  # walks at least that long
        going = longer.copy()
        for walk in range(size):
            position = longer[length[walk] + 1]
            longer[length[walk] + 1] += 1
            node[position] = starts[begin + walk]
            key[position] = batch_key[walk]
            counts[starts[begin + walk]] += 1
        for step in range(1, max_steps + 1):
            active = going[step]
            if active == 0:
                break
            for walk in range(active):
                current = node[walk]
                if current != STOPPED:
                    current = next_node(rows, edges, current, key[walk], step, jump)
                    node[walk] = current
                    if current != STOPPED:
                        counts[current] += 1
                        steps += 1
    return steps


@njit(cache=True, nogil=True)
def walk_lengths(numbers, seed, rounds, log_damping, max_steps):  # pragma: no cover - compiled
    """How many steps each walk will take, unless a node without edges ends it."""
    lengths = np.empty(len(numbers), dtype=np.int64)
    for walk in range(len(numbers)):
        lengths[walk] = length_of(key_of(seed, np.uint64(rounds[walk]), numbers[walk]), log_damping, max_steps)
    return lengths


@njit(cache=True, nogil=True)
def record_paths(rows, edges, numbers, rounds, seed, jump, offsets, paths):  # pragma: no cover - compiled
    """Fill `paths[offsets[w] : offsets[w + 1]]` with the nodes of walk w, which starts at the node of its number."""
    for walk in range(len(numbers)):
        key = key_of(seed, np.uint64(rounds[walk]), numbers[walk])
        current = np.int32(numbers[walk])
        paths[offsets[walk]] = current
        for step in range(1, offsets[walk + 1] - offsets[walk]):
            if current != STOPPED:
                current = next_node(rows, edges, current, key, step, jump)
            paths[offsets[walk] + step] = current
