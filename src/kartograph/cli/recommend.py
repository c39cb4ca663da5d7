"""The commands that recommend from the graph and explain why."""

from typing import TYPE_CHECKING, Annotated

import typer

from kartograph.cli.app import app
from kartograph.cli.connect import open_graph
from kartograph.cli.console import notes, out, print_frame, print_json, shown_progress
from kartograph.tables.errors import BadInput

if TYPE_CHECKING:
    from kartograph.graph.connection import Graph
    from kartograph.models.cypher.asking import GraphRecommender
    from kartograph.tables.progress import Progress

EXPLANATIONS = (
    ("recommended", "Recommended at present"),
    ("by_co_occurrence", "In the same sessions as items that the user met"),
    ("by_similarity", "Similar to items that the user met"),
    ("by_category", "In the same part of the catalogue as items that the user met"),
    ("by_users", "Met by users who share items with this one"),
    ("by_sessions", "Sessions of others that hold it beside items that the user met"),
)
"""Statements of `queries/explain/` and what their rows are."""


@app.command(epilog="Example: kartograph recommend co-occurrence --user 42 --top 5")
def recommend(
    context: typer.Context,
    model: Annotated[
        str, typer.Argument(help="Which recommender: co-occurrence, pagerank, popular-in-category or mcprhrec.")
    ] = "co-occurrence",
    user: Annotated[list[str] | None, typer.Option(help="For whom; may be given several times.")] = None,
    top: Annotated[int, typer.Option(help="How many items per user.", min=1)] = 5,
    seen: Annotated[bool, typer.Option("--seen", help="Recommend items that the user met as well.")] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Write a run into the graph; without --user for all active users.")
    ] = False,
    everyone: Annotated[
        bool,
        typer.Option("--everyone", help="With --write: for all users; a list on the user for those not active."),
    ] = False,
    active_days: Annotated[int, typer.Option(help="Active: seen in so many days before the last event.", min=1)] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False,
) -> None:
    """Recommend items to users, with a reason each."""
    if not user and not write:
        raise typer.BadParameter("name a user with --user, or write for all active ones with --write")
    if everyone and (user or not write):
        raise typer.BadParameter("--everyone goes with --write and without --user")
    with shown_progress() as progress, open_graph(context.obj, progress) as graph:
        recommender = graph_recommender(model, not seen).fit(graph)
        if write:
            _write(graph, recommender, user, top, everyone, active_days, progress)
        if user:
            _print_recommendations(graph, recommender, user, top, as_json)


@app.command(epilog="Example: kartograph explain --user 42 --item 1234")
def explain(
    context: typer.Context,
    user: Annotated[str, typer.Option(help="Whose recommendation.")],
    item: Annotated[str, typer.Option(help="Which item.")],
    top: Annotated[int, typer.Option(help="How many rows per kind of reason.", min=1)] = 5,
    model: Annotated[
        str | None,
        typer.Option(help="What this model's score is made of; mcprhrec learns first, then names rules, neighbours, …"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False,
) -> None:
    """Show what ties an item to a user in the graph, or, with --model, what a score is made of."""
    from kartograph import queries

    found = {}
    with shown_progress() as progress, open_graph(context.obj, progress) as graph:
        _refuse_unknown(graph, user, item)
        if model is not None:
            _print_score(graph, model, user, item, as_json, progress)
            return
        for name, title in EXPLANATIONS:
            statement = queries.load(f"explain/{name}")
            values = {"user": user, "item": item, "k": top}
            found[name] = title, graph.query(statement, **{one: values[one] for one in statement.parameters})
    if as_json:
        print_json({name: rows.to_dict("records") for name, (_, rows) in found.items()})
        return
    shown = [(title, rows) for title, rows in found.values() if len(rows)]
    for title, rows in shown:
        print_frame(rows, title)
    if not shown:
        notes.print("Nothing in the graph ties this item to this user.")


def graph_recommender(name: str, new_only: bool = True) -> "GraphRecommender":
    """The recommender of that name. Raises `BadInput` that lists them where there is none."""
    from kartograph.models.cypher.co_occurrence import CoOccurrence
    from kartograph.models.cypher.personalised_pagerank import PersonalisedPageRank
    from kartograph.models.cypher.popular_in_category import PopularInCategory
    from kartograph.models.mcprhrec.on_graph import OnGraph

    known = {model.name: model for model in (CoOccurrence, PersonalisedPageRank, PopularInCategory, OnGraph)}
    if name not in known:
        raise BadInput(f'"{name}" is no recommender that asks the graph: there are {", ".join(known)}')
    return known[name](new_only=new_only)


def _print_score(graph: "Graph", model: str, user: str, item: str, as_json: bool, progress: "Progress") -> None:
    """The parts of one score; they add up to it."""
    from kartograph.models.mcprhrec.on_graph import OnGraph

    if model != OnGraph.name:
        raise BadInput(f'the scores of "{model}" cannot be taken apart: those of {OnGraph.name} can')
    told = OnGraph().fit(graph, progress).explained(user, item)
    score = float(told["amount"].sum())
    if as_json:
        print_json({"model": model, "user": user, "item": item, "score": score, "parts": told.to_dict("records")})
    elif told.empty:
        notes.print(f"{model} has no score for this item and this user.")
    else:
        print_frame(told.round(4), f"The score {score:.4f} of {model} is the sum of")


def _write(
    graph: "Graph",
    recommender: "GraphRecommender",
    user: list[str] | None,
    top: int,
    everyone: bool,
    active_days: int,
    progress: "Progress",
) -> None:
    from kartograph.graph.recommendations import WriteBack, active_users, all_users, write_recommendations

    users = user or (all_users(graph) if everyone else active_users(graph, active_days))
    if not users:
        raise BadInput(f"no user was active in the last {active_days} days of the shop; give more --active-days")
    options = WriteBack(edges="active" if everyone else "all", active_days=active_days)
    run = write_recommendations(graph, recommender.name, recommender.portions(users, top), options, progress)
    notes.print(f"Wrote {run.written:,} recommendations for {len(users):,} users as {run.run}.", highlight=False)


def _print_recommendations(
    graph: "Graph", recommender: "GraphRecommender", users: list[str], top: int, as_json: bool
) -> None:
    from kartograph import queries

    found = recommender.recommend(users, top)
    items = found["item_id"].drop_duplicates().tolist()
    titles = graph.query(queries.load("explore/items_by_id"), items=items).set_index("item_id")["title"]
    found.insert(2, "title", found["item_id"].map(titles).astype(object).where(lambda column: column.notna(), None))
    if as_json:
        print_json(found.to_dict("records"))
        return
    if found["title"].isna().all():
        found = found.drop(columns="title")
    if found.empty:
        out.print("The shop holds no items with events to recommend.")
    else:
        print_frame(found)


def _refuse_unknown(graph: "Graph", user: str, item: str) -> None:
    from kartograph import queries

    if graph.query(queries.load("explore/user_facts"), user=user).empty:
        raise BadInput(f'the shop has no user "{user}": give the id of one of its users')
    if graph.query(queries.load("explore/items_by_id"), items=[item]).empty:
        raise BadInput(f'the shop has no item "{item}": give the id of one of its items')
