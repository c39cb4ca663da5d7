"""The commands that measure models on data of one's own: they divide it themselves, by time, by users, into pairs."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from kartograph.cli.console import shown_progress
from kartograph.cli.evaluation.evaluate import JsonFile, K, Models, Seed, chosen_presets, group
from kartograph.cli.evaluation.results import print_cold, print_figures, print_pairs, refuse_unwritable, save_record

if TYPE_CHECKING:
    from kartograph.evaluation.shop_tables import ShopTables
    from kartograph.models.base import Recommender
    from kartograph.tables.progress import Progress

Data = Annotated[
    Path | None,
    typer.Argument(
        help="A file of interactions or of REES46, or a folder of RetailRocket or of the bookshop.",
        show_default="the shop's events, read from its graph before anything is measured",
    ),
]
Event = Annotated[str, typer.Option(help="The kind of event that is learnt and asked for, or all.")]
ItemEvents = Annotated[int, typer.Option(min=1, help="Events that an item needs in the training part.")]
Positive = Annotated[Literal["any", "cart", "buy"], typer.Option(help="Which events make a pair positive.")]
PerPositive = Annotated[int, typer.Option(min=0, help="Negative pairs for each positive one.")]
Drawn = Annotated[
    Literal["uniform", "popular"], typer.Option(help="How negatives are drawn; in proportion to events is harder.")
]
Measure = Callable[["ShopTables", dict[str, "Recommender"], "Progress"], dict[str, Any]]


@group.command(epilog="Example: kartograph evaluate windows downloads/retailrocket --models stan,walk,item-knn")
def windows(
    context: typer.Context,
    models: Models,
    data: Data = None,
    number: Annotated[int, typer.Option("--windows", min=1, help="How many windows.")] = 5,
    train_days: Annotated[float, typer.Option(help="Days to learn from in each window.")] = 25,
    test_days: Annotated[float, typer.Option(help="Days to ask for after them.")] = 2,
    event: Event = "view",
    item_events: ItemEvents = 5,
    k: K = 20,
    json: JsonFile = None,
    seed: Seed = 0,
) -> None:
    """Predict the next click of sessions in sliding windows of time; figures are means over the windows."""
    from kartograph.evaluation.protocols.session_cuts import ClickOptions, SessionWindows
    from kartograph.evaluation.session_runs import run_sessions

    protocol = SessionWindows(
        number, train_days, test_days, ClickOptions(None if event == "all" else event, item_events)
    )
    _run(
        *("windows", context.obj, data, models, k, json, seed, protocol),
        lambda tables, made, progress: run_sessions(tables, protocol.splits(tables.events), made, k, seed, progress),
    )


@group.command("last-week", epilog="Example: kartograph evaluate last-week clicks.csv --models stan,markov")
def last_week(
    context: typer.Context,
    models: Models,
    data: Data = None,
    test_days: Annotated[float, typer.Option(help="Days at the end that are asked for.")] = 7,
    event: Event = "view",
    item_events: ItemEvents = 5,
    k: K = 20,
    json: JsonFile = None,
    seed: Seed = 0,
) -> None:
    """Learn from everything but the last week and predict the next click of its sessions."""
    from kartograph.evaluation.protocols.session_cuts import ClickOptions, LastDays
    from kartograph.evaluation.session_runs import run_sessions

    protocol = LastDays(test_days, ClickOptions(None if event == "all" else event, item_events))
    _run(
        *("last-week", context.obj, data, models, k, json, seed, protocol),
        lambda tables, made, progress: run_sessions(tables, protocol.splits(tables.events), made, k, seed, progress),
    )


@group.command(epilog="Example: kartograph evaluate folds downloads/retailrocket --models popularity,item-knn")
def folds(
    context: typer.Context,
    models: Models,
    data: Data = None,
    number: Annotated[int, typer.Option("--folds", min=2, help="How many folds of users.")] = 5,
    new_users: Annotated[float, typer.Option(help="Share of a fold's users of whom nothing is known.")] = 0.2,
    positive: Positive = "buy",
    met_before: Annotated[bool, typer.Option(help="Ask for items that a user viewed before, too.")] = False,
    negatives: PerPositive = 1,
    drawn: Drawn = "uniform",
    k: K = 20,
    json: JsonFile = None,
    seed: Seed = 0,
) -> None:
    """Cross-validate over users, with new ones among the tested, as the paper of MCPRHRec does.

    Pairs of a user and an item are told apart (accuracy, precision, recall, F1), and all items are ranked for warm and
    for new users. Calling every pair positive, always-yes, is a row of the table.
    """
    from kartograph.evaluation.pair_runs import run_folds
    from kartograph.evaluation.protocols.negatives import Negatives
    from kartograph.evaluation.protocols.user_folds import UserFolds

    protocol = UserFolds(
        number,
        new_users=new_users,
        positive=positive,
        met_before=met_before,
        negatives=Negatives(negatives, drawn),
        seed=seed,
    )
    _run(
        *("mcprhrec-folds", context.obj, data, models, k, json, seed, protocol),
        lambda tables, made, progress: run_folds(tables, protocol.splits(tables.known_users), made, k, seed, progress),
        show=print_pairs,
    )


@group.command(epilog="Example: kartograph evaluate pairs buyers.csv.gz --positive buy --models popularity,item-knn")
def pairs(
    context: typer.Context,
    models: Models,
    data: Data = None,
    random: Annotated[
        bool, typer.Option("--random", help="Divide at random, as the paper's listing does: this leaks.")
    ] = False,
    share: Annotated[float, typer.Option(help="Share of the events that is not test.")] = 0.8,
    positive: Positive = "any",
    negatives: PerPositive = 1,
    drawn: Drawn = "uniform",
    json: JsonFile = None,
    seed: Seed = 0,
) -> None:
    """Tell pairs of user and item that will meet from pairs that will not, as the paper of PRE-ADDL does.

    The events are divided 80 to 20 by time; with --random at random, which lets later events and the same pairs into
    the training part and is named so in the record.
    """
    from kartograph.evaluation.pair_runs import run_pairs
    from kartograph.evaluation.protocols.negatives import Negatives
    from kartograph.evaluation.protocols.pair_split import PairSplitting

    protocol = PairSplitting("random" if random else "time", share, positive, Negatives(negatives, drawn), seed)
    _run(
        *(
            "preaddl-random-leaking" if random else "preaddl-time",
            context.obj,
            data,
            models,
            None,
            json,
            seed,
            protocol,
        ),
        lambda tables, made, progress: run_pairs(tables, protocol.split(tables.known_users), made, progress),
        show=print_pairs,
    )


@group.command(
    epilog="Example: kartograph evaluate cold downloads/retailrocket --models popularity,category-popularity"
)
def cold(
    context: typer.Context,
    models: Models,
    data: Data = None,
    test_days: Annotated[float, typer.Option(help="Days at the end that are asked for.")] = 14,
    k: K = 20,
    json: JsonFile = None,
    seed: Seed = 0,
) -> None:
    """Ask for users of whom nothing, a category or one click is known, and for items that nobody met before.

    The table says what share each model serves at all, and how often it is right.
    """
    from kartograph.evaluation.protocols.cold import ColdStart, measure_cold

    protocol = ColdStart(test_days)
    _run(
        *("cold-start", context.obj, data, models, k, json, seed, protocol),
        lambda tables, made, progress: measure_cold(protocol.cases(tables), made, k, progress),
        show=print_cold,
    )


def _run(
    name: str,
    shop: str,
    data: Path | None,
    models: str,
    k: int | None,
    json: Path | None,
    seed: int,
    protocol: object,
    run: Measure,
    show: Callable[[dict[str, Any], int, str], None] = print_figures,
) -> None:
    from dataclasses import asdict

    from kartograph.evaluation.record import options_of, record, sha256, sha256_of_table
    from kartograph.evaluation.shop_tables import read_tables, tables_of_graph
    from kartograph.graph.connection import Graph
    from kartograph.tables.errors import BadInput

    presets = chosen_presets(models)
    refuse_unwritable(json)
    if data is not None and not data.exists():
        raise BadInput(f"{data} does not exist. Name a file of interactions or a folder of a known layout.")
    made = {model: preset.make(seed) for model, preset in presets.items()}
    with shown_progress() as progress:
        if data is not None:
            tables, sums = read_tables(data, progress), {"sha256": sha256(data)}
        else:
            with Graph.local(shop, progress) as graph:
                tables = tables_of_graph(graph, shop, progress)
            sums = {"shop": shop, "events_sha256": sha256_of_table(tables.events)}
        try:
            judged = run(tables, made, progress)
        finally:
            for model in made.values():
                model.close()
    options = {"k": k} if k is not None else {}
    options |= {"division": asdict(protocol), **{model: options_of(it) for model, it in made.items()}}  # pyright: ignore[reportArgumentType]
    save_record(record(name, judged, sums, seed, options), json)
    show(judged, k or 0, name)
