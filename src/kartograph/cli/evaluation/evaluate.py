"""The commands that measure models on two files: `evaluate sequences`, `evaluate interactions`; the list of models."""

from pathlib import Path
from typing import Annotated

import typer

from kartograph.cli.app import app
from kartograph.cli.evaluation.options import Listed, Models, measuring
from kartograph.cli.evaluation.run import run
from kartograph.cli.shared.checked import Commands

group = Commands(no_args_is_help=True, help="Measure models, on two files or on divisions of one.")
app.add_typer(group, name="evaluate")

TrainFile = Annotated[Path, typer.Option("--train", help="The training part: CSV, CSV.GZ or Parquet.")]
TestFile = Annotated[Path, typer.Option("--test", help="The test part.")]
RunFile = Annotated[
    Path | None,
    typer.Option(
        help="Write the lists in TREC run format; with several models one file each, run.MODEL.txt for run.txt."
    ),
]


@group.command(epilog="Example: kartograph evaluate sequences --train clicks.csv.gz --test late.csv --models stan,walk")
@measuring
def sequences(
    train: TrainFile,
    test: TestFile,
    models: Models,
    how: Listed,
    export_run: RunFile = None,
    all_prefixes: Annotated[
        bool, typer.Option(help="Make a case of every prefix of a session, not one of each session.")
    ] = False,
) -> None:
    """Predict the next click of sessions: files with session_id, position, item_id.

    A test session is one case. With a column `target` all its rows are the prefix, without it the last row is the
    target. Every case is scored by itself; a target that training does not know is a miss.
    """
    from kartograph.evaluation.protocols.sequences import NextClicks

    protocol = NextClicks(all_prefixes)
    run(protocol, (train, test), models, how, export_run=export_run)


@group.command(
    epilog="Example: kartograph evaluate interactions --train events.csv.gz --test late.csv --models stan-users"
)
@measuring
def interactions(
    train: TrainFile,
    test: TestFile,
    models: Models,
    how: Listed,
    mask: Annotated[
        str, typer.Option(help="Training items left out of a user's list: bought, seen or none.")
    ] = "bought",
    export_run: RunFile = None,
) -> None:
    """Predict items of users that were held out.

    Training has user_id, item_id, event (view, cart, buy or borrow) and timestamp, the test part user_id and item_id.
    A user or item that training does not know is a miss.
    """
    from kartograph.evaluation.protocols.interactions import KeptBackItems

    run(KeptBackItems(mask), (train, test), models, how, export_run=export_run)


@group.command(
    "by", epilog="Example: kartograph evaluate by days.py:FirstDays events.csv.gz --models stan,mine.py:Rarest"
)
@measuring
def by(
    context: typer.Context,
    protocol: Annotated[str, typer.Argument(help="A protocol of your own as file.py:Class, or one by name.")],
    models: Models,
    how: Listed,
    data: Annotated[
        Path | None, typer.Argument(help="What the protocol reads.", show_default="the shop's events")
    ] = None,
    test: Annotated[
        Path | None, typer.Option("--test", help="The test part, of protocols that take two parts.")
    ] = None,
) -> None:
    """Measure under a protocol of your own: a Python file with a subclass of `evaluation.protocols.base.Protocol`.

    The file is executed: use only one that you trust.
    """
    from kartograph.evaluation.protocols.base import protocol_of

    chosen = protocol_of(protocol)
    parts = data if test is None else (data, test)
    run(chosen, parts, models, how, shop=context.obj)
