"""What the preparation merges, from any source: events, dated properties of the items and the category tree."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy import ndarray

from kartograph.models.columns import ITEM, USER
from kartograph.models.data import NONE, TrainingData
from kartograph.tables.derived.taken_back import standing_interactions
from kartograph.tables.errors import BadInput
from kartograph.tables.events import EVENTS
from kartograph.tables.progress import Progress, silent
from kartograph.tables.schema import Source

CATEGORY, PRICE, AVAILABLE = "category", "price", "available"
FOREVER = np.iinfo(np.int64).min // 2
"""`since` of a value that held from the beginning."""


@dataclass(frozen=True)
class ShopEvents:
    """Three tables that are joined over item, category and time."""

    events: pd.DataFrame
    """`user_id, item_id, event, timestamp` (ms), in order of time."""
    properties: dict[str, pd.DataFrame] = field(default_factory=dict)
    """By property, `item_id, since, value`: the value holds from `since` until the item's next one. The value of
    `category` is an id, that of the others a number."""
    tree: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"category_id": [], "parent_id": []}, dtype=object))
    """`category_id, parent_id`; roots have no parent."""

    def __post_init__(self) -> None:
        """Refuse a shop without events."""
        if self.events.empty:
            raise BadInput("There are no events: pairs need at least one. Load or name a source that has some.")


def from_retailrocket(folder: str | Path, progress: Progress = silent) -> ShopEvents:
    """Read RetailRocket's folder with every dated category, price and availability in it.

    Of several values of one instant the smallest holds, as in the graph. All tables have a total order.
    """
    from kartograph.loaders import retailrocket

    source = retailrocket.read(folder, progress=progress)
    history = retailrocket.property_history(folder, progress=progress).to_pyarrow().to_pandas()
    names = {"category_id": CATEGORY, "price": PRICE, "available": AVAILABLE}
    properties = {}
    for column, name in names.items():
        rows = history.loc[history["property"] == column, [ITEM, "timestamp", "value"]]
        if len(rows):
            rows = rows.rename(columns={"timestamp": "since"})
            rows = rows if name == CATEGORY else rows.assign(value=rows["value"].astype(float))
            properties[name] = rows.groupby([ITEM, "since"], as_index=False)["value"].min()
    return ShopEvents(_in_order(_sorted(source.interactions.to_pyarrow().to_pandas())), properties, _tree_of(source))


def from_source(source: Source) -> ShopEvents:
    """Take what any loader read. Prices and availability without a date are left out: they may be later than a cut."""
    # In a fixed order, since categories are numbered as they come.
    periods = source.item_categories.order_by("item_id", "since").to_pyarrow().to_pandas()
    interactions = standing_interactions(source.interactions, source.report).to_pyarrow().to_pandas()
    if interactions["timestamp"].isna().any():
        raise BadInput(f"The source {source.name} has events without a time; pairs are aligned in time: give times.")
    properties = {} if periods.empty else {CATEGORY: _periods(periods)}
    return ShopEvents(_in_order(_sorted(interactions)), properties, _tree_of(source))


def from_sequences(clicks: pd.DataFrame) -> ShopEvents:
    """Take clicks as `tables.sequences.read_sequences` gives them: a session is a visitor, places are times."""
    return ShopEvents(
        pd.DataFrame(
            {
                USER: clicks["session_id"],
                ITEM: clicks["item_id"],
                "event": "view",
                "timestamp": np.arange(len(clicks), dtype=np.int64),
            }
        )
    )


def from_training(data: TrainingData) -> ShopEvents:
    """Take training data with what it knows of its items: category, price, availability, and the tree.

    The owner is the visitor. Properties hold from the beginning, for training data has their present values; of several
    categories of an item the first counts. Where there are no times the place of an event is its time; an event without
    a time among others has that of its owner's event before it, else of the one after it, else the median of all.
    """
    histories = data.histories
    frame = pd.DataFrame(
        {
            USER: data.owners.external[histories.owners],
            ITEM: data.items.external[histories.items],
            "event": np.asarray(EVENTS, dtype=object)[histories.events],
            "timestamp": _times(data),
        }
    )
    return ShopEvents(_in_order(frame), _present(data), _tree(data))


def _times(data: TrainingData) -> ndarray:
    """A time for every event."""
    if data.times is None:
        return np.arange(len(data.histories.items))
    known = pd.Series(data.times).where(data.times != 0)
    if known.notna().all():
        return data.times
    of_owner = known.groupby(data.histories.owners)
    return of_owner.ffill().fillna(of_owner.bfill()).fillna(known.median()).fillna(0).to_numpy().astype(np.int64)


def _present(data: TrainingData) -> dict[str, pd.DataFrame]:
    """Category, price and availability of the items that have them."""
    columns: dict[str, pd.Series] = {}
    if data.categories is not None:
        first = data.categories.first
        names = pd.Series(data.categories.ids.external[first], dtype=object)
        columns[CATEGORY] = names.where(first != NONE)
    for name in (PRICE, AVAILABLE):
        if data.facts is not None and name in data.facts:
            columns[name] = pd.to_numeric(data.facts[name], errors="coerce").astype(float).reset_index(drop=True)
    items = pd.Series(data.items.external)
    tables = {
        name: pd.DataFrame({ITEM: items, "since": FOREVER, "value": values}).dropna(subset=["value"])
        for name, values in columns.items()
    }
    return {name: table for name, table in tables.items() if len(table)}


def _tree(data: TrainingData) -> pd.DataFrame:
    """The categories with their parents, None for a root."""
    if data.categories is None:
        return pd.DataFrame({"category_id": [], "parent_id": []}, dtype=object)
    names, parents = data.categories.ids.external, data.categories.parents
    above = pd.Series(names[parents], dtype=object).where(parents != NONE, None)
    return pd.DataFrame({"category_id": names, "parent_id": above}, dtype=object)


def missing_values(shop: ShopEvents) -> pd.DataFrame:
    """`table, column, rows, missing`: how many values each column of the three tables lacks, zeros are values."""
    tables = {"events": shop.events, **{f"property {name}": rows for name, rows in shop.properties.items()}}
    tables["category tree"] = shop.tree
    return pd.DataFrame(
        [
            {"table": name, "column": str(column), "rows": len(rows), "missing": int(rows[column].isna().sum())}
            for name, rows in tables.items()
            for column in rows.columns
        ]
    )


def _in_order(events: pd.DataFrame) -> pd.DataFrame:
    kept = events[[USER, ITEM, "event", "timestamp"]].astype({"timestamp": np.int64})
    return kept.sort_values("timestamp", kind="stable", ignore_index=True)


def _sorted(events: pd.DataFrame) -> pd.DataFrame:
    """Events as a source gives them come in no certain order: those of one time by user, item and kind."""
    return events.sort_values([USER, ITEM, "event"], kind="stable")


def _tree_of(source: Source) -> pd.DataFrame:
    """The tree in the order of the ids, since categories are numbered as they come."""
    tree = source.category_tree.to_pyarrow().to_pandas()
    return tree.sort_values(list(tree.columns), kind="stable", ignore_index=True)


def _periods(periods: pd.DataFrame) -> pd.DataFrame:
    """Periods `item_id, category_id, since` as dated values; without a beginning they hold from the first day."""
    since = pd.to_numeric(periods["since"]).astype(float)
    return pd.DataFrame(
        {
            ITEM: periods[ITEM],
            "since": np.where(since.isna(), FOREVER, since.fillna(0)).astype(np.int64),
            "value": periods["category_id"],
        }
    )
