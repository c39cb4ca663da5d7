"""The RetailRocket e-commerce data set: a folder of events, item properties and the category tree."""

from dataclasses import dataclass

from kartograph.loaders.registry import Loader
from kartograph.loaders.shared.declared import option
from kartograph.loaders.shared.options import FileOptions
from kartograph.loaders.shared.recognizing.recognize import has_files

EVENTS = {"user_id": "visitorid", "item_id": "itemid", "event": "event", "timestamp": "timestamp"}
"""The columns of events.csv by what they hold."""


@dataclass(frozen=True)
class RetailRocketOptions(FileOptions):
    """Which item properties are kept."""

    properties: tuple[str, ...] = option(
        (), "Further item properties to keep, by their hashed names: 888,283; `888` becomes `property_888`.", "none"
    )
    price_property: str | None = option(
        "790", "The hashed name of the price, as users of the data found out; empty for none."
    )
    title_property: str | None = option(None, "The property with the title, where words are not hashed.", "none")
    brand_property: str | None = option(None, "The property with the brand, where words are not hashed.", "none")

    image_property: str | None = option(None, "The property with the address of a picture.", "none")

    @property
    def clear(self) -> dict[str, str]:
        """The property of each column that takes one."""
        named = {
            "price": self.price_property,
            "title": self.title_property,
            "brand": self.brand_property,
            "image": self.image_property,
        }
        return {column: name for column, name in named.items() if name}

    def __post_init__(self) -> None:
        """Take names apart that stand in one text."""
        listed = (name.strip() for text in self.properties for name in text.split(","))
        object.__setattr__(self, "properties", tuple(dict.fromkeys(name for name in listed if name)))
        object.__setattr__(self, "price_property", self.price_property or None)


LOADER = Loader(
    "retailrocket",
    "Load the RetailRocket e-commerce data set.",
    path="The folder with events.csv, item_properties*.csv and category_tree.csv, or a zip of it. A category_names.csv "
    "(categoryid, name) says what categories are called.",
    example="downloads/retailrocket --properties 888,283",
    options=RetailRocketOptions,
    read="kartograph.loaders.retailrocket:read",
    recognize=has_files({"events": EVENTS.values(), "category_tree": ("categoryid", "parentid")}),
)
