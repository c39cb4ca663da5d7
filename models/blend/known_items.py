"""What is known of each item apart from any question.

From the events:

    popularity    ln(1 + events on the item)
    lately S      ln(1 + events on the item in the latest share S of the owners)
    since last    ln(1 + s / 100), s owners (sessions) since the last with the item
    since first   the same since the first
    returns       events on the item for each owner that has it: is it looked at again?
    among         ln of the mean number of events of the owners that have the item
    ends          share of the owners with the item whose last event is on it

What lies in time comes from the order of the owners, so it tells something of sessions only. From the shop and its
graph, each only where the data has it: price (ln(1 + price)), available (0 or 1), pagerank (ln of the graph's), and
groups in which two items can be together: category, parent category, root category, brand, community.

What is known of pairs of items is in `known_pairs`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float, Int
from numpy import ndarray

from kartograph.models.blend.known_pairs import KnownPairs, known_pairs
from kartograph.models.data import NONE, TrainingData
from kartograph.models.item_categories import ItemCategories

LATELY = (0.01, 0.03, 0.1)
"""Shares of the owners that are lately."""
OF_EVENTS = (
    "popularity",
    *(f"lately {share}" for share in LATELY),
    "since last",
    "since first",
    "returns",
    "among",
    "ends",
)


@dataclass(frozen=True)
class KnownItems:
    """Features of items and the groups that they are in."""

    names: tuple[str, ...]
    features: Float[ndarray, "items names"]
    groups: tuple[str, ...]
    codes: Int[ndarray, "items groups"]
    """The number of an item's group, `NONE` where it is in none."""
    prices: Float[ndarray, " priced"]
    """Logarithms, NaN where unknown; empty where no price is known."""
    pairs: KnownPairs


def known_items(data: TrainingData) -> KnownItems:
    """What the training data tells of its items."""
    columns = dict(zip(OF_EVENTS, _of_events(data), strict=True))
    groups: dict[str, ndarray] = {}
    if data.categories is not None:
        groups |= _levels(data.categories)
    prices = np.empty(0, dtype=np.float32)
    if (price := _fact(data, "price")) is not None:
        price = pd.to_numeric(price, errors="coerce").to_numpy(np.float64, na_value=np.nan)
        price = np.where(price > 0, price, np.nan)
        prices = np.log(price).astype(np.float32)
        columns["price"] = np.nan_to_num(np.log1p(price))
    if (available := _fact(data, "available")) is not None:
        columns["available"] = available.map({True: 1.0, False: 0.0}).fillna(1.0).to_numpy(np.float64)
    if (brand := _fact(data, "brand")) is not None:
        groups["brand"] = pd.factorize(brand)[0]
    if data.computed is not None and data.computed.communities is not None:
        groups["community"] = data.computed.communities
    if data.computed is not None and data.computed.item_pagerank is not None:
        columns["pagerank"] = np.log(np.nan_to_num(data.computed.item_pagerank) + 1e-9)
    codes = np.stack(list(groups.values()), axis=1) if groups else np.empty((len(data.items), 0))
    features = np.stack(list(columns.values()), axis=1).astype(np.float32)
    pairs = known_pairs(data.histories, len(data.items))
    return KnownItems(tuple(columns), features, tuple(groups), codes.astype(np.int32), prices, pairs)


def _fact(data: TrainingData, name: str) -> pd.Series | None:
    """A column of the table of items, None where it says nothing."""
    facts = data.facts
    return facts[name] if facts is not None and name in facts and facts[name].notna().any() else None


def _levels(categories: ItemCategories) -> dict[str, ndarray]:
    """The category of each item, the one above it, and the uppermost."""
    own, parents = categories.first, categories.parents
    parent = np.where(own == NONE, NONE, parents[own])
    root = own
    while ((above := np.where(root == NONE, NONE, parents[root])) != NONE).any():
        root = np.where(above == NONE, root, above)
    return {"category": own, "parent category": parent, "root category": root}


def _of_events(data: TrainingData) -> list[ndarray]:
    histories, count, owners = data.histories, len(data.items), len(data.histories)
    events = np.bincount(histories.items, minlength=count)
    columns = [np.log1p(events)]
    for share in LATELY:
        late = histories.owners >= owners * (1 - share)
        columns.append(np.log1p(np.bincount(histories.items[late], minlength=count)))
    first, last = np.full(count, owners), np.zeros(count, dtype=np.int64)
    np.minimum.at(first, histories.items, histories.owners)
    np.maximum.at(last, histories.items, histories.owners)
    columns += [np.log1p(np.maximum(owners - 1 - position, 0) / 100) for position in (last, first)]
    having = np.bincount(np.unique(histories.owners * count + histories.items) % count, minlength=count)
    columns.append(events / np.maximum(having, 1))
    lengths = np.bincount(histories.items, weights=histories.lengths[histories.owners], minlength=count)
    columns.append(np.log(np.maximum(lengths / np.maximum(events, 1), 1)))
    ends = np.bincount(histories.items[histories.ages == 0], minlength=count)
    columns.append(ends / np.maximum(having, 1))
    return columns
