"""Neural sequence models by name; PyTorch is imported when one is made."""

from kartograph.models.base import Recommender
from kartograph.models.registry import model


@model(
    "session-net",
    "GRU with attention, trained with PyTorch",
    tuned_for="sequences",
    trained_on="sessions",
    explains="influence",
)
def session_net(seed: int) -> Recommender:
    """The network with the options of its source."""
    from kartograph.models.neural.session_net import SessionNet, SessionNetOptions

    return SessionNet(SessionNetOptions(seed=seed))
