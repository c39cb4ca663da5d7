"""The commands that load a source into the shop: retailrocket, rees46, interactions, sessions."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kartograph.cli.app import app
from kartograph.cli.shown import notes, print_facts, print_json, shown_progress

if TYPE_CHECKING:
    from kartograph.tables.progress import Progress
    from kartograph.tables.report import Report
    from kartograph.tables.schema import Source

load = typer.Typer(no_args_is_help=True, help="Load a source into the shop, in place of what it held before.")
app.add_typer(load, name="load")

DryRun = Annotated[bool, typer.Option("--dry-run", help="Read and check only, and say what is there.")]
RejectsFile = Annotated[
    Path | None, typer.Option("--rejects", help="Where bad rows go [default: loads/ in the shop's folder].")
]
MaxRejects = Annotated[str, typer.Option(help="How many bad rows are borne: a share as 10% or a number as 500.")]
SessionGap = Annotated[float, typer.Option(help="Minutes of rest after which a user begins a new session.")]
Memory = Annotated[str, typer.Option(help="Memory that the tables may take before they spill to disk.")]
Threads = Annotated[int, typer.Option(help="Threads that work at once.", min=1)]
AsJson = Annotated[bool, typer.Option("--json", help="Print the summary as JSON, for scripts.")]


@load.command(epilog="Example: kartograph load retailrocket downloads/retailrocket --properties 888,283")
def retailrocket(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="The folder with events.csv.")],
    properties: Annotated[str, typer.Option(help="Further item properties to keep, as 888,283.")] = "",
    dry_run: DryRun = False,
    rejects: RejectsFile = None,
    max_rejects: MaxRejects = "10%",
    session_gap: SessionGap = 30,
    memory: Memory = "3GB",
    threads: Threads = 2,
    as_json: AsJson = False,
) -> None:
    """Load the RetailRocket e-commerce data set."""
    from kartograph.loaders import retailrocket as loader

    kept = tuple(name.strip() for name in properties.split(",") if name.strip())

    def read(options: dict[str, Any], progress: "Progress") -> "Source":
        return loader.read(folder, loader.RetailRocketOptions(**options, properties=kept), progress)

    common = _options(context.obj, loader.NAME, rejects, max_rejects, dry_run, memory, threads)
    _run(context.obj, read, common, session_gap, dry_run, as_json)


@load.command(epilog="Example: kartograph load rees46 2019-Oct.csv.gz")
def rees46(
    context: typer.Context,
    path: Annotated[str, typer.Argument(help="A file, a folder or a pattern such as '2019-*.csv.gz'.")],
    dry_run: DryRun = False,
    rejects: RejectsFile = None,
    max_rejects: MaxRejects = "10%",
    session_gap: SessionGap = 30,
    memory: Memory = "3GB",
    threads: Threads = 2,
    as_json: AsJson = False,
) -> None:
    """Load event files of REES46."""
    from kartograph.loaders import rees46 as loader
    from kartograph.loaders.options import ReadOptions

    def read(options: dict[str, Any], progress: "Progress") -> "Source":
        return loader.read(path, ReadOptions(**options), progress)

    common = _options(context.obj, loader.NAME, rejects, max_rejects, dry_run, memory, threads)
    _run(context.obj, read, common, session_gap, dry_run, as_json)


@load.command(epilog="Example: kartograph load interactions clicks.csv --user visitor --item sku --time when --dry-run")
def interactions(
    context: typer.Context,
    path: Annotated[str, typer.Argument(help="CSV or Parquet: a file, a folder or a pattern.")],
    user: Annotated[str | None, typer.Option(help="The users' column [default: guessed].")] = None,
    item: Annotated[str | None, typer.Option(help="The items' column [default: guessed].")] = None,
    event: Annotated[str | None, typer.Option(help="The events' column [default: guessed; else all views].")] = None,
    time: Annotated[str | None, typer.Option(help="The times' column: epoch or ISO [default: guessed].")] = None,
    session: Annotated[str | None, typer.Option(help="The sessions' column [default: guessed].")] = None,
    position: Annotated[str | None, typer.Option(help="The order where there are no times [default: guessed].")] = None,
    name: Annotated[str, typer.Option(help="What the source is called.")] = "interactions",
    dry_run: DryRun = False,
    rejects: RejectsFile = None,
    max_rejects: MaxRejects = "10%",
    session_gap: SessionGap = 30,
    memory: Memory = "3GB",
    threads: Threads = 2,
    as_json: AsJson = False,
) -> None:
    """Load any table of interactions, a row for what a user did with an item."""
    from kartograph.loaders import interactions as loader

    columns: dict[str, Any] = {
        "user": user,
        "item": item,
        "event": event,
        "time": time,
        "session": session,
        "position": position,
    }

    def read(options: dict[str, Any], progress: "Progress") -> "Source":
        return loader.read(path, loader.InteractionOptions(**options, **columns, name=name), progress)

    common = _options(context.obj, loader.NAME, rejects, max_rejects, dry_run, memory, threads)
    _run(context.obj, read, common, session_gap, dry_run, as_json)


@load.command(epilog="Example: kartograph load sessions session_clicks.csv.gz")
def sessions(
    context: typer.Context,
    path: Annotated[str, typer.Argument(help="CSV or Parquet with session_id, position, item_id.")],
    dry_run: DryRun = False,
    rejects: RejectsFile = None,
    max_rejects: MaxRejects = "10%",
    memory: Memory = "3GB",
    threads: Threads = 2,
    as_json: AsJson = False,
) -> None:
    """Load sessions, clicks in order without users or times."""
    from kartograph.loaders import sessions as loader
    from kartograph.loaders.options import ReadOptions

    def read(options: dict[str, Any], progress: "Progress") -> "Source":
        return loader.read(path, ReadOptions(**options), progress)

    common = _options(context.obj, loader.NAME, rejects, max_rejects, dry_run, memory, threads)
    _run(context.obj, read, common, 30, dry_run, as_json)


def _options(
    shop: str, name: str, rejects: Path | None, max_rejects: str, dry_run: bool, memory: str, threads: int
) -> dict[str, Any]:
    """The options that every loader has, by their names."""
    from kartograph.graph.managed.home import Home
    from kartograph.tables.engine import EngineOptions
    from kartograph.tables.rejects import RejectLimit

    return {
        "rejects": rejects or Home.of(shop).folder / "loads" / f"{name}-rejects.csv",
        "limit": RejectLimit(share=1) if dry_run else RejectLimit.parse(max_rejects),
        "engine": EngineOptions(memory=memory, threads=threads),
    }


def _run(
    shop: str,
    read: Callable[[dict[str, Any], "Progress"], "Source"],
    options: dict[str, Any],
    session_gap: float,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Read, then load or describe, and print the summary."""
    from kartograph.graph.managed.home import Home
    from kartograph.loaders.batch import one_at_a_time
    from kartograph.tables.derive import DeriveOptions
    from kartograph.tables.describe import describe
    from kartograph.tables.sessions import SessionOptions

    with shown_progress() as progress:
        if dry_run:
            source = read(options, progress)
            report = source.report
            progress("Describing")
            report.data = describe(source)
            report.finish()
        else:
            from kartograph.loaders.into_graph import into_graph

            home = Home.of(shop)
            deriving = DeriveOptions(sessions=SessionOptions(gap_minutes=session_gap))
            with one_at_a_time(home):
                report = into_graph(read(options, progress), home, deriving, progress)
    if as_json:
        print_json(report.as_dict())
    else:
        _print(report)


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
