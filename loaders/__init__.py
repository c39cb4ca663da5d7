"""One specification per data source, and what all of them share; see `registry`."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any


def __getattr__(name: str) -> Any:
    """A loader, imported when it is asked for: `kartograph.loaders.retailrocket.load(graph, path)`.

    A loader of another package is its declaration, which has `load` too.
    """
    if name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if find_spec(f"{__name__}.{name}") is not None:
        return import_module(f"{__name__}.{name}")
    declared = import_module(f"{__name__}.registry").loaders()
    for one in (name, name.replace("_", "-")):
        if one in declared:
            return declared[one]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; loaders are {', '.join(declared)}")
