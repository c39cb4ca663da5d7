"""Kartograph: a recommender that lives in a graph database.

The folders `tables`, `graph`, `ontology`, `loaders`, `models`, `evaluation` and `queries` stand at the top of the
repository; the links beside this file only give them their import name.
"""

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kartograph.evaluation.runner import evaluate as evaluate

__version__ = version("kartograph")


def __getattr__(name: str) -> Any:
    """The public names, imported when they are asked for: `kartograph --help` needs none of them."""
    if name == "evaluate":
        from kartograph.evaluation.runner import evaluate

        return evaluate
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
