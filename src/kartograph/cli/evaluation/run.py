"""What all commands that measure share: their options, and the run itself."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kartograph.cli.evaluation.results import print_evaluation, refuse_unwritable, save_record
from kartograph.cli.shared.connect import open_graph
from kartograph.cli.shared.console import notes, shown_progress
from kartograph.tables.errors import BadInput

if TYPE_CHECKING:
    from kartograph.evaluation.protocols.base import Protocol
    from kartograph.evaluation.runner import Evaluation

Models = Annotated[
    str, typer.Option("--models", help="Names from `kartograph models` or file.py:Class, separated by commas.")
]
K = Annotated[int, typer.Option("--k", min=1, help="Length of the lists.")]
JsonFile = Annotated[Path | None, typer.Option("--json", help="Write the record of the run to this file.")]
Seed = Annotated[int, typer.Option("--seed", help="Random seed.")]
Seeds = Annotated[
    str, typer.Option("--seeds", help="Several seeds as 1,2,3: figures are means, with their standard deviations.")
]
Name = Annotated[
    str | None, typer.Option("--name", help="What people call the data.", show_default="the name of the file")
]
Benchmark = Annotated[
    str | None,
    typer.Option("--benchmark", help="The public benchmark that the data is; published figures stand beside ours."),
]
Data = Annotated[
    Path | None,
    typer.Argument(
        help="A file of interactions or of REES46, or a folder of RetailRocket or of the bookshop.",
        show_default="the shop's events, read from its graph before anything is measured",
    ),
]


def run(
    protocol: "Protocol",
    data: Any,
    models: str | tuple[str, ...],
    k: int = 20,
    json: Path | None = None,
    seed: int = 0,
    seeds: str = "",
    name: str | None = None,
    benchmark: str | None = None,
    *,
    shop: str = "",
    export_run: Path | None = None,
    show: bool = True,
) -> "Evaluation":
    """Evaluate, keep the record and print the figures; without data the events of the shop's graph are measured on."""
    from kartograph.evaluation.runner import evaluate
    from kartograph.evaluation.shop_tables import tables_of_graph

    refuse_unwritable(json, export_run)
    for file in data if isinstance(data, tuple) else (data,):
        if isinstance(file, Path) and not file.exists():
            raise BadInput(f"{file} does not exist. Name a file of interactions or a folder of a known layout.")
    protocol.entrants(models)  # names that do not exist are refused before a server starts
    with shown_progress() as progress:
        if data is None:
            with open_graph(shop, progress) as graph:
                data = tables_of_graph(graph, shop, progress)
        evaluation = evaluate(
            data, models, protocol, k, _seeds(seed, seeds), name=name, benchmark=benchmark, progress=progress
        )
    if export_run is not None:
        evaluation.export_runs(export_run)
    save_record(evaluation.record, json, evaluation.cases)
    if show:
        print_evaluation(evaluation, k)
    for line in evaluation.notes:
        notes.print(line, markup=False, highlight=False)
    return evaluation


def _seeds(seed: int, seeds: str) -> list[int]:
    parts = [part.strip() for part in seeds.split(",") if part.strip()]
    if not all(part.isdecimal() for part in parts):
        raise BadInput(f"--seeds is {seeds!r}. Give whole numbers with commas between them, such as 1,2,3.")
    return [int(part) for part in parts] or [seed]
