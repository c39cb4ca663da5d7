"""The attention model with one part changed at a time: what each is worth, measured on the same cases."""

from dataclasses import replace
from typing import Self

from kartograph.evaluation.contest import Entrant
from kartograph.evaluation.scratch import scratch_graph
from kartograph.models.data import TrainingData
from kartograph.models.graph_data import computed_of, snapshot_for
from kartograph.models.preaddl.attention.model import GraphModel, GraphOptions
from kartograph.models.preaddl.training import Training
from kartograph.tables.progress import Progress, silent

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


class OnScratchGraph(GraphModel):
    """Begins with what the Graph Data Science library computes on a scratch graph of the training part."""

    def learn(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Load, enrich, read the embeddings, and learn."""
        with scratch_graph(data, self.needs, progress=progress) as graph:
            computed = computed_of(snapshot_for(graph, self.needs, progress=progress), data)
        return super().learn(replace(data, computed=computed), progress)


def entrant(name: str) -> Entrant:
    """A variant as it takes part."""

    def make(seed: int) -> GraphModel:
        options = VARIANTS[name]
        options = replace(options, training=replace(options.training, seed=seed))
        return OnScratchGraph(options) if options.init == "graph" else GraphModel(options)

    return Entrant(name, "any", make)
