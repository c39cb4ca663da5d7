"""Which items are seen by the same users: their Jaccard index, written as `:SIMILAR` edges."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.graph.connection import Graph
from kartograph.graph.enrichment.changes import take_stale_similarity
from kartograph.graph.enrichment.kept import keep, kept_before
from kartograph.graph.enrichment.similar.links import Links, change_links, read_links
from kartograph.graph.enrichment.similar.seen import Seen, read_seen, read_seen_again
from kartograph.tables.errors import BadInput, NothingThere

STEP = "similarity"
MEASURE = "jaccard"
AT_ONCE = 1_000
"""Items that a thread compares in one go."""


@dataclass(frozen=True)
class SimilarityOptions:
    """Which items are compared, and how many neighbours each keeps."""

    top: int = 10
    """Neighbours kept per item, the most similar first, of equals the first by id."""
    cutoff: float = 0.01
    """Pairs below this similarity are left out, as are those without a common user."""
    least_users: int = 2
    """Items seen by fewer users are not compared."""
    least_items: int = 2
    """Users who have seen fewer items link nothing and are not counted."""
    most_items: int = 10_000
    """Where more items have enough users, `least_users` is raised until so many remain: comparing is quadratic."""

    def __post_init__(self) -> None:
        """Refuse numbers that keep nothing."""
        if min(self.top, self.most_items) < 1:
            raise BadInput(f"top {self.top}, most_items {self.most_items}: both are at least 1")


def write_similarity(
    graph: Graph, run: str, options: SimilarityOptions | None = None, partly: bool = False
) -> tuple[int, int, int | None]:
    """Write `(:Item)-[:SIMILAR {measure: "jaccard", score, run}]->(:Item)`; returns how many edges there are, how
    many of them were written or deleted, and of how many users what they have seen was read, None for all.

    `J(i, j) = |U_i ∩ U_j| / |U_i ∪ U_j|` with U the users who have seen an item, counting users of `least_items` or
    more. Edges go from an item to its `top` neighbours, so they need not be symmetric. Former ones that are the same
    stay as they are. With `partly` what users have seen is read only of those who are marked, where the run before
    kept that of the others: the result is the same. Raises `NothingThere` where no user has seen enough items.
    """
    options = options or SimilarityOptions()
    marked = take_stale_similarity(graph)
    former = kept_before(graph, STEP, run) if partly and marked is not None else None
    if former is None or marked is None:
        marked, seen = None, read_seen(graph, options.least_items)
    else:
        seen = read_seen_again(graph, Seen.kept(former), marked, options.least_items)
    if not seen.matrix.nnz:
        raise NothingThere(
            f"no user has seen {options.least_items} items or more: there is nothing to compare; load a shop of users "
            "first (`kartograph load --help`)"
        )
    items = seen.items.index
    users = np.bincount(seen.matrix.indices, minlength=len(items))
    compared = users >= least_degree(users, options)
    neighbours, scores = alike(csr_array(seen.matrix[:, compared]), options.top, options.cutoff)
    rows = np.flatnonzero(compared)
    links = Links.of_rows(items, rows, np.where(neighbours < 0, -1, rows[neighbours]), scores)
    changed = change_links(graph, run, MEASURE, read_links(graph, MEASURE, items), links)
    keep(graph, STEP, run, seen.arrays())
    return len(links), changed, None if marked is None else len(marked)


def least_degree(users: Int[ndarray, " items"], options: SimilarityOptions) -> int:
    """The least number of users that leaves at most `most_items` items, never below `least_users`.

    `users` says how many have seen each item.
    """
    if len(users) <= options.most_items:
        return options.least_users
    at_place = np.sort(users)[::-1][options.most_items]
    return max(options.least_users, int(at_place) + 1)


def alike(
    users_of_items: csr_array, top: int, cutoff: float
) -> tuple[Int[ndarray, "items k"], Float[ndarray, "items k"]]:
    """The others of the largest Jaccard index of each item, -1 where there are fewer, from users × items."""
    from kartograph.graph.enrichment.similar.similarity_kernels import most_alike  # numba takes half a second to import

    met_by, count = csr_array(users_of_items.T), users_of_items.shape[1]
    neighbours, scores = np.full((count, top), -1, np.int64), np.full((count, top), np.nan)

    def compare(begin: int) -> None:
        some, shared = slice(begin, begin + AT_ONCE), np.zeros(count, np.int32)
        rows = np.arange(count)[some]
        both = met_by.indptr, met_by.indices, users_of_items.indptr, users_of_items.indices
        most_alike(rows, *both, cutoff, shared, neighbours[some], scores[some])

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(compare, range(0, count, AT_ONCE)))
    return neighbours, scores
