"""Why an item is recommended: the parts of the model's score, links of the shop, and attributes alike."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from kartograph.models.columns import AMOUNT, BEHIND, KIND, SHARE
from kartograph.serving.bundle.opened import ServedModel
from kartograph.serving.ranking.question import Past
from kartograph.tables.events import EVENTS

if TYPE_CHECKING:
    from kartograph.serving.view import View

LINKS = 20
NEAR_PRICE = 0.1
"""Prices are alike that differ by this share at most."""


def parts(served: ServedModel, view: "View", history: list[Past], row: int) -> list[dict[str, Any]]:
    """What the model's score is made of, the largest first; empty where the model knows nothing of it."""
    known = [past for past in history if past.row < len(served.back) and served.back[past.row] >= 0]
    if not known or row >= len(served.back) or served.back[row] < 0:
        return []
    session = [(view.catalogue.id(past.row), EVENTS[past.kind], past.at) for past in known]
    frame = served.model.explain(view.catalogue.id(row), session=session)
    columns = (frame[name].tolist() for name in (KIND, BEHIND, AMOUNT, SHARE))
    return [dict(zip((KIND, BEHIND, AMOUNT, SHARE), values, strict=True)) for values in zip(*columns, strict=True)]


def paths(view: "View", history: list[Past], row: int) -> list[dict[str, Any]]:
    """user – items – item: items of the history that occur in the same sessions, the heaviest link first."""
    arrays = view.bundle.arrays
    offsets, steps = arrays["met.offsets"], []
    for past in dict.fromkeys(reversed(history)):
        if past.row >= view.bundle.items:
            continue
        start, stop = int(offsets[past.row]), int(offsets[past.row + 1])
        position = start + int(np.searchsorted(arrays["met.items"][start:stop], row))
        if position < stop and arrays["met.items"][position] == row:
            steps.append(
                {
                    "did": EVENTS[past.kind],
                    "item_id": view.catalogue.id(past.row),
                    "title": view.catalogue.title(past.row),
                    "link": "CO_OCCURS",
                    "weight": float(arrays["met.weights"][position]),
                }
            )
    return sorted(steps, key=lambda link: -link["weight"])[:LINKS]


def alike(view: "View", history: list[Past], row: int) -> list[dict[str, Any]]:
    """Attributes that the item shares with items of the history."""
    fields = view.catalogue.fields(row)
    seen = list(dict.fromkeys(past.row for past in reversed(history) if past.row != row))
    return [one for other in seen[:LINKS] for one in _shared(view, row, fields, other)]


def _shared(view: "View", row: int, fields: dict[str, Any], other: int) -> Iterator[dict[str, Any]]:
    theirs = view.catalogue.fields(other)
    for name, value in view.catalogue.likeness.shared(row, other):
        yield {"attribute": name, "value": value, "item_id": view.catalogue.id(other)}
    for name in ("category", "brand", "group_id"):
        if fields[name] is not None and fields[name] == theirs[name]:
            yield {"attribute": name, "value": fields[name], "item_id": view.catalogue.id(other)}
    mine, price = fields["price"], theirs["price"]
    if mine and price and abs(mine - price) <= NEAR_PRICE * max(mine, price):
        yield {"attribute": "price", "value": mine, "item_id": view.catalogue.id(other)}
