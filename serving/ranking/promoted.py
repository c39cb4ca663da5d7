"""A list with its promotions: lifted and lowered by rank, buried at the end, pinned at their positions."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from kartograph.models.where.conditions import where
from kartograph.serving.bundle.texts import NONE
from kartograph.serving.promotions import Promotion
from kartograph.serving.ranking.cut import Cut, Listed

if TYPE_CHECKING:
    from kartograph.serving.view import View

PINNED = "promotion"
"""`served_by` of a pinned item that the list did not hold."""


def pool_size(k: int) -> int:
    """How many items are ranked before promotions move them: what is lifted has to be among them."""
    return min(3 * k + 50, 1_000 + k)


def promoted(
    view: "View", pool: Sequence[Listed], promotions: Sequence[Promotion], cut: Cut, allowed: np.ndarray, k: int
) -> list[Listed]:
    """The k first of a pool after its promotions; of equal places the one that was before stays before.

    An item at rank r (from 1) is placed as at r / factor where it is promoted, at r · factor where it is demoted, by
    each promotion that names it. A pinned item has to pass the filters, and to be unseen, like any other.
    """
    places = np.arange(1, len(pool) + 1, dtype=float)
    rows = np.array([item.row for item in pool], np.int64)
    for promotion in promotions:
        if promotion.action == "pin":
            continue
        named = _named(view, promotion)[rows] if len(rows) else np.zeros(0, bool)
        if promotion.action == "bury":
            places[named] += 1e9
        else:
            places[named] *= promotion.factor if promotion.action == "demote" else 1 / promotion.factor
    ordered = [pool[position] for position in np.argsort(places, kind="stable")]
    held = {item.row: item for item in pool}
    for promotion in promotions:
        if promotion.action == "pin":
            promoted_rows = [view.catalogue.row(item) for item in promotion.items or ()]
            pins = [
                row for row in promoted_rows if row != NONE and allowed[row] and (row in held or row not in cut.blocked)
            ]
            ordered = [item for item in ordered if item.row not in pins]
            start = promotion.position - 1
            ordered[start:start] = [held.get(row, Listed(row, 0.0, PINNED)) for row in dict.fromkeys(pins)]
    return ordered[:k]


def _named(view: "View", promotion: Promotion) -> np.ndarray:
    """Which rows a promotion names; categories that the shop does not have name none."""
    if promotion.items:
        return view.masks.allowed(where(include=promotion.items))
    if promotion.brands:
        return view.masks.allowed(where(brands=promotion.brands))
    known = [name for name in promotion.categories or () if name in view.catalogue.categories.codes]
    return view.masks.allowed(where(category=known) if known else where(include=()))


def unknown_targets(view: "View", promotion: Promotion) -> list[str]:
    """The names in a promotion that the shop does not have at present; they act once it has them."""
    catalogue = view.catalogue
    return [
        *(item for item in promotion.items or () if catalogue.row(item) == NONE),
        *(category for category in promotion.categories or () if category not in catalogue.categories.codes),
        *(brand for brand in promotion.brands or () if brand not in catalogue.brands.codes),
    ]
