"""The command that says what each part of the attention model is worth."""

from typing import Annotated

import typer

from kartograph.cli.evaluation.evaluate import group
from kartograph.cli.evaluation.options import Data, Listed, measuring
from kartograph.cli.evaluation.run import run


@group.command(epilog="Example: kartograph evaluate attention clicks.csv --models fastrp,random,hetero")
@measuring
def attention(
    context: typer.Context,
    how: Listed,
    data: Data = None,
    models: Annotated[str, typer.Option("--models", help="Variants, separated by commas.", show_default="all")] = "",
    sessions: Annotated[
        int, typer.Option(min=10, help="Number of latest sessions to take from a file of sessions.")
    ] = 10_000,
    test_days: Annotated[float, typer.Option(help="Number of last days of the data that form the test part.")] = 7,
    item_events: Annotated[
        int, typer.Option(min=1, help="Minimum number of events of an item in the training part.")
    ] = 5,
) -> None:
    """Measure preaddl-graph with one part changed at a time: initial embeddings, categories, attention, edges.

    fastrp-gds starts a server for the training part; variants that share a letter in the column `group` may be
    equally good.
    """
    from kartograph.evaluation.protocols.attention import AttentionParts

    run(
        AttentionParts(sessions, test_days, item_events),
        data,
        models,
        how,
        shop=context.obj,
    )
