"""The commands that measure models on files: `evaluate sequences`, `evaluate interactions`, and the list of models."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kartograph.cli.app import app
from kartograph.cli.console import print_frame, print_json, shown_progress
from kartograph.cli.evaluation.results import print_figures, refuse_unwritable, save_record
from kartograph.tables.errors import BadInput

if TYPE_CHECKING:
    from kartograph.evaluation.cases import Cases
    from kartograph.models.base import TrainingData
    from kartograph.models.presets import Preset

group = typer.Typer(no_args_is_help=True, help="Measure models, on two files or on divisions of one.")
app.add_typer(group, name="evaluate")

TrainFile = Annotated[Path, typer.Option("--train", help="The training part: CSV, CSV.GZ or Parquet.")]
TestFile = Annotated[Path, typer.Option("--test", help="The test part.")]
Models = Annotated[str, typer.Option("--models", help="Names from `kartograph models`, separated by commas.")]
K = Annotated[int, typer.Option("--k", min=1, help="Length of the lists.")]
JsonFile = Annotated[Path | None, typer.Option("--json", help="Write the record of the run to this file.")]
RunFile = Annotated[
    Path | None,
    typer.Option(
        help="Write the lists in TREC run format; with several models one file each, run.MODEL.txt for run.txt."
    ),
]
Seed = Annotated[int, typer.Option(help="Of everything that is random: one seed, one result.")]


@group.command(epilog="Example: kartograph evaluate sequences --train clicks.csv.gz --test late.csv --models stan,walk")
def sequences(
    train: TrainFile,
    test: TestFile,
    models: Models,
    k: K = 20,
    json: JsonFile = None,
    export_run: RunFile = None,
    seed: Seed = 0,
    all_prefixes: Annotated[bool, typer.Option(help="Make a case of every prefix, not one of each session.")] = False,
) -> None:
    """Predict the next click of sessions: files with session_id, position, item_id.

    A test session is one case. With a column `target` all its rows are the prefix, without it the last row is the
    target. Every case is scored by itself; a target that training does not know is a miss.
    """
    from kartograph.evaluation.cases import sequence_cases
    from kartograph.models.base import TrainingData
    from kartograph.tables.sequences import read_sequences

    data = TrainingData.from_table(read_sequences(train), "session_id")
    cases = sequence_cases(read_sequences(test), data.items, all_prefixes)
    options = {"protocol": "sequences", "k": k, "all_prefixes": all_prefixes}
    _evaluate(models, data, cases, train, test, json, export_run, seed, options)


@group.command(
    epilog="Example: kartograph evaluate interactions --train events.csv.gz --test late.csv --models stan-users"
)
def interactions(
    train: TrainFile,
    test: TestFile,
    models: Models,
    k: K = 20,
    mask: Annotated[
        str, typer.Option(help="Training items left out of a user's list: bought, seen or none.")
    ] = "bought",
    json: JsonFile = None,
    export_run: RunFile = None,
    seed: Seed = 0,
) -> None:
    """Predict kept-back items of users.

    Training has user_id, item_id, event (view, cart, buy or borrow) and timestamp, the test part user_id and item_id.
    A user or item that training does not know is a miss.
    """
    from kartograph.evaluation.cases import interaction_cases
    from kartograph.models.base import TrainingData
    from kartograph.tables.interactions import read_interactions, read_user_items

    data = TrainingData.from_table(read_interactions(train), "user_id")
    cases = interaction_cases(read_user_items(test), data, mask)
    _evaluate(
        models, data, cases, train, test, json, export_run, seed, {"protocol": "interactions", "k": k, "mask": mask}
    )


@app.command("models", epilog="Example: kartograph models --json")
def list_models(as_json: Annotated[bool, typer.Option("--json", help="Print as JSON, for scripts.")] = False) -> None:
    """List the models that `evaluate` takes by name: what they do, whom they serve, what they were tuned for."""
    import pandas as pd

    from kartograph.evaluation.graph_models import GRAPH_PRESETS
    from kartograph.models.presets import PRESETS

    rows = [
        {"model": name, "about": preset.about, "serves": preset.serves, "tuned_for": preset.tuned_for}
        for name, preset in (PRESETS | GRAPH_PRESETS).items()
    ]
    if as_json:
        print_json(rows)
    else:
        print_frame(pd.DataFrame(rows))


def chosen_presets(models: str) -> "dict[str, Preset]":
    """The presets of names separated by commas."""
    from kartograph.evaluation.graph_models import preset

    names = list(dict.fromkeys(name.strip() for name in models.split(",") if name.strip()))
    if not names:
        raise BadInput("--models names no model. Give one or more names from `kartograph models`, separated by commas.")
    return {name: preset(name) for name in names}


def _evaluate(
    models: str,
    data: "TrainingData",
    cases: "Cases",
    train: Path,
    test: Path,
    json: Path | None,
    export_run: Path | None,
    seed: int,
    options: dict[str, Any],
) -> None:
    from kartograph.evaluation.metrics.beyond import ItemFacts
    from kartograph.evaluation.record import options_of, record, sha256
    from kartograph.evaluation.runner import Outcome, measure
    from kartograph.evaluation.statistics.comparison import Task, case_table, judge, mean_timings
    from kartograph.evaluation.trec import write_run

    presets = chosen_presets(models)
    refuse_unwritable(json, export_run)
    outcomes: dict[str, list[Outcome]] = {}
    with shown_progress() as progress:
        progress("Counting what the training part holds")
        task = Task(data, cases, ItemFacts.of(data))
        for name, chosen in presets.items():
            model = chosen.make(seed)
            options[name] = options_of(model)
            progress(f"Measuring {name}")
            outcomes[name] = [measure(model, data, cases, options["k"], progress, task.facts)]
            if export_run is not None:
                file = export_run if len(presets) == 1 else export_run.with_suffix(f".{name}{export_run.suffix}")
                write_run(file, name, outcomes[name][0].top, cases, data.items)
            model.close()
            del model
        progress("Comparing the models")
        judged = judge([task], outcomes, seed)
    judged["timings"] = {name: mean_timings(found) for name, found in outcomes.items()}
    sums = {"train_sha256": sha256(train), "test_sha256": sha256(test)}
    save_record(record(options["protocol"], judged, sums, seed, options), json, case_table([task], outcomes))
    print_figures(judged, options["k"], f"{len(cases)} cases, {len(data.items)} items")
