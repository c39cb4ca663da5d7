"""What the graph has computed, by the rows of training data: PageRank, communities, embeddings, pairs, preferences."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.tables.errors import NothingThere


@dataclass(frozen=True)
class Pairs:
    """Pairs of items or of categories with a number each; a pair that occurs in both directions is two."""

    a: Int[ndarray, " pairs"]
    """Rows of the training data, as are those of `b`."""
    b: Int[ndarray, " pairs"]
    weight: Float[ndarray, " pairs"]
    sessions: Int[ndarray, " pairs"] | None = None
    """In how many sessions both occur; None for pairs that are not counted by sessions."""

    def matrix(self, size: int, symmetric: bool = True) -> csr_array:
        """`weight` as a matrix `size` × `size`, with `symmetric` in both directions."""
        a, b, weight = self.a, self.b, self.weight
        if symmetric:
            a, b, weight = np.r_[a, b], np.r_[b, a], np.r_[weight, weight]
        return csr_array((weight, (a, b)), shape=(size, size))


@dataclass(frozen=True)
class PreferredCategories:
    """`(:User)-[:PREFERS]->(:Category)`; NaN for a number that a relationship lacks."""

    user: Int[ndarray, " edges"]
    """Rows of `data.grouped("users").owners`."""
    category: Int[ndarray, " edges"]
    """Rows of `data.categories.ids`."""
    frequency: Float[ndarray, " edges"]
    pagerank: Float[ndarray, " edges"]
    score: Float[ndarray, " edges"]

    def matrix(self, users: int, categories: int, number: str = "frequency") -> csr_array:
        """Users × categories of `frequency`, `pagerank` or `score`; relationships that lack it have no entry."""
        values = getattr(self, number)
        known = ~np.isnan(values)
        return csr_array((values[known], (self.user[known], self.category[known])), shape=(users, categories))


@dataclass(frozen=True)
class Computed:
    """What the steps of the enrichment wrote; a part that was not asked for, or that no step wrote, is None."""

    item_pagerank: Float[ndarray, " items"] | None = None
    """NaN for an item without."""
    category_pagerank: Float[ndarray, " categories"] | None = None
    """NaN for a category without."""
    communities: Int[ndarray, " items"] | None = None
    """The number of each item's community, `NONE` for an item without."""
    embeddings: Float[ndarray, "items size"] | None = None
    """float32, FastRP of GDS; a row of NaN for an item without."""
    embeddings_of_rest: Float[ndarray, "items size"] | None = None
    """The same of what stays where a model holds out events to learn from, in the same directions."""
    items_together: Pairs | None = None
    """`CO_OCCURS` of items, each pair once."""
    categories_together: Pairs | None = None
    """`CO_OCCURS` of categories, each pair once."""
    similar: Mapping[str, Pairs] = field(default_factory=dict)
    """`SIMILAR` by measure, from an item (`a`) to one like it (`b`), the most similar first; `weight` is the score."""
    prefers: PreferredCategories | None = None

    def of_measure(self, measure: str) -> Pairs:
        """The similar items of one measure; raises `NothingThere`, naming those there are, for another one."""
        if measure not in self.similar:
            there = ", ".join(self.similar) or "none"
            raise NothingThere(f'no item is similar by "{measure}"; this training data holds {there}')
        return self.similar[measure]

    def without_categories(self) -> Self:
        """The same for training data with other categories, to whose rows nothing here belongs."""
        return replace(self, category_pagerank=None, categories_together=None, prefers=None)
