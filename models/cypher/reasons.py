"""Why an item is recommended, in words: made when somebody asks, from the items behind it."""

from typing import Literal

import pandas as pd

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.models.base import ITEM, USER

Evidence = Literal["sessions", "walk", "category", "popular"]
"""What ties an item to those behind it: the same sessions, a random walk, the category, nothing but popularity."""

DONE = {"BOUGHT": "you bought", "BORROWED": "you borrowed", "CARTED": "you put into the cart", "VIEWED": "you viewed"}
_SENTENCES = {
    "sessions": "often in the same session as {items}",
    "walk": "close in the shop's sessions to {items}",
    "category": "popular in the category of {items}",
}
POPULAR = "popular in the whole shop"
FAR = "reached from what you met over several items"


def in_words(graph: Graph, found: pd.DataFrame) -> list[str]:
    """One sentence part for each row of candidates with their `via` and `evidence`."""
    pairs = found[[USER, "via"]].explode("via").dropna().drop_duplicates()
    asked = [{"user": user, "item": item} for user, item in pairs.itertuples(index=False, name=None)]
    behind = graph.query(queries.load("explain/behind"), pairs=asked)
    named = {
        (row[USER], row[ITEM]): f"{_called(row[ITEM], row['title'])}, which {DONE[row['event']]}"
        for row in behind.to_dict("records")
    }
    return [
        _reason(evidence, [named[user, item] for item in via if (user, item) in named])
        for user, via, evidence in found[[USER, "via", "evidence"]].itertuples(index=False, name=None)
    ]


def _called(item: str, title: str | None) -> str:
    return f"{title} ({item})" if title else f"item {item}"


def _reason(evidence: Evidence, items: list[str]) -> str:
    if evidence == "popular":
        return POPULAR
    if not items:
        return FAR
    return _SENTENCES[evidence].format(items=", and ".join(items))
