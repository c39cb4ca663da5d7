"""Answers of models on the terminal: items by their titles beside their ids."""

from typing import TYPE_CHECKING

from kartograph.cli.shared.console import cut, out, print_frame

if TYPE_CHECKING:
    import pandas as pd

    from kartograph.graph.connection import Graph

TITLE_LENGTH = 80
"""Letters of a title that a table shows."""


def with_titles(graph: "Graph", frame: "pd.DataFrame") -> "pd.DataFrame":
    """The answers of a model with the titles of the items after their ids; null where an item has none."""
    column = "similar_item_id" if "similar_item_id" in frame else "item_id"
    return beside(frame, column, titles_of(graph, frame[column]))


def beside(frame: "pd.DataFrame", column: str, titles: "pd.Series") -> "pd.DataFrame":
    """The frame with a column `title` after another one."""
    frame = frame.copy()
    frame.insert(frame.columns.get_loc(column) + 1, "title", titles)  # pyright: ignore[reportArgumentType, reportOperatorIssue]
    return frame


def titles_of(graph: "Graph", items: "pd.Series") -> "pd.Series":
    """The titles of items by their ids; null where an item has none."""
    from kartograph import queries

    known = items.dropna().drop_duplicates().tolist()
    titles = graph.query(queries.load("explore/items_by_id"), items=known).set_index("item_id")["title"]
    named = items.map(titles).astype(object)
    return named.where(named.notna(), None)


def print_answers(frame: "pd.DataFrame", heading: str = "") -> None:
    """Print answers that have titles as a table, and in a line each why there is none.

    Columns that say nothing are left out: `title` and `reason` where no item has one, `served_by` where one model
    served all, and where the terminal is too narrow for it beside reasons, which tell the models apart.
    """
    refused = frame["rank"] == 0
    served = frame[~refused]
    if len(served):
        silent = [name for name in ("title", "reason") if served[name].isna().all()]
        silent += [] if served["served_by"].nunique() > 1 else ["served_by"]
        titles = served["title"].map(lambda title: cut(title, TITLE_LENGTH), na_action="ignore")
        where_wide = "served_by" if served["reason"].notna().all() else None
        print_frame(served.assign(title=titles).drop(columns=silent), heading, where_wide=where_wide)
    for row in frame[refused].to_dict("records"):
        out.print(str(row["reason"]), markup=False, highlight=False)
