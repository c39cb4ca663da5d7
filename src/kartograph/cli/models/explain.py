"""The command that explains a recommendation: by a model's score, or by what stands in the graph."""

from typing import Annotated

import typer

from kartograph.cli.app import app
from kartograph.cli.models.asked import as_session, asked_model, refuse_unknown
from kartograph.cli.shared.answers import beside, titles_of
from kartograph.cli.shared.completion import models
from kartograph.cli.shared.connect import open_graph
from kartograph.cli.shared.console import notes, print_frame, print_json, shown_progress
from kartograph.tables.errors import BadInput

GRAPH = "graph"
"""In place of a model: what ties an item to a user in the graph, whatever a model says."""
STATEMENTS = (
    ("recommended", "Recommended at present"),
    ("by_co_occurrence", "In the same sessions as items of the user's history"),
    ("by_similarity", "Similar to items of the user's history"),
    ("by_category", "In the same part of the catalogue as items of the user's history"),
    ("by_users", "In the histories of users who share items with this one"),
    ("by_sessions", "Sessions of others that hold it beside items of the user's history"),
)
"""Statements of `queries/explain/` and what their rows are."""
OTHERS = ("rule", "neighbour", "category")
"""Kinds of parts whose ids are not those of items."""


@app.command(epilog="Example: kartograph explain walk --user 42 --item 1234")
def explain(
    context: typer.Context,
    model: Annotated[
        str,
        typer.Argument(
            help="A model of `kartograph models`, or graph for the paths in the graph.", autocompletion=models
        ),
    ],
    item: Annotated[str, typer.Option(help="The item's id.")],
    user: Annotated[str | None, typer.Option(help="The id of the user to whom it is recommended.")] = None,
    session: Annotated[
        str | None, typer.Option(help="Ids of the items of a session at hand, oldest first: a,b,c.")
    ] = None,
    top: Annotated[int, typer.Option(help="Number of rows of each kind.", min=1)] = 10,
    internal: Annotated[
        bool, typer.Option("--internal", help="Show the ids of other users; not for customers.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False,
) -> None:
    """Take a score apart, or show what ties an item to a user in the graph."""
    if (user is None) == (session is None):
        raise typer.BadParameter("give --user or --session, one of the two")
    if model == GRAPH:
        if user is None:
            raise typer.BadParameter("paths in the graph are those of a user: give --user")
        _graph(context.obj, user, item, top, as_json)
        return
    refuse_unknown(model)
    items = as_session(session) if session is not None else None
    with shown_progress() as progress, open_graph(context.obj, progress) as graph:
        recommender = asked_model(graph, context.obj, model, progress)
        parts = recommender.explain(item, user=user, session=items, internal=internal)
        titles = titles_of(graph, parts["behind"].where(~parts["kind"].isin(OTHERS)))
    score = float(parts["amount"].sum())
    if as_json:
        asked = {"user": user} if user is not None else {"session": items}
        kind = recommender.explains
        print_json({"model": model, **asked, "item": item, "explains": kind, "parts": parts.to_dict("records")})
    elif parts.empty:
        notes.print(_nothing(recommender.explains, recommender.personal, model), highlight=False, markup=False)
    else:
        rows = parts.head(top).round({"share": 4})
        named = beside(rows, "behind", titles.head(top)) if titles.notna().any() else rows
        print_frame(named, _heading(recommender.explains, model, score, len(parts), top))


def _heading(explains: str, model: str, score: float, parts: int, top: int) -> str:
    shown = f"; the {top} largest of {parts:,} are shown" if parts > top else ""
    if explains == "sum":
        return f"The score {score:.4g} of {model} is the sum of these parts{shown}"
    return f"What the score of {model} rests on ({explains}){shown}"


def _nothing(explains: str, personal: bool, model: str) -> str:
    if explains == "none" or not personal:
        return f"{model} ranks items without regard to a history: there is nothing to take apart."
    return f"{model} has no score for this item and this history."


def _graph(shop: str, user: str, item: str, top: int, as_json: bool) -> None:
    from kartograph import queries

    frames = {}
    with shown_progress() as progress, open_graph(shop, progress) as graph:
        if graph.query(queries.load("explore/user_facts"), user=user).empty:
            raise BadInput(f'the shop has no user "{user}": give the id of one of its users')
        if graph.query(queries.load("explore/items_by_id"), items=[item]).empty:
            raise BadInput(f'the shop has no item "{item}": give the id of one of its items')
        for name, title in STATEMENTS:
            statement = queries.load(f"explain/{name}")
            values = {"user": user, "item": item, "k": top}
            asked = {one: values[one] for one in statement.parameters}
            frames[name] = title, graph.query(statement, exact=True, **asked)
    if as_json:
        print_json({name: rows.to_dict("records") for name, (_, rows) in frames.items()})
        return
    shown = [(title, rows) for title, rows in frames.values() if len(rows)]
    for title, rows in shown:
        print_frame(rows, title)
    if not shown:
        notes.print("Nothing in the graph ties this item to this user.")
