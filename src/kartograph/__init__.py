"""Kartograph: a recommender that lives in a graph database.

    import kartograph as kg

    with kg.Graph.local("shop") as graph:
        kg.models.STAN().fit(graph).recommend(["42"], k=5)

The folders `tables`, `graph`, `ontology`, `loaders`, `models`, `evaluation`, `pipeline`, `serving` and `queries` stand
at the top of the repository; the links beside this file only give them their import name.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kartograph import loaders as loaders
    from kartograph import models as models
    from kartograph.evaluation.runner import evaluate as evaluate
    from kartograph.graph.connection import Graph as Graph
    from kartograph.models.data import TrainingData as TrainingData
    from kartograph.models.where.conditions import where as where
    from kartograph.tables import errors as errors

    __version__: str

_PLACES = {
    "Graph": "kartograph.graph.connection",
    "TrainingData": "kartograph.models.data",
    "evaluate": "kartograph.evaluation.runner",
    "where": "kartograph.models.where.conditions",
    "errors": "kartograph.tables.errors",
    "models": "kartograph.models",
    "loaders": "kartograph.loaders",
}
__all__ = ["Graph", "TrainingData", "errors", "evaluate", "loaders", "models", "where"]


def __getattr__(name: str) -> Any:
    """The public names, imported when they are asked for: `kartograph --help` needs none of them."""
    if name == "__version__":
        from importlib.metadata import version

        return version("kartograph")
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(_PLACES[name])
    return module if _PLACES[name].endswith(f".{name}") else getattr(module, name)
