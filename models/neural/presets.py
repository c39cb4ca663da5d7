"""Neural sequence models by name; PyTorch is imported when one is made."""

from kartograph.models.base import Recommender
from kartograph.models.registry import model


@model(
    "session-net",
    "GRU with attention, trained with PyTorch",
    tuned_for="sequences",
    trained_on="sessions",
    explains="influence",
    extra="neural",
)
def session_net(seed: int) -> Recommender:
    """The network with the options of its source."""
    from kartograph.models.neural.session_net import SessionNet, SessionNetOptions

    return SessionNet(SessionNetOptions(seed=seed))


@model(
    "sasrec",
    "self-attention from graph vectors, with copies of the history",
    trained_on="sessions",
    explains="influence",
    extra="neural",
)
def sasrec(seed: int) -> Recommender:
    """SASRec on sessions; options of some forty trials on an earlier cut of RetailRocket."""
    from kartograph.models.neural.sasrec import SASRec, SASRecOptions

    return SASRec(SASRecOptions(seed=seed))


@model(
    "sasrec-users",
    "the same over users' histories",
    trained_on="users",
    learns_from="users",
    explains="influence",
    extra="neural",
)
def sasrec_users(seed: int) -> Recommender:
    """SASRec on all that users did, for what is new to them: copies would fill the list; otherwise not tuned."""
    from kartograph.models.neural.sasrec import SASRec, SASRecOptions

    return SASRec(SASRecOptions(recency=None, repeats=False, seed=seed))


@model(
    "sr-gnn",
    "session graphs through a gated graph network (PyTorch Geometric)",
    trained_on="sessions",
    explains="influence",
    extra="neural",
)
def sr_gnn(seed: int) -> Recommender:
    """SR-GNN with unit vectors; not tuned."""
    from kartograph.models.neural.sr_gnn import SRGNN, SRGNNOptions

    return SRGNN(SRGNNOptions(seed=seed))
