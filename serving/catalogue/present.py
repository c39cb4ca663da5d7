"""The items of one worker as arrays: mapped from the bundle, changed in place by what was logged since."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

import numpy as np
from jaxtyping import Int
from numpy import ndarray

from kartograph.serving.bundle.opened import Bundle
from kartograph.serving.bundle.texts import NONE, Texts
from kartograph.serving.catalogue.attributes import Attributes
from kartograph.serving.catalogue.changes import Change
from kartograph.serving.catalogue.inside import Inside

UNKNOWN, NO, YES = -1, 0, 1
"""Values of `available`."""


class _Codes:
    """Names by number: those of the bundle, then new ones."""

    def __init__(self, texts: Texts) -> None:
        self.names = [texts[row] for row in range(len(texts))]
        self.codes = {name: code for code, name in enumerate(self.names)}

    def code(self, name: str | None) -> int:
        if name is None:
            return NONE
        if name not in self.codes:
            self.codes[name] = len(self.names)
            self.names.append(name)
        return self.codes[name]


def _optional(arrays: Mapping[str, ndarray], name: str) -> Sequence[str] | Texts:
    """Texts that a bundle need not hold."""
    return Texts(arrays[f"{name}.bytes"], arrays[f"{name}.offsets"]) if f"{name}.bytes" in arrays else ()


class Catalogue:
    """Items by row: the bundle's first, then those that were created since."""

    def __init__(self, bundle: Bundle) -> None:
        """Begin with what the bundle holds."""
        arrays = bundle.arrays
        self.bundle = bundle
        self.count = bundle.items
        self.available, self.price = arrays["available"], arrays["price"]
        self.brand, self.group = arrays["brand"], arrays["group_id"]
        self.popularity, self.ties = arrays["popularity"], arrays["ties"]
        self.brands = _Codes(Texts(arrays["brands.bytes"], arrays["brands.offsets"]))
        self.groups = _Codes(Texts(arrays["group_ids.bytes"], arrays["group_ids.offsets"]))
        self.categories = _Codes(bundle.category_ids)
        self.parents = arrays["parents"].tolist()
        self.indptr, self.indices = arrays["categories.indptr"], arrays["categories.indices"]
        self._inside = Inside(self.parents, self.indptr, self.indices, arrays["popular"])
        self.moved: dict[int, tuple[int, ...]] = {}
        """Categories of items that were changed."""
        self.changed_titles: dict[int, str | None] = {}
        self._images = _optional(arrays, "images")
        self._names = _optional(arrays, "category_names")
        self._changed_images: dict[int, str | None] = {}
        self._new_rows: dict[str, int] = {}
        self._new_ids: list[str] = []
        self.attributes: dict[int, dict[str, Any]] = {}
        """What changes said of an item beyond its fields, such as attributes of the ontology."""
        self.likeness = Attributes(bundle)

    @property
    def capacity(self) -> int:
        """The length of the arrays."""
        return len(self.available)

    def row(self, item: str) -> int:
        """The row of an item, `NONE` where there is none."""
        row = self.bundle.item_ids.row(item)
        return self._new_rows.get(item, NONE) if row < 0 else row

    def id(self, row: int) -> str:
        """The id of a row."""
        known = self.bundle.items
        return self.bundle.item_ids[row] if row < known else self._new_ids[row - known]

    def ids(self, rows: Sequence[int]) -> list[str]:
        """The ids of some rows."""
        new = any(row >= self.bundle.items for row in rows)
        return [self.id(row) for row in rows] if new else self.bundle.item_ids.several(rows)

    def title(self, row: int) -> str | None:
        """The title of a row, None where it has none."""
        if row in self.changed_titles:
            return self.changed_titles[row]
        return (self.bundle.titles[row] or None) if row < self.bundle.items else None

    def image(self, row: int) -> str | None:
        """The address of the picture of a row, None where it has none."""
        if row in self._changed_images:
            return self._changed_images[row]
        return (self._images[row] or None) if row < len(self._images) else None

    def category_name(self, category: int) -> str | None:
        """What a category is called, None where nobody has named it."""
        return (self._names[category] or None) if category < len(self._names) else None

    def categories_of(self, row: int) -> tuple[int, ...]:
        """The categories of a row."""
        if row in self.moved:
            return self.moved[row]
        if row >= self.bundle.items:
            return ()
        return tuple(self.indices[self.indptr[row] : self.indptr[row + 1]].tolist())

    def below(self, category: int) -> set[int]:
        """A category and all below it."""
        return self._inside.below(category)

    def rows_below(self, categories: Set[int]) -> Int[ndarray, " rows"]:
        """The rows of the bundle in some categories, in falling order of popularity; a row may come more than once."""
        rows = self._inside.rows(categories)
        if not self.moved:
            return rows
        moved = np.fromiter(self.moved, np.int64, len(self.moved))
        come = [
            row for row, codes in self.moved.items() if row < self.bundle.items and not categories.isdisjoint(codes)
        ]
        return self._inside.ordered(np.concatenate([rows[~np.isin(rows, moved)], np.array(come, rows.dtype)]))

    def new_rows(self) -> range:
        """The rows of items that the bundle does not hold."""
        return range(self.bundle.items, self.count)

    def fresh_rows(self) -> Iterator[int]:
        """The rows of new items that have no events yet, the newest first."""
        yield from reversed(self.new_rows())
        fresh = self.bundle.arrays.get("fresh", ())
        yield from (int(row) for row in fresh if not self.popularity[row])

    def fields(self, row: int) -> Change:
        """What is known of a row, in the form of a change, and what its category is called."""
        available = int(self.available[row])
        price = float(self.price[row])
        categories = self.categories_of(row)
        return {
            "available": None if available == UNKNOWN else available == YES,
            "price": None if np.isnan(price) else price,
            "title": self.title(row),
            "brand": None if self.brand[row] == NONE else self.brands.names[self.brand[row]],
            "category": self.categories.names[categories[0]] if categories else None,
            "category_name": self.category_name(categories[0]) if categories else None,
            "group_id": None if self.group[row] == NONE else self.groups.names[self.group[row]],
            "image": self.image(row),
        }

    def apply(self, changes: Iterable[tuple[str, Change]]) -> set[int]:
        """Take changes over in order; returns the rows that they are about."""
        return {self._apply(item, change) for item, change in changes}

    def _apply(self, item: str, change: Change) -> int:
        row = self.row(item)
        if row == NONE:
            row = self._create(item)
        if "available" in change:
            self.available[row] = UNKNOWN if change["available"] is None else int(change["available"])
        if "price" in change:
            self.price[row] = np.nan if change["price"] is None else change["price"]
        if "title" in change:
            self.changed_titles[row] = change["title"]
        if "image" in change:
            self._changed_images[row] = change["image"]
        if "brand" in change:
            self.brand[row] = self.brands.code(change["brand"])
        if "group_id" in change:
            self.group[row] = self.groups.code(change["group_id"])
        if "category" in change:
            code = self.categories.code(change["category"])
            self.parents += [NONE] * (len(self.categories.names) - len(self.parents))
            self.moved[row] = () if code == NONE else (code,)
        if change.get("attributes"):
            said = {**self.attributes.get(row, {}), **change["attributes"]}
            self.attributes[row] = {name: value for name, value in said.items() if value is not None}
            self.likeness.change(row, change["attributes"])
        return row

    def _create(self, item: str) -> int:
        if self.count == self.capacity:
            self._grow()
        row, self.count = self.count, self.count + 1
        self._new_rows[item] = row
        self._new_ids.append(item)
        return row

    def _grow(self) -> None:
        more = self.capacity // 4 + 1024
        for name, fill in (
            ("available", UNKNOWN),
            ("price", np.nan),
            ("brand", NONE),
            ("group", NONE),
            ("popularity", 0),
            ("ties", np.iinfo(np.int64).max),
        ):
            values: ndarray = getattr(self, name)
            setattr(self, name, np.concatenate([values, np.full(more, fill, values.dtype)]))

    def above(self, category: int) -> Iterator[int]:
        """A category, then its parents up to the root."""
        seen = set()
        while category != NONE and category not in seen:
            seen.add(category)
            yield category
            category = self.parents[category]
