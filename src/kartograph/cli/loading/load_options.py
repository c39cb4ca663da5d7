"""Options of every command that loads, and what they make of the reading of a source."""

import inspect
from collections.abc import Callable
from dataclasses import Field, dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kartograph.loaders.shared.declared import declared, kind_of

if TYPE_CHECKING:
    from kartograph.tables.progress import Progress
    from kartograph.tables.report import Report
    from kartograph.tables.schema import Source

CLUSTER = "kartograph.cluster"
"""Where the options of `load` leave the cluster for its commands."""
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Read and check only: what is there, and whether it would load.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the summary as JSON, for scripts.")]
AllowShrink = Annotated[
    bool, typer.Option("--allow-shrink", help="Load less than half of what the shop holds of this source.")
]


@dataclass(frozen=True)
class Common:
    """The options that all commands of `load` share, as the command line gives them."""

    live: Annotated[
        bool, typer.Option("--live", help="Load on top of what a running database holds, each event once.")
    ] = False
    dry_run: DryRun = False
    rejects: Annotated[
        Path | None, typer.Option("--rejects", help="Where bad rows go.", show_default="loads/ in the shop's folder")
    ] = None
    max_rejects: Annotated[
        str, typer.Option(help="How many bad rows are borne: a share as 10% or a number as 500.")
    ] = "10%"
    allow_empty: Annotated[bool, typer.Option("--allow-empty", help="Load a source without any event.")] = False
    allow_shrink: AllowShrink = False
    session_gap: Annotated[float, typer.Option(help="Minutes of rest after which a user begins a new session.")] = 30
    memory: Annotated[str, typer.Option(help="Memory that the tables may take before they spill to disk.")] = "3GB"
    threads: Annotated[int, typer.Option(help="Threads that work at once.", min=1)] = 2
    as_json: AsJson = False

    def reading(self, shop: str, name: str) -> dict[str, Any]:
        """The options that every loader's `read` has, by their names."""
        from kartograph.graph.managed.home import Home
        from kartograph.loaders.shared.dry_run import EVERY_ROW
        from kartograph.tables.engine import EngineOptions
        from kartograph.tables.rejects import RejectLimit

        limit = RejectLimit.parse(self.max_rejects)
        return {
            "rejects": self.rejects or Home.of(shop).folder / "loads" / f"{name}-rejects.csv",
            "limit": EVERY_ROW if self.dry_run else limit,
            "engine": EngineOptions(memory=self.memory, threads=self.threads),
        }

    def run(self, context: typer.Context, read: Callable[["Progress"], "Source"], progress: "Progress") -> "Report":
        """Read, then describe or load into the shop of the context."""
        from kartograph.graph.managed.home import Home
        from kartograph.loaders.shared.guard import Allowed

        home, allowed = Home.of(context.obj), Allowed(self.allow_empty, self.allow_shrink)
        if self.dry_run:
            from kartograph.loaders.shared.dry_run import dry_run
            from kartograph.tables.rejects import RejectLimit

            limit = RejectLimit.parse(self.max_rejects)
            return dry_run(read(progress), limit, None if self.live else home, allowed, progress)
        from kartograph.graph.managed.generations import only_builder
        from kartograph.loaders.shared.into_graph import into_graph
        from kartograph.tables.derived.derive import DeriveOptions
        from kartograph.tables.derived.sessions import SessionOptions

        deriving = DeriveOptions(sessions=SessionOptions(gap_minutes=self.session_gap))
        cluster = context.meta.get(CLUSTER)
        with only_builder(home, "load"):
            if not self.live:
                return into_graph(read(progress), home, deriving, progress, cluster, allowed)
            from kartograph.cli.shared.connect import open_graph

            with open_graph(context.obj, progress) as graph:
                return into_graph(read(progress), graph, deriving, progress, cluster, allowed)


def with_common(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of `Common`; it gets them together, as its argument `common`."""
    added = [_keyword(one.name, one.default, one.type) for one in fields(Common)]
    return _with(command, "common", Common, added)


def with_declared(options: type) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options of a class of `loaders.shared.declared`, by name, as its argument `said`."""

    def typed(one: Field[Any]) -> inspect.Parameter:
        kind = list[str] if isinstance(one.default, tuple) else kind_of(one)
        default = [] if isinstance(one.default, tuple) else one.default
        shown = one.metadata["default"]
        said = typer.Option(f"--{one.name.replace('_', '-')}", help=one.metadata["help"], show_default=shown or True)
        return _keyword(one.name, default, Annotated[kind | None if default is None else kind, said])

    return lambda command: _with(command, "said", dict, [typed(one) for one in declared(options)])


def _keyword(name: str, default: Any, annotation: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _with(
    command: Callable[..., None], argument: str, make: Callable[..., Any], added: list[inspect.Parameter]
) -> Callable[..., None]:
    """Put options in the place of a command's `argument`, which gets what `make` makes of them."""

    @wraps(command)
    def with_options(*args: Any, **given: Any) -> None:
        values = {one.name: given.pop(one.name) for one in added}
        command(*args, **given, **{argument: make(**values)})

    own = [one for name, one in inspect.signature(command).parameters.items() if name != argument]
    with_options.__signature__ = inspect.Signature([*own, *added])  # pyright: ignore[reportAttributeAccessIssue]
    # Typer reads annotations beside the signature.
    with_options.__annotations__ = {one.name: one.annotation for one in (*own, *added)}
    return with_options
