"""The command that repeats a paper: its protocol on data, and a page of what was reported and what was measured."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from kartograph.cli.app import app
from kartograph.cli.evaluation.options import Seed
from kartograph.cli.evaluation.results import refuse_unwritable
from kartograph.cli.shared.connect import open_graph
from kartograph.cli.shared.console import out, shown_progress
from kartograph.tables.errors import BadInput


@app.command(epilog="Example: kartograph reproduce mcprhrec downloads/electronics/events.csv --out mcprhrec.md")
def reproduce(
    context: typer.Context,
    paper: Annotated[Literal["preaddl", "mcprhrec", "ontology"], typer.Argument(help="The paper.")],
    data: Annotated[
        Path | None,
        typer.Argument(
            help="A file or folder as `kartograph evaluate` takes it; for ontology a library's folder.",
            show_default="a generated shop; for ontology what the shop holds",
        ),
    ] = None,
    out_file: Annotated[
        Path | None,
        typer.Option("--out", help="The page to write, in Markdown.", show_default="PAPER.md in this folder"),
    ] = None,
    scale: Annotated[float, typer.Option(help="Size of the generated shop; 1.0 is the full one.")] = 0.02,
    share: Annotated[
        float, typer.Option(help="mcprhrec: share of positives among the pairs; the paper's figures imply 0.937.")
    ] = 0.937,
    folds: Annotated[
        int | None, typer.Option(min=2, help="Number of folds.", show_default="the paper's: 5 of users, 10 of sessions")
    ] = None,
    crossovers: Annotated[int, typer.Option(min=1, help="ontology: crossovers of the genetic algorithm.")] = 100,
    ontology: Annotated[
        Path | None, typer.Option(help="ontology: the annotated ontology of the items of a log or of sessions.")
    ] = None,
    seed: Seed = 0,
) -> None:
    """Run a paper's protocol and write its page: reported figures, measured ones, and what the tables hide."""
    from kartograph.evaluation.papers.reproduce import Options
    from kartograph.evaluation.papers.reproduce import reproduce as reproduced

    file = out_file or Path(f"{paper}.md")
    refuse_unwritable(file)
    for path in (data, ontology):
        if path is not None and not path.exists():
            raise BadInput(f"{path} does not exist. Name a file or folder of a known layout.")
    options = Options(scale, share, folds, crossovers, ontology, seed)
    with shown_progress() as progress:
        if paper == "ontology" and data is None:
            with open_graph(context.obj, progress) as graph:
                text = reproduced(paper, graph, options, progress)
        else:
            text = reproduced(paper, data, options, progress)
    file.write_text(text, encoding="utf-8")
    out.print(str(file), markup=False, highlight=False, soft_wrap=True)
