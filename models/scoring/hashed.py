"""An order of ids that stems from their texts alone: a keyed hash of each; equal scores go by it, and look-ups."""

import re

import numpy as np
import pandas as pd
from jaxtyping import Int
from numpy import ndarray

from kartograph.models.saved.texts import Texts

TIE_KEY = "ties000000024243"
"""The seed of `hashed_order`: one for all models and machines, so that served and measured lists agree. With it the
single letters a to h keep the order of the alphabet, which lets a reader follow small examples."""
_LONE = re.compile("[\ud800-\udfff]")


def hashed_order(ids: pd.Index) -> Int[ndarray, " items"]:
    """The rank of each id by a keyed hash of its text; ids of equal hash by their text.

    Equal scores are common: items with one view each, all items of one rule. An order that stems from a file would
    let the file decide who is shown, and let an evaluation ask for items that stand first in it.
    """
    text = np.asarray(ids.astype(str), dtype=object)
    hashes = _hashes(text)
    order = np.argsort(hashes, kind="stable")
    twins = np.flatnonzero(np.diff(hashes[order]) == 0)
    if len(twins):
        order = pd.DataFrame({"hash": hashes, "text": text}).sort_values(["hash", "text"]).index.to_numpy()
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(len(order))
    return ranks


def found_by_hash(texts: Texts, by_place: Int[ndarray, " items"], asked: list[object]) -> Int[ndarray, " n"]:
    """The row of each text asked for, -1 where it is none of them; `by_place` are the rows in `hashed_order`.

    Halves the order, all questions at once: about log2 of the texts are read for each.
    """
    rows = np.full(len(asked), -1, dtype=np.int64)
    open_ = np.array([position for position, one in enumerate(asked) if _is_text(one)], dtype=np.int64)
    asked_ids = np.empty(len(open_), dtype=object)
    asked_ids[:] = [asked[position] for position in open_]
    hashes = _hashes(asked_ids)
    low, high = np.zeros(len(open_), dtype=np.int64), np.full(len(open_), len(texts))
    while (halved := np.flatnonzero(low < high)).size:
        middle = (low[halved] + high[halved]) // 2
        less = _hashes(texts.at(by_place[middle])) < hashes[halved]
        low[halved[less]], high[halved[~less]] = middle[less] + 1, middle[~less]
    # Different texts may have one hash: they stand side by side.
    while (live := np.flatnonzero(low < len(texts))).size:
        open_, asked_ids, hashes, low = open_[live], asked_ids[live], hashes[live], low[live]
        there = texts.at(by_place[low])
        same = there == asked_ids
        rows[open_[same]] = by_place[low[same]]
        twins = np.flatnonzero(~same & (_hashes(there) == hashes))
        open_, asked_ids, hashes, low = open_[twins], asked_ids[twins], hashes[twins], low[twins] + 1
    return rows


def _is_text(one: object) -> bool:
    """Whether it can be among the texts: half of a surrogate pair is no character, and has no hash."""
    return isinstance(one, str) and not _LONE.search(one)


def _hashes(texts: ndarray) -> ndarray:
    return pd.util.hash_array(texts, hash_key=TIE_KEY, categorize=False)
