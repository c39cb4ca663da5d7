"""The command that trains a neural model and writes it to one file, from which it serves without graph or data."""

from pathlib import Path
from typing import Annotated

import typer

from kartograph.cli.app import app
from kartograph.cli.connect import open_graph
from kartograph.cli.console import notes, shown_progress
from kartograph.tables.errors import BadInput

TRAINED = ("preaddl", "preaddl-graph")


@app.command(epilog="Example: kartograph train preaddl-graph --data events.csv.gz --out model.pt")
def train(
    context: typer.Context,
    model: Annotated[str, typer.Argument(help=f"One of {', '.join(TRAINED)}.")],
    out: Annotated[Path, typer.Option(help="File for the trained model.")],
    data: Annotated[
        Path | None, typer.Option(help="A file or folder to learn from; the shop's graph where none is named.")
    ] = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="Epochs, those of the preset by default.")] = None,
    checkpoint: Annotated[
        Path | None, typer.Option(help="Keep the state after every epoch in this file, and resume from it.")
    ] = None,
    device: Annotated[str, typer.Option(help="cpu, cuda, or cuda:1.")] = "cpu",
    seed: Annotated[int, typer.Option(help="One seed and one number of threads, one result.")] = 0,
) -> None:
    """Train a model of the PRE-ADDL family; it shows progress and goes on from its checkpoint after a kill.

    For several processes: torchrun --nproc-per-node 2 $(which kartograph) train … Each takes its share of every batch.
    """
    if model not in TRAINED:
        raise BadInput(f"There is no model {model!r} to train. Names are {', '.join(TRAINED)}.")
    for file in (out, checkpoint):
        if file is not None and not file.absolute().parent.is_dir():
            raise BadInput(f"{file} cannot be written: {file.absolute().parent} is no folder. Make it or name another.")
    import os
    from dataclasses import replace

    import torch

    from kartograph.models.base import TrainingData
    from kartograph.models.preaddl.attention.item_graph import knowledge_of_graph
    from kartograph.models.preaddl.attention.model import GraphModel
    from kartograph.models.preaddl.paper.model import PaperModel
    from kartograph.models.preaddl.shop_events import from_graph
    from kartograph.models.preaddl.training import leave
    from kartograph.models.presets import preset

    if device.startswith("cuda") and not torch.cuda.is_available():
        raise BadInput(f"--device is {device!r}, but PyTorch finds no CUDA here: give cpu.")
    made = preset(model).make(seed)
    assert isinstance(made, PaperModel | GraphModel)
    training = replace(made.options.training, device=device, checkpoint=str(checkpoint) if checkpoint else None)
    made.options = replace(made.options, training=replace(training, epochs=epochs or training.epochs))  # pyright: ignore[reportAttributeAccessIssue]
    with shown_progress() as progress:
        if data is not None:
            from kartograph.evaluation.papers.preaddl.shop import read_shop

            events = read_shop(data, progress).events
        else:
            with open_graph(context.obj, progress) as graph:
                events = from_graph(graph, progress).events
                if isinstance(made, GraphModel):
                    items = TrainingData.from_table(events, "user_id").items
                    made.knowledge = knowledge_of_graph(graph, items)
                    made.options = replace(made.options, init="graph")  # pyright: ignore[reportAttributeAccessIssue]
        made.fit(TrainingData.from_table(events, "user_id"), progress)
    if int(os.environ.get("RANK", "0")) == 0:
        made.save(out)
        notes.print(f"Wrote {out} ({out.stat().st_size / 2**20:.1f} MiB).", highlight=False)
    leave()
