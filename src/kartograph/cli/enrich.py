"""The command that enriches the graph: co-occurrence, communities, preferences, PageRank, similarity, embeddings."""

from dataclasses import replace
from enum import StrEnum
from typing import Annotated

import typer

from kartograph.cli.app import app
from kartograph.cli.shared.connect import open_graph
from kartograph.cli.shared.console import out, print_frame, print_json, shown_progress


class Weighting(StrEnum):
    """What a session adds to a pair."""

    distance = "distance"
    nearest = "nearest"
    frequency = "frequency"


@app.command(epilog="Example: kartograph enrich --steps preferences,pagerank")
def enrich(
    context: typer.Context,
    steps: Annotated[
        str | None,
        typer.Option(
            help="Only these of popularity, co-occurrence, communities, categories, preferences, pagerank, "
            "user-pagerank, similarity, embedding, neighbours, separated by commas."
        ),
    ] = None,
    users: Annotated[
        str | None,
        typer.Option(help="Rank the categories of these users only, separated by commas, with GDS instead of walks."),
    ] = None,
    weighting: Annotated[
        Weighting,
        typer.Option(
            help="What a session adds to a pair of items, F times together in it: sum of 1/distance, F/nearest "
            "distance, or F."
        ),
    ] = Weighting.distance,
    walks: Annotated[int, typer.Option(help="Number of Monte Carlo walks from each user.", min=1)] = 1000,
    run_all: Annotated[bool, typer.Option("--all", help="Run all steps on the whole shop, fresh ones too.")] = False,
    seed: Annotated[int, typer.Option(help="Seed of the communities and the embeddings.")] = 0,
    dimension: Annotated[int, typer.Option(help="Dimensions of an embedding.", min=1)] = 64,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False,
) -> None:
    """Compute co-occurrence, preferences, PageRank, similarities and embeddings; only stale steps run.

    A step is stale after a load, after a step that it uses ran again, and when it gets other options. Categories are
    derived from communities of items where the data names none. After small live loads most steps work on what these
    changed alone, and say so (docs/operation.md has how the results differ from those of a whole run); `--all` works
    on the whole shop. `PREFERS.pagerank` comes from Monte Carlo walks; a whole run prints their error against GDS.
    """
    from dataclasses import asdict

    import pandas as pd

    from kartograph.graph.enrichment.enrich import Enrichment, rank_users
    from kartograph.graph.enrichment.enrich import enrich as enrich_graph
    from kartograph.tables.errors import BadInput

    options = Enrichment()
    options = replace(
        options,
        co_occurrence=replace(options.co_occurrence, weighting=weighting.value),
        user_pagerank=replace(
            options.user_pagerank, walks=walks, walking=replace(options.user_pagerank.walking, seed=seed)
        ),
        communities=replace(options.communities, seed=seed),
        embedding=replace(options.embedding, seed=seed, dimension=dimension),
    )
    chosen = None if steps is None else tuple(step.strip() for step in steps.split(",") if step.strip())
    asked = None if users is None else [user.strip() for user in users.split(",") if user.strip()]
    if asked is not None and (chosen is not None or run_all or not asked):
        raise BadInput("--users ranks the categories of the users named; it goes neither with --steps nor with --all")
    with shown_progress() as progress, open_graph(context.obj, progress) as graph:
        done = enrich_graph(graph, chosen, options, progress, run_all) if asked is None else []
        done += [rank_users(graph, asked, options)] if asked else []
        results = [asdict(result) for result in done]
    if as_json:
        print_json(results)
    else:
        shown = pd.DataFrame(results).round({"seconds": 2})
        print_frame(shown.assign(because=shown["because"].fillna("fresh, nothing to do")).drop(columns="note"))
        for result in results:
            if result["note"]:
                out.print(f"{result['step']}: {result['note']}", markup=False, highlight=False, soft_wrap=True)
