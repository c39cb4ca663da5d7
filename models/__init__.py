"""Recommenders, each declared once in its own file; `kartograph.models.STAN` and every other class is found by name."""

from importlib import import_module
from typing import Any

from kartograph.tables.extras import naming_the_extra


def __getattr__(name: str) -> Any:
    """A class of the registry, imported when it is asked for, or one of the names of the contract."""
    from kartograph.models.registry import module_of_class

    places = {
        **dict.fromkeys(("make", "names"), "registry"),
        **{"Recommender": "base", "ArrayModel": "array_model", "current": "saved.opened"},
    }
    module = f"{__name__}.{places[name]}" if name in places else module_of_class(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with naming_the_extra(f"kartograph.models.{name}"):
        return getattr(import_module(module), name)
