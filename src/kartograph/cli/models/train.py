"""The command that fits a model on the shop and keeps it as a version."""

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kartograph.cli.app import app
from kartograph.cli.models.asked import kept_version, refuse_unknown
from kartograph.cli.shared.completion import models
from kartograph.cli.shared.connect import open_graph
from kartograph.cli.shared.console import notes, shown_progress
from kartograph.tables.errors import BadInput, NothingThere

if TYPE_CHECKING:
    from kartograph.graph.connection import Graph
    from kartograph.models.base import Recommender
    from kartograph.tables.progress import Progress


@app.command(epilog="Example: kartograph train stan --option neighbours=300")
def train(
    context: typer.Context,
    model: Annotated[
        str, typer.Argument(help="A model of `kartograph models`, or a class as file.py:Class.", autocompletion=models)
    ],
    preset: Annotated[
        str | None, typer.Option(help="Take the options of this model of the same class, or of a JSON file.")
    ] = None,
    option: Annotated[
        list[str] | None,
        typer.Option(help="An option as key=value, or group.key=value within a group; may be given several times."),
    ] = None,
    candidate: Annotated[
        bool,
        typer.Option("--candidate", help="Keep the version as a candidate; the current version goes on answering."),
    ] = False,
    enrich: Annotated[
        bool,
        typer.Option("--enrich", help="First run the steps of the enrichment that the model needs or uses."),
    ] = False,
    data: Annotated[Path | None, typer.Option(help="Learn from this file or folder instead of the shop.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the model into this folder; needed with --data.")] = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="Number of epochs; the preset's by default.")] = None,
    checkpoint: Annotated[
        Path | None, typer.Option(help="Keep the state after every epoch in this file, and resume from it.")
    ] = None,
    device: Annotated[str, typer.Option(help="Where a neural model trains: cpu, cuda or cuda:1.")] = "cpu",
    seed: Annotated[int, typer.Option(help="Random seed.")] = 0,
) -> None:
    """Fit a model on the shop and keep it as a version, which answers and is served from now on.

    For several processes: torchrun --nproc-per-node 2 $(which kartograph) train … Each takes its share of every batch.
    """
    refuse_unknown(model)
    if (data is None) != (out is None):
        raise typer.BadParameter("--data and --out go together: what is learned from a file is written to a folder")
    for file in (out, checkpoint):
        if file is not None and not file.absolute().parent.is_dir():
            raise BadInput(f"{file} cannot be written: {file.absolute().parent} is no folder. Make it or name another.")
    if out is None and ".py:" in model:
        raise BadInput(
            f'"{model}" is a class of a file, which no other process can load again: `recommend` fits it when it is '
            "asked. To keep versions, install it as a package that names it in the entry-point group kartograph.models."
        )
    recommender = _made(model, preset, option or [], seed)
    _set_training(recommender, epochs, checkpoint, device)
    with shown_progress() as progress:
        if data is not None and out is not None:
            _learn_from_file(recommender, data, out, progress)
            return
        with open_graph(context.obj, progress) as graph:
            if enrich:
                _enrich(graph, recommender, progress)
            kept_version(graph, context.obj, recommender, progress, current=not candidate)


def _enrich(graph: "Graph", recommender: "Recommender", progress: "Progress") -> None:
    """Run the stale ones of the steps that a model needs, and of those that it uses where there is something to do."""
    from kartograph.graph.enrichment.enrich import enrich as run_steps

    if recommender.needs:
        run_steps(graph, recommender.needs, progress=progress)
    for step in recommender.uses:
        with suppress(NothingThere):
            run_steps(graph, (step,), progress=progress)


def _made(name: str, preset: str | None, options: list[str], seed: int) -> "Recommender":
    from kartograph.models.changed_options import with_changes
    from kartograph.models.registry import make

    recommender = make(name, seed)
    if preset is not None and preset.endswith(".json"):
        recommender.options = with_changes(recommender.options, _read_preset(Path(preset)), name)
    elif preset is not None:
        refuse_unknown(preset)
        other = make(preset, seed)
        if type(other) is not type(recommender):
            kinds = type(other).__name__, type(recommender).__name__
            raise BadInput(f'"{preset}" is a {kinds[0]} and "{name}" a {kinds[1]}: it is no preset of it.')
        recommender.options = other.options
    changes: dict[str, Any] = {}
    for text in options:
        key, equals, value = text.partition("=")
        if not equals:
            raise BadInput(f"--option is {text!r}: give it as key=value.")
        changes[key.strip()] = _value(value.strip())
    recommender.options = with_changes(recommender.options, changes, name)
    return recommender


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _read_preset(file: Path) -> dict[str, Any]:
    try:
        read = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(f"{file} cannot be read as a preset: {error}.") from None
    options = read.get("options") if isinstance(read, dict) else None
    if not isinstance(options, dict):
        raise BadInput(f'{file} holds no preset: it is a JSON object with "options", an object of names and values.')
    return options


def _set_training(recommender: "Recommender", epochs: int | None, checkpoint: Path | None, device: str) -> None:
    """Epochs, checkpoint and device of a model that trains in epochs; other models refuse them."""
    asked = {"epochs": epochs, "checkpoint": str(checkpoint) if checkpoint else None}
    asked["device"] = None if device == "cpu" else device
    asked = {key: value for key, value in asked.items() if value is not None}
    if "device" in asked and device.startswith("cuda"):
        import torch

        if not torch.cuda.is_available():
            raise BadInput(f"--device is {device!r}, but PyTorch finds no CUDA here: give cpu.")
    if not asked:
        return
    training = getattr(recommender.options, "training", None)
    held = recommender.options if training is None else training
    if missing := [key for key in asked if key not in getattr(held, "__dataclass_fields__", {})]:
        raise BadInput(f"{recommender.called} takes no --{missing[0]}: leave it out.")
    changed = replace(held, **asked)
    recommender.options = changed if training is None else replace(recommender.options, training=changed)


def _learn_from_file(recommender: "Recommender", data: Path, out: Path, progress: Any) -> None:
    import os

    from kartograph.evaluation.papers.preaddl.shop import read_shop
    from kartograph.models.data import TrainingData

    events = read_shop(data, progress).events
    recommender.fit(TrainingData.from_table(events, "user_id"), progress)
    if int(os.environ.get("RANK", "0")) == 0:
        recommender.save(out)
        notes.print(f"Wrote {out}.", highlight=False, markup=False)
    if hasattr(recommender.options, "training"):
        from kartograph.models.preaddl.training import leave

        leave()
