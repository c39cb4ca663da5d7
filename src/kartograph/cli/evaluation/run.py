"""The run that all commands that measure share."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kartograph.cli.evaluation.options import Listed, Recorded
from kartograph.cli.evaluation.results import print_evaluation, refuse_unwritable, save_record
from kartograph.cli.shared.connect import open_graph
from kartograph.cli.shared.console import notes, shown_progress
from kartograph.tables.errors import BadInput

if TYPE_CHECKING:
    from kartograph.evaluation.protocols.base import Protocol
    from kartograph.evaluation.runner import Evaluation


def run(
    protocol: "Protocol",
    data: Any,
    models: str | tuple[str, ...],
    how: Recorded,
    *,
    k: int = 20,
    shop: str = "",
    items: Path | None = None,
    export_run: Path | None = None,
    show: bool = True,
) -> "Evaluation":
    """Evaluate, keep the record and print the figures; without data the events of the shop's graph are measured on.

    `k` is the length of the lists where the command has no option for it; `items` a table of items beside a file.
    """
    from kartograph.evaluation.runner import evaluate
    from kartograph.evaluation.shop_tables import read_tables, tables_of_graph

    k, seeds = how.k if isinstance(how, Listed) else k, how.all_seeds
    refuse_unwritable(how.json, export_run)
    for file in data if isinstance(data, tuple) else (data,):
        if isinstance(file, Path) and not file.exists():
            raise BadInput(f"{file} does not exist. Name a file of interactions or a folder of a known layout.")
    if items is not None and data is None:
        raise BadInput("--items goes with a file of interactions; the shop's graph has its own. Name the file first.")
    protocol.entrants(models)  # names that do not exist are refused before a server starts
    with shown_progress() as progress:
        if data is None:
            with open_graph(shop, progress) as graph:
                data = tables_of_graph(graph, shop, progress)
        elif items is not None and isinstance(data, Path):
            data = read_tables(data, progress, items)
        evaluation = evaluate(
            data, models, protocol, k, seeds, name=how.name, benchmark=how.benchmark, progress=progress
        )
    if export_run is not None:
        evaluation.export_runs(export_run)
    save_record(evaluation.record, how.json, evaluation.cases)
    if show:
        print_evaluation(evaluation, k)
    for line in evaluation.notes:
        notes.print(line, markup=False, highlight=False)
    return evaluation
