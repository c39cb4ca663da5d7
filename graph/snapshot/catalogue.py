"""Items with their properties, and the categories in which they are and were."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Bool, Int
from numpy import ndarray

from kartograph.graph.snapshot.events import NO_TIME, Events
from kartograph.graph.snapshot.reading import Reading
from kartograph.graph.snapshot.texts import Ids, as_pandas, concatenated, packed, text_array, unpacked

_TEXTS = ("title", "brand", "group_id")
_WHOLE = ("popularity", "first_seen", "last_seen")


@dataclass(frozen=True)
class Items:
    """The properties of all items; row r is the item `ids.texts[r]`."""

    ids: Ids
    arrays: Mapping[str, ndarray]
    events: Events | None = None
    """They say when an item was first and last seen where its properties do not."""

    def __len__(self) -> int:
        """Return how many items there are."""
        return len(self.ids)

    def frame(self) -> pd.DataFrame:
        """Return a row per item: item_id, title, price, brand, available, group_id, popularity, first_seen, last_seen.

        What an item lacks is missing: NaN, or NA in `available` (boolean), `popularity` and the times (Int64, ms UTC).
        """
        texts = {name: as_pandas(unpacked(name, self.arrays)) for name in _TEXTS}
        numbers = {name: self.arrays[name].copy() for name in _WHOLE}
        if self.events is not None:
            for name, seen in zip(("first_seen", "last_seen"), _seen(self.events, len(self)), strict=True):
                numbers[name] = np.where(numbers[name] == NO_TIME, seen, numbers[name])
        whole = {name: pd.arrays.IntegerArray(values, values == NO_TIME) for name, values in numbers.items()}
        available = self.arrays["available"]
        return pd.DataFrame(
            {
                "item_id": self.ids.index,
                "title": texts["title"],
                "price": self.arrays["price"],
                "brand": texts["brand"],
                "available": pd.arrays.BooleanArray(available == 1, available == -1),
                "group_id": texts["group_id"],
                **whole,
            }
        )


def _seen(events: Events, items: int) -> tuple[Int[ndarray, " items"], Int[ndarray, " items"]]:
    """Return the times of the first and the last event on each item, `NO_TIME` for none."""
    first, last = np.full(items, NO_TIME), np.full(items, NO_TIME)
    timed = events.time != NO_TIME
    item, time = events.item[timed], events.time[timed]
    last[item] = time  # of several events on an item the last one stays
    first[item[::-1]] = time[::-1]
    return first, last


def export_items(reading: Reading) -> dict[str, ndarray]:
    """Read the properties of all items."""
    ids, texts = [], {name: [] for name in _TEXTS}
    numbers = {"price": [np.empty(0)], "available": [np.empty(0, np.int8)]}
    numbers |= {name: [np.empty(0, np.int64)] for name in _WHOLE}
    for page_ids, titles, brands, groups, prices, available, *whole in reading.pages("items", "Item", "Reading items"):
        ids.append(text_array(page_ids, "an id of Item"))
        for name, values in zip(_TEXTS, (titles, brands, groups), strict=True):
            texts[name].append(text_array(values, f"{name} of an item"))
        numbers["price"].append(np.array(prices, np.float64))  # None becomes NaN
        numbers["available"].append(_int_or(available, -1, np.int8))
        for name, values in zip(_WHOLE, whole, strict=True):
            numbers[name].append(_int_or(values, NO_TIME, np.int64))
    rows = np.argsort(reading.rows("Item", concatenated(ids), "a page of the answer"))
    arrays: dict[str, ndarray] = {}
    for name, parts in texts.items():
        arrays |= packed(name, concatenated(parts).take(rows))
    for name, parts in numbers.items():
        arrays[name] = np.concatenate(parts)[rows]
    return arrays


def _int_or(values: list[int | bool | None], unknown: int, dtype: type) -> ndarray:
    return np.array([unknown if value is None else value for value in values], dtype)


@dataclass(frozen=True)
class Categories:
    """In which categories items are, in which they were, and which category lies below which."""

    ids: Ids
    derived: Bool[ndarray, " categories"]
    """Whether a category was made of items that occur together; the shop's own ones are not."""
    child: Int[ndarray, " edges"]
    """int32 rows of `ids`; with `parent` the tree, by child and then parent. Roots have no edge."""
    parent: Int[ndarray, " edges"]
    item: Int[ndarray, " current"]
    """int32 rows of items; with `category` where each item is now, by item and then category."""
    category: Int[ndarray, " current"]
    past_item: Int[ndarray, " periods"]
    """int32 rows of items; with the four below where each item was when, by item, `since`, category."""
    past_category: Int[ndarray, " periods"]
    since: Int[ndarray, " periods"]
    """Milliseconds UTC from which on it held; `NO_TIME` from the beginning."""
    until: Int[ndarray, " periods"]
    """Milliseconds UTC at which it ended; `NO_TIME` where it still holds."""

    def __len__(self) -> int:
        """Return how many categories there are."""
        return len(self.ids)


def export_categories(reading: Reading) -> dict[str, ndarray]:
    """Read all categories, their tree and their items."""
    ids, derived, children, parents = [], [], [], []
    for page_ids, page_derived, _, page_parents in reading.pages("categories", "Category", "Reading categories"):
        ids.append(text_array(page_ids, "an id of Category"))
        derived.append(np.array(page_derived, bool))
        lengths = np.array([len(above) for above in page_parents], np.int64)
        children.append(np.repeat(reading.rows("Category", ids[-1], "a page of the answer"), lengths))
        above = text_array([one for above in page_parents for one in above], "an id of Category")
        parents.append(reading.rows("Category", above, "CHILD_OF"))
    rows = np.argsort(reading.rows("Category", concatenated(ids), "a page of the answer"))
    child, parent = (np.concatenate([np.empty(0, np.int32), *parts]) for parts in (children, parents))
    tree = np.lexsort([parent, child])
    arrays = {
        "derived": np.concatenate([np.empty(0, bool), *derived])[rows],
        "child": child[tree],
        "parent": parent[tree],
    }
    return arrays | _item_categories(reading)


def _item_categories(reading: Reading) -> dict[str, ndarray]:
    item, category, current, since, until = reading.edges(
        "item_categories",
        ("Item", "Category"),
        "IN_CATEGORY",
        "Reading which items are in which categories",
        (np.bool_, np.int64, np.int64),
        unknown=NO_TIME,
    )
    order = np.lexsort([category, since, item])
    now, past = order[current[order]], order[~current[order]]
    return {
        "item": item[now],
        "category": category[now],
        "past_item": item[past],
        "past_category": category[past],
        "since": since[past],
        "until": until[past],
    }
