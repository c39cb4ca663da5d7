"""The commands for what a shop holds of one person: export it, erase it."""

from typing import Annotated

import typer

from kartograph.cli.app import app
from kartograph.cli.shared.console import out, print_facts, print_json, shown_progress


@app.command("export-user", epilog="Example: kartograph --shop books export-user 42 > 42.json")
def export_user(context: typer.Context, user: Annotated[str, typer.Argument(help="The user's id.")]) -> None:
    """Print all data of a user as JSON: events, computed values, recommendations."""
    from kartograph.cli.shared.connect import open_graph
    from kartograph.serving.erase import export_user as export
    from kartograph.serving.reach import Shop

    with shown_progress() as progress, open_graph(context.obj, progress) as graph:
        print_json(export(Shop(context.obj), graph, user))


@app.command("erase-user", epilog="Example: kartograph --shop books erase-user 42")
def erase_user(
    context: typer.Context,
    user: Annotated[str, typer.Argument(help="The user's id.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Erase without asking.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False,
) -> None:
    """Erase a user for good: graph, logs, snapshot, former database, and the trained versions that hold the user.

    A keyed hash of the id is kept, so that later loads, restores and events of the user are refused. The receipt lists
    what was removed.
    """
    from kartograph.cli.shared.connect import open_graph
    from kartograph.serving.erase import erase_user as erase
    from kartograph.serving.erase import refuse_id
    from kartograph.serving.reach import Shop

    refuse_id(user)
    if not yes:
        typer.confirm("Erase the user for good?", abort=True, err=True)
    with shown_progress() as progress, open_graph(context.obj, progress) as graph:
        receipt = erase(Shop(context.obj), graph, user)
    if as_json:
        print_json(receipt)
        return
    graph_part = receipt.pop("graph")
    print_facts(receipt | {f"graph: {name}": value for name, value in graph_part.items()})
    out.print("Train the removed versions anew." if receipt["versions"] else "No trained version held the user.")
