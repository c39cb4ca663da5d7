"""The commands that load a source into the shop: retailrocket, rees46, interactions, sessions."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from kartograph.cli.app import app
from kartograph.cli.loading.load_options import CLUSTER, Common, with_common, with_declared
from kartograph.cli.shared.checked import Commands
from kartograph.cli.shared.connect import open_graph
from kartograph.cli.shared.console import notes, out, print_facts, print_json, shown_progress
from kartograph.loaders.shared.declared import InteractionColumns, TableOptions, TimedOptions

if TYPE_CHECKING:
    from kartograph.graph.connection import Graph
    from kartograph.tables.progress import Progress
    from kartograph.tables.report import Report
    from kartograph.tables.schema import Source

load = Commands(no_args_is_help=True, help="Load a source into the shop: in place of what it held, or on top.")
app.add_typer(load, name="load")


@load.callback(epilog="Example: kartograph load --engine spark --master spark://head:7077 rees46 '2019-*.csv.gz'")
def engine_option(
    context: typer.Context,
    engine: Annotated[
        Literal["duckdb", "spark"], typer.Option(help="What works on the tables; spark needs the extra of that name.")
    ] = "duckdb",
    master: Annotated[str | None, typer.Option(help="The Spark cluster, as spark://head:7077 or local[4].")] = None,
    exchange: Annotated[
        Path | None, typer.Option(help="A folder that this machine and all of the cluster see under the same path.")
    ] = None,
) -> None:
    """Load a source into the shop: in place of what it held before, or with --live on top of it."""
    if (engine == "spark") != (master is not None):
        raise typer.BadParameter("--engine spark and --master go together")
    if exchange is not None and engine != "spark":
        raise typer.BadParameter("--exchange goes with --engine spark")
    if master is not None:
        from kartograph.tables.spark import Cluster

        context.meta[CLUSTER] = Cluster(master, exchange)


@load.command(epilog="Example: kartograph load retailrocket downloads/retailrocket --properties 888,283")
@with_common
def retailrocket(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="The folder with events.csv.")],
    common: Common,
    properties: Annotated[str, typer.Option(help="Further item properties to keep, as 888,283.")] = "",
) -> None:
    """Load the RetailRocket e-commerce data set."""
    from kartograph.loaders import retailrocket as loader

    kept = tuple(name.strip() for name in properties.split(",") if name.strip())
    options = loader.RetailRocketOptions(**common.reading(context.obj, loader.NAME), properties=kept)
    run(context, lambda progress: loader.read(folder, options, progress), common)


@load.command(epilog="Example: kartograph load rees46 2019-Oct.csv.gz")
@with_common
@with_declared(TimedOptions)
def rees46(
    context: typer.Context,
    path: Annotated[str, typer.Argument(help="A file, a folder or a pattern such as '2019-*.csv.gz'.")],
    common: Common,
    said: dict[str, Any],
) -> None:
    """Load event files of REES46."""
    from kartograph.loaders import rees46 as loader
    from kartograph.loaders.shared.options import ReadOptions

    options = ReadOptions(**common.reading(context.obj, loader.NAME), **said)
    run(context, lambda progress: loader.read(path, options, progress), common)


@load.command(epilog="Example: kartograph load interactions clicks.csv --user visitor --item sku --time when --live")
@with_common
@with_declared(InteractionColumns)
def interactions(
    context: typer.Context,
    path: Annotated[
        str, typer.Argument(help="CSV, JSON, Parquet, a workbook, packed or not: a file, a folder or a pattern.")
    ],
    common: Common,
    said: dict[str, Any],
) -> None:
    """Load any table of interactions, a row for what a user did with an item."""
    from kartograph.loaders import interactions as loader

    options = loader.InteractionOptions(**common.reading(context.obj, loader.NAME), **said)
    run(context, lambda progress: loader.read(path, options, progress), common)


@load.command(epilog="Example: kartograph load sessions session_clicks.csv.gz")
@with_common
@with_declared(TableOptions)
def sessions(
    context: typer.Context,
    path: Annotated[str, typer.Argument(help="CSV or Parquet with session_id, position, item_id.")],
    common: Common,
    said: dict[str, Any],
) -> None:
    """Load sessions, clicks in order without users or times."""
    from kartograph.loaders import sessions as loader
    from kartograph.loaders.shared.options import ReadOptions

    options = ReadOptions(**common.reading(context.obj, loader.NAME), **said)
    run(context, lambda progress: loader.read(path, options, progress), common)


def run(
    context: typer.Context,
    read: "Callable[[Progress], Source]",
    common: Common,
    then: "Callable[[Graph, Progress], Mapping[str, int]] | None" = None,
) -> None:
    """Read, then load or describe, and print the summary; a dry run ends as the load would.

    `then` writes more into the graph that was loaded, and returns counts for the summary.
    """
    with shown_progress() as progress:
        report = common.run(context, read, progress)
        if then is not None and not common.dry_run:
            with open_graph(context.obj, progress) as graph:
                report.counts |= then(graph, progress)
    if common.as_json:
        print_json(report.as_dict())
    else:
        _print(report)
    if report.refusals:
        raise typer.Exit(1)


def _print(report: "Report") -> None:
    """Print the summary: what was read, what was odd, what came out."""
    for part, column in report.columns.items():
        notes.print(f"{part}: column {column!r}", markup=False, highlight=False)
    facts: dict[str, object] = {}
    for name, read in report.reads.items():
        facts[f"{name} read"] = f"{read.rows:,}, of them {read.rows - read.good:,} rejected"
    facts |= {f"rejected: {reason}": f"{count:,}" for reason, count in sorted(report.rejected.items())}
    facts |= {words: f"{count:,}" for words, count in report.notes.items()}
    facts |= {name: _readable(name, value) for name, value in report.data.items()}
    facts |= {name.replace("_", " "): f"{count:,}" for name, count in report.counts.items()}
    if report.rejects_file is not None:
        facts["rejected rows"] = report.rejects_file
    if report.seconds is not None:
        steps = ", ".join(f"{name} {seconds:.1f}" for name, seconds in report.steps.items())
        facts["time"] = f"{report.seconds:.1f} s" + (f": {steps}" if steps else "")
    print_facts(facts)
    if report.refusals is not None:
        out.print(f"verdict: {report.verdict}", markup=False, highlight=False, soft_wrap=True)


def _readable(name: str, value: object) -> object:
    """A figure of the data for a person: times as dates, counts with commas, kinds in a row."""
    from datetime import UTC, datetime, timedelta

    if name in ("first", "last") and isinstance(value, int):
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=value)).isoformat(" ", "seconds")
    if isinstance(value, dict):
        return ", ".join(f"{key} {count:,}" for key, count in value.items()) or "none"
    if value is None:
        return "none"
    return f"{value:,}" if isinstance(value, int) else value
