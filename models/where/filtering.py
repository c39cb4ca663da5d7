"""Filters applied to a question: the items that are allowed in the present state of the source."""

import numpy as np
import pandas as pd
from jaxtyping import Bool
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.graph.connection import Graph
from kartograph.graph.snapshot.snapshot import Snapshot
from kartograph.models.columns import ITEM
from kartograph.models.data import NONE, Histories, Ids, TrainingData
from kartograph.models.graph_data import categories_of
from kartograph.models.item_categories import ItemCategories
from kartograph.models.questions import Asked
from kartograph.models.where.conditions import Where
from kartograph.models.where.filters import bought_within, mask
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
        facts, categories = _facts(snapshot)
        return Ids(pd.Index(facts[ITEM])), mask(where, facts, categories, snapshot.key)
    if source is None:
        raise BadInput("The model is bound to no source, so nothing is known of items: load it with one to filter.")
    facts = pd.DataFrame({ITEM: source.items.external}) if source.facts is None else source.facts
    return source.items, mask(where, facts, source.categories)


def _facts(snapshot: Snapshot) -> tuple[pd.DataFrame, ItemCategories | None]:
    """The table of items of one state of a graph, made once; the latest state alone is kept."""
    if snapshot.key not in _made:
        _made.clear()
        _made[snapshot.key] = snapshot.items.frame(), categories_of(snapshot)
    return _made[snapshot.key]


_made: dict[str, tuple[pd.DataFrame, ItemCategories | None]] = {}
