"""What does the sample shop sell: its category tree, its items and their property history.

The shapes follow the RetailRocket e-commerce data set: the share of categories per depth, the long tail of items per
category and of events per item, weekly property snapshots, hashed words and numbers written `n123.000`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.random import Generator
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

FIRST_SNAPSHOT = 1_431_226_800_000
"""2015-05-10 03:00 UTC: properties are photographed on Sundays."""
SNAPSHOTS = 19
WEEK = 7 * 86_400_000

CATEGORIES_PER_DEPTH = np.array([25, 174, 702, 665, 90, 13])
"""Of the 1,669 categories of RetailRocket's tree, from the roots down."""
LARGEST_ID_PER_CATEGORY = 1_699 / 1_669
LARGEST_ID_PER_ITEM = 466_867 / 417_053

CATEGORY_SPREAD = 1.6
"""Standard deviation of the logarithm of items per category: the largest tenth then holds about 60 % of the items."""
POPULARITY_SPREAD = 1.6
"""Standard deviation of the logarithm of an item's popularity: the top tenth then draws about 62 % of the events."""

CATEGORY_ROWS_PER_ITEM = 788_214 / 417_053
AVAILABLE_ROWS_PER_ITEM = 1_503_639 / 417_053
PRICE_ROWS_PER_ITEM = 1_790_516 / 417_053
CATEGORY_CHANGE_SHARE = 23_352 / 417_053
PRICE_PROPERTY = 790
OTHER_PROPERTIES = 1_100
PRICES = 30_000
WORD_VALUES = 200_000
CHUNK_ITEMS = 50_000


@dataclass(frozen=True)
class Catalogue:
    """Categories in depth-first order and the items that hang on them."""

    category_ids: Ints
    """Shape (categories,), in depth-first order: neighbours in this order are relatives in the tree."""
    parents: Ints
    """Row of the parent in `category_ids`, -1 for roots; shape (categories,)."""
    item_ids: Ints
    """Shape (items,), ascending."""
    item_category: Ints
    """Row in `category_ids` of the item's category at the start; shape (items,)."""
    popularity: Floats
    """How much an item draws; zero for items that nobody ever touches; shape (items,)."""


def tree(categories: int, rng: Generator) -> tuple[Ints, Ints]:
    """Ids and parents of a forest of at most 25 roots and depth 0 to 5, in depth-first order."""
    shares = CATEGORIES_PER_DEPTH / CATEGORIES_PER_DEPTH.sum()
    sizes = np.maximum(1, np.round(categories * shares).astype(int))
    sizes[0] = min(25, max(1, categories // 4))
    sizes[2] += categories - sizes.sum()
    starts = np.concatenate([[0], np.cumsum(sizes)])
    parents = np.full(categories, -1)
    for depth in range(1, len(sizes)):
        above = starts[depth] - starts[depth - 1]
        # Squaring a uniform number gives some parents many children and most of them few.
        parents[starts[depth] : starts[depth + 1]] = starts[depth - 1] + (rng.random(sizes[depth]) ** 2 * above).astype(
            int
        )
    order = _depth_first(parents)
    rank = np.empty(categories, dtype=np.int64)
    rank[order] = np.arange(categories)
    above = parents[order]
    return (
        rng.permutation(round(categories * LARGEST_ID_PER_CATEGORY))[:categories],
        np.where(above < 0, -1, rank[above]),
    )


def _depth_first(parents: Ints) -> Ints:
    """Rows in depth-first order; a parent always stands before its children in `parents`."""
    children: list[list[int]] = [[] for _ in parents]
    waiting: list[int] = []
    for row, parent in enumerate(parents.tolist()):
        (children[parent] if parent >= 0 else waiting).append(row)
    waiting.reverse()
    order = []
    while waiting:
        row = waiting.pop()
        order.append(row)
        waiting.extend(reversed(children[row]))
    return np.array(order, dtype=np.int64)


def catalogue(categories: int, items: int, active_items: int, rng: Generator) -> Catalogue:
    """Draw a catalogue of `items` items, of which `active_items` are ever touched."""
    ids, parents = tree(categories, rng)
    has_items = np.ones(categories, dtype=bool)
    has_items[parents[parents >= 0]] = False
    size = np.where(has_items, rng.lognormal(0.0, CATEGORY_SPREAD, categories), 0.0)
    popularity = rng.lognormal(0.0, POPULARITY_SPREAD, items)
    popularity[rng.permutation(items)[active_items:]] = 0.0
    return Catalogue(
        category_ids=ids,
        parents=parents,
        item_ids=np.sort(rng.permutation(max(items, round(items * LARGEST_ID_PER_ITEM)))[:items]),
        item_category=rng.choice(categories, size=items, p=size / size.sum()),
        popularity=popularity,
    )


def tree_table(shop: Catalogue) -> pa.Table:
    """`categoryid, parentid`; a root has no parent."""
    above = shop.parents
    parent_ids = pa.array(shop.category_ids[np.maximum(above, 0)], mask=above < 0)
    return pa.table({"categoryid": shop.category_ids, "parentid": parent_ids})


def property_tables(shop: Catalogue, rows: int, rng: Generator) -> Iterator[pa.Table]:
    """Yield `timestamp, itemid, property, value` in pieces, together `rows` rows.

    An item has 1 or more rows of `categoryid` (the same value again or, for about 6 % of the items, a new one),
    of `available` (0 or 1), of the price `790`, and rows of up to 1,100 other properties. No two rows of these first
    three share item, property and time.
    """
    items = len(shop.item_ids)
    counts = {
        "categoryid": _snapshots_per_item(CATEGORY_ROWS_PER_ITEM, items, rng),
        "available": _snapshots_per_item(AVAILABLE_ROWS_PER_ITEM, items, rng),
        "price": _snapshots_per_item(PRICE_ROWS_PER_ITEM, items, rng),
    }
    left = max(0, rows - sum(int(count.sum()) for count in counts.values()))
    counts["other"] = rng.multinomial(left, np.full(items, 1 / items))
    vocabulary = _Vocabulary.draw(shop.category_ids, rng)
    for start in range(0, items, CHUNK_ITEMS):
        chunk = slice(start, start + CHUNK_ITEMS)
        yield _property_table(
            shop.item_ids[chunk],
            shop.item_category[chunk],
            {name: count[chunk] for name, count in counts.items()},
            vocabulary,
            rng,
        )


@dataclass(frozen=True)
class _Vocabulary:
    """Every text that a property row can hold, so that rows are made of row numbers of these two arrays."""

    properties: pa.Array
    property_chance: Floats
    values: pa.Array
    categories: int

    @property
    def available(self) -> int:
        """Row of the value "0"; "1" follows it."""
        return self.categories

    @property
    def prices(self) -> int:
        return self.categories + 2

    @property
    def words(self) -> int:
        return self.prices + PRICES

    @staticmethod
    def draw(category_ids: Ints, rng: Generator) -> "_Vocabulary":
        numbers = np.setdiff1d(np.arange(OTHER_PROPERTIES + 1), [PRICE_PROPERTY])
        chance = 1.0 / (np.arange(OTHER_PROPERTIES) + 3.0)
        prices = np.round(np.geomspace(120, 6_000_000, PRICES), -1)
        texts = [f"n{price:.3f}" for price in prices.tolist()]
        hashed = rng.integers(1_000, 1_400_000, size=(WORD_VALUES, 3)).tolist()
        words_per_value = np.minimum(3, rng.geometric(0.6, WORD_VALUES)).tolist()
        texts += [" ".join(map(str, row[:n])) for row, n in zip(hashed, words_per_value, strict=True)]
        return _Vocabulary(
            properties=pa.array(["categoryid", "available", str(PRICE_PROPERTY), *map(str, rng.permutation(numbers))]),
            property_chance=np.cumsum(chance / chance.sum()),
            values=pa.array([*map(str, category_ids.tolist()), "0", "1", *texts]),
            categories=len(category_ids),
        )


def _snapshots_per_item(mean: float, items: int, rng: Generator) -> Ints:
    return np.minimum(SNAPSHOTS, 1 + rng.poisson(mean - 1, items))


def _spread(counts: Ints, rng: Generator) -> tuple[Ints, Ints, Ints]:
    """Rows for `counts[i]` different snapshots of item i: its row number i, the how-manieth, the snapshot's time."""
    owner = np.repeat(np.arange(len(counts)), counts)
    nth = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    of = counts[owner]
    week = nth * SNAPSHOTS // of + (rng.random(len(owner)) * (SNAPSHOTS // of)).astype(np.int64)
    return owner, nth, FIRST_SNAPSHOT + week * WEEK


def _property_table(
    item_ids: Ints, category: Ints, counts: dict[str, Ints], words: _Vocabulary, rng: Generator
) -> pa.Table:
    """The property rows of some items, by kind of property."""
    owners, times, names, values = [], [], [], []

    def add(owner: Ints, at: Ints, name: Any, value: Ints) -> None:
        owners.append(owner)
        times.append(at)
        names.append(np.broadcast_to(name, owner.shape).astype(np.int32))
        values.append(value.astype(np.int32))

    owner, nth, at = _spread(counts["categoryid"], rng)
    several = counts["categoryid"] > 1
    changes = (rng.random(len(item_ids)) < CATEGORY_CHANGE_SHARE / max(several.mean(), 1e-9)) & several
    nearby = (category + rng.integers(1, 4, len(item_ids))) % words.categories
    late = nth * 2 >= counts["categoryid"][owner]
    add(owner, at, 0, np.where(changes[owner] & late, nearby[owner], category[owner]))

    owner, nth, at = _spread(counts["available"], rng)
    at_first = rng.random(len(item_ids)) < 0.55
    add(owner, at, 1, words.available + (at_first[owner] ^ (nth % 2 == 1)))

    owner, nth, at = _spread(counts["price"], rng)
    base = rng.normal(0.55, 0.12, len(item_ids)) + 0.1 * np.sin(category)
    drift = rng.normal(0.0, 0.01, len(owner))
    add(owner, at, 2, words.prices + (np.clip(base[owner] + drift, 0, 1) * (PRICES - 1)).astype(np.int64))

    owner = np.repeat(np.arange(len(item_ids)), counts["other"])
    name = np.searchsorted(words.property_chance, rng.random(len(owner)))
    # An item's value of a property: always the same words, so that snapshots repeat each other as the real ones do.
    value = (owner * 7_919 + name * 104_729) % WORD_VALUES
    at = FIRST_SNAPSHOT + rng.integers(0, SNAPSHOTS, len(owner)) * WEEK
    add(owner, at, 3 + name, words.words + value)

    return pa.table(
        {
            "timestamp": np.concatenate(times),
            "itemid": item_ids[np.concatenate(owners)],
            "property": words.properties.take(pa.array(np.concatenate(names))),
            "value": words.values.take(pa.array(np.concatenate(values))),
        }
    )
