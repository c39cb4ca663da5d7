"""The command that enriches the graph: co-occurrence, communities, preferences, PageRank, similarity, embeddings."""

from dataclasses import replace
from typing import Annotated

import typer

from kartograph.cli.app import app
from kartograph.cli.shared.connect import open_graph
from kartograph.cli.shared.console import print_frame, print_json, shown_progress


@app.command(epilog="Example: kartograph enrich --steps preferences,pagerank")
def enrich(
    context: typer.Context,
    steps: Annotated[
        str | None,
        typer.Option(
            help="Only these of popularity, co-occurrence, communities, categories, preferences, pagerank, similarity, "
            "embedding, neighbours, parted by commas."
        ),
    ] = None,
    run_all: Annotated[bool, typer.Option("--all", help="Run steps that are fresh as well.")] = False,
    seed: Annotated[int, typer.Option(help="Seed of the communities and the embeddings.")] = 0,
    dimension: Annotated[int, typer.Option(help="Numbers per embedding.", min=1)] = 64,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False,
) -> None:
    """Compute what recommendations stand on, and write it into the graph: what has become stale since the last time.

    A step is stale after a load, after a step that it uses ran again, and when it gets other options. Categories are
    derived from communities of items where the data names none.
    """
    from dataclasses import asdict

    import pandas as pd

    from kartograph.graph.enrichment.enrich import Enrichment
    from kartograph.graph.enrichment.enrich import enrich as enrich_graph

    options = Enrichment()
    options = replace(
        options,
        communities=replace(options.communities, seed=seed),
        embedding=replace(options.embedding, seed=seed, dimension=dimension),
    )
    chosen = None if steps is None else tuple(step.strip() for step in steps.split(",") if step.strip())
    with shown_progress() as progress, open_graph(context.obj, progress) as graph:
        results = [asdict(result) for result in enrich_graph(graph, chosen, options, progress, run_all)]
    if as_json:
        print_json(results)
    else:
        shown = pd.DataFrame(results).round({"seconds": 2})
        print_frame(shown.assign(because=shown["because"].fillna("fresh, nothing to do")))
