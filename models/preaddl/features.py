"""The numbers that describe a pair of a visitor and an item at a moment: aligned in time, label-encoded, scaled.

A column is known as of the pair's time: the item's category, price and availability are the values that held then,
counts are of events strictly before. Counts come from the training part alone, so that no test event enters a feature.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float, Int
from numpy import ndarray
from sklearn.preprocessing import MinMaxScaler

from kartograph.models.columns import ITEM, USER
from kartograph.models.data import NONE, Ids
from kartograph.models.preaddl.shop_events import CATEGORY, FOREVER, ShopEvents
from kartograph.models.preaddl.timeline import Timeline

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
LEAST_TIMED_MS = DAY_MS
"""A source whose times span less has places instead of times: hours and days mean nothing there."""


@dataclass(frozen=True)
class Category:
    """A node of the tree."""

    root: Int[ndarray, " categories"]
    level: Int[ndarray, " categories"]


def tree_positions(ids: Ids, tree: pd.DataFrame) -> Category:
    """Root and level of every category."""
    parent = np.full(len(ids), NONE)
    known = tree.dropna(subset=["parent_id"]) if len(tree) else tree
    if len(known):
        child = ids.rows(known["category_id"])
        parent[child[child != NONE]] = ids.rows(known["parent_id"])[child != NONE]
    return positions_below(parent)


def positions_below(parent: Int[ndarray, " categories"]) -> Category:
    """Root and level by walking up, all at once; a cycle ends after as many steps as categories, 64 at most."""
    root, level = np.arange(len(parent)), np.zeros(len(parent), dtype=np.int64)
    for _ in range(min(len(parent), 64)):
        up = parent[root]
        if (up == NONE).all():
            break
        level += up != NONE
        root = np.where(up == NONE, root, up)
    return Category(root, level)


class FeatureSpace:
    """The columns, what they are computed from, and their scale; made once from the training part."""

    def __init__(self, shop: ShopEvents, train: pd.DataFrame, visitors: Ids, items: Ids) -> None:
        """Index the histories of the shop and the events of the training part."""
        self.items = items
        self.cut = int(train["timestamp"].max())
        times = train["timestamp"].to_numpy()
        self._of_visitor = Timeline.of(visitors.rows(train[USER]), times)
        self._of_item = Timeline.of(items.rows(train[ITEM]), times)
        self._event_times = times
        self._timed = int(np.ptp(times)) >= LEAST_TIMED_MS
        self._values: dict[str, tuple[Timeline, ndarray]] = {}
        for name, rows in shop.properties.items():
            owner = items.rows(rows[ITEM])
            kept = owner != NONE
            since = rows["since"].to_numpy()[kept]
            # A value from the beginning is one from before all events.
            since = np.where(since <= FOREVER, min(int(times.min()), int(since.max(initial=0))) - 1, since)
            self._values[name] = Timeline.of(owner[kept], since), rows["value"].to_numpy()[kept]
        categories = [self._values[CATEGORY][1]] if CATEGORY in self._values else []
        tree_ids = [shop.tree[column].dropna().to_numpy() for column in shop.tree.columns]
        self.categories = Ids(pd.Index(pd.unique(np.concatenate([*categories, *tree_ids, np.array([], dtype=object)]))))
        self.tree = tree_positions(self.categories, shop.tree)
        if CATEGORY in self._values:
            timeline, values = self._values[CATEGORY]
            self._values[CATEGORY] = timeline, self.categories.rows(pd.Index(values))
        self.names: tuple[str, ...] = ()

    def fit_scale(self, raw: pd.DataFrame) -> None:
        """Learn medians, for missing values, and the range of each column from the training pairs."""
        self.names = tuple(raw.columns)
        self._medians = raw.median().fillna(0)
        self._scaler = MinMaxScaler(clip=True).fit(raw.fillna(self._medians).to_numpy())

    def scaled(self, raw: pd.DataFrame) -> Float[ndarray, "n features"]:
        """Fill what is missing with the training median and scale to 0 … 1; what lies outside is clipped."""
        return self._scaler.transform(raw[list(self.names)].fillna(self._medians).to_numpy()).astype(np.float32)

    def line(self, name: str) -> tuple[int, float, float]:
        """The place of a column, and a, b of its scale a + b·x before clipping."""
        column = self.names.index(name)
        return column, float(self._scaler.min_[column]), float(self._scaler.scale_[column])

    def category_at(self, items: Int[ndarray, " n"], times: Int[ndarray, " n"]) -> Int[ndarray, " n"]:
        """The row of each item's category at a time, `NONE` where none is known."""
        if CATEGORY not in self._values:
            return np.full(len(items), NONE)
        timeline, values = self._values[CATEGORY]
        row = timeline.latest(items, times, self.cut)
        return np.where(row < 0, NONE, values[np.maximum(row, 0)] if len(values) else NONE)

    def raw(self, visitors: Int[ndarray, " n"], items: Int[ndarray, " n"], times: Int[ndarray, " n"]) -> pd.DataFrame:
        """The columns before scaling; NaN where a value is missing. A column that the source cannot fill is left out.

        Categories are label-encoded: the number of the category and of its root, which have no order of their own.
        """
        columns: dict[str, ndarray] = {
            "item_events": np.log1p(self._of_item.before(items, times)),
            "visitor_events": np.log1p(self._of_visitor.before(visitors, times)),
        }
        if self._timed:
            row = self._of_item.window(items, times, 1)[:, 0]
            latest = np.where(row < 0, np.nan, self._event_times[np.maximum(row, 0)])
            columns["item_idle_days"] = (times - latest) / DAY_MS
            columns["hour"] = times // HOUR_MS % 24
            columns["weekday"] = (times // DAY_MS + 3) % 7
        for name, (timeline, values) in self._values.items():
            if name == CATEGORY:
                category = self.category_at(items, times)
                known = category != NONE
                columns |= {
                    "category": np.where(known, category, np.nan),
                    "root": np.where(known, self.tree.root[category] if len(self.categories) else 0, np.nan),
                    "level": np.where(known, self.tree.level[category] if len(self.categories) else 0, np.nan),
                }
            elif len(values):
                row = timeline.latest(items, times, self.cut)
                columns[name] = np.where(row < 0, np.nan, values[np.maximum(row, 0)].astype(float))
                if name == "price":
                    columns[name] = np.log1p(columns[name])
        return pd.DataFrame(columns)
