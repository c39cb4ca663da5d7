"""P(u, c): PageRank of the categories from each user, by Monte Carlo walks for all users and by GDS for chosen ones.

Both work on users and the categories that they prefer (`PREFERS`, weighted by frequency). P(u, c) is the share of c in
the visits to categories of walks that start at u.

Source: Almu and Ainu, "On the Improvement of E-Commerce Based Recommender Systems" (2025), section 3.3.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt

import numpy as np
import pandas as pd
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.enrichment.pagerank import EXACT, PageRank
from kartograph.graph.enrichment.projection import projected
from kartograph.graph.walks.monte_carlo import WalkOptions
from kartograph.graph.walks.user_categories import UserCategoryGraph
from kartograph.tables.errors import BadInput, NothingThere

AT_ONCE = 5_000
"""Users that are written in one transaction."""


@dataclass(frozen=True)
class UserPageRank:
    """How users walk and what is kept of it."""

    walks: int = 1000
    """From each user; fewer where `most_walks` is reached."""
    most_walks: int = 100_000_000
    """Of all users together."""
    kept: int = 20
    """Most visited categories of each user that are written."""
    compared: int = 5
    """Users whom GDS ranks as well, to measure the error of the walks; 0 leaves that out."""
    walking: WalkOptions = field(default_factory=WalkOptions)

    def __post_init__(self) -> None:
        """Refuse walks that visit nothing."""
        if min(self.walks, self.most_walks, self.kept) < 1 or self.compared < 0:
            raise BadInput(
                f"walks {self.walks}, most_walks {self.most_walks}, kept {self.kept}, compared {self.compared}: the "
                "last is 0 or more, the others are at least 1"
            )


@dataclass(frozen=True)
class Agreement:
    """How near walks come to GDS: L1 errors Σ_c |P(u, c) - exact P(u, c)| of some users."""

    users: int
    walks: int
    """From each."""
    error: float
    """The mean."""
    bound: float
    """No higher than this in expectation: see `error_bound`."""

    def __str__(self) -> str:
        """As a sentence."""
        return (
            f"{self.walks:,} walks from each user; against GDS on {self.users} of them a mean L1 error of "
            f"{self.error:.4f} (bound {self.bound:.4f})"
        )


def error_bound(categories: ndarray, walks: int, go_on: float = 0.85) -> ndarray:
    """Bound of the expected L1 error of P(u, ·) after W walks from a user who reaches K categories, for large W.

    With N the visits of one walk to categories, every second step, P(N ≥ n) = a^(2n-1), so E N = a / (1 - a²) and
    E N² = a (1 + a²) / (1 - a²)². By Cauchy-Schwarz, from Σ_c (V_c - P_c N)² ≤ 2 N² of a walk's visits V,

        E Σ_c |P̂ - P| ≤ √(K / W) · √(2 E N²) / E N
    """
    once = go_on / (1 - go_on**2)
    twice = go_on * (1 + go_on**2) / (1 - go_on**2) ** 2
    return np.sqrt(categories / walks) * sqrt(2 * twice) / once


@dataclass(frozen=True)
class Preferred:
    """Who prefers which categories."""

    users: pd.Index
    categories: pd.Index
    weights: csr_array
    """The frequency of each preference, users × categories."""
    ranked: ndarray
    """Whether each user has a PageRank; writing preferences takes it away."""


def write_user_pagerank(
    graph: Graph, run: str, options: UserPageRank | None = None, pagerank: PageRank | None = None
) -> tuple[int, Agreement | None]:
    """Write `PREFERS.pagerank` of every user with preferences by walks, and `PREFERS.method` "walks".

    Categories that walks reach and the user never bought from get a preference of frequency 0. Returns how many edges
    were written and, unless `compared` is 0, how near they come to GDS. Raises `NothingThere` where nobody prefers a
    category.
    """
    options = options or UserPageRank()
    found = read_preferences(graph)
    every, count = UserCategoryGraph.of(found.weights), len(found.users)
    written = _walked(graph, run, found, every, np.arange(count), options)
    if not options.compared:
        return written, None
    some = np.unique(np.linspace(0, count - 1, options.compared).astype(np.int64))
    walks = _walks(options, count)
    return written, _agreement(graph, every, found.users, found.categories, some, walks, options, pagerank)


def write_new_user_pagerank(graph: Graph, run: str, options: UserPageRank | None = None) -> tuple[int, int]:
    """The same for users who have none since their preferences were written, by walks on all preferences.

    Everybody else's stays. Returns how many edges were written, and for how many users.
    """
    options = options or UserPageRank()
    found = read_preferences(graph)
    rows = np.flatnonzero(~found.ranked)
    return _walked(graph, run, found, UserCategoryGraph.of(found.weights), rows, options), len(rows)


def _walked(
    graph: Graph, run: str, found: Preferred, every: UserCategoryGraph, rows: ndarray, options: UserPageRank
) -> int:
    """Walk from these users and write where it leads; returns how many edges."""
    walks, written = _walks(options, len(found.users)), 0
    for begin in range(0, len(rows), AT_ONCE):
        some = rows[begin : begin + AT_ONCE]
        shares = every.of_users(some, walks, options.kept, options.walking)
        written += _write(graph, run, "walks", found.users[some], found.categories, shares)
    return written


def _walks(options: UserPageRank, users: int) -> int:
    return max(1, min(options.walks, options.most_walks // users))


def write_pagerank_of_users(
    graph: Graph, run: str, users: Sequence[str], pagerank: PageRank | None = None, options: UserPageRank | None = None
) -> tuple[int, Agreement]:
    """Write `PREFERS.pagerank` of these users by GDS, one run for each, and `PREFERS.method` "gds".

    Returns how many edges were written and how near walks come to them. Raises `BadInput` for users without
    preferences.
    """
    options = options or UserPageRank()
    preferred = read_preferences(graph)
    known, categories = preferred.users, preferred.categories
    rows = known.get_indexer(pd.Index(users))
    if (rows < 0).any():
        missing = ", ".join(repr(user) for user, row in zip(users, rows, strict=True) if row < 0)
        raise BadInput(
            f"users {missing} prefer no category: they bought nothing, or `kartograph enrich --steps preferences` has "
            "not run since"
        )
    exact = _by_gds(graph, users, categories, pagerank)
    written = _write(graph, run, "gds", known[rows], categories, _largest(exact, options.kept))
    every = UserCategoryGraph.of(preferred.weights)
    return written, _agreement(graph, every, known, categories, rows, options.walks, options, pagerank, exact)


def read_preferences(graph: Graph) -> Preferred:
    """Who prefers which categories; raises `NothingThere` where nobody prefers one."""
    found = graph.query(queries.load("enrich/preferences_by_user"))
    if found.empty:
        raise NothingThere("no user prefers a category: run `kartograph enrich --steps preferences` first")
    lengths = found["categories"].str.len().to_numpy(np.int64)
    names = np.concatenate(found["categories"].to_list())
    categories = pd.Index(np.unique(names))
    values = np.concatenate(found["frequencies"].to_list()).astype(float)
    places = np.repeat(np.arange(len(found)), lengths), categories.get_indexer(pd.Index(names))
    weights = csr_array((values, places), shape=(len(found), len(categories)))
    return Preferred(pd.Index(found["user_id"]), categories, weights, found["ranked"].to_numpy(bool))


def _write(graph: Graph, run: str, method: str, users: pd.Index, categories: pd.Index, shares: csr_array) -> int:
    names = categories.to_numpy(dtype=object)
    rows = [
        {
            "user_id": user,
            "categories": names[shares.indices[begin:end]].tolist(),
            "shares": shares.data[begin:end].astype(float).tolist(),
        }
        for user, begin, end in zip(users, shares.indptr[:-1].tolist(), shares.indptr[1:].tolist(), strict=True)
    ]
    written = graph.query(queries.load("enrich/write_user_pagerank"), write=True, run=run, method=method, rows=rows)
    return int(written["written"][0])


def _by_gds(graph: Graph, users: Sequence[str], categories: pd.Index, pagerank: PageRank | None) -> csr_array:
    """P(u, ·) by GDS, users × categories."""
    pagerank = pagerank or PageRank()
    exact = np.zeros((len(users), len(categories)))
    with projected(graph, "user_categories") as projection:
        for row, user in enumerate(users):
            ranked = graph.query(
                queries.load("enrich/user_pagerank"),
                projection=projection.name(),
                user=user,
                damping=pagerank.damping,
                iterations=pagerank.iterations,
                tolerance=EXACT,
                concurrency=pagerank.concurrency,
            )
            exact[row, categories.get_indexer(pd.Index(ranked["category_id"]))] = ranked["pagerank"]
    return csr_array(exact)


def _agreement(
    graph: Graph,
    every: UserCategoryGraph,
    users: pd.Index,
    categories: pd.Index,
    rows: ndarray,
    walks: int,
    options: UserPageRank,
    pagerank: PageRank | None,
    exact: csr_array | None = None,
) -> Agreement:
    if exact is None:
        exact = _by_gds(graph, users[rows].tolist(), categories, pagerank)
    walked = every.of_users(rows, walks, len(categories), options.walking)
    error = np.abs((walked - exact).toarray()).sum(axis=1).mean()
    bound = error_bound(np.diff(exact.indptr), walks, options.walking.go_on).mean()
    return Agreement(len(rows), walks, float(error), float(bound))


def _largest(shares: csr_array, count: int) -> csr_array:
    """The largest entries of each row, of equals the first."""
    values = shares.toarray()
    order = np.argsort(-values, axis=1, kind="stable")[:, count:]
    np.put_along_axis(values, order, 0, axis=1)
    return csr_array(values)
