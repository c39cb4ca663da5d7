"""The readings of the paper's network that have a name, each with its own training by default.

`preaddl` is figure 12. Its deep branch is linear in [E_v ; E_i]: what the visitor adds to a logit is the same for every
item, so that branch orders all items alike for everybody. `preaddl-deep` feeds it the attention's output instead, as
one layer's name suggests. The others add an encoder of the latest items, which the paper names but does not show.
"""

from kartograph.models.preaddl.pairs import PairOptions
from kartograph.models.preaddl.paper.model import PaperOptions
from kartograph.models.preaddl.paper.network import PaperNetworkOptions
from kartograph.models.preaddl.training import Training

NETWORKS = {
    "preaddl": PaperNetworkOptions(),
    "preaddl-deep": PaperNetworkOptions(deep="attention"),
    "preaddl-cnn": PaperNetworkOptions(sequence="cnn"),
    "preaddl-rnn": PaperNetworkOptions(sequence="rnn"),
    "preaddl-transformer": PaperNetworkOptions(sequence="transformer"),
}
RECENT = 10
"""Items that the encoders read."""


def training_of(seed: int, epochs: int = 3) -> Training:
    """Rates and epochs are ours, for the paper names none."""
    return Training(epochs=epochs, learning_rate=3e-3, embedding_rate=1e-2, seed=seed)


def options_of(name: str, seed: int) -> PaperOptions:
    """What a preset learns with."""
    network = NETWORKS[name]
    pairs = PairOptions(test_share=0.0, recent=0 if network.sequence == "none" else RECENT, seed=seed)
    return PaperOptions(network=network, pairs=pairs, training=training_of(seed))
