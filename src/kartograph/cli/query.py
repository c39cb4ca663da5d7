"""The command that runs a statement of `queries/` and prints its rows."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kartograph.cli.app import app
from kartograph.cli.shared.completion import statements
from kartograph.cli.shared.connect import open_graph
from kartograph.cli.shared.console import notes, print_frame, print_json, shown_progress, written
from kartograph.tables.errors import BadInput

if TYPE_CHECKING:
    import pandas as pd

    from kartograph.graph.connection import Graph
    from kartograph.queries import Statement


@app.command(epilog="Example: kartograph query explore/item_neighbours --param item=42 --param k=5")
def query(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(help="A statement, as explore/funnel; without one, all are listed.", autocompletion=statements),
    ] = None,
    param: Annotated[
        list[str] | None, typer.Option(help="A parameter as name=value; those not given are as the file shows them.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the rows as JSON, for scripts.")] = False,
) -> None:
    """Run a statement of the collection and print its rows."""
    from kartograph import queries

    if name is None:
        _list(as_json)
        return
    if any(letter.isspace() for letter in name):
        raise BadInput(
            f'"{name}" is no name of a statement, such as explore/funnel; `kartograph shell` runs Cypher of your own'
        )
    statement = queries.load(name)
    parameters = dict(parameter(statement, text) for text in param or ())
    with shown_progress() as progress, open_graph(context.obj, progress) as graph:
        rows = run_statement(graph, statement, parameters)
    if as_json:
        print_json(_records(rows))
    elif rows.empty:
        notes.print("No rows.")
    else:
        print_frame(written(rows, _readable))


def parameter(statement: "Statement", text: str) -> tuple[str, Any]:
    """Return name and value of `name=value`; the value is text where the file shows text, else JSON.

    Raises `BadInput` where the statement has no such parameter or the value is not of its kind.
    """
    name, equals, value = text.partition("=")
    if not equals or name not in statement.parameters:
        known = ", ".join(sorted(statement.parameters)) or "none"
        raise BadInput(f'"{text}" is no parameter of queries/{statement.name}.cypher: write name=value, names: {known}')
    shown = statement.shown[name]
    if shown.startswith(('"', "'")):
        return name, value
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        raise BadInput(f'{name} is "{value}": write it as JSON, such as {shown}') from None


def run_statement(graph: "Graph", statement: "Statement", parameters: dict[str, Any]) -> "pd.DataFrame":
    """Run a statement with the values given and, for the rest, those that the file shows.

    Raises `BadInput` with what the server says where it refuses, and what has to be run first.
    """
    from neo4j.exceptions import ClientError

    from kartograph.queries.header import header_of

    shown = {name: expression for name, expression in statement.shown.items() if name not in parameters}
    if shown:
        columns = ", ".join(f"{expression} AS `{name}`" for name, expression in shown.items())
        notes.print(
            "With " + ", ".join(f"{name} = {expression}" for name, expression in shown.items()),
            markup=False,
            highlight=False,
        )
        [row] = graph.query(f"RETURN {columns}", exact=True).to_dict("records")
        parameters |= {str(name): value for name, value in row.items()}
    try:
        plan = graph.driver.execute_query("EXPLAIN " + statement.text, parameters, database_=graph.database).summary
        return graph.query(statement, write=plan.query_type != "r", exact=True, **parameters)
    except ClientError as error:
        needs = header_of(statement).needs
        advice = f"; run first: {', '.join(f'kartograph query {need}' for need in needs)}" if needs else ""
        raise BadInput(f"the server refuses queries/{statement.name}.cypher: {error.message}{advice}") from error


def _list(as_json: bool) -> None:
    import pandas as pd

    from kartograph import queries
    from kartograph.queries.header import header_of

    statements = [{"statement": name, "question": header_of(queries.load(name)).question} for name in queries.names()]
    if as_json:
        print_json(statements)
    else:
        print_frame(pd.DataFrame(statements))


def _records(rows: "pd.DataFrame") -> list[dict[str, Any]]:
    from kartograph.queries.cells import plain

    return [{str(name): plain(value) for name, value in row.items()} for row in rows.to_dict("records")]


def _readable(value: Any) -> Any:
    """A value in a cell of the table: numbers stay such, null is written out."""
    from kartograph.queries.cells import cell

    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if value is None or is_number else cell(value)
