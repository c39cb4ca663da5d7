"""The categories a user prefers and those that co-occur with them.

    U(u, c)  = Σ_i m(u, i) · in(i, c), divided by its sum over c; m counts purchases, or is the filled matrix Q
    W(x, y)  = Σ_s Σ_{p<q, c(p)=x, c(q)=y} 1/(q - p) over sessions s, symmetric, x ≠ y, its rows divided by their sums
    U'(u, c) = (1 - spread) · U(u, c) + spread · Σ_x U(u, x) · W(x, c)
    item_share(i, c), the share of i in the events on the items of c: a view counts 1, a cart 3, a purchase 5

Source: Almu and Ainu (2025), sections 3.2.1 ("based on purchase frequency") and 3.2.2 ("co-occurrence in user
sessions"), whose equation 1 is lost: the reading is frequency over distance, as Peng and Liao (2009) weigh
co-occurrence in sequences.
"""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.graph.walks.user_categories import row_shares
from kartograph.models.data import NONE, TrainingData
from kartograph.models.item_categories import ItemCategories
from kartograph.models.mcprhrec.category_pairs import Within, category_pairs
from kartograph.models.scoring.top_k import top_k_of_sparse
from kartograph.tables.derived.co_occurrence import CoOccurrenceOptions
from kartograph.tables.errors import BadInput
from kartograph.tables.events import EVENTS

WEIGHTS = {"view": 1.0, "cart": 3.0, "buy": 5.0, "borrow": 5.0}
"""What an event adds to how much an item is wanted within its category."""


@dataclass(frozen=True)
class CategoryOptions:
    """What co-occurs and how many items stand for a category."""

    matrix: Literal["purchases", "filled"] = "purchases"
    """m, what the user-category matrix adds up: purchases, or the filled user-item matrix."""
    within: Within = "sessions"
    """Where categories co-occur: in sessions, or anywhere in a user's history."""
    co_occurrence: CoOccurrenceOptions = field(default_factory=CoOccurrenceOptions)
    """How pairs are weighed and which are kept; the defaults are those of the graph's `CO_OCCURS`, which a model reads
    instead that is fitted on a graph and counts in sessions."""
    items: int = 200
    """Items of each category that are scored through it: those of the largest shares."""

    def __post_init__(self) -> None:
        """Refuse what scores nothing."""
        if self.items < 1:
            raise BadInput(f"{self.items} items of each category are scored: there has to be one at least")


class Categories:
    """What is learned of categories."""

    def __init__(self, options: CategoryOptions, data: TrainingData) -> None:
        """Count what co-occurs and what is wanted. Raises `BadInput` for data without categories."""
        if data.categories is None:
            raise BadInput(
                "this data has no categories: add the shop's with models.item_categories.with_categories, or groups of "
                "items that occur together with with_derived_categories"
            )
        self.options = options
        known: ItemCategories = data.categories
        kinds = np.array([WEIGHTS[event] for event in EVENTS])[data.histories.events]
        weights = np.bincount(data.histories.items, kinds, minlength=len(data.items))
        seen = np.zeros(len(known), dtype=bool)
        seen[known.matrix[np.flatnonzero(weights)].indices] = True
        self.of_items = known.filled_from_parents(seen)
        """Items × categories; new categories are replaced by their parents."""
        self.known_as = known.met_ancestors(seen)
        self.names = known.ids
        self.near = row_shares(_together(options, data, known))
        self.items = item_shares(self.of_items, weights, options.items)
        """Categories × items: the share of an item in the demand for its category."""

    def preferences(self, user_items: csr_array) -> csr_array:
        """U: rows sum to 1, or to 0 without a known category."""
        return row_shares(csr_array(user_items @ self.of_items))

    def alone(self, categories: Int[ndarray, " n"]) -> csr_array:
        """U of users of whom one category is known (its row), or nothing (`NONE`); n × categories."""
        known = np.flatnonzero(categories != NONE)
        shape = (len(categories), self.of_items.shape[1])
        return csr_array((np.ones(len(known)), (known, self.known_as[categories[known]])), shape=shape)

    def extended(self, preferences: csr_array, spread: float) -> csr_array:
        """U'; a category that co-occurs with none keeps its whole preference."""
        alone = (np.asarray(self.near.sum(axis=1)).ravel() == 0).astype(float)
        kept = _diagonal(1 - spread * (1 - alone))
        return csr_array(preferences @ csr_array(kept + spread * self.near))


def _together(options: CategoryOptions, data: TrainingData, known: ItemCategories) -> csr_array:
    """w(x, y): the graph's `CO_OCCURS` where the data comes from a graph that has it, else counted from the events."""
    counted = data.computed.categories_together if data.computed is not None else None
    if counted is not None and options.within == "sessions":
        return counted.matrix(len(known))
    return category_pairs(data, known, options.within, options.co_occurrence)


def top_k_per_row(matrix: csr_array, count: int) -> csr_array:
    """The largest entries of each row, of equals the first."""
    columns, values = top_k_of_sparse(matrix, min(count, matrix.shape[1]))
    rows, places = np.nonzero(columns >= 0)
    kept = csr_array((values[rows, places].astype(np.float64), (rows, columns[rows, places])), shape=matrix.shape)
    kept.sort_indices()
    return kept


def item_shares(of_items: csr_array, weights: Float[ndarray, " items"], count: int) -> csr_array:
    """item_share(i, c) = (w(i) + 1) / Σ_j (w(j) + 1) over the items j of c, for the `count` largest of each category.

    An item that nobody has seen yet has the smallest share of its category, not none.
    """
    owners = np.repeat(np.arange(of_items.shape[0]), np.diff(of_items.indptr))
    values = (weights[owners] + 1) * of_items.data
    totals = np.bincount(of_items.indices, values, minlength=of_items.shape[1])
    order = np.lexsort((owners, -values, of_items.indices))
    categories = of_items.indices[order]
    first = np.searchsorted(categories, np.arange(of_items.shape[1]))
    kept = order[np.arange(len(order)) - first[categories] < count]
    of = of_items.indices[kept]
    return csr_array((values[kept] / totals[of], (of, owners[kept])), shape=(of_items.shape[1], of_items.shape[0]))


def _diagonal(values: ndarray) -> csr_array:
    places = np.arange(len(values))
    return csr_array((values, (places, places)), shape=(len(values), len(values)))
