"""What items share beside events: category, parent, root and level in the tree, brand, and the tenth of the prices."""

import numpy as np
import pandas as pd
from jaxtyping import Int
from numpy import ndarray

from kartograph.models.data import NONE, TrainingData
from kartograph.models.preaddl.features import positions_below

PRICE_BANDS = 10


def item_groups(data: TrainingData) -> Int[ndarray, "items kinds"] | None:
    """The number of each item's group of each kind, 0 where unknown; kinds have no number in common.

    None where nothing is known of any item. Of several categories of an item the first counts.
    """
    kinds = [*_of_tree(data), *_of_facts(data)]
    numbered, first = [], 1
    for codes in kinds:
        if (codes != NONE).any():
            numbered.append(np.where(codes == NONE, 0, codes + first))
            first += int(codes.max()) + 1
    return np.stack(numbered, axis=1) if numbered else None


def _of_tree(data: TrainingData) -> list[ndarray]:
    known = data.categories
    if known is None or not len(known):
        return []
    position, category = positions_below(known.parents), known.first
    return [
        category,
        *(np.where(category == NONE, NONE, of[category]) for of in (known.parents, position.root, position.level)),
    ]


def _of_facts(data: TrainingData) -> list[ndarray]:
    groups = []
    if data.facts is not None and "brand" in data.facts:
        groups.append(pd.factorize(data.facts["brand"])[0])
    if data.facts is not None and "price" in data.facts:
        price = pd.to_numeric(data.facts["price"], errors="coerce").astype(float)
        bands = pd.qcut(price.rank(method="first"), PRICE_BANDS, labels=False) if price.notna().any() else price
        groups.append(np.where(price.notna(), np.nan_to_num(np.asarray(bands, dtype=float)), NONE).astype(np.int64))
    return groups
