"""The commands that measure models on data of one's own: they divide it themselves, by time, by users, into pairs."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from kartograph.cli.evaluation.evaluate import group
from kartograph.cli.evaluation.options import Data, Items, Listed, Models, Repeated, measuring
from kartograph.cli.evaluation.run import run

if TYPE_CHECKING:
    from kartograph.evaluation.protocols.session_cuts import ClickOptions

FamilyModels = Annotated[
    str,
    typer.Option(
        "--models",
        help="Names from `kartograph models` or file.py:Class, separated by commas.",
        show_default="the paper's, with K 20 and 50",
    ),
]
Event = Annotated[str, typer.Option(help="Kind of event to learn and to predict: view, cart, buy, borrow or all.")]
ItemEvents = Annotated[int, typer.Option(min=1, help="Minimum number of events of an item in the training part.")]
Positive = Annotated[Literal["any", "cart", "buy"], typer.Option(help="Which events make a pair positive.")]
PerPositive = Annotated[int, typer.Option(min=0, help="Negative pairs for each positive one.")]
Sampling = Annotated[
    Literal["uniform", "popular"],
    typer.Option(help="Negative sampling: uniform, or popular (in proportion to events), which is harder."),
]


@group.command(epilog="Example: kartograph evaluate windows downloads/retailrocket --models stan,walk,item-knn")
@measuring
def windows(
    context: typer.Context,
    models: Models,
    how: Listed,
    data: Data = None,
    number: Annotated[int, typer.Option("--windows", min=1, help="Number of windows.")] = 5,
    train_days: Annotated[float, typer.Option(help="Number of days to learn from in each window.")] = 25,
    test_days: Annotated[float, typer.Option(help="Number of test days after them.")] = 2,
    event: Event = "view",
    item_events: ItemEvents = 5,
) -> None:
    """Predict the next click of sessions in sliding windows of time; figures are means over the windows.

    Models of users are asked with all that the user did before, where the data has users.
    """
    from kartograph.evaluation.protocols.session_cuts import SessionWindows

    protocol = SessionWindows(number, train_days, test_days, _clicks(event, item_events))
    run(protocol, data, models, how, shop=context.obj)


@group.command("last-week", epilog="Example: kartograph evaluate last-week clicks.csv --models stan,markov")
@measuring
def last_week(
    context: typer.Context,
    models: Models,
    how: Listed,
    data: Data = None,
    test_days: Annotated[float, typer.Option(help="Number of last days of the data that form the test part.")] = 7,
    event: Event = "view",
    item_events: ItemEvents = 5,
) -> None:
    """Learn from everything but the last week and predict the next click of its sessions.

    Models of users are asked with all that the user did before, where the data has users.
    """
    from kartograph.evaluation.protocols.session_cuts import LastDays

    protocol = LastDays(test_days, _clicks(event, item_events))
    run(protocol, data, models, how, shop=context.obj)


@group.command(epilog="Example: kartograph evaluate folds downloads/retailrocket --share 0.937 --include-seen")
@measuring
def folds(
    context: typer.Context,
    how: Listed,
    models: FamilyModels = "",
    data: Data = None,
    number: Annotated[int, typer.Option("--folds", min=2, help="Number of folds of users.")] = 5,
    new_users: Annotated[
        float, typer.Option(help="Share (0 to 1) of the tested users of a fold of whom nothing is known.")
    ] = 0.2,
    positive: Positive = "buy",
    include_seen: Annotated[bool, typer.Option(help="Predict items that the user had viewed before as well.")] = False,
    negatives: PerPositive = 1,
    share: Annotated[
        float | None,
        typer.Option(
            help="Share (0 to 1) of positives among the pairs, in place of --negatives; the paper's figures "
            "imply 0.937."
        ),
    ] = None,
    negative_sampling: Sampling = "uniform",
) -> None:
    """Cross-validate over users, with new ones among the tested, as the paper of MCPRHRec does.

    Pairs of a user and an item are classified (accuracy, precision, recall, F1), and all items are ranked for warm and
    for new users. Calling every pair positive, always-yes, is a row of the table; the paper's figures stand beside
    ours. Without --models its systems run with 20 and with 50 neighbours.
    """
    from kartograph.evaluation.pairs.negatives import Negatives
    from kartograph.evaluation.papers.reproduce import FAMILY
    from kartograph.evaluation.protocols.user_folds import UserFolds

    protocol = UserFolds(
        number,
        new_users=new_users,
        positive=positive,
        include_seen=include_seen,
        negatives=Negatives(negatives, negative_sampling, share),
    )
    run(protocol, data, models or FAMILY, how, shop=context.obj)


@group.command(epilog="Example: kartograph evaluate pairs buyers.csv.gz --positive buy --models popularity,item-knn")
@measuring
def pairs(
    context: typer.Context,
    models: Models,
    how: Repeated,
    data: Data = None,
    random: Annotated[
        bool, typer.Option("--random", help="Split at random, as the paper's listing does; this leaks.")
    ] = False,
    share: Annotated[
        float,
        typer.Option(
            help="Share (0 to 1) of the events used for training and validation; the others form the test part."
        ),
    ] = 0.8,
    positive: Positive = "any",
    negatives: PerPositive = 1,
    negative_sampling: Sampling = "uniform",
) -> None:
    """Classify pairs of a user and an item: those with an event against the others, as the paper of PRE-ADDL does.

    The events are divided 80 to 20 by time; with --random at random, which lets later events and the same pairs into
    the training part and is named so in the record.
    """
    from kartograph.evaluation.pairs.negatives import Negatives
    from kartograph.evaluation.protocols.pair_split import PairSplitting

    protocol = PairSplitting("random" if random else "time", share, positive, Negatives(negatives, negative_sampling))
    run(protocol, data, models, how, shop=context.obj)


@group.command(
    epilog="Example: kartograph evaluate cold downloads/retailrocket --models popularity,category-popularity"
)
@measuring
def cold(
    context: typer.Context,
    models: Models,
    how: Listed,
    data: Data = None,
    items: Items = None,
    test_days: Annotated[float, typer.Option(help="Number of last days of the data that form the test part.")] = 14,
) -> None:
    """Measure cold start: users with no history, one category or one click, and new items.

    The table says what share each model serves at all, and how often it is right.
    """
    from kartograph.evaluation.protocols.cold import ColdStart

    run(ColdStart(test_days), data, models, how, shop=context.obj, items=items)


def _clicks(event: str, item_events: int) -> "ClickOptions":
    from kartograph.evaluation.protocols.session_cuts import ClickOptions

    return ClickOptions(None if event == "all" else event, item_events)
