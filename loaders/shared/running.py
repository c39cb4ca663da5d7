"""A loader at work: data into a graph or a shop, or read and checked alone."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kartograph.graph.connection import Graph
from kartograph.graph.managed.home import ShopDirectory
from kartograph.loaders.shared.dry_run import dry_run
from kartograph.loaders.shared.frames import Data, as_path, with_items
from kartograph.loaders.shared.guard import NO_LOSS, Allowed
from kartograph.loaders.shared.into_graph import into_graph
from kartograph.tables.cluster.spark import Cluster
from kartograph.tables.derived.derive import DeriveOptions
from kartograph.tables.derived.sessions import SessionOptions
from kartograph.tables.progress import Progress, silent
from kartograph.tables.report import Report

if TYPE_CHECKING:
    import pandas as pd

    from kartograph.loaders.registry import Loader
    from kartograph.loaders.shared.options import EventLoadOptions, RunOptions

NOT_COMPARED = (
    "not compared with what the shop holds, for its server does not run: a load that takes more than half of it away "
    "is refused unless --allow-shrink is said; `kartograph start`, then try again, to compare"
)
Opens = Callable[[], AbstractContextManager[Graph]]


def load_data(
    loader: "Loader",
    where: Graph | ShopDirectory | str,
    data: Data,
    options: Any,
    deriving: DeriveOptions | None = None,
    progress: Progress = silent,
    allowed: Allowed = NO_LOSS,
    items: "pd.DataFrame | None" = None,
    cluster: Cluster | None = None,
) -> Report:
    """Read a path or frames and load them; see `Loader.load`."""
    with as_path(data) as path:
        if loader.read is None:
            with _opened(where, progress) as graph:
                return loader.call("write", graph, path, options, progress)
        if loader.for_graph is not None and isinstance(where, Graph):
            options = loader.call("for_graph", options, where)
        source = loader.reads(path, options, progress)
        if items is not None:
            source = with_items(source, items)
        report = into_graph(source, where, deriving, progress, cluster, allowed)
        if loader.then is not None:
            with _opened(where, progress) as graph:
                counts: Mapping[str, int] = loader.call(
                    "then", graph, path, options, progress, allow_shrink=allowed.shrink
                )
            report.counts |= counts
        return report


def run(
    loader: "Loader",
    home: ShopDirectory,
    path: str | Path,
    said: Mapping[str, Any],
    settings: "RunOptions",
    open_graph: Opens,
    can_open: bool,
    progress: Progress = silent,
    cluster: Cluster | None = None,
) -> Report:
    """What a command does: load a path into the shop of `home`, or with `settings.dry_run` check it alone.

    `said` are the loader's options by name; `open_graph` opens the graph of a live load. A dry run compares with that
    graph only where it `can_open` without starting a server.
    """
    if loader.read is None:
        if "rejects" in said and said["rejects"] is None:
            said = {**said, "rejects": home.folder / "loads" / f"{loader.name}-rejects.csv"}
        options = loader.said(None, said)
        if settings.dry_run:
            with _left_as_it_was(home), open_graph() if can_open else nullcontext(None) as graph:
                report: Report = loader.call("write", graph, path, options, progress, dry_run=True)
            if graph is None and home.current_file.exists():
                report.remarks.append(NOT_COMPARED)
            return report
        with _exclusive(home), open_graph() as graph:
            return load_data(loader, graph, str(path), options, progress=progress)
    events: EventLoadOptions = settings  # pyright: ignore[reportAssignmentType]
    reading = events.reading(home.folder / "loads" / f"{loader.name}-rejects.csv")
    options = loader.said(None, {**said, **reading})
    allowed = Allowed(events.allow_empty, events.allow_shrink)
    if events.dry_run:
        with _left_as_it_was(home):
            source = loader.reads(path, options, progress)
            return dry_run(source, events.limit, None if events.live else home, allowed, progress)
    deriving = DeriveOptions(sessions=SessionOptions(gap_minutes=events.session_gap))
    with _exclusive(home), open_graph() if events.live else nullcontext(home) as where:
        return load_data(loader, where, str(path), options, deriving, progress, allowed, None, cluster)


@contextmanager
def _left_as_it_was(home: ShopDirectory) -> Iterator[None]:
    """Remove the folders of a shop that a dry run made, unless rejected rows lie in them."""
    new_folders = [folder for folder in (home.folder / "loads", home.folder, home.folder.parent) if not folder.exists()]
    try:
        yield
    finally:
        with suppress(OSError):  # one that holds something stays, and those above it
            for folder in new_folders:
                folder.rmdir()


def _exclusive(home: ShopDirectory) -> AbstractContextManager[None]:
    from kartograph.graph.managed.generations import build_lock

    return build_lock(home, "load")


def _opened(where: Graph | ShopDirectory | str, progress: Progress) -> AbstractContextManager[Graph]:
    """The graph itself, or that of a shop."""
    if isinstance(where, Graph):
        return nullcontext(where)
    return Graph.local(where.shop if isinstance(where, ShopDirectory) else where, progress)
