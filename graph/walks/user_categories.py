"""PageRank on the graph that joins users with the categories they prefer: global, and of each user.

Nodes are the users, then the categories; an edge joins both ways and weighs as the user-category matrix says. A walk
from a user passes the user's categories, the other users of these, and so on: P(u, c) is the share of its visits to
categories that fall on c.

Source: Almu and Ainu, "On the Improvement of E-Commerce Based Recommender Systems" (2025), section 3.3.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import log
from typing import Self

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.sparse import block_array, csr_array

from kartograph.graph.walks.alias import WalkGraph
from kartograph.graph.walks.monte_carlo import WalkOptions, pagerank
from kartograph.graph.walks.user_categories_kernels import most_visited
from kartograph.tables.errors import BadInput

MOST_ITERATIONS = 1000
"""Each shrinks the error by the damping: 0.85 ** 200 is below 1e-14."""


@dataclass(frozen=True)
class UserCategoryGraph:
    """The graph of users and categories, and what PageRank on it says of either."""

    weights: csr_array
    """Users × categories."""
    graph: WalkGraph
    """The users, then the categories."""

    @classmethod
    def of(cls, weights: csr_array) -> Self:
        """The graph of a matrix users × categories, of purchase frequencies, say; each entry above 0 is an edge."""
        both = block_array([[None, weights], [csr_array(weights.T), None]])
        return cls(weights, WalkGraph.of(csr_array(both)))

    @property
    def users(self) -> int:
        """How many users there are."""
        return self.weights.shape[0]

    @property
    def categories(self) -> int:
        """How many categories there are."""
        return self.weights.shape[1]

    def global_shares(self, walks: int = 10, options: WalkOptions | None = None) -> Float[ndarray, " categories"]:
        """PageRank of the categories among themselves; sums to 1."""
        visited = pagerank(self.graph, walks, options).scores[self.users :]
        return visited / visited.sum()

    def exact_shares(self, damping: float = 0.85, tolerance: float = 1e-12) -> Float[ndarray, " categories"]:
        """PageRank of the categories among themselves, by iteration until no score changes by more; sums to 1.

        `PR(v) = (1 - d) + d · Σ_u w(u, v) / Σ_x w(u, x) · PR(u)`, as GDS computes it: a node without edges has 1 - d
        and gives nothing away.
        """
        of_user, of_category = row_shares(self.weights), row_shares(csr_array(self.weights.T))
        scores = np.ones(self.categories)
        for _ in range(MOST_ITERATIONS):
            users = (1 - damping) + damping * (scores @ of_category)
            after = (1 - damping) + damping * (users @ of_user)
            change = np.abs(after - scores).max(initial=0)
            scores = after
            if change <= tolerance:
                break
        return scores / max(scores.sum(), tolerance)

    def of_users(
        self, users: Int[ndarray, " n"], walks: int = 200, kept: int = 50, options: WalkOptions | None = None
    ) -> csr_array:
        """P(u, ·) of these users: n × categories, the `kept` most visited ones of each, divided by all visits.

        Users are rows of the matrix. A row sums to less than 1 where more than `kept` categories were visited, to 0
        where walks ended before they reached one.
        """
        if len(users) and not (users.min() >= 0 and users.max() < self.users):
            raise BadInput(f"users are the rows 0 to {self.users - 1}, not {users.min()} to {users.max()}")
        return self._from(np.asarray(users, dtype=np.int32), walks, kept, options or WalkOptions())

    def of_categories(self, walks: int = 1000, kept: int = 50, options: WalkOptions | None = None) -> csr_array:
        """P(c, ·), categories × categories: walks that start at a category.

        Walks are linear in where they start, so `P(s, ·) = Σ_c s(c) · P(c, ·)` for any distribution s of categories: of
        a user whom the graph does not know, say.
        """
        starts = np.arange(self.users, len(self.graph), dtype=np.int32)
        return self._from(starts, walks, kept, options or WalkOptions())

    def _from(self, starts: ndarray, walks: int, kept: int, options: WalkOptions) -> csr_array:
        if walks < 1 or kept < 1:
            raise BadInput(f"{walks} walks and {kept} categories kept: both have to be at least 1")
        bounds = np.linspace(0, len(starts), min(options.threads, max(len(starts), 1)) + 1).astype(np.int64)

        def walk(part: int) -> tuple[ndarray, ndarray]:
            return most_visited(
                self.graph.rows,
                self.graph.edges,
                starts[bounds[part] : bounds[part + 1]],
                np.uint64(options.seed % 2**64),
                log(options.damping),
                options.max_steps,
                options.dangling == "jump",
                walks,
                self.users,
                min(kept, max(self.categories, 1)),
            )

        if len(bounds) == 2:
            done = [walk(0)]
        else:
            with ThreadPoolExecutor(len(bounds) - 1) as pool:
                done = list(pool.map(walk, range(len(bounds) - 1)))
        columns = np.concatenate([part[0] for part in done])
        shares = np.concatenate([part[1] for part in done])
        rows, places = np.nonzero(shares)
        offsets = np.r_[0, np.cumsum(np.bincount(rows, minlength=len(starts)))]
        visits = csr_array((shares[rows, places], columns[rows, places], offsets), (len(starts), self.categories))
        visits.sort_indices()
        return visits


def row_shares(matrix: csr_array) -> csr_array:
    """Rows divided by their sums; empty rows stay."""
    sums = np.repeat(np.asarray(matrix.sum(axis=1), dtype=np.float64).ravel(), np.diff(matrix.indptr))
    return csr_array((matrix.data / np.where(sums > 0, sums, 1), matrix.indices, matrix.indptr), matrix.shape)
