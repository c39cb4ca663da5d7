"""The command that says how an experiment stands."""

from typing import Annotated

import typer

from kartograph.cli.app import app
from kartograph.cli.shared.connect import open_graph
from kartograph.cli.shared.console import notes, print_frame, print_json, shown_progress


@app.command(epilog="Example: kartograph experiment walk-or-blend")
def experiment(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(help="Name of the experiment in the configuration of `serve`; the latest one by default."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False,
) -> None:
    """Compare the arms of an experiment: rates of users with 95 % intervals, a test against the first arm, the split.

    The decision is made once, when every arm has the planned number of users; before that p-values decide nothing,
    because they are looked at repeatedly. If the split differs from the configured one (chi-square, p < 0.001), no
    conclusion is drawn.
    """
    from dataclasses import asdict

    from kartograph.evaluation.report.experiment_tables import compared_arms, experiments_of, named

    with shown_progress() as progress, open_graph(context.obj, progress) as graph:
        chosen = named(experiments_of(graph), name)
    comparison = chosen.comparison
    if as_json:
        print_json(
            {"experiment": chosen.name, "measure": chosen.measure, "planned": chosen.planned, **asdict(comparison)}
        )
        return
    print_frame(compared_arms(chosen))
    notes.print(f"{chosen.name}: {comparison.verdict}.", markup=False, highlight=False)
