"""The two models of PRE-ADDL by name; PyTorch is imported when one is made."""

from typing import TYPE_CHECKING

from kartograph.models.registry import model

if TYPE_CHECKING:
    from kartograph.models.preaddl.attention.model import GraphModel
    from kartograph.models.preaddl.paper.model import PaperModel


@model("preaddl", "PRE-ADDL as its authors wrote it", serves="anyone", trained_on="users", explains="influence")
def paper_model(seed: int) -> "PaperModel":
    """The paper's sizes; rates and epochs are ours, for the paper names none."""
    from kartograph.models.preaddl.paper.model import PaperModel, PaperOptions
    from kartograph.models.preaddl.training import Training

    return PaperModel(PaperOptions(training=Training(epochs=3, learning_rate=3e-3, embedding_rate=1e-2, seed=seed)))


@model(
    "preaddl-graph",
    "attention of each candidate over history and graph edges",
    serves="anyone",
    trained_on="users",
    explains="influence",
    needs=("embedding",),
)
def graph_model(seed: int) -> "GraphModel":
    """The options found on the validation cut of the click sequences."""
    from kartograph.models.preaddl.attention.model import GraphModel, GraphOptions
    from kartograph.models.preaddl.training import Training

    return GraphModel(
        GraphOptions(training=Training(epochs=6, learning_rate=2e-3, embedding_rate=1e-2, patience=0, seed=seed))
    )
