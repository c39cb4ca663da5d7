"""With which options do the two models of this folder run by name?"""

from kartograph.models.preaddl.attention.model import GraphModel, GraphOptions
from kartograph.models.preaddl.paper.model import PaperModel, PaperOptions
from kartograph.models.preaddl.training import Training


def paper_model(seed: int) -> PaperModel:
    """The paper's sizes; rates and epochs are ours, for the paper names none."""
    return PaperModel(PaperOptions(training=Training(epochs=3, learning_rate=3e-3, embedding_rate=1e-2, seed=seed)))


def graph_model(seed: int) -> GraphModel:
    """The options found on the validation cut of the click sequences."""
    return GraphModel(
        GraphOptions(training=Training(epochs=6, learning_rate=2e-3, embedding_rate=1e-2, patience=0, seed=seed))
    )
