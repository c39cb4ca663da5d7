"""The models of PRE-ADDL by name; PyTorch is imported when one is made."""

from typing import TYPE_CHECKING

from kartograph.models.registry import model

if TYPE_CHECKING:
    from kartograph.models.preaddl.attention.model import GraphModel
    from kartograph.models.preaddl.paper.model import PaperModel


@model(
    "preaddl",
    "PRE-ADDL as its authors wrote it",
    serves="anyone",
    trained_on="users",
    explains="influence",
    extra="neural",
)
def preaddl(seed: int) -> "PaperModel":
    """The paper's sizes."""
    return _paper("preaddl", seed)


@model(
    "preaddl-deep",
    "PRE-ADDL, its deep branch on the attention",
    serves="anyone",
    trained_on="users",
    explains="influence",
    extra="neural",
)
def preaddl_deep(seed: int) -> "PaperModel":
    """The other reading of figure 12."""
    return _paper("preaddl-deep", seed)


@model(
    "preaddl-cnn",
    "PRE-ADDL with a CNN over the latest items",
    serves="anyone",
    trained_on="users",
    explains="influence",
    extra="neural",
)
def preaddl_cnn(seed: int) -> "PaperModel":
    """A convolution of three items."""
    return _paper("preaddl-cnn", seed)


@model(
    "preaddl-rnn",
    "PRE-ADDL with a GRU over the latest items",
    serves="anyone",
    trained_on="users",
    explains="influence",
    extra="neural",
)
def preaddl_rnn(seed: int) -> "PaperModel":
    """A gated recurrent unit."""
    return _paper("preaddl-rnn", seed)


@model(
    "preaddl-transformer",
    "PRE-ADDL with a transformer over the latest items",
    serves="anyone",
    trained_on="users",
    explains="influence",
    extra="neural",
)
def preaddl_transformer(seed: int) -> "PaperModel":
    """One layer of two heads."""
    return _paper("preaddl-transformer", seed)


def _paper(name: str, seed: int) -> "PaperModel":
    from kartograph.models.preaddl.paper.model import PaperModel
    from kartograph.models.preaddl.paper.variants import options_of

    return PaperModel(options_of(name, seed))


@model(
    "preaddl-graph",
    "attention of each candidate over history and graph edges",
    serves="anyone",
    trained_on="users",
    explains="influence",
    needs=("embedding",),
    extra="neural",
)
def graph_model(seed: int) -> "GraphModel":
    """The options found on the validation cut of the click sequences."""
    return _graph("auto", seed)


@model(
    "preaddl-hetero",
    "the same on a heterogeneous graph transformer",
    serves="anyone",
    trained_on="users",
    explains="influence",
    extra="neural",
)
def hetero_model(seed: int) -> "GraphModel":
    """First embeddings by PyTorch Geometric, over users, sessions, items and categories."""
    return _graph("hetero", seed)


def _graph(init: str, seed: int) -> "GraphModel":
    from kartograph.models.preaddl.attention.model import GraphModel, GraphOptions
    from kartograph.models.preaddl.training import Training

    training = Training(epochs=6, learning_rate=2e-3, embedding_rate=1e-2, patience=0, seed=seed)
    return GraphModel(GraphOptions(init=init, training=training))  # pyright: ignore[reportArgumentType]
