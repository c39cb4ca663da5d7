"""What the things in the sample shop are called, who makes them and what they cost: for people who look at it.

RetailRocket's own data have none of this: its words are hashed. The names stand in a file of their own,
`item_properties_names.csv`, as properties `title`, `brand` and `price`, and nothing else of the sample depends on them.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.random import Generator

from kartograph.loaders.generated.sample_catalogue import FIRST_SNAPSHOT, Catalogue

TITLE, BRAND, PRICE = "title", "brand", "price"
_THINGS = {
    "kettle": 38, "teapot": 29, "frying pan": 34, "stock pot": 52, "bread knife": 24, "chopping board": 21,
    "mixing bowl": 16, "coffee mill": 47, "espresso cup": 11, "dinner plate": 13, "carafe": 19, "apron": 18,
    "desk lamp": 49, "floor lamp": 98, "pendant lamp": 84, "armchair": 249, "dining chair": 119, "coffee table": 179,
    "bookcase": 159, "side table": 74, "chest of drawers": 219, "wall mirror": 66, "picture frame": 17, "vase": 23,
    "candle holder": 14, "throw": 44, "cushion": 22, "duvet cover": 58, "pillow": 33, "bath towel": 20, "rug": 132,
    "curtain": 41, "garden spade": 31, "watering can": 26, "plant pot": 15, "bird feeder": 18, "deck chair": 63,
    "lantern": 27, "rake": 22, "secateurs": 28, "backpack": 72, "weekend bag": 94, "wallet": 39, "umbrella": 25,
    "rain jacket": 109, "wool jumper": 79, "linen shirt": 54, "scarf": 29, "cap": 19, "trainers": 92,
    "walking boots": 138, "slippers": 27, "wristwatch": 145, "alarm clock": 32, "notebook": 9, "fountain pen": 43,
    "pencil case": 13, "desk organiser": 26, "headphones": 119, "speaker": 89, "radio": 76, "bicycle lamp": 24,
    "bicycle bell": 12, "saddle bag": 37, "water bottle": 18, "yoga mat": 35, "skipping rope": 11, "tent": 189,
    "sleeping bag": 99, "camping stove": 46, "head torch": 29, "board game": 33, "puzzle": 19, "building blocks": 36,
    "wooden train": 28, "soft toy": 17, "kite": 22, "paint box": 16,
}  # fmt: skip
"""Things of a category, and what one costs in the middle."""
_LOOKS = (
    *("Amber", "Ash", "Blue", "Brass", "Charcoal", "Classic", "Coastal", "Compact", "Copper", "Cream", "Everyday"),
    *("Fine", "Folding", "Forest", "Graphite", "Green", "Grey", "Indigo", "Ivory", "Large", "Light", "Little"),
    *("Mint", "Modern", "Nordic", "Oak", "Ochre", "Olive", "Plain", "Plum", "Quiet", "Round", "Rust", "Sand"),
    *("Slim", "Striped", "Teal", "Walnut"),
)  # fmt: skip
_LINES = ("", "", "", "No. 2", "No. 5", "No. 7", "Duo", "Mini", "Plus", "Studio")
_MAKERS = (
    *("Alder & Finch", "Bergholm", "Birk", "Caldera", "Dovetail", "Elmwood", "Fjordal", "Garrick", "Hearth"),
    *("Ilves", "Juno", "Kestrel", "Larch", "Marlow", "Nettle", "Orsa", "Pellow", "Quayside", "Rowan", "Saltmarsh"),
    *("Tarn", "Umber", "Veld", "Wren", "Yarrow", "Zephyr"),
)  # fmt: skip
MAKERS_OF_A_CATEGORY = 5
SPREAD = 0.32
"""Standard deviation of the logarithm of the prices of one thing."""


def names_table(shop: Catalogue, rng: Generator) -> pa.Table:
    """`timestamp, itemid, property, value`: title, brand and price of every item, of the first snapshot."""
    items, categories = len(shop.item_ids), len(shop.category_ids)
    things, costs = pa.array(list(_THINGS)), np.array(list(_THINGS.values()), float)
    of_category = rng.permutation(categories) % len(costs)
    thing = of_category[shop.item_category]
    look, line = rng.integers(0, len(_LOOKS), items), rng.integers(0, len(_LINES), items)
    maker = (shop.item_category * 7 + rng.integers(0, MAKERS_OF_A_CATEGORY, items)) % len(_MAKERS)
    words = (pa.array(_LOOKS).take(pa.array(look)), things.take(pa.array(thing)), pa.array(_LINES).take(pa.array(line)))
    titles = pc.utf8_rtrim_whitespace(pc.binary_join_element_wise(*words, " "))  # pyright: ignore[reportAttributeAccessIssue]
    prices = np.ceil(costs[thing] * np.exp(rng.normal(0.0, SPREAD, items))) - 0.05
    values = (titles, pa.array(_MAKERS).take(pa.array(maker)), pa.array(np.char.mod("n%.3f", prices)))
    return pa.table(
        {
            "timestamp": np.full(3 * items, FIRST_SNAPSHOT),
            "itemid": np.tile(shop.item_ids, 3),
            "property": np.repeat([TITLE, BRAND, PRICE], items),
            "value": pa.concat_arrays([column.cast(pa.string()) for column in values]),
        }
    )
