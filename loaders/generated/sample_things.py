"""What the sample shop sells: things by department, what one costs in the middle, and how they look."""

DEPARTMENTS: dict[str, dict[str, int]] = {
    "Kitchen": {
        "kettle": 38, "teapot": 29, "frying pan": 34, "stock pot": 52, "bread knife": 24, "chopping board": 21,
        "mixing bowl": 16,
    },
    "Table": {"espresso cup": 11, "dinner plate": 13, "carafe": 19, "candle holder": 14, "vase": 23},
    "Lighting": {"desk lamp": 49, "floor lamp": 98, "pendant lamp": 84, "lantern": 27},
    "Furniture": {"armchair": 249, "dining chair": 119, "coffee table": 179, "bookcase": 159, "chest of drawers": 219},
    "Home": {"wall mirror": 66, "picture frame": 17, "cushion": 22, "rug": 132, "bath towel": 20, "alarm clock": 32},
    "Garden": {"garden spade": 31, "watering can": 26, "plant pot": 15, "bird feeder": 18, "deck chair": 63},
    "Clothing": {
        "rain jacket": 109, "wool jumper": 79, "linen shirt": 54, "scarf": 29, "cap": 19, "trainers": 92,
        "walking boots": 138,
    },
    "Bags": {"backpack": 72, "weekend bag": 94, "wallet": 39, "umbrella": 25},
    "Books": {"notebook": 9, "fountain pen": 43, "cookery book": 28, "atlas": 46},
    "Sound": {"headphones": 119, "speaker": 89, "radio": 76},
    "Outdoors": {"bicycle lamp": 24, "water bottle": 18, "tent": 189, "camping stove": 46, "head torch": 29},
    "Toys": {"board game": 33, "building blocks": 36, "wooden train": 28, "soft toy": 17, "kite": 22},
}  # fmt: skip
"""Departments in the order of the category tree, so that relatives in the tree are relatives in the shop."""
PLURALS = {
    "bread knife": "bread knives", "scarf": "scarves", "trainers": "trainers", "walking boots": "walking boots",
    "headphones": "headphones", "building blocks": "building blocks", "chest of drawers": "chests of drawers",
    "head torch": "head torches", "atlas": "atlases",
}  # fmt: skip
"""Plurals that an s at the end does not make."""
LOOKS = {
    "Amber": "#d9902f", "Ash": "#b9a58a", "Blue": "#3f78c4", "Brass": "#c2993f", "Charcoal": "#4d525c",
    "Copper": "#c46f45", "Cream": "#e6d3a8", "Forest": "#3f7350", "Graphite": "#5b6270", "Green": "#5a9a56",
    "Grey": "#8e96a3", "Indigo": "#4a4f9c", "Ivory": "#e3dac3", "Mint": "#7cc3a4", "Oak": "#b98a5e",
    "Ochre": "#cf9a35", "Olive": "#8a8f45", "Plum": "#8a4a78", "Red": "#c8493f", "Rust": "#b1552f", "Sand": "#d3b98a",
    "Teal": "#2f8f92", "Walnut": "#7d5a41", "Yellow": "#e3b93c", "Classic": "#9a3f3f", "Everyday": "#5f86a6",
    "Little": "#d07f8f", "Modern": "#6d7fd0", "Nordic": "#7f9fb3", "Plain": "#a39a8c", "Quiet": "#8fa58a",
    "Rose": "#d98a96",
}  # fmt: skip
"""The first words of titles, and the colour in which a thing of that look is drawn."""
LINES = ("", "", "", "No. 2", "No. 5", "No. 7", "Duo", "Mini", "Plus", "Studio")
"""The last words of titles."""
MAKERS = (
    *("Alder & Finch", "Bergholm", "Birk", "Caldera", "Dovetail", "Elmwood", "Fjordal", "Garrick", "Hearth"),
    *("Ilves", "Juno", "Kestrel", "Larch", "Marlow", "Nettle", "Orsa", "Pellow", "Quayside", "Rowan", "Saltmarsh"),
    *("Tarn", "Umber", "Veld", "Wren", "Yarrow", "Zephyr"),
)  # fmt: skip


def plural(thing: str) -> str:
    """What several of a thing are called."""
    return PLURALS.get(thing, f"{thing}s")
