"""How does a loader get its function `load`, which reads a path and loads what it reads?"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from kartograph.graph.managed.home import Home
from kartograph.tables.derive import DeriveOptions
from kartograph.tables.progress import Progress, silent
from kartograph.tables.report import Report
from kartograph.tables.schema import Source

if TYPE_CHECKING:
    from kartograph.graph.connection import Graph


class Load(Protocol):
    """Reads a path and loads it into a graph or a shop."""

    def __call__(
        self,
        where: "Graph | Home | str",
        path: str | Path,
        options: Any = None,
        deriving: DeriveOptions | None = None,
        progress: Progress = silent,
        *,
        allow_empty: bool = False,
        allow_shrink: bool = False,
    ) -> Report:
        """Read `path` with the loader's `options` and load it: live into a `Graph`, in bulk into a shop.

        `where` is a running graph, a shop's home, or its name; see `read` and `into_graph`. A load that would leave
        the shop without events, or with less than half of what it holds of the source, is refused unless it is allowed.
        """
        ...


def loads(read: Callable[[Any, Any, Progress], Source]) -> Load:
    """Make the function `load` of the loader that reads with `read`."""

    def load(
        where: "Graph | Home | str",
        path: str | Path,
        options: Any = None,
        deriving: DeriveOptions | None = None,
        progress: Progress = silent,
        *,
        allow_empty: bool = False,
        allow_shrink: bool = False,
    ) -> Report:
        from kartograph.loaders.guard import Allowed
        from kartograph.loaders.into_graph import into_graph

        source = read(path, options, progress)
        return into_graph(source, where, deriving, progress, allowed=Allowed(allow_empty, allow_shrink))

    return load
