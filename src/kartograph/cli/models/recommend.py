"""The commands that recommend items: to users, to a session, and like an item."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kartograph.cli.app import app
from kartograph.cli.models.asked import as_session, asked_model, refuse_unknown
from kartograph.cli.shared.answers import print_answers, with_titles
from kartograph.cli.shared.completion import models
from kartograph.cli.shared.connect import open_graph
from kartograph.cli.shared.console import notes, print_json, shown_progress
from kartograph.tables.errors import BadInput
from kartograph.tables.report import counted

if TYPE_CHECKING:
    import pandas as pd

    from kartograph.graph.connection import Graph
    from kartograph.models.base import Recommender
    from kartograph.tables.progress import Progress

Model = Annotated[
    str, typer.Argument(help="A model of `kartograph models`, or a class as file.py:Class.", autocompletion=models)
]
Top = Annotated[int, typer.Option(help="Number of items.", min=1)]
Where = Annotated[
    str | None,
    typer.Option(
        help="Filter over the table of items, as SQL: \"price < 50 and brand = 'acme'\". Unavailable items are left "
        'out unless it names the column available: "available or not available" for all.'
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
ENDINGS = (".csv", ".parquet")


@app.command(epilog="Example: kartograph recommend walk --user 42 --top 5")
def recommend(
    context: typer.Context,
    model: Model = "co-occurrence",
    user: Annotated[list[str] | None, typer.Option(help="A user's id; may be given several times.")] = None,
    session: Annotated[
        str | None, typer.Option(help="Ids of the items of a session at hand, oldest first: a,b,c.")
    ] = None,
    top: Top = 5,
    where: Where = None,
    include_seen: Annotated[
        bool, typer.Option("--include-seen", help="Recommend items of the history as well.")
    ] = False,
    as_json: AsJson = False,
    to: Annotated[Path | None, typer.Option("--out", help="Write the answers to a .csv or .parquet file.")] = None,
    write: Annotated[
        bool,
        typer.Option(
            "--write", help="Write the recommendations into the graph as a run; without --user for all active users."
        ),
    ] = False,
    everyone: Annotated[
        bool,
        typer.Option(
            "--everyone", help="With --write: for all users; inactive ones get their list as properties of the user."
        ),
    ] = False,
    active_days: Annotated[
        int,
        typer.Option(help="Users count as active with an event in this many days before the shop's last event.", min=1),
    ] = 30,
) -> None:
    """Recommend items to users or for a session, with a reason each.

    With --session and --user the session is that user's, and what the user did before counts as far as the model uses
    it: models of users all of it, models of sessions the events that their option `past` says. The current version of
    the model answers; one is trained first where there is none. Items that are known to be unavailable are left out.
    """
    if not user and session is None and not write:
        raise typer.BadParameter("name a user with --user, a session with --session, or write for all with --write")
    if user and session is not None and len(user) > 1:
        raise typer.BadParameter("a session belongs to one user: give one --user with --session")
    if everyone and (user or not write):
        raise typer.BadParameter("--everyone goes with --write and without --user")
    if write and session is not None:
        raise typer.BadParameter("--write is for users: a session has no node to write to")
    if to is not None and to.suffix not in ENDINGS:
        raise BadInput(f"--out is {to}; the file ends in {' or '.join(ENDINGS)}.")
    refuse_unknown(model)
    from kartograph.models.where.conditions import for_people

    items = as_session(session) if session is not None else None
    with shown_progress() as progress, open_graph(context.obj, progress) as graph:
        recommender = asked_model(graph, context.obj, model, progress)
        asked = {"where": for_people(where), "include_seen": include_seen}
        if write:
            _write(graph, recommender, user, top, asked, everyone, active_days, progress)
        if items:
            _show(graph, recommender.recommend_sessions([items], top, users=user, **asked), as_json, to)
        elif user:
            _show(graph, recommender.recommend(user, top, **asked), as_json, to)


@app.command(epilog="Example: kartograph similar walk --item 1234")
def similar(
    context: typer.Context,
    model: Model,
    item: Annotated[list[str], typer.Option(help="An item's id; may be given several times.")],
    top: Top = 5,
    where: Where = None,
    as_json: AsJson = False,
    to: Annotated[Path | None, typer.Option("--out", help="Write the answers to a .csv or .parquet file.")] = None,
) -> None:
    """Show the items most similar to an item; those that are known to be unavailable are left out."""
    if to is not None and to.suffix not in ENDINGS:
        raise BadInput(f"--out is {to}; the file ends in {' or '.join(ENDINGS)}.")
    refuse_unknown(model)
    from kartograph.models.where.conditions import for_people

    with shown_progress() as progress, open_graph(context.obj, progress) as graph:
        recommender = asked_model(graph, context.obj, model, progress)
        _show(graph, recommender.similar(item, top, where=for_people(where)), as_json, to)


def _show(graph: "Graph", frame: "pd.DataFrame", as_json: bool, to: Path | None) -> None:
    """Print answers with the items' titles, or write them to a file."""
    frame = with_titles(graph, frame)
    if to is not None:
        _write_file(frame, to)
        notes.print(f"Wrote {counted(len(frame), 'row')} to {to}.", highlight=False, markup=False)
    elif as_json:
        print_json(frame.astype(object).where(frame.notna(), None).to_dict("records"))
    else:
        print_answers(frame)


def _write_file(frame: "pd.DataFrame", to: Path) -> None:
    if not to.absolute().parent.is_dir():
        raise BadInput(f"{to} cannot be written: {to.absolute().parent} is no folder. Make it or name another.")
    if to.suffix == ".csv":
        frame.to_csv(to, index=False)
    else:
        frame.to_parquet(to, index=False)


def _write(
    graph: "Graph",
    recommender: "Recommender",
    user: list[str] | None,
    top: int,
    asked: dict[str, Any],
    everyone: bool,
    active_days: int,
    progress: "Progress",
) -> None:
    from kartograph.graph.recommendations import WriteBack, active_users, all_users, write_recommendations

    users = user or (all_users(graph) if everyone else active_users(graph, active_days))
    if not users:
        raise BadInput(f"no user was active in the last {active_days} days of the shop; give more --active-days")
    options = WriteBack(edges="active" if everyone else "all", active_days=active_days)
    portions = recommender.portions(users, top, words=False, **asked)
    run = write_recommendations(graph, recommender.called, portions, options, progress)
    what = f"{counted(run.written, 'recommendation')} for {counted(len(users), 'user')}"
    notes.print(f"Wrote {what} as {run.run}.", highlight=False)
