"""How the small shop comes into a database, and how a statement is run there with what it needs."""

from pathlib import Path

import pandas as pd

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.queries.cells import cell
from kartograph.queries.header import header_of

TEXT = Path(__file__).with_name("small_shop.cypher").read_text("utf-8")


def fill(graph: Graph) -> None:
    """Leave exactly the small shop in the database: no other node, no projection."""
    graph.query("MATCH (n) DETACH DELETE n", write=True)
    drop_projections(graph)
    graph.query(TEXT, write=True)
    graph.query("CALL db.awaitIndexes(60)")


def drop_projections(graph: Graph) -> None:
    """Leave no projection."""
    graph.query("CALL gds.graph.list() YIELD graphName CALL gds.graph.drop(graphName) YIELD graphName AS g RETURN g")


def shown_values(graph: Graph, statement: queries.Statement) -> dict:
    """The parameters that the file shows, evaluated by the server as Browser does it."""
    if not statement.shown:
        return {}
    columns = ", ".join(f"{expression} AS `{name}`" for name, expression in statement.shown.items())
    return graph.query(f"RETURN {columns}").iloc[0].to_dict()


def run(graph: Graph, name: str) -> pd.DataFrame:
    """Run what the statement needs, then the statement, with the parameters that the files show."""
    statement = queries.load(name)
    for needed in header_of(statement).needs:
        run(graph, needed)
    rows = graph.query(statement, write=True, **native(shown_values(graph, statement)))
    graph.query("CALL db.awaitIndexes(60)")
    return rows


def cells_of(rows: pd.DataFrame) -> list[list[str]]:
    """Column names and rows as they stand in an `.expected.csv`; nothing where no column came back."""
    if not len(rows.columns):
        return []
    return [list(rows.columns), *([cell(value) for value in row] for row in rows.itertuples(index=False, name=None))]


def native(values: dict) -> dict:
    return {name: value.item() if hasattr(value, "item") else value for name, value in values.items()}
