"""What the things in the sample shop are called, who makes them, what they cost and look like: for people who look.

RetailRocket's own data have none of this: its words are hashed. The names stand in files of their own,
`item_properties_names.csv`, as properties `title`, `brand`, `price` and `image`, and `category_names.csv`; nothing else
of the sample depends on them. Things are dealt out in the order of the tree, so that a user's taste, which lies near
one place of the tree, is a taste for kettles and teapots, or for tents.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.random import Generator

from kartograph.loaders.generated.sample_catalogue import FIRST_SNAPSHOT, Catalogue, Ints
from kartograph.loaders.generated.sample_pictures import address
from kartograph.loaders.generated.sample_things import DEPARTMENTS, LINES, LOOKS, MAKERS, plural

TITLE, BRAND, PRICE, IMAGE = "title", "brand", "price", "image"
MAKERS_OF_A_DEPARTMENT = 4
SPREAD = 0.32
"""Standard deviation of the logarithm of the prices of one thing."""
MOST_NAMED = 3
"""Departments that the name of a category lists; of more it names the first and the last."""
KINDS = ("", "small", "large", "light", "sturdy", "for travel", "for two", "for children", "handmade", "reduced")
"""What tells categories of one thing apart."""
THINGS = [thing for things in DEPARTMENTS.values() for thing in things]
DEPARTMENT_OF = [row for row, things in enumerate(DEPARTMENTS.values()) for _ in things]


def names_table(shop: Catalogue, rng: Generator) -> pa.Table:
    """`timestamp, itemid, property, value`: title, brand, price and picture of every item, of the first snapshot."""
    items, looks = len(shop.item_ids), list(LOOKS)
    costs = np.array([cost for things in DEPARTMENTS.values() for cost in things.values()], float)
    thing = _things(shop)[shop.item_category]
    look, line = rng.integers(0, len(looks), items), rng.integers(0, len(LINES), items)
    maker = np.array(DEPARTMENT_OF)[thing] * 2 + rng.integers(0, MAKERS_OF_A_DEPARTMENT, items)
    words = (_taken(looks, look), _taken(THINGS, thing), _taken(LINES, line))
    titles = pc.utf8_rtrim_whitespace(pc.binary_join_element_wise(*words, " "))  # pyright: ignore[reportAttributeAccessIssue]
    prices = np.ceil(costs[thing] * np.exp(rng.normal(0.0, SPREAD, items))) - 0.05
    combinations, picture = np.unique(thing * len(looks) + look, return_inverse=True)
    pictures = [address(THINGS[one // len(looks)], looks[one % len(looks)]) for one in combinations.tolist()]
    values = (titles, _taken(MAKERS, maker), pa.array(np.char.mod("n%.3f", prices)), _taken(pictures, picture))
    return pa.table(
        {
            "timestamp": np.full(len(values) * items, FIRST_SNAPSHOT),
            "itemid": np.tile(shop.item_ids, len(values)),
            "property": np.repeat([TITLE, BRAND, PRICE, IMAGE], items),
            "value": pa.concat_arrays([column.cast(pa.string()) for column in values]),
        }
    )


def category_names_table(shop: Catalogue) -> pa.Table:
    """`categoryid, name` of every category.

    A category without others below it is called by its thing, and those of one thing are told apart; one above others
    by its department, by the things that it joins, or by the departments that it reaches into.
    """
    things, last = _things(shop), _last_below(shop.parents)
    same: dict[int, int] = {}
    names = []
    for row, (first, end) in enumerate(zip(things.tolist(), things[last].tolist(), strict=True)):
        if last[row] == row:
            number = same[first] = same.get(first, -1) + 1
            kind = KINDS[number] if number < len(KINDS) else f"No. {number + 1}"
            names.append(f"{plural(THINGS[first])}{', ' if kind else ''}{kind}".capitalize())
        else:
            names.append(_joined(first, end, root=bool(shop.parents[row] < 0)))
    return pa.table({"categoryid": shop.category_ids, "name": names})


def _joined(first: int, last: int, *, root: bool) -> str:
    """The name of a category from one thing to another."""
    names = list(DEPARTMENTS)
    first_name, last_name = names[DEPARTMENT_OF[first]], names[DEPARTMENT_OF[last]]
    reached = names[DEPARTMENT_OF[first] : DEPARTMENT_OF[last] + 1]
    if len(reached) > MOST_NAMED:
        return f"{first_name} to {last_name.lower()}"
    if len(reached) > 1:
        return f"{', '.join(reached[:-1])} and {last_name}".capitalize()
    if root:
        return first_name
    if first == last:
        return f"All {plural(THINGS[first])}"
    return f"{plural(THINGS[first])} to {plural(THINGS[last])}".capitalize()


def _things(shop: Catalogue) -> Ints:
    """The thing of each category: dealt out over those without others below, each other one has that of its first."""
    last = _last_below(shop.parents)
    rows = np.arange(len(last))
    leaf = last == rows
    rank = np.cumsum(leaf) - leaf  # leaves before a row: in depth-first order the next leaf is the first one below
    return rank * len(THINGS) // leaf.sum()


def _last_below(parents: Ints) -> Ints:
    """The last row of the part of the tree below each row, itself where there is none; rows stand depth first."""
    last = np.arange(len(parents))
    for row in range(len(parents) - 1, -1, -1):
        if parents[row] >= 0:
            last[parents[row]] = max(last[parents[row]], last[row])
    return last


def _taken(words: list[str] | tuple[str, ...], rows: Ints) -> pa.Array:
    return pa.array(words).take(pa.array(rows))
