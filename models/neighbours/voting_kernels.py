"""Compiled: the sessions most like a query, their votes for items, and what each item of the query adds to a vote."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def nearest(  # pragma: no cover - compiled
    start,
    end,
    posting_offsets,
    postings,
    query_items,
    query_weights,
    session_weight,
    k,
    sample,
    similarity,
    latest,
    touched,
):
    """The k sessions most like the query with the entries from `start` to `end`, how alike, and their entry of `i*`.

    `similarity` (0), `latest` (-1) and `touched` have a place for every session; they are left as they were.
    """
    near = 0
    for entry in range(start, end):
        item = query_items[entry]
        for position in range(posting_offsets[item], posting_offsets[item + 1]):
            session = postings[position]
            if latest[session] < 0:
                touched[near] = session
                near += 1
            latest[session] = entry  # entries come oldest first
            similarity[session] += query_weights[entry]
    recent = touched[:near]
    if near > sample:
        recent = -np.partition(-recent, sample - 1)[:sample]
    candidates = -np.sort(-recent)
    values = np.empty(len(candidates), dtype=np.float32)
    for position in range(len(values)):
        values[position] = similarity[candidates[position]] * session_weight[candidates[position]]
    order = np.argsort(-values, kind="mergesort")[:k]
    sessions, alike = candidates[order], values[order]
    entries = latest[sessions]
    for session in touched[:near]:
        latest[session] = -1
        similarity[session] = 0
    return sessions, alike, entries


@njit(cache=True, nogil=True)
def anchor_of(session, item, offsets, items, positions):  # pragma: no cover - compiled
    """Where an item lies in a session, 0 where it does not."""
    for other in range(offsets[session], offsets[session + 1]):
        if items[other] == item:
            return positions[other]
    return 0


@njit(cache=True, nogil=True)
def votes(  # pragma: no cover - compiled
    offsets,
    items,
    positions,
    posting_offsets,
    postings,
    query_offsets,
    query_items,
    query_ages,
    query_weights,
    session_weight,
    item_weight,
    age_weight,
    gap_weight,
    k,
    sample,
    similarity,
    latest,
    touched,
    score,
    voted,
    scored_items,
):
    """The scores of all items that the neighbours of each query hold: the arrays of a sparse matrix.

    The last six arguments are those of `scoring.scratch`.
    """
    queries = len(query_offsets) - 1
    indptr = np.zeros(queries + 1, dtype=np.int64)
    indices, data = np.empty(1 << 12, dtype=np.int32), np.empty(1 << 12, dtype=np.float32)
    max_age = len(age_weight) - 1
    for row in range(queries):
        near, alike, entries = nearest(
            query_offsets[row],
            query_offsets[row + 1],
            posting_offsets,
            postings,
            query_items,
            query_weights,
            session_weight,
            k,
            sample,
            similarity,
            latest,
            touched,
        )
        count = 0
        for position in range(len(near)):
            session, entry = near[position], entries[position]
            weight = alike[position] * age_weight[min(query_ages[entry], max_age)]
            anchor = anchor_of(session, query_items[entry], offsets, items, positions)
            for other in range(offsets[session], offsets[session + 1]):
                item = items[other]
                gap = min(max(anchor - positions[other], -max_age), max_age)
                if not voted[item]:
                    voted[item] = True
                    scored_items[count] = item
                    count += 1
                score[item] += weight * gap_weight[gap + max_age] * item_weight[item]
        end = indptr[row] + count
        while end > len(indices):
            indices = np.concatenate((indices, np.empty_like(indices)))
            data = np.concatenate((data, np.empty_like(data)))
        for position in range(count):
            item = scored_items[position]
            indices[indptr[row] + position] = item
            data[indptr[row] + position] = score[item]
            score[item] = 0
            voted[item] = False
        indptr[row + 1] = end
    return indptr, indices[: indptr[queries]], data[: indptr[queries]]


@njit(cache=True, nogil=True)
def shares(  # pragma: no cover - compiled
    offsets,
    items,
    positions,
    posting_offsets,
    postings,
    query_offsets,
    query_items,
    query_ages,
    query_weights,
    session_weight,
    item_weight,
    age_weight,
    gap_weight,
    k,
    sample,
    similarity,
    latest,
    touched,
    items_asked,
):
    """What each entry of a query adds to the scores of the query's `items_asked` items (queries × n, -1 for none)."""
    catalogue = len(posting_offsets) - 1
    column = np.full(catalogue, -1, dtype=np.int64)
    entry_of = np.full(catalogue, -1, dtype=np.int64)
    amounts = np.zeros((len(query_items), items_asked.shape[1]), dtype=np.float64)
    max_age = len(age_weight) - 1
    for row in range(len(query_offsets) - 1):
        start, end = query_offsets[row], query_offsets[row + 1]
        for position in range(items_asked.shape[1]):
            if items_asked[row, position] >= 0:
                column[items_asked[row, position]] = position
        for entry in range(start, end):
            entry_of[query_items[entry]] = entry
        near, _, entries = nearest(
            start,
            end,
            posting_offsets,
            postings,
            query_items,
            query_weights,
            session_weight,
            k,
            sample,
            similarity,
            latest,
            touched,
        )
        for position in range(len(near)):
            session, last = near[position], entries[position]
            anchor = anchor_of(session, query_items[last], offsets, items, positions)
            weight = session_weight[session] * age_weight[min(query_ages[last], max_age)]
            for other in range(offsets[session], offsets[session + 1]):
                target = column[items[other]]
                if target < 0:
                    continue
                gap = min(max(anchor - positions[other], -max_age), max_age)
                vote = weight * gap_weight[gap + max_age] * item_weight[items[other]]
                for common in range(offsets[session], offsets[session + 1]):
                    entry = entry_of[items[common]]
                    if entry >= 0:
                        amounts[entry, target] += query_weights[entry] * vote
        for position in range(items_asked.shape[1]):
            if items_asked[row, position] >= 0:
                column[items_asked[row, position]] = -1
        for entry in range(start, end):
            entry_of[query_items[entry]] = -1
    return amounts
