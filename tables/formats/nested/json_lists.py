"""Which of the lists in a record are its rows: by their names, and by what their objects add to what stands around."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

LISTS = (
    "events", "items", "interactions", "products", "lineitems", "orders", "actions", "clicks", "hits", "purchases",
    "transactions", "rows", "records", "results", "docs", "entries", "data",
)  # fmt: skip
"""Names of lists whose objects are the rows, the likelier first, where one object holds several lists."""
ITEMS = ("itemid", "productid", "sku", "aid", "articleid", "asin", "itemsku")
"""Names of an item that a record may hold itself where others have a list of them."""
OTHER_NAMES = {"productviewsku": "itemsku", "productviewname": "itemname", "productviewprice": "price"}
"""How Matomo calls values of an item beside the list of an order's items, with their names in it."""
_OTHER_ITEMS = "item|product|article|variantid|productsku|stockcode|movieid|bookid"
_KINDS = {
    "item": re.compile(rf"^({'|'.join(ITEMS)}|{_OTHER_ITEMS})$"),
    "user": re.compile(r"user|customer|visitor|client|member|buyer|session|kunde|nutzer|usuario|utente"),
    "event": re.compile(r"event|action|type"),
    "time": re.compile(r"time|date|created|when|(^|[a-z])at$|^ts$|datum|fecha|zeit"),
}
"""What a row has to say, and names that say it."""

Path = tuple[str, ...]


def lists_of_rows(lists: Iterable[Path], structure: dict[str, Any], known: set[str]) -> list[Path]:
    """Those lists of a record whose objects may be rows, the likelier first: by name, then those that name an item.

    Where `known`, what the values around name, has an item, a list that adds nothing has no rows: the taxes and
    discounts of a line of an order, say. The reviews of a product are rows, for they name users.
    """
    kinds_by_path = {path: kinds_of(_paths(_entry(structure, path))) for path in lists}
    rows = [
        path for path, kinds in kinds_by_path.items() if "item" not in known or "item" in kinds or not kinds <= known
    ]
    return sorted(rows, key=lambda path: (_rank(path[-1]), "item" not in kinds_by_path[path]))


def kinds_of(paths: Iterable[Path]) -> set[str]:
    """What plain values at some paths are by their names."""
    names = {name for path in paths for name in (plain_name(path[-1]), plain_name("".join(path[-2:])))}
    return {kind for kind, words in _KINDS.items() if any(map(words.search, names))}


def plain_name(name: str) -> str:
    """A name as it is compared: small letters alone."""
    return "".join(letter for letter in name.lower() if letter.isalpha())


def _rank(name: str) -> int:
    return LISTS.index(plain_name(name)) if plain_name(name) in LISTS else len(LISTS)


def _entry(structure: Any, path: Path) -> dict[str, Any]:
    for name in path:
        structure = structure[name]
    return structure[0]


def _paths(structure: dict[str, Any], above: Path = ()) -> Iterator[Path]:
    for name, kind in structure.items():
        inner: Sequence[Any] = kind if isinstance(kind, list) else [kind]
        if inner and isinstance(inner[0], dict):
            yield from _paths(inner[0], (*above, name))
        else:
            yield (*above, name)
