"""A file's, folder's or graph's events and categories as tables that protocols can cut."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import ibis
import pandas as pd

from kartograph import queries
from kartograph.evaluation.leaks import refuse_future, refuse_whole_period
from kartograph.evaluation.record import sha256, sha256_of_table
from kartograph.graph.connection import Graph
from kartograph.loaders import interactions, rees46, retailrocket, sessions
from kartograph.loaders.bookshop import books_source
from kartograph.loaders.specifications.interactions import InteractionOptions
from kartograph.models.columns import ITEM
from kartograph.models.data import Ids, TrainingData
from kartograph.models.item_categories import with_categories
from kartograph.tables.derived.derive import keyed_events
from kartograph.tables.derived.sessions import SessionOptions, with_sessions
from kartograph.tables.derived.taken_back import standing, with_taken_back
from kartograph.tables.engine import Engine, Rows
from kartograph.tables.errors import BadInput, OptionNeeded
from kartograph.tables.events import EVENTS
from kartograph.tables.formats.files import find_files
from kartograph.tables.formats.frame_times import milliseconds
from kartograph.tables.formats.prepare import layout_of
from kartograph.tables.progress import Progress, silent
from kartograph.tables.schema import CATEGORIES, CATEGORY_TREE, INTERACTIONS, ITEM_CATEGORIES, ITEMS, Source

EVENT_COLUMNS = ("user_id", "item_id", "event", "timestamp", "session_id")


@dataclass(frozen=True)
class ShopTables:
    """The events and categories of a source, whole: a protocol takes from them what may be known."""

    name: str
    events: pd.DataFrame
    """`EVENT_COLUMNS` in order of time; `user_id` is null where only the session is known."""
    item_categories: pd.DataFrame
    """`item_id, category_id, since, until`; since is null where the category was there from the beginning."""
    category_tree: pd.DataFrame
    """`category_id, parent_id`."""
    sums: dict[str, str] = field(default_factory=dict)
    """What the data is known by: SHA-256 sums, and the shop where it comes from a graph."""
    prices: pd.DataFrame | None = None
    """`item_id, price` of the items whose price the source names, without a date; None where it names none."""

    def training(
        self,
        events: pd.DataFrame,
        owner: str,
        before: int | None = None,
        catalogue: bool = False,
        items: Ids | None = None,
    ) -> TrainingData:
        """What may be learned from these events, with the categories that items had just before `before`.

        With `catalogue`, items that had a category by then but no event join the items. `items` numbers the items, all
        of which it has, as other training data does. Without `before` items have their price; a price has no date, so
        that before a cut it could be a later one. Raises `Leak` where an event is not earlier than `before`.
        """
        refuse_future(events, before)
        data = TrainingData.from_table(events, owner)
        if items is not None:
            rows = items.rows(data.items.external)[data.histories.items]
            data = replace(data, items=items, histories=replace(data.histories, items=rows))
        known = self.item_categories
        if before is not None:
            known = known[(known["since"].isna() | (known["since"] < before))]
            known = known[known["until"].isna() | (known["until"] >= before)]
        else:
            known = known[known["until"].isna()]
        if not known.empty:
            data = with_categories(data, known, self.category_tree, catalogue)
        if before is None and self.prices is not None:
            facts = self.prices.set_index(ITEM).reindex(data.items.external).rename_axis(ITEM).reset_index()
            data = replace(data, facts=facts)
        return data

    @property
    def known_users(self) -> pd.DataFrame:
        """The events whose user is known."""
        return self.events[self.events["user_id"].notna()].reset_index(drop=True)


def shop_tables(data: Any, progress: Progress = silent) -> ShopTables:
    """The tables of a path, a connected graph, or a frame of events; tables themselves stay as they are.

    A frame has `user_id` or `session_id`, `item_id`, `event` and `timestamp` (see `tables.formats.frame_times`). Raises
    `BadInput` for anything else.
    """
    if isinstance(data, ShopTables):
        return data
    if isinstance(data, Graph):
        return tables_of_graph(data, "graph", progress)
    if isinstance(data, pd.DataFrame):
        tables = tables_of(source_of_events(data), progress)
        return replace(tables, sums={"sha256": sha256_of_table(data)})
    if isinstance(data, str | Path):
        return read_tables(Path(data), progress)
    raise BadInput(f"{type(data).__name__} is no data to evaluate on. Give a path, a graph, or a frame of events.")


def source_of_events(events: pd.DataFrame) -> Source:
    """A frame of events as a source without properties and categories."""
    owners = [column for column in ("user_id", "session_id") if column in events]
    missing = [column for column in ("item_id", "event", "timestamp") if column not in events]
    if missing or not owners or events.empty:
        raise BadInput(
            f"The frame has {len(events)} rows and the columns {', '.join(map(str, events.columns))}. It needs a row, "
            "user_id or session_id, item_id, event and timestamp."
        )
    engine = Engine()

    def table(name: str, frame: pd.DataFrame, schema: ibis.Schema):
        full = frame.reindex(columns=list(schema)).astype(object)
        return engine.store(name, ibis.memtable(full.where(full.notna(), None), schema=schema))

    ids = events[[*owners, "item_id"]]
    text = ids.astype(str).where(ids.notna(), None)
    unknown = ~events["event"].isin(EVENTS)
    if unknown.any() or text["item_id"].isna().any():
        raise BadInput(
            f"{int(unknown.sum())} events of the frame are none of {', '.join(EVENTS)}, and "
            f"{int(text['item_id'].isna().sum())} have no item."
        )
    whole = events.copy()
    whole[list(text.columns)] = text
    whole["timestamp"] = milliseconds(events["timestamp"])
    whole = whole.reset_index(drop=True)
    items = ibis.schema({column: kind for column, kind in ITEMS.items() if column != "popularity"})
    return Source(
        name="frame",
        interactions=table("interactions", whole, INTERACTIONS),
        items=table("items", pd.DataFrame({"item_id": whole["item_id"].unique()}), items),
        item_categories=table("item_categories", pd.DataFrame({"item_id": []}), ITEM_CATEGORIES),
        category_tree=table("category_tree", pd.DataFrame({"category_id": []}), CATEGORY_TREE),
        categories=table("categories", pd.DataFrame({"category_id": []}), CATEGORIES),
    )


def read_source(path: Path, progress: Progress = silent, items: Path | None = None) -> Source:
    """Read a file or folder with the loader whose files it looks like.

    A folder with `events.csv` is RetailRocket's, one with `borrows.csv` the bookshop's; a file with `event_time` and
    `product_id` is REES46's, one with `session_id` and `position` but no user holds sessions, any other interactions.
    With `items`, a table of what items are, it is a file of interactions, whatever its columns. Raises `BadInput` where
    a folder comes with one.
    """
    if items is not None:
        if path.is_dir():
            raise BadInput(
                f"--items goes with a file of interactions, and {path} is a folder. Name the file of events."
            )
        return _interactions(path, InteractionOptions(items=str(items)), progress)
    if path.is_dir():
        if any(path.glob("events.csv*")):
            return retailrocket.read(path, progress=progress)
        if (path / "borrows.csv").is_file():
            return books_source.read(path, progress=progress)
        raise BadInput(f"{path} has neither events.csv nor borrows.csv. Name a folder of a known layout, or a file.")
    columns = _columns(path)
    if {"event_time", "product_id", "user_session"} <= columns:
        return rees46.read(path, progress=progress)
    if _of_sessions(columns):
        return sessions.read(path, progress=progress)
    return _interactions(path, InteractionOptions(), progress)


def _interactions(path: Path, options: InteractionOptions, progress: Progress) -> Source:
    """Read interactions; where an option of the loader is needed, the error says which command has it."""
    try:
        return interactions.read(path, options, progress)
    except OptionNeeded as error:
        raise OptionNeeded(
            f"{error} The option is one of `kartograph load interactions`: load the file with it, then give this "
            "command no file, and it takes the shop's events."
        ) from error


def holds_sessions(path: Path) -> bool:
    """Whether a file holds sessions whose users and times nobody knows: clicks in order."""
    return _of_sessions(_columns(path))


def _columns(path: Path) -> set[str]:
    return set(layout_of(find_files(path)[0]).columns)


def _of_sessions(columns: set[str]) -> bool:
    return {"session_id", "position", "item_id"} <= columns and "user_id" not in columns


def tables_of(source: Source, progress: Progress = silent) -> ShopTables:
    """The tables of a source that has times; raises `BadInput` where it has none.

    Events without a time are left out: nobody can tell on which side of a cut they lie.
    """
    refuse_whole_period(list(source.items.columns))
    progress("Cutting sessions")
    cut = with_sessions(keyed_events(source), SessionOptions(), source.report)
    events = standing(with_taken_back(cut, source.report))
    dated = events.filter(events.timestamp.notnull()).select(*EVENT_COLUMNS, "event_key").to_pyarrow().to_pandas()
    if dated.empty:
        raise BadInput(
            f"The events of {source.name} have no times, and this protocol divides by time. Use `evaluate sequences` "
            "or `evaluate interactions` on parts of your own."
        )
    dated = dated.sort_values(["timestamp", "event_key"], kind="stable").drop(columns="event_key")
    categories: Rows = source.item_categories
    periods, edges = ("item_id", "since", "until", "category_id"), ("category_id", "parent_id")
    return ShopTables(
        source.name,
        dated.reset_index(drop=True),
        # In a fixed order: whoever numbers items or categories as they come breaks ties by it.
        categories.select(*periods).order_by(*periods).to_pyarrow().to_pandas(),
        source.category_tree.select(*edges).order_by(*edges).to_pyarrow().to_pandas(),
        prices=_prices(source.items),
    )


def _prices(items: Rows) -> pd.DataFrame | None:
    if "price" not in items.columns:
        return None
    known = items.filter(items.price.notnull()).select("item_id", "price").order_by("item_id").to_pyarrow().to_pandas()
    return None if known.empty else known


def tables_of_graph(graph: Graph, name: str, progress: Progress = silent) -> ShopTables:
    """The tables of a shop's graph, read before anything is measured; raises `BadInput` where it has no dated events.

    What the graph was enriched with stays there: only events, categories and their tree are read. A session without a
    user counts as a user of its own.
    """
    progress("Reading events from the graph")
    visits = graph.query(queries.load("export/dated_events"))
    visits["session_id"] = visits.index.astype(str)
    lists = visits.rename(columns={"visitor": "user_id", "items": "item_id", "events": "event", "times": "timestamp"})
    events = lists.explode(["item_id", "event", "timestamp"])[list(EVENT_COLUMNS)]
    events = events[events["timestamp"].notna()].astype({"timestamp": "int64"})
    if events.empty:
        raise BadInput(f'The shop "{name}" has no events with a time. Load one, or name a file or folder.')
    history = graph.query(queries.load("export/category_history"))
    history["until"] = history.groupby("item_id")["since"].shift(-1)
    events = events.sort_values("timestamp", kind="stable").reset_index(drop=True)
    return ShopTables(
        name,
        events,
        history.astype({"since": "Int64", "until": "Int64"}),
        graph.query(queries.load("export/category_tree")),
        {"shop": name, "events_sha256": sha256_of_table(events)},
        None if (prices := graph.query(queries.load("export/item_prices"))).empty else prices,
    )


def read_tables(path: Path, progress: Progress = silent, items: Path | None = None) -> ShopTables:
    """`tables_of` what `read_source` finds at a path; raises `BadInput` where there is nothing."""
    for one in (path, items):
        if one is not None and not one.exists():
            raise BadInput(f"{one} does not exist. Name a file of interactions or a folder of a known layout.")
    tables = tables_of(read_source(path, progress, items), progress)
    sums = {"sha256": sha256(path)} | ({} if items is None else {"items_sha256": sha256(items)})
    return replace(tables, name=path.absolute().name, sums=sums)
