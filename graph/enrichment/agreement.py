"""How near walks come to what GDS works out: P(u, c) of some users by both."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import pandas as pd
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.enrichment.pagerank import EXACT, PageRankOptions
from kartograph.graph.enrichment.preferences import Preferred
from kartograph.graph.enrichment.projection import projected
from kartograph.graph.walks.monte_carlo import WalkOptions
from kartograph.graph.walks.user_categories import UserCategoryGraph


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


def error_bound(categories: ndarray, walks: int, damping: float = 0.85) -> ndarray:
    """Bound of the expected L1 error of P(u, ·) after W walks from a user who reaches K categories, for large W.

    With N the visits of one walk to categories, every second step, P(N ≥ n) = a^(2n-1), so E N = a / (1 - a²) and
    E N² = a (1 + a²) / (1 - a²)². By Cauchy-Schwarz, from Σ_c (V_c - P_c N)² ≤ 2 N² of a walk's visits V,

        E Σ_c |P̂ - P| ≤ √(K / W) · √(2 E N²) / E N
    """
    once = damping / (1 - damping**2)
    twice = damping * (1 + damping**2) / (1 - damping**2) ** 2
    return np.sqrt(categories / walks) * sqrt(2 * twice) / once


def by_gds(graph: Graph, users: Sequence[str], categories: pd.Index, pagerank: PageRankOptions | None) -> csr_array:
    """P(u, ·) by GDS, users × categories."""
    pagerank = pagerank or PageRankOptions()
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


def agreement(
    graph: Graph,
    preferred: Preferred,
    rows: ndarray,
    walks: int,
    walking: WalkOptions,
    pagerank: PageRankOptions | None,
    exact: csr_array | None = None,
) -> Agreement:
    """How near so many walks from each of some users come to GDS, which is asked where `exact` is not given."""
    if exact is None:
        exact = by_gds(graph, preferred.users[rows].tolist(), preferred.categories, pagerank)
    walked = UserCategoryGraph.of(preferred.weights).of_users(rows, walks, len(preferred.categories), walking)
    error = np.abs((walked - exact).toarray()).sum(axis=1).mean()
    bound = error_bound(np.diff(exact.indptr), walks, walking.damping).mean()
    return Agreement(len(rows), walks, float(error), float(bound))
