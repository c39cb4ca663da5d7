"""Which items a filter allows in their present state: masks that are kept, and mended where an item changes.

The meaning of each condition is that of `models.where.filters`, on the arrays of a worker.
"""

from collections import OrderedDict
from collections.abc import Iterable
from difflib import get_close_matches

import numpy as np
from jaxtyping import Bool, Int
from numpy import ndarray

from kartograph.models.where.conditions import Where
from kartograph.serving.bundle.texts import NONE
from kartograph.serving.catalogue.present import NO, Catalogue
from kartograph.tables.errors import BadInput

KEPT = 64
"""Masks that a worker keeps, the latest used ones."""


class Masks:
    """The masks of one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Begin without any."""
        self._catalogue = catalogue
        self._kept: OrderedDict[Where, ndarray] = OrderedDict()

    def allowed(self, where: Where) -> Bool[ndarray, " capacity"]:
        """Which rows a filter allows; rows without an item are not among them. Raises `BadInput` as `mask` does."""
        kept = self._kept.get(where)
        if kept is not None and len(kept) == self._catalogue.capacity:
            self._kept.move_to_end(where)
            return kept
        mask = _evaluate(self._catalogue, where, None)
        self._kept[where] = mask
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return mask

    def mend(self, rows: Iterable[int]) -> None:
        """Evaluate the filters anew for rows that changed."""
        changed = np.fromiter(rows, np.int64)
        for where, mask in list(self._kept.items()):
            if len(mask) != self._catalogue.capacity:
                del self._kept[where]
            elif len(changed):
                mask[changed] = _evaluate(self._catalogue, where, changed)


def _evaluate(catalogue: Catalogue, where: Where, rows: Int[ndarray, " n"] | None) -> Bool[ndarray, " n"]:
    """The filter for some rows, or for all of them."""
    part = slice(None) if rows is None else rows
    allowed = np.ones(len(catalogue.available[part]), dtype=bool)
    if rows is None:
        allowed[catalogue.count :] = False
    if where.available is not None:
        allowed &= (catalogue.available[part] != NO) == where.available
    if where.price_min is not None:
        allowed &= catalogue.price[part] >= where.price_min
    if where.price_max is not None:
        allowed &= catalogue.price[part] <= where.price_max
    if where.brands is not None:
        codes = [catalogue.brands.codes[name] for name in where.brands if name in catalogue.brands.codes]
        allowed &= np.isin(catalogue.brand[part], codes)
    if where.category is not None:
        allowed &= _in_categories(catalogue, where.category, rows)
    for names, inside in ((where.include, True), (where.exclude, False)):
        if names is not None:
            named_rows = np.array([row for row in map(catalogue.row, names) if row != NONE], np.int64)
            places = np.arange(catalogue.capacity) if rows is None else rows
            allowed &= np.isin(places, named_rows) == inside
    return allowed


def _in_categories(catalogue: Catalogue, names: tuple[str, ...], rows: ndarray | None) -> Bool[ndarray, " n"]:
    known = catalogue.categories.codes
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=3) or list(known)[:5]
            raise BadInput(f'there is no category_id "{name}" among the {len(known):,}; there are {", ".join(near)} …')
    inside = set().union(*(catalogue.below(known[name]) for name in names))
    if rows is not None:
        return np.array([not inside.isdisjoint(catalogue.categories_of(row)) for row in rows.tolist()], bool)
    allowed = np.zeros(catalogue.capacity, dtype=bool)
    allowed[catalogue.rows_below(inside)] = True
    for row in catalogue.new_rows():
        allowed[row] = not inside.isdisjoint(catalogue.categories_of(row))
    return allowed
