"""User profiles on one scale: items, categories with their neighbours, and PageRank of categories.

A profile has three blocks, each of length 1 or empty: Q(u, ·) over items, U'(u, ·) and P(u, ·) over categories. Scaled
by the roots of their shares, the product of two profiles is the convex combination of the blocks' cosines.

The paper's P weighs U' by the `global` PageRank of the categories in the user-category graph, the same for all users:
P(u, c) ∝ U'(u, c) · π(c), and π itself for a user of whom nothing is known. The variant `personalised` is the share of
visits of walks that start at the user's categories, at π for a user of whom nothing is known.

π is exact by default: the number that the Monte Carlo walks of the paper (`estimate="walks"`) come near to, and that
GDS writes on the categories of a graph.
"""

from copy import copy
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.sparse import csr_array, hstack

from kartograph.graph.walks.monte_carlo import WalkOptions
from kartograph.graph.walks.user_categories import UserCategoryGraph, row_shares
from kartograph.models.data import Histories, TrainingData
from kartograph.models.mcprhrec.categories import Categories, CategoryOptions, top_k_per_row
from kartograph.models.mcprhrec.shared_training import once
from kartograph.models.mcprhrec.user_items import Cells, UserItemOptions, UserItems
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

KEPT = 50
"""Categories kept of each P(u, ·)."""
AFFINITY_CATEGORIES = 30
"""Categories through which a user's items are scored: the most preferred ones."""


@dataclass(frozen=True)
class ProfileOptions:
    """Which blocks there are and what they weigh when users are compared; a block of share 0 is not made."""

    item_share: float = 0.5
    """Weight of the items in the similarity of two users."""
    category_share: float = 0.25
    """Weight of the preferred categories."""
    pagerank_share: float = 0.25
    """Weight of the PageRank of categories."""
    spread: float = 0.3
    """Share of a user's preference for a category that goes to co-occurring ones; 0 leaves co-occurrence out."""
    pagerank: Literal["global", "personalised"] = "global"
    """The categories' PageRank for everybody, as the paper has it, or walks from the user."""
    estimate: Literal["exact", "walks"] = "exact"
    """π by iteration until it stands still, or by ten walks from every node."""
    walks: int = 2000
    """Walks from each category, where PageRank is personalised."""
    walking: WalkOptions = field(default_factory=WalkOptions)

    def __post_init__(self) -> None:
        """Refuse shares that compare nothing."""
        shares = (self.item_share, self.category_share, self.pagerank_share)
        if min(shares) < 0 or sum(shares) == 0:
            raise BadInput(f"the shares of items, categories and PageRank are {shares}: 0 or more, one above 0")
        if not 0 <= self.spread <= 1:
            raise BadInput(f"the spread over co-occurring categories is {self.spread}: it lies between 0 and 1")

    @property
    def uses_categories(self) -> bool:
        """Whether there is a block over categories."""
        return bool(self.category_share or self.pagerank_share)


@dataclass(frozen=True)
class Profiles:
    """The blocks of some histories."""

    cells: Cells
    categories: csr_array | None
    """U', histories × categories."""
    visited: csr_array | None
    """P, histories × categories."""
    compared: csr_array
    """The blocks side by side, scaled."""
    category_affinity: csr_array | None
    """Histories × categories, rows sum to 1 or 0: U' and P by their shares, the
    `AFFINITY_CATEGORIES` largest; items score by it."""


@dataclass(frozen=True)
class Preferred:
    """The preferences of some users as the graph has them; an empty row says nothing of a user."""

    shares: csr_array
    """U, users × categories, from `PREFERS.frequency`."""
    visited: csr_array
    """P, users × categories, from `PREFERS.pagerank`."""


class Profiler:
    """What is learned for making profiles, and the making."""

    def __init__(
        self,
        options: ProfileOptions,
        user_items: UserItemOptions,
        categories: CategoryOptions,
        data: TrainingData,
        progress: Progress = silent,
    ) -> None:
        """Mine rules, count co-occurrence, walk."""
        self.options = options
        self.user_items = once("user items", data, user_items, lambda: UserItems(user_items, data, progress))
        self.categories: Categories | None = None
        if options.uses_categories:
            self.categories = Categories(categories, data)
        if options.pagerank_share and self.categories:
            self._rank(data, self.categories, progress)

    def _rank(self, data: TrainingData, categories: Categories, progress: Progress) -> None:
        """π, as the graph computed it or anew, and the walks from each category."""
        progress("Ranking users and categories")
        options = self.options
        ranks = data.computed.category_pagerank if data.computed is not None else None
        read = ranks is not None and options.estimate == "exact" and categories.options.matrix == "purchases"
        known = np.nan_to_num(ranks) if read and ranks is not None else np.zeros(0)
        if known.sum() > 0:
            self.everywhere = known / known.sum()
            if options.pagerank == "global":
                return
        added_up = self._met(data.histories)
        graph = UserCategoryGraph.of(csr_array(added_up @ categories.of_items))
        if not known.sum() > 0:
            exact = options.estimate == "exact"
            self.everywhere = (
                graph.exact_shares(options.walking.damping) if exact else graph.global_shares(10, options.walking)
            )
        if options.pagerank == "personalised":
            progress("Walking on users and categories")
            self.from_category = graph.of_categories(options.walks, 4 * KEPT, options.walking)

    def preferred(self, data: TrainingData, users: Int[ndarray, " n"]) -> "Preferred | None":
        """What the graph knows of the preferences of some users of the training data; None without a graph's `PREFERS`.

        Only purchases are preferences there, so a user-category matrix of anything else has none.
        """
        prefers = data.computed.prefers if data.computed is not None else None
        if prefers is None or self.categories is None or self.categories.options.matrix != "purchases":
            return None
        size = len(data.owners), self.categories.of_items.shape[1]
        frequency, visited = (prefers.matrix(*size, number)[users] for number in ("frequency", "pagerank"))
        frequency.eliminate_zeros()
        return Preferred(row_shares(frequency), row_shares(visited))

    def reweighted(self, options: ProfileOptions) -> "Profiler":
        """The same with other shares; raises `BadInput` for blocks that were never learned."""
        lacking = [
            name
            for name, share, trained in (
                ("categories", options.category_share, self.categories is not None),
                ("PageRank", options.pagerank_share, hasattr(self, "everywhere")),
            )
            if share and not trained
        ]
        alike = ("pagerank", "estimate", "walks", "walking")
        if lacking or any(getattr(options, name) != getattr(self.options, name) for name in alike):
            blocks = " and ".join(lacking) or "another PageRank"
            raise BadInput(
                f"{blocks} cannot be added to a model that was fitted without: fit a new one with these options"
            )
        other = copy(self)
        other.options = options
        return other

    def profiles(
        self, histories: Histories, preferred: "Preferred | None" = None, cells: Cells | None = None
    ) -> Profiles:
        """The profiles of histories; each depends on its own history alone, or on what is `preferred` instead.

        `cells` are theirs, where they are known already.
        """
        cells = self.user_items.cells(histories) if cells is None else cells
        preferences = None
        if self.categories is not None:
            preferences = self.categories.preferences(self._met(histories, cells))
        return self._side_by_side(cells, preferences, preferred)

    def _met(self, histories: Histories, cells: Cells | None = None) -> csr_array:
        """m: what the user-category matrix adds up, histories × items; cells are filled where it needs them."""
        assert self.categories is not None
        if self.categories.options.matrix == "purchases":
            return self.user_items.purchases(histories)
        return (cells or self.user_items.cells(histories)).matrix

    def of_categories(self, categories: Int[ndarray, " n"]) -> Profiles:
        """The profiles of users of whom one category is known (its row), or nothing (`NONE`), but no item."""
        nobody = np.zeros(0, dtype=np.int64)
        cells = self.user_items.cells(Histories.of(nobody, nobody, len(categories)))
        return self._side_by_side(cells, self.categories and self.categories.alone(categories))

    def _side_by_side(
        self, cells: Cells, preferences: csr_array | None, preferred: "Preferred | None" = None
    ) -> Profiles:
        blocks = [(self.options.item_share, cells.matrix)]
        extended = visited = category_affinity = None
        if self.categories is not None and preferences is not None and self.options.uses_categories:
            preferences = _filled(preferred and preferred.shares, preferences)
            extended = self.categories.extended(preferences, self.options.spread)
            blocks.append((self.options.category_share, extended))
            if self.options.pagerank_share:
                visited = self._visited(preferences, extended)
                if self.options.pagerank == "personalised":
                    visited = _filled(preferred and preferred.visited, visited)
                blocks.append((self.options.pagerank_share, visited))
            category_affinity = row_shares(
                top_k_per_row(
                    sum_matrices([csr_array(share * block) for share, block in blocks[1:]]), AFFINITY_CATEGORIES
                )
            )
        compared = csr_array(hstack([np.sqrt(share) * _unit(block) for share, block in blocks if share], format="csr"))
        return Profiles(cells, extended, visited, compared, category_affinity)

    def _visited(self, preferences: csr_array, extended: csr_array) -> csr_array:
        nothing = np.flatnonzero(np.diff(preferences.indptr) == 0)
        if self.options.pagerank == "global":
            weighed = csr_array(extended * self.everywhere[None, :])
            return row_shares(_with_row(weighed, nothing, self.everywhere))
        start = _with_row(preferences, nothing, self.everywhere)
        return row_shares(top_k_per_row(csr_array(start @ self.from_category), KEPT))


def _filled(first: csr_array | None, second: csr_array) -> csr_array:
    """The rows of the first matrix, and those of the second where they are empty."""
    if first is None:
        return second
    empty = (np.diff(first.indptr) == 0).astype(float)
    places = np.arange(len(empty))
    chosen = csr_array((empty, (places, places)), shape=(len(empty), len(empty)))
    return csr_array(first + csr_array(chosen @ second))


def sum_matrices(matrices: list[csr_array]) -> csr_array:
    """The sum of one or more matrices."""
    total = matrices[0]
    for matrix in matrices[1:]:
        total = csr_array(total + matrix)
    return total


def _unit(block: csr_array) -> csr_array:
    """Rows of length 1; empty rows stay."""
    lengths = np.sqrt(np.asarray((block * block).sum(axis=1)).ravel())
    values = block.data / np.repeat(np.where(lengths > 0, lengths, 1), np.diff(block.indptr))
    return csr_array((values.astype(np.float32), block.indices, block.indptr), block.shape)


def _with_row(matrix: csr_array, rows: ndarray, values: Float[ndarray, " columns"]) -> csr_array:
    """The matrix with `values` in some rows that are empty."""
    column = np.zeros((matrix.shape[0], 1))
    column[rows] = 1
    return csr_array(csr_array(matrix) + csr_array(column) @ csr_array(values[None, :]))
