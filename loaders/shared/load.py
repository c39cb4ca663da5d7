"""The function `load` of every loader: reads a path, or data frames, and loads what it reads."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from kartograph.graph.managed.home import Home
from kartograph.tables.derived.derive import DeriveOptions
from kartograph.tables.progress import Progress, silent
from kartograph.tables.report import Report
from kartograph.tables.schema import Source

if TYPE_CHECKING:
    import pandas as pd

    from kartograph.graph.connection import Graph
    from kartograph.loaders.shared.frames import Data


class Load(Protocol):
    """Reads a path or data frames and loads them into a graph or a shop."""

    def __call__(
        self,
        where: "Graph | Home | str",
        data: "Data",
        options: Any = None,
        deriving: DeriveOptions | None = None,
        progress: Progress = silent,
        *,
        items: "pd.DataFrame | None" = None,
        allow_empty: bool = False,
        allow_shrink: bool = False,
    ) -> Report:
        """Read `data` with the loader's `options` and load it: live into a `Graph`, in bulk into a shop.

        `where` is a running graph, a shop's home, or its name; see `read` and `into_graph`. `data` is a path, a frame
        with the columns of the loader's file, or frames by the names of the files of its folder. `items` says more of
        the items: `item_id, title, price, brand, available, category` and properties. The report has the rejected
        rows as a frame, `report.rejects`. A load that would leave the shop without events, or with less than half of
        what it holds of the source, is refused unless it is allowed.
        """
        ...


def loads(read: Callable[[Any, Any, Progress], Source]) -> Load:
    """Make the function `load` of the loader that reads with `read`."""

    def load(
        where: "Graph | Home | str",
        data: "Data",
        options: Any = None,
        deriving: DeriveOptions | None = None,
        progress: Progress = silent,
        *,
        items: "pd.DataFrame | None" = None,
        allow_empty: bool = False,
        allow_shrink: bool = False,
    ) -> Report:
        from kartograph.loaders.shared.frames import as_path, with_items
        from kartograph.loaders.shared.guard import Allowed
        from kartograph.loaders.shared.into_graph import into_graph

        allowed = Allowed(allow_empty, allow_shrink)
        with as_path(data) as path:
            source = read(path, options, progress)
            if items is not None:
                source = with_items(source, items)
            return into_graph(source, where, deriving, progress, allowed=allowed)

    return load
