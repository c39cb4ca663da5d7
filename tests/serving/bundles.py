"""Bundles and views so small that the right list can be worked out by hand; no graph stands behind them."""

from pathlib import Path

import numpy as np
import pandas as pd

from kartograph.models.groups import offsets_of
from kartograph.models.scoring.hashed import hashed_order
from kartograph.serving.bundle.making import BundleDescription
from kartograph.serving.bundle.opened import Bundle
from kartograph.serving.bundle.shop_arrays import SPARE
from kartograph.serving.bundle.texts import Texts, packed
from kartograph.serving.catalogue.changes import ChangeLog
from kartograph.serving.events.log import EventLog
from kartograph.serving.view import View

AVAILABLE = {None: -1, False: 0, True: 1}
MADE = BundleDescription("b", "db", "s", {}, {}, 0, 0)


def _spare(values, fill) -> np.ndarray:
    return np.concatenate([np.asarray(values), np.full(SPARE, fill, np.asarray(values).dtype)])


def bundle(
    items: list[dict],
    users: dict[str, list[tuple[str, int]]] | None = None,
    met: list[tuple[str, str, float]] = (),  # pyright: ignore[reportArgumentType]
    parents: dict[str, str] | None = None,
    category_names: dict[str, str] | None = None,
) -> Bundle:
    """Items as fields, users as (item, time) of their views, pairs that co-occur with weights, categories' parents.

    `category_names` are what some categories are called.
    """
    items = sorted(items, key=lambda item: item["item_id"].encode())
    ids = [item["item_id"] for item in items]
    row = {id: number for number, id in enumerate(ids)}
    users, parents = users or {}, parents or {}
    names = sorted(users, key=str.encode)
    events = [(number, row[item], at) for number, name in enumerate(names) for item, at in users[name]]
    owners, rows, times = (
        (np.array(column, np.int64) for column in zip(*events, strict=True)) if events else [np.zeros(0, np.int64)] * 3
    )
    popularity = np.bincount(rows, minlength=len(ids)).astype(np.int64)
    ties = hashed_order(pd.Index(ids)) if ids else np.zeros(0, np.int64)
    known = sorted({item["category"] for item in items if item.get("category")} | {*parents, *parents.values()})
    place = {name: number for number, name in enumerate(known)}
    categories = [[place[item["category"]]] if item.get("category") else [] for item in items]
    arrays = {
        "popularity": _spare(popularity, 0),
        "ties": _spare(ties, np.iinfo(np.int64).max),
        "popular": np.lexsort((ties, -popularity)).astype(np.int32),
        "available": _spare(
            np.array([{None: -1, False: 0, True: 1}[one.get("available")] for one in items], np.int8), -1
        ),
        "price": _spare(np.array([one.get("price", np.nan) for one in items], float), np.nan),
        "categories.indptr": np.r_[0, np.cumsum([len(one) for one in categories])].astype(np.int64),
        "categories.indices": np.array([code for one in categories for code in one], np.int32),
        "parents": np.array([place.get(parents.get(name, ""), -1) for name in known], np.int32),
        "history.offsets": offsets_of(owners, len(names)),
        "history.items": rows.astype(np.int32),
        "history.kinds": np.zeros(len(rows), np.int8),
        "history.times": times,
        "latest.times": np.sort(times),
        "latest.items": rows[np.argsort(times, kind="stable")].astype(np.int32),
    }
    for name in ("brand", "group_id"):
        codes, values = pd.factorize(pd.Series([one.get(name) for one in items], dtype=object))
        characters, offsets = packed([str(value) for value in values])
        arrays |= {name: _spare(codes.astype(np.int32), -1), f"{name}s.bytes": characters, f"{name}s.offsets": offsets}
    if category_names:
        named = packed([category_names.get(category, "") for category in known])
        arrays |= dict(zip(("category_names.bytes", "category_names.offsets"), named, strict=True))
    pairs = sorted([(row[a], row[b], w) for a, b, w in met] + [(row[b], row[a], w) for a, b, w in met])
    arrays["met.offsets"] = offsets_of(np.array([a for a, _, _ in pairs], np.int64), len(ids))
    arrays["met.items"] = np.array([b for _, b, _ in pairs], np.int32)
    arrays["met.weights"] = np.array([w for _, _, w in pairs], np.float32)
    texts = (ids, names, [item.get("title") or "" for item in items], known)
    item_ids, user_ids, titles, category_ids = (Texts(*packed(text)) for text in texts)
    return Bundle(MADE, Path(), arrays, item_ids, user_ids, titles, category_ids, models={})


def view(made: Bundle, folder: Path) -> View:
    """The bundle with empty logs in a folder."""
    return View.of(made, ChangeLog(folder / "items.sqlite"), EventLog(folder / "events.sqlite"))
