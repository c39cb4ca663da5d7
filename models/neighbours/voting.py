"""How do the sessions most like a query vote for items? The kernel that SKNN, V-SKNN and STAN share.

For a query `q` and a training session `s` with common items, `i*` the common item that the query touched last:

    sim(q, s)   = session_weight(s) · Σ_{i ∈ q ∩ s} query_weight(i)
    score(q, j) = item_weight(j) · Σ_{s ∈ N(q), j ∈ s} sim(q, s) · age_weight(a(i*)) · gap_weight(p_s(j) - p_s(i*))

with `a(i*)` the clicks in the query after `i*` and `p_s` positions in the session.

`N(q)` are the k most similar among the `sample` most recent sessions that share an item with the query, equals by
recency. An item that occurs more than once in a query or a session counts by its last occurrence. The three papers
differ in the weights only.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from numba import njit
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.models.data import Histories
from kartograph.models.groups import groups_of, offsets_of

LONGEST = 512
"""Ages and gaps beyond this many clicks weigh what this many weigh."""


@dataclass(frozen=True)
class SessionIndex:
    """Training sessions from both sides: the items of a session, the sessions of an item; each item once a session."""

    offsets: Int[ndarray, " sessions_plus_one"]
    items: Int[ndarray, " entries"]
    positions: Int[ndarray, " entries"]
    """Where the item occurs last in the session, counted from the session's end: 0 is the last click."""
    posting_offsets: Int[ndarray, " items_plus_one"]
    postings: Int[ndarray, " entries"]
    """The sessions of each item, most recent first."""

    @classmethod
    def of(cls, sessions: Histories, items: int) -> "SessionIndex":
        """Index sessions in order of time, the last one the most recent."""
        distinct = last_occurrences(sessions)
        owners = distinct.owners
        order = np.lexsort((-owners, distinct.items))
        offsets = offsets_of(distinct.items, items)
        return cls(distinct.offsets, distinct.items, distinct.ages, offsets, owners[order])


@dataclass(frozen=True)
class Occurrences:
    """The distinct items of each owner with the age of their last occurrence."""

    offsets: Int[ndarray, " owners_plus_one"]
    items: Int[ndarray, " entries"]
    ages: Int[ndarray, " entries"]
    """Clicks between the item's last occurrence and the owner's last click."""

    @property
    def owners(self) -> Int[ndarray, " entries"]:
        """The owner's row of each entry."""
        return groups_of(self.offsets)

    def matrix(self, weights: Float[ndarray, " entries"], items: int) -> csr_array:
        """Owners × items with a weight for each entry.

        The indices have 32 bits like those of the models' matrices: a product would first convert the larger matrix.
        """
        indices, offsets = self.items.astype(np.int32), self.offsets.astype(np.int32)
        return csr_array((weights.astype(np.float32), indices, offsets), shape=(len(offsets) - 1, items))


def last_occurrences(histories: Histories) -> Occurrences:
    """Each owner's distinct items, oldest last occurrence first."""
    owners, ages = histories.owners, histories.ages
    order = np.lexsort((ages, histories.items, owners))
    first = np.ones(len(order), dtype=bool)
    first[1:] = (owners[order][1:] != owners[order][:-1]) | (histories.items[order][1:] != histories.items[order][:-1])
    kept = np.sort(order[first])
    offsets = offsets_of(owners[kept], len(histories))
    return Occurrences(offsets, histories.items[kept], ages[kept])


@dataclass(frozen=True)
class Weights:
    """What distinguishes one neighbourhood model from another; see the module's formulas."""

    session: Float[ndarray, " sessions"]
    item: Float[ndarray, " items"]
    age: Float[ndarray, " LONGEST_plus_one"]
    """By the age, in the query, of the common item touched last."""
    gap: Float[ndarray, " two_LONGEST_plus_one"]
    """By `p_s(j) - p_s(i*)`, shifted by LONGEST: entry LONGEST is the gap 0, later entries lie after `i*`."""


def neighbour_scores(
    index: SessionIndex,
    query: Occurrences,
    query_weights: Float[ndarray, " entries"],
    weights: Weights,
    k: int,
    sample: int,
) -> csr_array:
    """Queries × items, an entry for every item of a query's neighbours.

    Runs in the number of entries touched: per query the sessions of its items, then the items of its k neighbours.
    """
    indptr, indices, data = _scores(
        index.offsets,
        index.items,
        index.positions,
        index.posting_offsets,
        index.postings,
        query.offsets,
        query.items,
        query.ages,
        query_weights.astype(np.float32),
        weights.session.astype(np.float32),
        weights.item.astype(np.float32),
        weights.age.astype(np.float32),
        weights.gap.astype(np.float32),
        k,
        sample,
    )
    return csr_array((data, indices, indptr), shape=(len(query.offsets) - 1, len(index.posting_offsets) - 1))


@njit(cache=True, nogil=True)
def _scores(  # pragma: no cover - compiled
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
):
    queries, sessions, catalogue = len(query_offsets) - 1, len(offsets) - 1, len(posting_offsets) - 1
    similarity = np.zeros(sessions, dtype=np.float32)
    latest = np.full(sessions, -1, dtype=np.int64)  # the query entry whose item is i*
    touched = np.empty(sessions, dtype=np.int64)
    score = np.zeros(catalogue, dtype=np.float32)
    voted = np.zeros(catalogue, dtype=np.bool_)
    found = np.empty(catalogue, dtype=np.int64)
    indptr = np.zeros(queries + 1, dtype=np.int64)
    indices, data = np.empty(1 << 16, dtype=np.int64), np.empty(1 << 16, dtype=np.float32)
    longest = len(age_weight) - 1
    for row in range(queries):
        near = 0
        for entry in range(query_offsets[row], query_offsets[row + 1]):
            item = query_items[entry]
            for place in range(posting_offsets[item], posting_offsets[item + 1]):
                session = postings[place]
                if latest[session] < 0:
                    touched[near] = session
                    near += 1
                latest[session] = entry  # entries come oldest first
                similarity[session] += query_weights[entry]
        candidates = -np.sort(-touched[:near])
        for session in candidates[sample:]:
            latest[session] = -1
            similarity[session] = 0
        candidates = candidates[:sample]
        values = np.empty(len(candidates), dtype=np.float32)
        for place, session in enumerate(candidates):
            values[place] = similarity[session] * session_weight[session]
        order = np.argsort(-values, kind="mergesort")
        count = 0
        for place in order[:k]:
            session = candidates[place]
            entry = latest[session]
            weight = values[place] * age_weight[min(query_ages[entry], longest)]
            anchor = 0
            for other in range(offsets[session], offsets[session + 1]):
                if items[other] == query_items[entry]:
                    anchor = positions[other]
            for other in range(offsets[session], offsets[session + 1]):
                item = items[other]
                gap = min(max(anchor - positions[other], -longest), longest)
                if not voted[item]:
                    voted[item] = True
                    found[count] = item
                    count += 1
                score[item] += weight * gap_weight[gap + longest] * item_weight[item]
        for session in candidates:
            latest[session] = -1
            similarity[session] = 0
        end = indptr[row] + count
        while end > len(indices):
            indices = np.concatenate((indices, np.empty_like(indices)))
            data = np.concatenate((data, np.empty_like(data)))
        for place in range(count):
            item = found[place]
            indices[indptr[row] + place] = item
            data[indptr[row] + place] = score[item]
            score[item] = 0
            voted[item] = False
        indptr[row + 1] = end
    return indptr, indices[: indptr[queries]], data[: indptr[queries]]
