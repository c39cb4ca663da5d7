"""Popularity by category: what is popular in the category of the last item, then near it in the tree, then overall.

With `c` the category of the query's last item, or the one that is given in place of a history, and `e_j` the events on
item j:

    score(c, j) = tier(c, j) + e_j / (1 + max e)

where the tier is 2 for items of c, 1 for items of an ancestor of c, 0 for the rest. An item of a category in which
nobody has an event counts as one of its nearest ancestor with events. So everybody is served: a user without
events gets what is popular overall, one of whom only a category is known gets what is popular there, and items without
events are shown to users of their category, after those that have some.

Source: the popularity baseline of Cremonesi, Koren and Turrin, "Performance of Recommender Algorithms on Top-N
Recommendation Tasks" (2010), section 4.1, within categories; the tiers are our own.
"""

from typing import Self

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.models import compiled
from kartograph.models.array_model import CategoryModel
from kartograph.models.data import NONE, Histories, TrainingData
from kartograph.models.reasons import POPULAR
from kartograph.models.registry import model
from kartograph.models.scoring.linear import sum_of_rows
from kartograph.models.scoring.ranking import TopK
from kartograph.models.scoring.top_k import top_k_of_sparse
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent


@model("category-popularity", "most events in the last item's category", serves="anyone, new items")
class CategoryPopularity(CategoryModel):
    """Most events in the category first; needs training data with categories."""

    trained_on = "users"

    @property
    def common_reason(self) -> str:
        """What holds of the items outside of the category of the history and those above it."""
        return POPULAR

    def learn(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Count the events of items, and find which categories anybody saw. Raises `BadInput` without categories."""
        if data.categories is None:
            raise BadInput(
                "popularity by category needs the categories of the items, and this data has none: give data with "
                "categories, or derive some (models.item_categories.with_derived_categories)"
            )
        self.items, known = data.items, data.categories
        events = np.bincount(data.histories.items, minlength=len(data.items))
        self.popularity = (events / (1 + events.max(initial=0))).astype(np.float32)
        self.has_events = events > 0
        self.parents = known.parents
        self.own = known.first
        seen = self._upwards(np.asarray(known.matrix.T @ events) > 0)
        placed = known.filled_from_parents(seen)
        placed.data = np.ones_like(placed.data)
        self.placed = csr_array(placed.T)
        return self

    def scores(self, queries: Histories, owners: ndarray) -> Float[ndarray, "n items"]:
        """By the first category of the last item; overall where there is no history or the item has no category."""
        return self.category_scores(self._category_of(queries))

    def category_scores(self, categories: Int[ndarray, " n"]) -> Float[ndarray, "n items"]:
        """One score for each category (its row, `NONE` for none) and item."""
        scores = np.tile(self.overall, (len(categories), 1))
        near = self._near(categories).tocoo()
        scores[near.row, near.col] = near.data
        return scores

    def rank(
        self,
        queries: Histories,
        k: int,
        owners: Int[ndarray, " n"] | None = None,
        masked: csr_array | None = None,
        progress: Progress = silent,
        allowed: Bool[ndarray, " items"] | None = None,
    ) -> TopK:
        """The k best items for each query; see `ArrayModel.rank`. Reads no more items than the categories have.

        Where nothing is left out of single answers, each category is ranked once for all queries that are in it.
        """
        self.refuse_to_rank(k)
        categories, which = self._category_of(queries), None
        if masked is None:
            categories, which = np.unique(categories, return_inverse=True)
        tops = []
        for start in range(0, max(len(categories), 1), self.batch):
            rows = slice(start, start + self.batch)
            tops.append(self._best(categories[rows], k, None if masked is None else masked[rows], allowed))
        items, scores = (np.concatenate(some) for some in zip(*((top.items, top.scores) for top in tops), strict=True))
        return TopK(items, scores) if which is None else TopK(items[which], scores[which])

    def _best(
        self, categories: Int[ndarray, " n"], k: int, masked: csr_array | None, allowed: Bool[ndarray, " items"] | None
    ) -> TopK:
        near = self._near(categories)
        if allowed is not None:
            near.data[~allowed[near.indices]] = -np.inf
        items, scores = top_k_of_sparse(near, k, masked, self.items.tie_order)
        lacking = np.flatnonzero(items[:, -1] == NONE)
        if len(lacking):
            places, columns = np.nonzero(items[lacking] != NONE)
            taken = Histories.of(places, items[lacking][places, columns], len(lacking)).matrix(len(self.items))
            taken = taken if masked is None else csr_array(taken + masked[lacking])
            rest = self._falling.top(len(lacking), k, taken, allowed)
            both = np.concatenate([items[lacking], rest.items], axis=1)
            first = np.argsort(both == NONE, axis=1, kind="stable")[:, :k]
            items[lacking] = np.take_along_axis(both, first, axis=1)
            of_both = np.concatenate([scores[lacking], rest.scores], axis=1)
            scores[lacking] = np.take_along_axis(of_both, first, axis=1)
        return TopK(items, scores)

    def _category_of(self, queries: Histories) -> Int[ndarray, " n"]:
        last = np.full(len(queries), NONE)
        there = queries.lengths > 0
        last[there] = queries.items[queries.offsets[1:][there] - 1]
        return np.where(last == NONE, NONE, self.own[last])

    def _near(self, categories: Int[ndarray, " n"]) -> csr_array:
        """The scores of the items in each category or in one above it; the others score what they do overall."""
        rows, columns, tiers = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0, np.float32)]
        nearest, tier, asked = categories.copy(), 2.0, np.arange(len(categories))
        while (known := nearest != NONE).any():
            nearest, asked = nearest[known], asked[known]
            rows.append(asked)
            columns.append(nearest)
            tiers.append(np.full(len(nearest), tier, dtype=np.float32))
            nearest, tier = self.parents[nearest], 1.0
        near = self._sums(len(categories), np.concatenate(rows), np.concatenate(columns), np.concatenate(tiers))
        near.data = (np.minimum(near.data, 2) + self.popularity[near.indices]).astype(np.float32)
        return near

    def _sums(self, n: int, rows: ndarray, categories: ndarray, tiers: Float[ndarray, " entries"]) -> csr_array:
        """The tiers of the items in the categories of each row, added up."""
        if n == 1 and compiled.is_loaded():
            items, sums = sum_of_rows(self.placed, categories, tiers)
            return csr_array((sums, items, np.array([0, len(items)], np.int32)), shape=(1, self.placed.shape[1]))
        chains = csr_array((tiers, (rows, categories)), shape=(n, len(self.parents)))
        return csr_array(chains @ self.placed)

    @property
    def overall(self) -> Float[ndarray, " items"]:
        """The score of each item where no category is known, -inf for one without events."""
        return np.where(self.has_events, self.popularity, -np.inf).astype(np.float32)

    def _upwards(self, seen: ndarray) -> ndarray:
        """Categories seen themselves or through one below them."""
        seen = seen.copy()
        while True:
            parents = self.parents[seen]
            more = parents[(parents != NONE)]
            if seen[more].all():
                return seen
            seen[more] = True
