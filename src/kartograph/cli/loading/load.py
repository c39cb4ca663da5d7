"""The commands that load a source into the shop: one for each loader of the registry."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from kartograph.cli.app import app
from kartograph.cli.loading.loader_command import loader_command
from kartograph.cli.loading.summary import print_report
from kartograph.cli.shared.checked import Commands
from kartograph.cli.shared.connect import can_open, open_graph
from kartograph.cli.shared.console import shown_progress
from kartograph.loaders.registry import Loader, loaders
from kartograph.loaders.shared.declared import declared

if TYPE_CHECKING:
    from kartograph.tables.report import Report

CLUSTER = "kartograph.cluster"
"""Where the options of `load` leave the cluster for its commands."""
load = Commands(
    no_args_is_help=True, help="Load a source into the shop, in place of what it held or, with --live, on top."
)
app.add_typer(load, name="load")


@load.callback(epilog="Example: kartograph load --engine spark --master spark://head:7077 rees46 '2019-*.csv.gz'")
def engine_option(
    context: typer.Context,
    engine: Annotated[
        Literal["duckdb", "spark"], typer.Option(help="Table engine; spark requires `kartograph[spark]`.")
    ] = "duckdb",
    master: Annotated[
        str | None, typer.Option(help="With --engine spark: the cluster, as spark://head:7077 or local[4].")
    ] = None,
    exchange: Annotated[
        Path | None,
        typer.Option(
            help="With --engine spark: a folder for tables that this machine and the cluster see under one path; "
            "needed where they share no disk."
        ),
    ] = None,
) -> None:
    """Load a source into the shop, in place of what it held or, with --live, on top of it."""
    if (engine == "spark") != (master is not None):
        raise typer.BadParameter("--engine spark and --master go together")
    if exchange is not None and engine != "spark":
        raise typer.BadParameter("--exchange goes with --engine spark")
    if master is not None:
        from kartograph.tables.cluster.spark import Cluster

        context.meta[CLUSTER] = Cluster(master, exchange)


def run_loader(loader: Loader, context: typer.Context, path: str, said: Mapping[str, Any]) -> None:
    """Load a path, or with `dry_run` check it, and print the summary; a dry run ends as the load would."""
    from kartograph.graph.managed.home import ShopDirectory
    from kartograph.loaders.shared.running import run

    own = {one.name for one in declared(loader.options)}
    settings = loader.run_options(**{name: value for name, value in said.items() if name not in own})
    options = {name: value for name, value in said.items() if name in own}
    with shown_progress() as progress:
        report: Report = run(
            loader,
            ShopDirectory.of(context.obj),
            path,
            options,
            settings,
            lambda: open_graph(context.obj, progress, may_create=True),
            can_open(context.obj) if settings.dry_run else True,
            progress,
            context.meta.get(CLUSTER),
        )
    print_report(report, loader, settings.json)
    if report.refusals:
        raise typer.Exit(1)


def _add(loader: Loader) -> Callable[..., None]:
    command = loader_command(loader, lambda context, path, said: run_loader(loader, context, path, said))
    return load.command(loader.name, epilog=f"Example: kartograph load {loader.name} {loader.example}")(command)


for _loader in loaders().values():
    _add(_loader)
