"""P(u, c): PageRank of the categories from each user, by Monte Carlo walks for all users and by GDS for chosen ones.

Both work on users and the categories that they prefer (`PREFERS`, weighted by frequency). P(u, c) is the share of c in
the visits to categories of walks that start at u.

Source: Almu and Ainu, "On the Improvement of E-Commerce Based Recommender Systems" (2025), section 3.3.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.enrichment.agreement import Agreement, agreement, by_gds
from kartograph.graph.enrichment.pagerank import PageRankOptions
from kartograph.graph.enrichment.preferences import Preferred, read_preferences
from kartograph.graph.walks.monte_carlo import WalkOptions
from kartograph.graph.walks.user_categories import UserCategoryGraph
from kartograph.tables.errors import BadInput

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


def write_user_pagerank(
    graph: Graph, run: str, options: UserPageRank | None = None, pagerank: PageRankOptions | None = None
) -> tuple[int, Agreement | None]:
    """Write `PREFERS.pagerank` of every user with preferences by walks, and `PREFERS.method` "walks".

    Categories that walks reach and the user never bought from get a preference of frequency 0. Returns how many edges
    were written and, unless `compared` is 0, how near they come to GDS. Raises `NothingThere` where nobody prefers a
    category.
    """
    options = options or UserPageRank()
    preferred = read_preferences(graph)
    count = len(preferred.users)
    written = _walked(graph, run, preferred, np.arange(count), options)
    if not options.compared:
        return written, None
    some = np.unique(np.linspace(0, count - 1, options.compared).astype(np.int64))
    walks = _walks(options, count)
    return written, agreement(graph, preferred, some, walks, options.walking, pagerank)


def write_new_user_pagerank(graph: Graph, run: str, options: UserPageRank | None = None) -> tuple[int, int]:
    """The same for users who have none since their preferences were written, by walks on all preferences.

    Everybody else's stays. Returns how many edges were written, and for how many users.
    """
    options = options or UserPageRank()
    preferred = read_preferences(graph)
    rows = np.flatnonzero(~preferred.ranked)
    return _walked(graph, run, preferred, rows, options), len(rows)


def _walked(graph: Graph, run: str, preferred: Preferred, rows: ndarray, options: UserPageRank) -> int:
    """Walk from these users and write where it leads; returns how many edges."""
    every, walks, written = UserCategoryGraph.of(preferred.weights), _walks(options, len(preferred.users)), 0
    for begin in range(0, len(rows), AT_ONCE):
        some = rows[begin : begin + AT_ONCE]
        shares = every.of_users(some, walks, options.kept, options.walking)
        written += _write(graph, run, "walks", preferred.users[some], preferred.categories, shares)
    return written


def _walks(options: UserPageRank, users: int) -> int:
    return max(1, min(options.walks, options.most_walks // users))


def write_pagerank_of_users(
    graph: Graph,
    run: str,
    users: Sequence[str],
    pagerank: PageRankOptions | None = None,
    options: UserPageRank | None = None,
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
    exact = by_gds(graph, users, categories, pagerank)
    written = _write(graph, run, "gds", known[rows], categories, _largest(exact, options.kept))
    return written, agreement(graph, preferred, rows, options.walks, options.walking, pagerank, exact)


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


def _largest(shares: csr_array, count: int) -> csr_array:
    """The largest entries of each row, of equals the first."""
    values = shares.toarray()
    order = np.argsort(-values, axis=1, kind="stable")[:, count:]
    np.put_along_axis(values, order, 0, axis=1)
    return csr_array(values)
