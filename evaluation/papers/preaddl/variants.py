"""The attention model with one part changed at a time: what each is worth, measured on the same cases."""

from dataclasses import replace

from kartograph.evaluation.contest import Entrant
from kartograph.models.preaddl.attention.model import GraphModel, GraphOptions
from kartograph.models.preaddl.training import Training

BASE = GraphOptions(init="fastrp", training=Training(epochs=6, learning_rate=2e-3, embedding_rate=1e-2, patience=0))
VARIANTS = {
    "fastrp": BASE,
    "fastrp-gds": replace(BASE, init="graph"),
    "fastrp-shuffled": replace(BASE, init="shuffled"),
    "random": replace(BASE, init="random"),
    "lightgcn": replace(BASE, init="lightgcn"),
    "hetero": replace(BASE, init="hetero"),
    "no-categories": replace(BASE, categories=False),
    "feature-attention": replace(BASE, attend="features"),
    "no-attention": replace(BASE, attend="none"),
    "no-edges": replace(BASE, edges=0.0),
}
"""By what differs from `fastrp`: the first embeddings, what is known of items, what is attended to, the candidates."""


def entrant(name: str) -> Entrant:
    """A variant as it takes part."""

    def make(seed: int) -> GraphModel:
        options = VARIANTS[name]
        options = replace(options, training=replace(options.training, seed=seed))
        return GraphModel(options)

    return Entrant(name, "any", make)
