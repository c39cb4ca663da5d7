"""The blends by name, with their components and the networks that `benchmarks/learn_blend.py` taught."""

from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from kartograph.models.array_model import ArrayModel
from kartograph.models.registry import make, model

if TYPE_CHECKING:
    from kartograph.models.blend.model import Blend

_GRAPH_PARTS = ("walk", "stan", "item-knn", "markov-2", "sequential-rules", "repeats")
BLENDS: dict[str, tuple[str, ...]] = {"blend-graph": _GRAPH_PARTS, "blend": (*_GRAPH_PARTS, "session-net")}
"""The components of each blend."""
LOG_PROBABILITIES = ("session-net",)
"""Components that answer in log-probabilities."""


@model(
    "blend-graph",
    "learnt blend of walk, neighbours and rules",
    tuned_for="sequences",
    trained_on="sessions",
    explains="influence",
)
def blend_graph(seed: int) -> "Blend":
    """Components that need no neural network."""
    return _blend("blend-graph", seed)


@model("blend", "the same with session-net", tuned_for="sequences", trained_on="sessions", explains="influence")
def blend(seed: int) -> "Blend":
    """All components."""
    return _blend("blend", seed)


def _blend(name: str, seed: int) -> "Blend":
    from kartograph.models.blend.model import Blend
    from kartograph.models.blend.ranker import Ranker

    with as_file(files("kartograph.models.blend").joinpath(f"{name}.npz")) as file:
        ranker = Ranker.load(file)
    components = {part: made for part in BLENDS[name] if isinstance(made := make(part, seed), ArrayModel)}
    return Blend(components, ranker, LOG_PROBABILITIES)
