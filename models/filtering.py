"""Filters applied to a question: the items that are allowed in the present state of the source."""

from functools import lru_cache

import numpy as np
import pandas as pd
from jaxtyping import Bool
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.graph.connection import Graph
from kartograph.models.columns import ITEM
from kartograph.models.data import NONE, Histories, Ids, TrainingData
from kartograph.models.filters import Where, bought_within, mask
from kartograph.models.graph_data import categories_of
from kartograph.models.item_categories import ItemCategories
from kartograph.models.questions import Asked
from kartograph.tables.errors import BadInput


def allowed_items(where: Where | str, items: Ids, source: Graph | TrainingData | None) -> Bool[ndarray, " items"]:
    """Which of a model's items a filter allows; an item that the source no longer holds is not allowed.

    Raises `BadInput` as `filters.mask` does, and where there is no source to look items up in.
    """
    ids, allowed = _allowed(where, source)
    rows = ids.rows(items.external)
    return (rows != NONE) & allowed[np.maximum(rows, 0)]


def allowed_ids(where: Where | str, source: Graph) -> list[str]:
    """The ids that a filter allows."""
    ids, allowed = _allowed(where, source)
    return ids.external[allowed].tolist()


def bought_lately(where: Where | str | None, asked: Asked, items: Ids) -> csr_array | None:
    """Questions × items that `not_bought_days` leaves out; None where the filter has no such condition."""
    if not isinstance(where, Where) or where.not_bought_days is None:
        return None
    rows = items.rows(asked.items.tolist())
    known = rows != NONE
    histories = Histories.of(asked.owners, rows, len(asked.empty), asked.events)
    return bought_within(where.not_bought_days, histories, asked.times[known], len(items))


def _allowed(where: Where | str, source: Graph | TrainingData | None) -> tuple[Ids, Bool[ndarray, " items"]]:
    if isinstance(source, Graph):
        snapshot = source.snapshot(parts=("items", "categories"))
        facts, categories = _facts(snapshot.key, source)
        return Ids(pd.Index(facts[ITEM])), mask(where, facts, categories, snapshot.key)
    if source is None:
        raise BadInput("The model is bound to no source, so nothing is known of items: load it with one to filter.")
    facts = pd.DataFrame({ITEM: source.items.external}) if source.facts is None else source.facts
    return source.items, mask(where, facts, source.categories)


@lru_cache(maxsize=1)
def _facts(key: str, graph: Graph) -> tuple[pd.DataFrame, ItemCategories | None]:
    """The table of items of one state of a graph, opened once."""
    snapshot = graph.snapshot(parts=("items", "categories"))
    return snapshot.items.frame(), categories_of(snapshot)
