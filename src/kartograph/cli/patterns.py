"""The command that mines sequential patterns and rules from the graph and writes them beside their items."""

from typing import Annotated, Literal

import typer

from kartograph.cli.app import app
from kartograph.cli.shared.connect import open_graph
from kartograph.cli.shared.console import notes, print_frame, print_json, shown_progress


@app.command(epilog="Example: kartograph patterns --support 10 --period day")
def patterns(
    context: typer.Context,
    support: Annotated[
        int, typer.Option(min=1, help="Minimum support: users whose sequence contains the pattern.")
    ] = 5,
    max_length: Annotated[
        int, typer.Option(min=2, help="Maximum number of items of a pattern, the right side of a rule included.")
    ] = 3,
    period: Annotated[
        Literal["event", "day", "week", "month"],
        typer.Option(
            help="What forms one element of a sequence: an event, or all events of a day, week or month (UTC)."
        ),
    ] = "event",
    gap: Annotated[
        int | None,
        typer.Option(
            min=1, help="Maximum number of periods between neighbouring elements of a pattern; any by default."
        ),
    ] = None,
    window: Annotated[
        int | None,
        typer.Option(min=1, help="Maximum number of periods between its first and its last element; any by default."),
    ] = None,
    most: Annotated[
        int,
        typer.Option(min=1, help="Maximum number of patterns, and of rules, to write; those of the highest support."),
    ] = 10_000,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False,
) -> None:
    """Mine what users click or buy in order, and which clicks lead to which purchases (GSP), into the graph.

    Patterns become :Pattern nodes, rules :Rule nodes with support, confidence and lift; those of the last run go.
    """
    from dataclasses import asdict

    import pandas as pd

    from kartograph.models.patterns.gsp import MiningOptions
    from kartograph.models.patterns.of_graph import mine_graph

    options = MiningOptions(support, max_length, gap, window)
    with shown_progress() as progress, open_graph(context.obj, progress) as graph:
        written = asdict(mine_graph(graph, period, options, most, progress))
    if as_json:
        print_json(written)
    else:
        print_frame(pd.DataFrame([written]))
        notes.print("Ask `kartograph query patterns/rules_to_item --param item=…` or paste that file into Browser.")
