"""Models that ask the graph, or learn from what it computes, on a scratch graph of the training data alone."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import Self

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.evaluation.scratch import scratch_graph
from kartograph.models import registry
from kartograph.models.array_model import ArrayModel
from kartograph.models.base import Recommender
from kartograph.models.columns import ITEM, QUESTION, RANK, SCORE
from kartograph.models.cypher.model import Allowed, CypherModel, Question
from kartograph.models.data import NONE, Histories, TrainingData
from kartograph.models.graph_data import computed_of, snapshot_for
from kartograph.models.scoring.ranking import TopK
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

LISTED = 1000
"""Items of a list that is long enough to score pairs with."""


class ScratchModel(ArrayModel):
    """A model that asks the graph, on a scratch graph of the training data. `close` stops the server."""

    def __init__(self, model: CypherModel) -> None:
        """Keep the model."""
        self.model, self.options, self.name = model, model.options, model.name
        self.trained_on, self.learns_from = model.trained_on, model.learns_from
        self._open = ExitStack()

    def learn(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Build the graph, in place of the one before."""
        self.close()
        self.items = data.items
        self.model.fit(self._open.enter_context(scratch_graph(data, self.model.needs, progress=progress)))
        return self

    def close(self) -> None:
        """Stop the server and remove its home."""
        self._open.close()

    def scores(self, queries: Histories, owners: Int[ndarray, " n"]) -> Float[ndarray, "n items"]:
        """The scores of the first `LISTED` items of each query; the graph ranks no further."""
        top = self.rank(queries, min(LISTED, len(self.items)), owners)
        scores = np.full((len(queries), len(self.items)), -np.inf, dtype=np.float32)
        query, position = np.nonzero(top.items != NONE)
        scores[query, top.items[query, position]] = top.scores[query, position]
        return scores

    def rank(
        self,
        queries: Histories,
        k: int,
        owners: Int[ndarray, " n"] | None = None,
        masked: csr_array | None = None,
        progress: Progress = silent,
        allowed: Bool[ndarray, " items"] | None = None,
    ) -> TopK:
        """The best items of each query."""
        ids = self.items.external.to_numpy(object)
        histories = np.split(ids[queries.items], queries.offsets[1:-1])
        if masked is None:
            left_out = [[] for _ in histories]
        else:
            left_out = [part.tolist() for part in np.split(ids[masked.indices], masked.indptr[1:-1])]
        questions = [
            Question(number, list(dict.fromkeys(reversed(history.tolist()))), hidden)
            for number, (history, hidden) in enumerate(zip(histories, left_out, strict=True))
        ]
        progress("Asking the graph")
        recommendations = self.model.answered(questions, k, Allowed(None if allowed is None else ids[allowed].tolist()))
        items, scores = np.full((len(queries), k), NONE), np.full((len(queries), k), -np.inf, dtype=np.float32)
        query, position = recommendations[QUESTION].to_numpy(int), recommendations[RANK].to_numpy(int) - 1
        items[query, position] = self.items.rows(recommendations[ITEM])
        scores[query, position] = recommendations[SCORE].to_numpy(np.float32)
        return TopK(items, scores)


def with_needed(model: ArrayModel, data: TrainingData, progress: Progress = silent) -> TrainingData:
    """Training data with what the model needs of a graph, computed on a scratch graph of these data where it lacks.

    The data are those of the owners that the model is trained on.
    """
    data = data.grouped(model.trained_on)
    if not model.needs or data.computed is not None:
        return data
    with scratch_graph(data, model.needs, progress=progress) as graph:
        computed = computed_of(snapshot_for(graph, model.needs, progress=progress), data)
        return model.know(graph, replace(data, computed=computed), progress)


def chosen(name: str) -> Callable[[int], ArrayModel]:
    """What makes the model of this name, for a seed, as it is measured. Raises `BadInput` for unknown names."""
    declared = registry.declaration(name)
    return lambda seed: measurable(declared.make(seed))


def measurable(model: Recommender) -> ArrayModel:
    """A model as it is measured. Raises `BadInput` for one that neither ranks by arrays nor asks a graph."""
    if isinstance(model, CypherModel):
        return ScratchModel(model)
    if not isinstance(model, ArrayModel):
        raise BadInput(f"{model.called} is a {type(model).__name__}: only an ArrayModel or a CypherModel is measured.")
    return model
