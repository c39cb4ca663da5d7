"""The command that writes the report: one page about what was measured, on which data, beside what others reported."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from kartograph.cli.app import app
from kartograph.cli.shared.connect import open_graph
from kartograph.cli.shared.console import notes, out, print_json, shown_progress
from kartograph.tables.errors import BadInput, ServerError

if TYPE_CHECKING:
    from kartograph.evaluation.report.exposure_tables import ShownTable


@app.command(epilog="Example: kartograph report --data downloads/retailrocket --out report")
def report(
    context: typer.Context,
    records: Annotated[
        list[Path] | None,
        typer.Argument(help="Records of `kartograph evaluate`, or folders of them; without any, those that are kept."),
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="Show the figures of the data in this folder, in RetailRocket's layout.")
    ] = None,
    loaded: Annotated[bool, typer.Option("--loaded", help="Show the figures of the loaded shop.")] = False,
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="Folder of the page and its PNGs; report/ in the home by default.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the paths of what was written as JSON, for scripts.")
    ] = False,
) -> None:
    """Write one HTML page, which needs nothing else, and its charts as PNGs beside it.

    It begins with the leaderboard of the shop, where `kartograph run` has measured models there.
    Then come leaderboards with intervals and significance groups, accuracy against latency, by length and by
    popularity, cold starts, learning curves, the data's own figures, and what others reported, in columns of its own.
    While the shop's Neo4j runs: experiments, and what was shown, clicked and bought of the lists that `kartograph
    serve` made.
    """
    from kartograph.evaluation.report.notes import LOOKED_UP
    from kartograph.evaluation.report.page import build_page, write_page
    from kartograph.evaluation.report.records import read_records
    from kartograph.graph.managed.home import default_root
    from kartograph.pipeline.leaderboard import shop_board

    if data is not None and loaded:
        raise BadInput("--data and --loaded both name data for the report. Give one of them.")
    kept = default_root() / "records"
    damaged: list[str] = []
    record_list = read_records(records if records else [kept] if kept.is_dir() else [], damaged)
    for complaint in damaged:
        notes.print(f"[bold yellow]left out:[/] {escape(complaint)}", highlight=False, soft_wrap=True)
    if damaged and not record_list:
        raise BadInput("None of the records can be read, so there is no report. What is wrong with each stands above.")
    figures = None
    with shown_progress() as progress:
        if data is not None:
            from kartograph.evaluation.report.data_source import retailrocket_figures

            figures = retailrocket_figures(data, LOOKED_UP, progress)
        elif loaded:
            from kartograph.evaluation.report.data_shop import shop_figures

            with open_graph(context.obj, progress) as graph:
                figures = shop_figures(graph, context.obj, LOOKED_UP, progress)
        page = build_page(record_list, figures, progress, shop_board(context.obj), _shown(context.obj))
        written = write_page(page, out_folder or default_root() / "report")
    if as_json:
        print_json({"page": str(written[0]), "charts": [str(path) for path in written[1:]]})
    else:
        out.print(str(written[0]), markup=False, highlight=False, soft_wrap=True)


def _shown(shop: str) -> "list[ShownTable]":
    """Experiments and what was shown in a shop whose server runs; nothing where it does not."""
    from kartograph.evaluation.report.experiment_tables import experiment_tables
    from kartograph.evaluation.report.exposure_tables import exposure_tables
    from kartograph.serving.reach import Shop

    try:
        with Shop(shop).connect() as graph:
            return [*experiment_tables(graph), *exposure_tables(graph)]
    except ServerError:
        return []
