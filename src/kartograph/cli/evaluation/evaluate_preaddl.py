"""The command that repeats the tables and figures of PRE-ADDL's paper on data of one's own."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kartograph.cli.console import print_frame, shown_progress
from kartograph.cli.evaluation.evaluate import JsonFile, Seed, group
from kartograph.cli.evaluation.results import refuse_unwritable, save_record
from kartograph.tables.errors import BadInput

if TYPE_CHECKING:
    import pandas as pd

    from kartograph.models.preaddl.shop_events import ShopEvents
    from kartograph.tables.progress import Progress

CHOICES = {
    "--split": ("time", "random"),
    "--positive": ("any", "cart", "buy"),
    "--negatives": ("uniform", "popularity", "hard"),
    "--loss": ("bce", "weighted", "focal"),
}


@group.command(epilog="Example: kartograph evaluate preaddl downloads/retailrocket --negatives popularity")
def preaddl(
    data: Annotated[Path, typer.Argument(help="RetailRocket's folder, or any file of events or sessions.")],
    models: Annotated[str, typer.Option("--models", help="Models with commas between; all by default.")] = "",
    split: Annotated[str, typer.Option(help="time, or random, which leaks and is named so.")] = "time",
    positive: Annotated[str, typer.Option(help="What a positive is: any event, cart (or more), or buy.")] = "any",
    negatives: Annotated[str, typer.Option(help="How negatives are drawn: uniform, popularity or hard.")] = "uniform",
    per_positive: Annotated[int, typer.Option(min=1, help="Negatives for each positive.")] = 1,
    loss: Annotated[str, typer.Option(help="Of PRE-ADDL: bce, weighted or focal.")] = "bce",
    features: Annotated[bool, typer.Option(help="Whether pairs have numeric features.")] = True,
    epochs: Annotated[int, typer.Option(min=1, help="Epochs of PRE-ADDL.")] = 5,
    charts: Annotated[Path | None, typer.Option(help="Folder for the charts.")] = None,
    json: JsonFile = None,
    seed: Seed = 0,
) -> None:
    """Repeat tables 2, 3 and 4 and figure 13 of PRE-ADDL's paper: our runs, with the reported figures beside them."""
    for (option, allowed), value in zip(CHOICES.items(), (split, positive, negatives, loss), strict=True):
        if value not in allowed:
            raise BadInput(f"{option} is {value!r}. Allowed are {', '.join(allowed)}.")
    refuse_unwritable(json)
    from dataclasses import asdict

    from kartograph.evaluation.papers.preaddl import compare, tables
    from kartograph.evaluation.record import record, sha256
    from kartograph.models.preaddl.baselines import BaselineOptions
    from kartograph.models.preaddl.bert import BertOptions
    from kartograph.models.preaddl.pairs import PairOptions, prepare, without_features
    from kartograph.models.preaddl.training import Training

    names = tuple(name.strip() for name in models.split(",") if name.strip()) or compare.NAMES
    if wrong := [name for name in names if name not in compare.NAMES]:
        raise BadInput(f"There is no model {wrong[0]!r} of pairs. Names are {', '.join(compare.NAMES)}.")
    options = PairOptions(positive, negatives, per_positive, split, recent=10, seed=seed)  # pyright: ignore[reportArgumentType]
    paper = compare.PaperOptions(
        pairs=options,
        training=Training(epochs=epochs, learning_rate=3e-3, embedding_rate=1e-2, seed=seed),
        loss=loss,  # pyright: ignore[reportArgumentType]
    )
    graph = compare.GraphOptions(training=Training(epochs=6, learning_rate=2e-3, patience=0, seed=seed))
    with shown_progress() as progress:
        shop = read_shop(data, progress)
        prepared = prepare(shop, options, progress)
        prepared = prepared if features else without_features(prepared)
        simple, bert = BaselineOptions(seed=seed), BertOptions(seed=seed)
        compared = compare.compare(prepared, names, paper, graph, simple, bert, progress)
        if charts is not None:
            from kartograph.evaluation.papers.preaddl.charts import save_charts

            save_charts(charts, compared, prepared)
    name = "preaddl-time" if split == "time" else "preaddl-random-leaking"
    judged = tables.as_record(compared, prepared)
    content = record(name, judged, {"sha256": sha256(data)}, seed, {"pairs": asdict(options), "preaddl": asdict(paper)})
    save_record(content, json)
    print_frame(_rounded(tables.data_table(shop)), "Table 2: the data, with missing values")
    print_frame(_rounded(tables.preparation_table(prepared)), "Preparation")
    print_frame(_rounded(tables.time_table(compared)), "Table 3 and figure 13: times, reported ones as printed")
    print_frame(_rounded(tables.quality_table(compared)), f"Table 4, {name}")
    print_frame(_rounded(tables.implied_table(float(prepared.test.labels.mean()))), "What the reported rows imply")


def read_shop(data: Path, progress: "Progress") -> "ShopEvents":
    """The events of a file or folder, with dated properties where it is RetailRocket's folder.

    A session without a user is a visitor; without times, the order of the clicks is their time.
    """
    from kartograph.evaluation.shop_tables import holds_sessions, read_source
    from kartograph.models.preaddl.shop_events import from_retailrocket, from_sequences, from_source
    from kartograph.tables.sequences import read_sequences

    if not data.exists():
        raise BadInput(f"{data} does not exist. Name a file of interactions or a folder of a known layout.")
    if data.is_dir() and any(data.glob("events.csv*")):
        return from_retailrocket(data, progress)
    if data.is_file() and holds_sessions(data):
        return from_sequences(read_sequences(data))
    return from_source(read_source(data, progress))


def _rounded(frame: "pd.DataFrame") -> "pd.DataFrame":
    def shown(value: Any) -> Any:
        return "" if value is None or value != value else round(value, 4) if isinstance(value, float) else value

    return frame.map(shown)
