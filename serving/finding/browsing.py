"""Looking around in a served shop: users, items, categories and brands by the beginning of their names."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Int
from numpy import ndarray

from kartograph.serving.bundle.texts import NONE, Texts

if TYPE_CHECKING:
    from kartograph.serving.view import View


def beginning(texts: Texts, starts: str) -> range:
    """The rows of texts, sorted by their bytes, that begin with a text."""
    prefix = starts.encode()

    def head(row: int) -> bytes:
        first = int(texts.offsets[row])
        return texts.characters[first : min(first + len(prefix), int(texts.offsets[row + 1]))].tobytes()

    rows = range(len(texts))
    low = bisect_left(rows, prefix, key=head)
    return range(low, bisect_left(rows, True, lo=low, key=lambda row: head(row) != prefix))


def largest_first(counts: Int[ndarray, " n"], most: int) -> Iterator[int]:
    """Places in falling order of their counts, equals by place: `most` of them at little cost, then the others."""
    least = np.partition(counts, len(counts) - most)[len(counts) - most] if len(counts) > most else 0
    for places in (np.flatnonzero(counts >= least), np.flatnonzero(counts < least)):
        yield from map(int, places[np.argsort(-counts[places], kind="stable")])


def users(view: "View", starts: str, most: int) -> Iterator[tuple[str, int]]:
    """Ids of users that begin with a text and their events in the bundle, those with most events first."""
    rows = beginning(view.bundle.user_ids, starts)
    offsets = view.bundle.arrays["history.offsets"]
    counts = np.diff(offsets[rows.start : rows.stop + 1]) if rows else np.zeros(0, np.int64)
    for position in largest_first(counts, most):
        yield view.bundle.user_ids[rows.start + position], int(counts[position])


def items(view: "View", starts: str, most: int) -> list[int]:
    """At most so many rows of items whose ids begin with a text: those created since first, then the popular ones."""
    catalogue = view.catalogue
    new = [row for row in reversed(catalogue.new_rows()) if catalogue.id(row).startswith(starts)] if starts else []
    rows = beginning(view.bundle.item_ids, starts)
    places = largest_first(catalogue.popularity[rows.start : rows.stop], most)
    new += [rows.start + position for position, _ in zip(places, range(most), strict=False)]
    return new[:most]


def categories(view: "View", text: str, most: int) -> list[tuple[str, int, str | None]]:
    """Categories whose ids or names hold a text: id, items in it and below, name; those with most items first."""
    ids = view.catalogue.categories.names
    counts = np.zeros(len(ids), np.int64)
    known = view.category_items
    counts[: len(known)] = known
    names = [view.catalogue.category_name(code) for code in range(len(ids))]
    return [
        (ids[position], int(counts[position]), names[position]) for position in _holding(ids, counts, text, most, names)
    ]


def brands(view: "View", text: str, most: int) -> list[tuple[str, int]]:
    """Brands that hold a text, with their items, those with most items first."""
    catalogue = view.catalogue
    own = catalogue.brand[: catalogue.count]
    counts = np.bincount(own[own != NONE], minlength=len(catalogue.brands.names))
    names = catalogue.brands.names
    return [(names[position], int(counts[position])) for position in _holding(names, counts, text, most)]


def items_below(view: "View") -> Int[ndarray, " categories"]:
    """How many items of the bundle lie in each category or below it."""
    catalogue = view.catalogue
    counts = np.bincount(catalogue.indices, minlength=len(catalogue.parents))
    below = counts.copy()
    for category in np.flatnonzero(counts).tolist():
        for above in catalogue.above(category):
            if above != category:
                below[above] += counts[category]
    return below


def _holding(
    ids: list[str], counts: ndarray, text: str, most: int, names: Sequence[str | None] | None = None
) -> list[int]:
    """The places of ids, or of their further names, that hold a text; the id that is the text itself comes first."""
    part = text.casefold()
    known = zip(ids, names or [None] * len(ids), strict=True)
    places = [position for position, both in enumerate(known) if any(one and part in one.casefold() for one in both)]
    return sorted(places, key=lambda position: (ids[position] != text, -counts[position], position))[:most]
