"""The command that repeats the tables and figures of PRE-ADDL's paper on data of one's own."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kartograph.cli.evaluation.evaluate import group
from kartograph.cli.evaluation.options import Recorded, measuring
from kartograph.cli.evaluation.results import print_left_out
from kartograph.cli.evaluation.run import run
from kartograph.cli.shared.console import print_frame

if TYPE_CHECKING:
    import pandas as pd

IMPLIED = "What the reported rows imply: p = (1 - a) / (1 - r + r(1/q - 1)), columns q and r exchanged in print"


@group.command(epilog="Example: kartograph evaluate preaddl downloads/retailrocket --labels event")
@measuring
def preaddl(
    data: Annotated[Path, typer.Argument(help="RetailRocket's folder, or any file of events or sessions.")],
    how: Recorded,
    models: Annotated[
        str, typer.Option("--models", help="Models of the paper, separated by commas.", show_default="all")
    ] = "",
    labels: Annotated[
        str,
        typer.Option(
            help="What is classified: sampled (events against random items), or event (views against other "
            "events, as in Table 4)."
        ),
    ] = "sampled",
    split: Annotated[str, typer.Option(help="Split by time, or random, which leaks and is named so.")] = "time",
    positive: Annotated[
        str, typer.Option(help="Which events make a pair positive: any, cart (or buy), or buy.")
    ] = "any",
    negatives: Annotated[str, typer.Option(help="Negative sampling: uniform, popularity or hard.")] = "uniform",
    per_positive: Annotated[int, typer.Option(min=1, help="Negative pairs for each positive one.")] = 1,
    pairing: Annotated[
        str, typer.Option(help="What a negative shares with its positive: visitor, moment (and visitor), or none.")
    ] = "visitor",
    balanced: Annotated[
        bool, typer.Option("--balanced", help="With --labels event: learn as many views as other events.")
    ] = False,
    loss: Annotated[str, typer.Option(help="Loss of PRE-ADDL: bce (binary cross-entropy), weighted or focal.")] = "bce",
    features: Annotated[bool, typer.Option(help="Whether pairs have numeric features.")] = True,
    epochs: Annotated[int, typer.Option(min=1, help="Number of epochs of PRE-ADDL.")] = 5,
    charts: Annotated[Path | None, typer.Option(help="Folder for the charts; without it none are drawn.")] = None,
) -> None:
    """Repeat tables 2 to 4 and figure 13 of PRE-ADDL's paper, with the reported figures beside them."""
    from kartograph.evaluation.protocols.preaddl import PreaddlTables

    protocol = PreaddlTables(
        labels, split, positive, negatives, per_positive, pairing, balanced, loss, features, epochs, how.seed
    )
    evaluation = run(protocol, data, models, how, k=5, show=False)

    from kartograph.evaluation.papers.preaddl import tables
    from kartograph.evaluation.papers.preaddl.charts import save_charts
    from kartograph.evaluation.papers.preaddl.claims import claims_table

    shop, prepared, compared = evaluation.results.details
    if charts is not None:
        save_charts(charts, compared, prepared)
    print_frame(_rounded(tables.data_table(shop)), "Table 2: the data, with missing values")
    print_frame(_rounded(tables.preparation_table(prepared)), "Preparation")
    failed = dict(evaluation.failed)
    times, quality = tables.time_table(compared), tables.quality_table(compared, failed, labels)
    title = "Table 3 and figure 13: times, reported ones as printed"
    if how.benchmark != "retailrocket" and not any(data.glob("events.csv*")):
        # The paper's figures are of RetailRocket: beside other data they would be read as a comparison.
        times, quality = (frame[[c for c in frame if not str(c).startswith("reported")]] for frame in (times, quality))
        title = "Table 3 and figure 13: times"
    print_frame(_rounded(times), title)
    print_frame(_rounded(claims_table(compared)), "Claims of the text beside what was measured")
    asked = "is the event a view?" if labels == "event" else "event, or sampled item?"
    print_frame(_rounded(quality), f"Table 4, {protocol.record_name}: {asked}")
    print_frame(_rounded(tables.implied_table(float(prepared.test.labels.mean()))), IMPLIED)
    print_left_out(evaluation)


def _rounded(frame: "pd.DataFrame") -> "pd.DataFrame":
    def shown(value: Any) -> Any:
        return "" if value is None or value != value else round(value, 4) if isinstance(value, float) else value

    return frame.map(shown)
