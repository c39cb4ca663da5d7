"""Counts of a loaded shop, read from its graph with the statements of `queries/explore`."""

from collections.abc import Collection
from typing import Any

import pandas as pd

from kartograph import queries
from kartograph.evaluation.report.data import (
    TOP_CATEGORIES,
    TOP_CUSTOMERS,
    TOP_PRODUCTS,
    DataFigures,
    Kind,
    TableFigures,
)
from kartograph.graph.connection import Graph
from kartograph.tables.events import EVENTS
from kartograph.tables.progress import Progress, silent

DESCRIPTIONS = {
    "Category": "Categories; a root has no parent",
    "Event": "What happened in sessions, (:Session)-[:INCLUDES]->(:Item)",
    "Item": "What can be recommended",
    "Session": "Visits; one without a user is anonymous",
    "User": "Who was there",
}
BOUGHT = ("buy", "borrow")


def shop_figures(
    graph: Graph, name: str, look_up: Collection[tuple[Kind, str]] = (), progress: Progress = silent
) -> DataFigures:
    """The figures of the shop `name` behind `graph`; a borrowed book counts as bought, categories are the present ones.

    Tables are the graph's labels, without sample rows.
    """

    def rows(statement: str, **parameters: Any) -> pd.DataFrame:
        progress(f"Asking {statement}")
        return graph.query(queries.load(f"explore/{statement}"), **parameters)

    missing, hours = rows("missing_values"), rows("events_by_hour")
    per_user, buyers = rows("purchases_per_user"), rows("top_buyers", k=TOP_CUSTOMERS)
    sellers, categories = rows("best_sellers", k=TOP_PRODUCTS), rows("top_categories", k=TOP_CATEGORIES)
    ids_of_kind = {kind: [id for of, id in look_up if of == kind] for kind in ("user", "item", "category")}
    counts = rows(
        "counts_of_ids", users=ids_of_kind["user"], items=ids_of_kind["item"], categories=ids_of_kind["category"]
    )
    [ends] = rows("period").astype(object).to_dict("records")
    events = hours.groupby("event")["events"].sum().to_dict()
    users = missing[(missing["kind"] == "User") & (missing["property"] == "session")]
    return DataFigures(
        name=name,
        source="the loaded shop",
        tables=tuple(_table(str(kind), of_kind) for kind, of_kind in missing.groupby("kind", sort=True)),
        events={kind: int(events[kind]) for kind in EVENTS if kind in events},
        users=int((users["total"] - users["missing"]).sum()),
        purchases_per_user=dict(zip(per_user["purchases"].tolist(), per_user["users"].tolist(), strict=True)),
        top_customers=_pairs(buyers, "user", "purchases"),
        purchases_by_hour=_by_hour(hours),
        top_products=_pairs(sellers, "item", "purchases"),
        top_categories=_pairs(categories, "category", "events"),
        first=ends["first"],
        last=ends["last"],
        looked_up={(row["kind"], row["id"]): row["count"] for row in counts.to_dict("records")},
    )


def _table(kind: str, of_kind: pd.DataFrame) -> TableFigures:
    missing = dict(zip(of_kind["property"].tolist(), of_kind["missing"].tolist(), strict=True))
    return TableFigures(kind, DESCRIPTIONS[kind], int(of_kind["total"].iloc[0]), missing)


def _pairs(rows: pd.DataFrame, name: str, number: str) -> tuple[tuple[str, int], ...]:
    return tuple(zip(rows[name].tolist(), rows[number].tolist(), strict=True)) if len(rows) else ()


def _by_hour(hours: pd.DataFrame) -> tuple[int, ...]:
    timed = hours[hours["event"].isin(BOUGHT) & hours["hour"].notna()]
    counts = timed.groupby(timed["hour"].astype(int))["events"].sum()
    return tuple(int(counts.get(hour, 0)) for hour in range(24)) if len(counts) else ()
