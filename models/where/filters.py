"""Which items may be recommended: a typed filter, or one boolean SQL expression, as a mask over the items.

allowed = mask(where(available=True, category="kitchen", price_max=50), items, categories)
allowed = mask("price < 50 and title ilike '%kettle%'", items, categories)
"""

from collections import OrderedDict
from difflib import get_close_matches
from threading import Lock
from typing import Annotated, Any, Self

import numpy as np
import pandas as pd
from jaxtyping import Bool, Int
from numpy import ndarray
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from scipy.sparse import csr_array

from kartograph.models.columns import ITEM
from kartograph.models.data import NONE, Histories
from kartograph.models.item_categories import CATEGORY, ItemCategories
from kartograph.models.where.filter_expressions import evaluate
from kartograph.tables.errors import BadInput, refusal_of
from kartograph.tables.events import EVENTS

DAY_MS = 86_400_000
KEPT = 64
"""Masks that are kept, the latest used ones."""


def _several(value: object) -> object:
    """A single id stands for a list of one."""
    return (value,) if isinstance(value, str) else value


OneOrSeveral = Annotated[tuple[str, ...], BeforeValidator(_several)]


class Where(BaseModel):
    """The conditions that an item has to meet, all of them; a condition that is None is none."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)

    available: bool | None = None
    """True leaves out what is known to be unavailable (unknown counts as available); False leaves only that."""
    category: OneOrSeveral | None = None
    """Ids of categories; an item has to be in one of them or in one below."""
    price_min: float | None = Field(None, ge=0)
    """Least price; an item whose price is unknown is left out."""
    price_max: float | None = Field(None, ge=0)
    """Highest price; an item whose price is unknown is left out."""
    brands: OneOrSeveral | None = None
    """An item has to be of one of these brands, written in the same way."""
    include: OneOrSeveral | None = None
    """Ids of items; an item has to be one of them."""
    exclude: OneOrSeveral | None = None
    """Ids of items that are left out."""
    not_bought_days: float | None = Field(None, gt=0)
    """Days for which a user is not shown what the user bought."""

    @model_validator(mode="after")
    def _price_range(self) -> Self:
        if self.price_min is not None and self.price_max is not None and self.price_min > self.price_max:
            raise ValueError(f"price_min {self.price_min:g} is above price_max {self.price_max:g}")
        return self

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a JSON object of conditions; raises `BadInput` as `where` does."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise BadInput(_explained(error)) from None

    def to_json(self) -> str:
        """Write the conditions that there are as a JSON object."""
        return self.model_dump_json(exclude_none=True)


def where(**conditions: Any) -> Where:
    """Return the filter with these conditions, the fields of `Where`.

    Raises `BadInput` for a condition that does not exist or has a value that it cannot have.
    """
    try:
        return Where(**conditions)
    except ValidationError as error:
        raise BadInput(_explained(error)) from None


def _explained(error: ValidationError) -> str:
    wrong = error.errors(include_url=False)[0]
    name = ".".join(str(part) for part in wrong["loc"])
    if wrong["type"] == "extra_forbidden":
        near = get_close_matches(name, Where.model_fields, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        return f'a filter has no condition "{name}": {hint}There are {", ".join(Where.model_fields)}'
    if wrong["type"] == "json_invalid":
        return f"a filter is a JSON object of conditions ({', '.join(Where.model_fields)}): {wrong['msg']}"
    at = f"the condition {name} of a filter is {wrong['input']!r}" if name else "a filter is not what it has to be"
    return f"{at}: {refusal_of(wrong)}"


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
        return evaluate(condition, _columns(items, categories))
    allowed = np.ones(len(items), dtype=bool)
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
