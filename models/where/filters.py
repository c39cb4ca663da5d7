"""What a filter allows, a typed one or a boolean SQL expression, as a mask over the items.

allowed = mask(where(available=True, category="kitchen", price_max=50), items, categories)
allowed = mask("price < 50 and title ilike '%kettle%'", items, categories)
"""

from collections import OrderedDict
from difflib import get_close_matches
from threading import Lock

import numpy as np
import pandas as pd
from jaxtyping import Bool, Int
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.models.columns import ITEM
from kartograph.models.data import NONE, Histories
from kartograph.models.item_categories import CATEGORY, ItemCategories
from kartograph.models.where.conditions import Where, WithExpression
from kartograph.tables.errors import BadInput
from kartograph.tables.events import EVENTS

DAY_MS = 86_400_000
KEPT = 64
"""Masks that are kept, the latest used ones."""


def mask(
    condition: Where | str | None,
    items: pd.DataFrame,
    categories: ItemCategories | None = None,
    key: str | None = None,
) -> Bool[ndarray, " items"]:
    """Return which items a filter allows, in the order of `items`; the array cannot be written to.

    `items` has the column item_id and those that the filter uses, of title, price, brand, available, group_id,
    popularity and others; `categories` are of the same items in the same order. A text is one boolean SQL expression
    over these columns and `category`, the item's first one; unknown availability is true there too. `not_bought_days`
    has no part in it. With `key`, which names the state of items and categories (`Snapshot.key`), the mask is kept.

    Raises `BadInput` for an expression that is none or names a column that does not exist, and for a category that
    does not exist.
    """
    if condition is None:
        return _read_only(np.ones(len(items), dtype=bool))
    if key is None:
        return _read_only(_computed(condition, items, categories))
    with _lock:
        if (key, condition) in _masks:
            _masks.move_to_end((key, condition))
            return _masks[key, condition]
    allowed = _read_only(_computed(condition, items, categories))
    with _lock:
        _masks[key, condition] = allowed
        while len(_masks) > KEPT:
            _masks.popitem(last=False)
    return allowed


_masks: OrderedDict[tuple[str, Where | str], ndarray] = OrderedDict()
_lock = Lock()


def _read_only(array: ndarray) -> ndarray:
    array.flags.writeable = False
    return array


def _computed(condition: Where | str, items: pd.DataFrame, categories: ItemCategories | None) -> ndarray:
    if isinstance(condition, str):
        return _where_true(condition, items, categories)
    allowed = np.ones(len(items), dtype=bool)
    if isinstance(condition, WithExpression):
        allowed &= _where_true(condition.expression, items, categories)
    if condition.available is not None:
        allowed &= _known_available(items) == condition.available
    if condition.category is not None:
        allowed &= _in_categories(condition.category, categories, len(items))
    if condition.price_min is not None:
        allowed &= (_column(items, "price") >= condition.price_min).to_numpy(bool)
    if condition.price_max is not None:
        allowed &= (_column(items, "price") <= condition.price_max).to_numpy(bool)
    if condition.brands is not None:
        allowed &= _column(items, "brand").isin(condition.brands).to_numpy()
    if condition.include is not None:
        allowed &= items[ITEM].isin(condition.include).to_numpy()
    if condition.exclude is not None:
        allowed &= ~items[ITEM].isin(condition.exclude).to_numpy()
    return allowed


def _where_true(expression: str, items: pd.DataFrame, categories: ItemCategories | None) -> Bool[ndarray, " items"]:
    from kartograph.models.where.filter_expressions import evaluate  # imports DuckDB

    return evaluate(expression, _columns(items, categories))


def _column(items: pd.DataFrame, name: str) -> pd.Series:
    if name not in items:
        raise BadInput(f"the items have no {name}, so it cannot be a condition; they have {', '.join(items.columns)}")
    return items[name]


def _known_available(items: pd.DataFrame) -> Bool[ndarray, " items"]:
    return _column(items, "available").astype("boolean").fillna(True).to_numpy(bool)


def _columns(items: pd.DataFrame, categories: ItemCategories | None) -> dict[str, pd.Series]:
    """Return the columns that an expression can name."""
    columns = {str(name).lower(): items[name] for name in items}
    if "available" in columns:
        columns["available"] = pd.Series(_known_available(items))
    if categories is not None:
        names = categories.ids.external.append(pd.Index([None], dtype="str"))  # NONE is -1: the last one
        columns["category"] = pd.Series(names[categories.first])
    return columns


def _in_categories(ids: tuple[str, ...], categories: ItemCategories | None, items: int) -> Bool[ndarray, " items"]:
    if categories is None:
        raise BadInput(f"the items have no categories, so none of them can be in {', '.join(ids)}")
    rows = categories.ids.rows(list(ids))
    if (rows == NONE).any():
        known = [str(name) for name in categories.ids.external]
        missing = ids[int(np.argmax(rows == NONE))]
        near = get_close_matches(missing, known, n=3) or known[:5]
        raise BadInput(f'there is no {CATEGORY} "{missing}" among the {len(known):,}; there are {", ".join(near)} …')
    inside = np.zeros(len(categories), dtype=bool)
    inside[rows] = True
    while True:
        below = ~inside & (categories.parents != NONE) & inside[categories.parents]
        if not below.any():
            break
        inside |= below
    return (categories.matrix @ inside.astype(np.float64)) > 0


def bought_within(
    days: float, histories: Histories, times: Int[ndarray, " events"] | None, items: int, now: int | None = None
) -> csr_array:
    """Return which items each owner bought in the last `days`: users × items, true where it is to be left out.

    `times` are the milliseconds of the histories' events, `now` those until which to count: without it the latest
    event. Raises `BadInput` where there are no times.
    """
    if times is None:
        raise BadInput("without times nobody knows what was bought lately: leave not_bought_days out")
    end = now if now is not None else int(times.max(initial=0))
    late = (histories.events == EVENTS.index("buy")) & (times > end - days * DAY_MS) & (times <= end)
    owners, rows = histories.owners[late], histories.items[late]
    bought = csr_array((np.ones(len(rows), dtype=bool), (owners, rows)), shape=(len(histories), items))
    bought.sum_duplicates()
    return bought
