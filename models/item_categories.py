"""Categories of items: those of the shop, or ones derived from what is seen together.

data = with_categories(TrainingData.from_table(events, "user_id"), item_categories, category_tree)
data = with_derived_categories(data)        # where the shop has none
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
import pandas as pd
from jaxtyping import Int
from numpy import ndarray
from scipy.sparse import csr_array, csr_matrix

from kartograph.models.columns import ITEM
from kartograph.models.data import NONE, Ids, TrainingData
from kartograph.tables.errors import BadInput

CATEGORY, PARENT = "category_id", "parent_id"


@dataclass(frozen=True)
class ItemCategories:
    """Items and their categories."""

    ids: Ids
    matrix: csr_array
    """Items × categories, 1 shared by the categories of an item; an item without a category has an empty row."""
    parents: Int[ndarray, " categories"]
    """The row of each category's parent, `NONE` for a root."""
    derived: bool = False
    """Whether they are groups of items that are seen together, not what the shop calls categories."""

    def __len__(self) -> int:
        """How many categories there are."""
        return len(self.ids)

    @cached_property
    def first(self) -> Int[ndarray, " items"]:
        """The first category of each item, `NONE` where it has none."""
        placed = np.diff(self.matrix.indptr) > 0
        first_category = np.full(len(placed), NONE)
        first_category[placed] = self.matrix.indices[self.matrix.indptr[:-1][placed]]
        return first_category

    @classmethod
    def of(cls, items: Ids, item_categories: pd.DataFrame, tree: pd.DataFrame | None = None) -> Self:
        """From `item_id, category_id` and, where there is a tree, `category_id, parent_id` (null for roots).

        Rows of unknown items and of items without a category (null) are left out. Of several parents the first counts.
        """
        used = item_categories[[ITEM, CATEGORY]].dropna().drop_duplicates()
        rows = items.rows(used[ITEM])
        used, rows = used[rows != NONE], rows[rows != NONE]
        names = [used[CATEGORY]] if tree is None else [used[CATEGORY], tree[CATEGORY], tree[PARENT].dropna()]
        ids = Ids(pd.Index(pd.concat(names, ignore_index=True).unique()))
        matrix = csr_array((np.ones(len(rows)), (rows, ids.rows(used[CATEGORY]))), shape=(len(items), len(ids)))
        parents = np.full(len(ids), NONE)
        if tree is not None:
            known = tree.dropna(subset=[PARENT]).drop_duplicates(CATEGORY)
            parents[ids.rows(known[CATEGORY])] = ids.rows(known[PARENT])
        return cls(ids, _shared(matrix), parents)

    def filled_from_parents(self, seen: ndarray) -> csr_array:
        """`matrix`, with categories that nobody has seen replaced by their nearest ancestor that somebody has.

        `seen` says for each category whether it was seen. A category without such an ancestor stays. New items of a new
        category are so scored through its parents.
        """
        target = self.met_ancestors(seen)
        moved = csr_array(
            (self.matrix.data, target[self.matrix.indices], self.matrix.indptr), shape=self.matrix.shape, copy=True
        )
        moved.sum_duplicates()
        return moved

    def met_ancestors(self, seen: ndarray) -> Int[ndarray, " categories"]:
        """Of each category the nearest that somebody has seen: itself or an ancestor, itself where there is none."""
        target = np.arange(len(self))
        for _ in range(len(self)):
            up = ~seen[target] & (self.parents[target] != NONE)
            if not up.any():
                break
            target[up] = self.parents[target[up]]
        return np.where(seen[target], target, np.arange(len(self)))


def with_categories(
    data: TrainingData, item_categories: pd.DataFrame, tree: pd.DataFrame | None = None, catalogue: bool = False
) -> TrainingData:
    """The data with categories; with `catalogue`, items without events join it, after those that it knows."""
    if catalogue:
        more = pd.Index(item_categories[ITEM].unique()).difference(data.items.external, sort=False)
        data = replace(data, items=Ids(data.items.external.append(more)))
    categories = ItemCategories.of(data.items, item_categories, tree)
    known = replace(data, categories=categories, computed=None)  # which has the rows of others
    if data.other is None:
        return known
    return known.beside(replace(data.other, items=data.items, categories=categories, computed=None))


def with_derived_categories(data: TrainingData, count: int | None = None, seed: int = 0) -> TrainingData:
    """The data with `count` groups of items that the same owners see, in place of categories.

    Groups are those of k-means on the singular vectors of the owners × items matrix, weighted by TF-IDF; without a
    count there are √items of them, at most 2,000. Named `derived-0`, `derived-1` …; `derived` is set.
    """
    from sklearn.cluster import MiniBatchKMeans
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfTransformer
    from sklearn.preprocessing import normalize

    items = len(data.items)
    groups_wanted = min(round(items**0.5) if count is None else count, 2000, items)
    if groups_wanted < 1:
        raise BadInput(f"{count} categories cannot be derived from {items} items: there has to be one at least")
    seen = csr_matrix(data.histories.matrix(items).T)
    weighted = TfidfTransformer(sublinear_tf=True).fit_transform(seen)
    dimensions = min(32, min(weighted.shape) - 1)
    if dimensions >= 1:
        places = normalize(TruncatedSVD(dimensions, random_state=seed).fit_transform(weighted))
        groups = MiniBatchKMeans(groups_wanted, random_state=seed, n_init="auto", batch_size=4096).fit_predict(places)
    else:
        groups = np.zeros(items, dtype=np.int64)
    _, groups = np.unique(groups, return_inverse=True)
    names = Ids(pd.Index([f"derived-{number}" for number in range(groups.max() + 1)]))
    matrix = csr_array((np.ones(items), (np.arange(items), groups)), shape=(items, len(names)))
    computed = None if data.computed is None else data.computed.without_categories()
    derived = ItemCategories(names, matrix, np.full(len(names), NONE), derived=True)
    return replace(data, categories=derived, computed=computed)


def _shared(matrix: csr_array) -> csr_array:
    sums = np.repeat(matrix.sum(axis=1), np.diff(matrix.indptr))
    return csr_array((matrix.data / sums, matrix.indices, matrix.indptr), shape=matrix.shape)
