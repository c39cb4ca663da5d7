"""The command that enriches the graph: preferences, PageRank, similarity, embeddings and the rest."""

from dataclasses import replace
from typing import Annotated

import typer

from kartograph.cli.app import app
from kartograph.cli.opened import open_graph
from kartograph.cli.shown import print_frame, print_json, shown_progress


@app.command(epilog="Example: kartograph enrich --steps preferences,pagerank")
def enrich(
    context: typer.Context,
    steps: Annotated[
        str,
        typer.Option(
            help="Steps as popularity,co-occurrence,preferences,pagerank,similarity,embedding; a bulk load has done "
            "the first two."
        ),
    ] = "preferences,pagerank,similarity,embedding",
    seed: Annotated[int, typer.Option(help="Seed of the embeddings.")] = 0,
    dimension: Annotated[int, typer.Option(help="Numbers per embedding.", min=1)] = 64,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False,
) -> None:
    """Compute what recommendations stand on, and write it into the graph; running again replaces it."""
    from dataclasses import asdict

    import pandas as pd

    from kartograph.graph.enrich import Enrichment
    from kartograph.graph.enrich import enrich as enrich_graph

    options = Enrichment()
    options = replace(options, embedding=replace(options.embedding, seed=seed, dimension=dimension))
    chosen = tuple(step.strip() for step in steps.split(",") if step.strip())
    with shown_progress() as progress, open_graph(context.obj, progress) as graph:
        results = [asdict(result) for result in enrich_graph(graph, chosen, options, progress)]
    if as_json:
        print_json(results)
    else:
        print_frame(pd.DataFrame(results).round({"seconds": 2}))
