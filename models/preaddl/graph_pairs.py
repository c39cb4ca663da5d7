"""The graph model as a classifier of pairs: its score of the candidate, calibrated on the end of the training part."""

from dataclasses import replace

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from sklearn.linear_model import LogisticRegression

from kartograph.models.base import NONE, Histories, Ids, TrainingData
from kartograph.models.preaddl.graph_model import GraphModel, GraphOptions
from kartograph.models.preaddl.pairs import Pairs, Prepared, prepare

LAST = 0.1
"""Share of the training events, the latest, whose pairs calibrate."""


class GraphPairs:
    """P(yes) by Platt's method from the model's score and whether there is a history at all."""

    def __init__(self, options: GraphOptions | None = None) -> None:
        """Keep the model's options."""
        self.options = options or GraphOptions()

    def fit(self, prepared: Prepared) -> "GraphPairs":
        """Learn all but the latest training events, calibrate on pairs of the latest."""
        length = max(prepared.options.recent, self.options.length)
        options = replace(prepared.options, test_share=LAST, split="time", recent=length)
        inner = prepare(prepared.training_shop, options)
        data = TrainingData.from_table(inner.training_shop.events, "user_id")
        self.model = GraphModel(self.options).fit(data)
        self.learnt = len(inner.train)
        self._calibration = LogisticRegression().fit(
            self._inputs(inner.test, inner.items), inner.test.labels.astype(int)
        )
        self._items = prepared.items
        return self

    def probabilities(self, pairs: Pairs) -> Float[ndarray, " n"]:
        """P(yes); an item that the model does not know has the score of an item that nobody met."""
        return self._calibration.predict_proba(self._inputs(pairs, self._items))[:, 1]

    def _inputs(self, pairs: Pairs, items: Ids) -> Float[ndarray, "n two"]:
        known = np.r_[self.model.items.rows(items.external), NONE]
        history = known[pairs.recent][:, ::-1]
        owners = np.repeat(np.arange(len(pairs)), history.shape[1])
        queries = Histories.of(owners, history.ravel(), len(pairs), pairs.recent_events[:, ::-1].ravel())
        rows = known[pairs.items]
        scores = self.model.pair_scores(queries, np.full(len(pairs), NONE), np.maximum(rows, 0))
        lowest = float(scores.min(initial=0.0))
        return np.column_stack([np.where(rows == NONE, lowest, scores), queries.lengths > 0])
