"""The command that searches options of a model on validation data."""

from pathlib import Path
from typing import Annotated

import typer

from kartograph.cli.app import app
from kartograph.cli.models.asked import refuse_unknown
from kartograph.cli.shared.completion import models
from kartograph.cli.shared.connect import open_graph
from kartograph.cli.shared.console import notes, print_json, shown_progress
from kartograph.tables.errors import BadInput


@app.command(epilog="Example: kartograph tune walk --trials 30")
def tune(
    context: typer.Context,
    model: Annotated[str, typer.Argument(help="A model of `kartograph models`.", autocompletion=models)],
    train: Annotated[
        Path | None, typer.Option(help="Take this file or folder, of sessions or of interactions, instead of the shop.")
    ] = None,
    trials: Annotated[
        int, typer.Option(min=1, help="Number of trials, each with other options, besides the preset's.")
    ] = 30,
    out: Annotated[Path | None, typer.Option(help="The preset file; MODEL.preset.json here by default.")] = None,
    seed: Annotated[int, typer.Option(help="Random seed.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON as well, for scripts.")] = False,
) -> None:
    """Search the options of a model on a validation cut, and write the best as a preset file.

    The cut is made of what there is to learn from: the latest sessions, or the last purchase of each user, are held
    out. `kartograph train MODEL --preset FILE` then trains on everything.
    """
    refuse_unknown(model)
    file = out or Path(f"{model}.preset.json")
    if not file.absolute().parent.is_dir():
        raise BadInput(f"{file} cannot be written: {file.absolute().parent} is no folder. Make it or name another.")
    if train is not None and not train.exists():
        raise BadInput(f"There is no {train}: name a file or folder of events.")

    from kartograph.evaluation.tuning import tune as search

    with shown_progress() as progress:
        if train is not None:
            tuned = search(model, train, trials, seed, progress)
        else:
            with open_graph(context.obj, progress) as graph:
                tuned = search(model, graph, trials, seed, progress)
    tuned.save(file)
    if as_json:
        print_json({"model": model, "options": tuned.options, "figures": tuned.figures, "about": tuned.about})
    figures = ", ".join(
        f"{measure} {tuned.preset_figures[measure]:.4f} → {value:.4f}" for measure, value in tuned.figures.items()
    )
    better = "" if tuned.is_better else " Nothing was better than the preset, whose options are kept."
    notes.print(
        f"{figures} on {tuned.about}.{better} Wrote {file}; train it: kartograph train {model} --preset {file}",
        highlight=False,
        markup=False,
    )
