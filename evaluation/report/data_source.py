"""Counts of a source that a loader has read, or of a folder in RetailRocket's layout."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import ibis
import ibis.expr.types as ir

from kartograph.evaluation.report.data import (
    TOP_CATEGORIES,
    TOP_CUSTOMERS,
    TOP_PRODUCTS,
    DataFigures,
    Kind,
    TableFigures,
)
from kartograph.loaders import retailrocket
from kartograph.tables.contents.categories import category_at
from kartograph.tables.derived.taken_back import standing_interactions
from kartograph.tables.engine import Engine, Expression, Rows, count_rows
from kartograph.tables.errors import BadInput
from kartograph.tables.events import EVENTS
from kartograph.tables.progress import Progress, silent
from kartograph.tables.schema import Source

SAMPLES = 3
"""Rows of each table that are shown."""
HOUR_MS = 3_600_000
RETAILROCKET_TABLES = {
    "events": "What visitors did: views, additions to the cart, transactions",
    "item_properties*": "What items are: category, availability and hashed properties, each dated",
    "category_tree": "Which category lies in which: roots have no parent",
}
"""Stems of the files, with what is in them (the paper's Table 2)."""


def retailrocket_figures(
    folder: Path, look_up: Collection[tuple[Kind, str]] = (), progress: Progress = silent
) -> DataFigures:
    """The figures of a folder in RetailRocket's layout; missing values and samples are those of the files themselves.

    Raises `BadInput` where a file or column is missing.
    """
    source = retailrocket.read(folder, progress=progress)
    progress("Counting missing values")
    engine = Engine()
    try:
        tables = tuple(
            described(engine, stem.removesuffix("*"), text, sorted(folder.glob(f"{stem}.csv*")))
            for stem, text in RETAILROCKET_TABLES.items()
        )
    finally:
        engine.close()
    progress("Counting events and purchases")
    return source_figures(source, folder.resolve().name, "files in RetailRocket's layout", tables, look_up)


def described(engine: Engine, name: str, description: str, files: Sequence[Path]) -> TableFigures:
    """Rows, missing values and the first rows of CSV files, read as text; files that repeat a packed one are ignored.

    Raises `BadInput` where there is no file.
    """
    once = list({file.name.removesuffix(".gz"): file for file in sorted(files, reverse=True)}.values())[::-1]
    if not once:
        raise BadInput(f"There is no file of {name}. Name a folder that holds {name}.csv or {name}.csv.gz.")
    rows: Rows = engine.backend.read_csv([str(file) for file in once], all_varchar=True, header=True)
    missing = {column: rows[column].isnull().sum() for column in rows.columns}
    [counts] = rows.agg(rows_of_table=rows.count(), **missing).to_pyarrow().to_pylist()
    samples = rows.limit(SAMPLES).to_pyarrow().to_pylist()
    return TableFigures(
        name=name,
        description=description,
        rows=counts.pop("rows_of_table"),
        missing={column: int(number or 0) for column, number in counts.items()},
        samples=tuple(tuple(value or "" for value in row.values()) for row in samples),
    )


def source_figures(
    source: Source,
    name: str,
    how: str,
    tables: tuple[TableFigures, ...] = (),
    look_up: Collection[tuple[Kind, str]] = (),
) -> DataFigures:
    """The figures of any source's interactions. A borrowed book counts as bought. Ties go by id."""
    events = standing_interactions(source.interactions, source.report)
    bought: Rows = events.filter(events.event.isin(["buy", "borrow"]))
    placed: Rows = category_at(events, source.item_categories)
    customers = _counted(bought, "user_id")
    products, categories = _counted(bought, "item_id"), _counted(placed, "category_id")
    kinds = _pairs(_counted(events, "event"))
    per_user = customers.group_by(purchases=customers.n).agg(users=customers.count()).order_by("purchases")
    [ends] = events.agg(first=events.timestamp.min(), last=events.timestamp.max()).to_pyarrow().to_pylist()
    counted: Mapping[Kind, ir.Table] = {"user": customers, "item": products, "category": categories}
    return DataFigures(
        name=name,
        source=how,
        tables=tables,
        events={kind: kinds[kind] for kind in EVENTS if kind in kinds},
        users=int(events.user_id.nunique().to_pyarrow().as_py()),
        purchases_per_user={row["purchases"]: row["users"] for row in per_user.to_pyarrow().to_pylist()},
        top_customers=_top(customers, TOP_CUSTOMERS),
        purchases_by_hour=_by_hour(bought),
        top_products=_top(products, TOP_PRODUCTS),
        top_categories=_top(categories, TOP_CATEGORIES),
        first=ends["first"],
        last=ends["last"],
        looked_up={(kind, id): _count_of(counted[kind], id) for kind, id in look_up},
    )


def _counted(rows: Rows, column: str) -> Rows:
    """`id, n`: how often each value of a column occurs; rows without a value are left out."""
    known = rows.filter(rows[column].notnull())
    return known.group_by(id=known[column]).agg(n=known.count())


def _top(counted: Rows, k: int) -> tuple[tuple[str, int], ...]:
    best = counted.order_by([ibis.desc("n"), "id"]).limit(k)
    return tuple(_pairs(best).items())


def _pairs(counted: Rows) -> dict[str, int]:
    return {row["id"]: row["n"] for row in counted.to_pyarrow().to_pylist()}


def _count_of(counted: Rows, id: str) -> int:
    total: Expression = counted.filter(counted.id == id).n.sum()
    return int(total.to_pyarrow().as_py() or 0)


def _by_hour(bought: Rows) -> tuple[int, ...]:
    timed = bought.filter(bought.timestamp.notnull())
    if not count_rows(timed):
        return ()
    hours = timed.group_by(hour=(timed.timestamp // HOUR_MS) % 24).agg(n=timed.count())
    counts = {row["hour"]: row["n"] for row in hours.to_pyarrow().to_pylist()}
    return tuple(counts.get(hour, 0) for hour in range(24))
