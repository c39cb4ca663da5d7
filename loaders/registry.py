"""The one list of loaders: each is declared once, and the commands, the batch scripts, Python and `load auto` follow.

    LOADER = Loader("till", "Load the receipts of our till.", layout={"user": ["card"], "item": ["article"]})

A declaration of this package is a file of `loaders.specifications` that holds `LOADER`; it imports nothing heavy, what
reads is named as `module:function`. Other packages add loaders through the entry-point group `kartograph.loaders`: an
entry is the loader's name and where its declaration stands, `till:LOADER`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from kartograph.loaders.shared.options import EventLoadOptions, ReadOptions, RunOptions
from kartograph.loaders.shared.recognizing.match import Match
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from kartograph.graph.connection import Graph
    from kartograph.graph.managed.home import ShopDirectory
    from kartograph.loaders.shared.frames import Data
    from kartograph.loaders.shared.recognizing.seen import Seen
    from kartograph.tables.derived.derive import DeriveOptions
    from kartograph.tables.report import Report
    from kartograph.tables.schema import Source

GROUP = "kartograph.loaders"
"""The entry-point group of loaders of other packages."""
SPECIFICATIONS = "kartograph.loaders.specifications"
Function = Callable[..., Any] | str
"""A function, or `module:function`, which is imported when it is called."""


@dataclass(frozen=True)
class Loader:
    """One source: what can be said of it, how it is recognised, and what it loads.

    A loader either reads events (`read`, or a `layout` of a table) or writes into a graph beside what that holds
    (`write`).
    """

    name: str
    """The command of `kartograph load`, and the name in shop.toml."""
    about: str
    """What it loads, in one line."""
    path: str = "A file, a folder or a pattern such as '2019-*.csv.gz'."
    """What PATH is."""
    example: str = "FILE"
    """What follows the command's name in an example."""
    more: str = ""
    """A further paragraph of help."""
    options: type[Any] = ReadOptions
    """A frozen dataclass; fields that are declared by `option` are flags. Of events a class of `FileOptions`."""
    read: Function | None = None
    """`(path, options, progress)` to a `Source`."""
    layout: Mapping[str, Any] | None = None
    """Of a table of events, as a preset has it: the names that the column of each part may have
    (`specifications.interactions.PARTS`), and options of `kartograph load interactions` that hold."""
    for_graph: Function | None = None
    """`(options, graph)` to the options of a live load, where these depend on the graph."""
    then: Function | None = None
    """`(graph, path, options, progress, *, allow_shrink)` writes on top of the events, and returns counts by name."""
    write: Function | None = None
    """`(graph, path, options, progress, *, dry_run)` to a `Report`; with None as graph it only reads and checks."""
    recognize: Function | None = None
    """A `Seen` to the matches of the loader; a layout is recognised by its columns."""
    needs: tuple[str, ...] = ()
    """Options without which it cannot load."""

    def __post_init__(self) -> None:
        """Refuse a loader that does nothing; a layout reads as a table of interactions."""
        if self.layout is not None:
            from kartograph.loaders.specifications.interactions import options_of_layout

            object.__setattr__(self, "options", options_of_layout(self.name))
            object.__setattr__(self, "read", _layout_reader(self.layout))
        if (self.read is None) == (self.write is None):
            raise ValueError(f"the loader {self.name!r} needs one of read, layout and write")

    @property
    def run_options(self) -> type[RunOptions]:
        """The options that a command of the loader has beside its own."""
        return RunOptions if self.read is None else EventLoadOptions

    def call(self, function: str, *arguments: Any, **named: Any) -> Any:
        """Call one of the loader's functions by the name of its field."""
        return _function(getattr(self, function))(*arguments, **named)

    def reads(self, path: "str | Path", options: Any = None, progress: Progress = silent) -> "Source":
        """Read a path into a `Source`."""
        return self.call("read", path, self.options() if options is None else options, progress)

    def matches(self, seen: "Seen") -> Sequence[Match]:
        """How the loader recognises what was seen; none where it does not."""
        if self.layout is not None:
            from kartograph.loaders.shared.recognizing.recognize import layout_matches

            return layout_matches(self.layout, seen)
        return [] if self.recognize is None else self.call("recognize", seen)

    def load(
        self,
        where: "Graph | ShopDirectory | str",
        data: "Data",
        options: Any = None,
        deriving: "DeriveOptions | None" = None,
        progress: Progress = silent,
        *,
        items: "pd.DataFrame | str | Path | None" = None,
        allow_empty: bool = False,
        allow_shrink: bool = False,
        **said: Any,
    ) -> "Report":
        """Read `data` and load it: live into a `Graph`, in bulk into a shop (its home, or its name).

        `data` is a path, a frame with the columns of the loader's file, or frames by the names of the files of its
        folder. `options` are the loader's; `said` replaces some by name, as `user="visitor"`. `items` says more of the
        items: a frame with `item_id, title, price, brand, available, category` and properties, or a path as of
        `--items`. The report has the rejected rows as a frame, `report.rejects`; of a frame their `line` is what `iloc`
        counts. A load that would leave the shop without events, or with less than half of what it holds of the source,
        is refused unless it is allowed.

        Raises:
            BadInput: as reading and loading do, and for an option that the loader does not have.
        """
        from kartograph.loaders.shared.guard import Allowed
        from kartograph.loaders.shared.running import load_data

        allowed = Allowed(allow_empty, allow_shrink)
        if items is not None and not hasattr(items, "columns"):  # a path is an option of the loader, a frame is none
            said["items"], items = str(items), None
        # A type checker takes the class here and the one by its import name for two.
        chosen = self.said(options, said)
        return load_data(self, where, data, chosen, deriving, progress, allowed, items)  # pyright: ignore[reportArgumentType]

    def said(self, options: Any, said: Mapping[str, Any]) -> Any:
        """The loader's options, the default ones or those that are given, with what was said by name.

        Raises `BadInput` for an option that the loader does not have, and for a value of another type.
        """
        from dataclasses import replace

        from kartograph.loaders.shared.declared import declared, typed

        base = self.options() if options is None else options
        known = getattr(type(base), "__dataclass_fields__", {})
        if unknown := sorted(set(said) - set(known)):
            raise BadInput(f"{self.name} has no option {unknown[0]!r}. Options are {', '.join(known)}.")
        defaults = {one.name: getattr(base, one.name) for one in declared(type(base))} if known else {}
        return replace(base, **typed(type(base), defaults | dict(said))) if defaults or said else base

    def main(self, arguments: Sequence[str] | None = None) -> int:
        """Run unattended, as `python -m kartograph.loaders.NAME` does; returns the exit code."""
        from kartograph.loaders.batch import main

        return main(self, arguments)  # pyright: ignore[reportArgumentType]


def loaders() -> dict[str, Loader]:
    """All loaders by name: those of this package, then those of others."""
    return _own() | _others()


def loader(name: str) -> Loader:
    """The loader of a name. Raises `BadInput` where there is none."""
    if name not in loaders():
        raise BadInput(f"{name!r} is no loader. Allowed are {', '.join(loaders())}.")
    return loaders()[name]


@cache
def _own() -> dict[str, Loader]:
    folder = files(SPECIFICATIONS)
    stems = sorted(file.name.removesuffix(".py") for file in folder.iterdir() if file.name.endswith(".py"))
    own = [import_module(f"{SPECIFICATIONS}.{stem}").LOADER for stem in stems if stem != "__init__"]
    return {one.name: one for one in own}


@cache
def _others() -> dict[str, Loader]:
    return {point.name: point.load() for point in entry_points(group=GROUP)}


def _layout_reader(layout: Mapping[str, Any]) -> Callable[..., Any]:
    def read(path: "str | Path", options: Any, progress: Progress) -> "Source":
        from kartograph.loaders.interactions import read_layout

        return read_layout(path, options, layout, progress)

    return read


def _function(named: Function) -> Callable[..., Any]:
    if callable(named):
        return named
    module, _, name = named.partition(":")
    return getattr(import_module(module), name)
