"""Reasons in words, made when somebody asks, from the parts of a score; no reason names another customer."""

from collections.abc import Collection
from typing import TYPE_CHECKING

import pandas as pd

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.models.columns import ITEM, PARTS, RANK, REASON, SESSION, USER
from kartograph.models.data import TrainingData
from kartograph.models.explaining import Part

if TYPE_CHECKING:
    from kartograph.models.base import Recommender

DONE = {"BOUGHT": "you bought", "BORROWED": "you borrowed", "CARTED": "you put into the cart", "VIEWED": "you viewed"}
OF_ITEMS = {
    "item": "goes with {0}",
    "influence": "because of {0}",
    "sessions": "often in the same session as {0}",
    "walk": "close in the shop's sessions to {0}",
    "same-category": "popular in the category of {0}",
}
"""Kinds of parts whose ids are items, and what they say."""
OF_OTHERS = {
    "bought": "you bought it before",
    "clicked": "you looked at it and have not bought it",
    "rule": "who did {0}",
    "neighbour": "customers like you want it",
    "category": "it is wanted in category {0}, where you look",
}
OF_STRANGERS = OF_OTHERS | {"neighbour": "customers want it", "category": "it is wanted in category {0}"}
"""The same for those without a history, who have looked nowhere and are like nobody."""
POPULAR = "popular in the whole shop"
POPULAR_LATELY = "popular in the whole shop lately"
FAR = "goes with what you have seen"
UNEXPLAINED = "ranked by {0}, which gives no reasons"
NAMED = 2
"""Items that a reason names."""


def with_reasons(
    frame: pd.DataFrame,
    model: "Recommender",
    source: Graph | TrainingData | None,
    user: str | None,
    new: Collection[str | int] = (),
) -> pd.DataFrame:
    """The frame with `reason` in words for its items; rows without an item keep what they say.

    `user` is the column that holds users, None where nobody is known: what they did with the items behind is named.
    `new` are the users, or the numbers of the sessions, without a history: nothing of theirs leads to an item.
    """
    served = frame[RANK] > 0
    if not served.any():
        return frame
    whose = frame.loc[served, user].tolist() if user else [None] * int(served.sum())
    said = [_said(parts) for parts in frame.loc[served, PARTS]]
    of_items = [
        (name, part.id) for name, parts in zip(whose, said, strict=True) for part in parts if part.kind in OF_ITEMS
    ]
    names = _names(list(dict.fromkeys(of_items)), source)
    known = common_reason(model)
    unknown = known if model.explains == "none" else POPULAR
    strange = frame.loc[served, user or SESSION].isin(list(new))
    words = [
        _sentence(parts, name, names, unknown if is_new else known, OF_STRANGERS if is_new else OF_OTHERS)
        for name, parts, is_new in zip(whose, said, strange, strict=True)
    ]
    return frame.assign(**{REASON: frame[REASON].mask(served, pd.Series(words, frame.index[served], dtype=object))})


def common_reason(model: "Recommender") -> str:
    """What is said of an item that no item of a history leads to."""
    return model.common_reason or (UNEXPLAINED.format(model.called) if model.explains == "none" else FAR)


def _said(parts: list[Part]) -> list[Part]:
    """The parts of the kind with the largest amount, those that are named."""
    if not parts:
        return []
    totals: dict[str, float] = {}
    for part in parts:
        totals[part.kind] = totals.get(part.kind, 0.0) + part.amount
    kind = max(totals, key=lambda kind: totals[kind])
    return [part for part in parts if part.kind == kind][:NAMED]


def _sentence(
    parts: list[Part],
    user: str | None,
    names: dict[tuple[str | None, str], str],
    nothing: str,
    of_others: dict[str, str],
) -> str:
    if not parts:
        return nothing
    kind = parts[0].kind
    if kind in OF_ITEMS:
        return OF_ITEMS[kind].format(", and ".join(names.get((user, part.id), f"item {part.id}") for part in parts))
    return POPULAR if kind == "popular" else of_others[kind].format(parts[0].id)


def _names(
    behind: list[tuple[str | None, str]], source: Graph | TrainingData | None
) -> dict[tuple[str | None, str], str]:
    """What the items behind are called, and what each user did with them where the graph knows."""
    if isinstance(source, TrainingData):
        facts = source.facts
        if facts is None or "title" not in facts:
            return {}
        titles = facts.set_index(ITEM)["title"].dropna()
        return {(user, item): f"{titles[item]} ({item})" for user, item in behind if item in titles.index}
    if source is None or not behind:
        return {}
    if behind[0][0] is None:
        rows = source.query(queries.load("explore/items_by_id"), items=[item for _, item in behind])
        return {(None, item): _called(item, title) for item, title in zip(rows[ITEM], rows["title"], strict=True)}
    asked = [{"user": user, "item": item} for user, item in behind]
    done = source.query(queries.load("explain/behind"), pairs=asked)
    return {
        (row[USER], row[ITEM]): f"{_called(row[ITEM], row['title'])}, which {DONE[row['event']]}"
        for row in done.to_dict("records")
    }


def _called(item: str, title: str | None) -> str:
    return f"{title} ({item})" if title else f"item {item}"
