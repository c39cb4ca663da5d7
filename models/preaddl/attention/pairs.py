"""The graph model as a classifier of pairs: its score of the candidate, calibrated on the end of the training part."""

from dataclasses import replace

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from sklearn.linear_model import LogisticRegression

from kartograph.models.data import NONE, Histories, Ids, TrainingData
from kartograph.models.groups import groups_of, offsets_of
from kartograph.models.preaddl.attention.model import GraphModel, GraphOptions
from kartograph.models.preaddl.pairs import Pairs, Prepared
from kartograph.models.preaddl.preparation import prepare

LAST = 0.1
"""Share of the training events, the latest, whose pairs calibrate."""


class GraphPairs:
    """P(yes) by Platt's method.

    The odds that a pair is positive and not sampled are `p(i | h) / q(i)`, `q` what negatives are sampled by. So the
    inputs are the model's `log p(i | h)`, which it gives among all items, the logarithm of the item's share of all
    events, and whether there is a history.
    """

    def __init__(self, options: GraphOptions | None = None) -> None:
        """Keep the model's options."""
        self.options = options or GraphOptions()

    def fit(self, prepared: Prepared) -> "GraphPairs":
        """Learn all but the latest training events, calibrate on pairs of the latest."""
        length = max(prepared.options.recent, self.options.attention_length)
        options = replace(prepared.options, test_share=LAST, split="time", recent=length)
        inner = prepare(prepared.training_shop, options)
        data = TrainingData.from_table(inner.training_shop.events, "user_id")
        self.model = GraphModel(self.options).fit(data)
        self.training_pairs = len(inner.train)
        self._calibration = LogisticRegression().fit(
            self._inputs(inner.test, inner.items), inner.test.labels.astype(int)
        )
        self._items = prepared.items
        return self

    def probabilities(self, pairs: Pairs) -> Float[ndarray, " n"]:
        """P(yes); an item that the model does not know has the score of the least likely one."""
        return self._calibration.predict_proba(self._inputs(pairs, self._items))[:, 1]

    def _inputs(self, pairs: Pairs, items: Ids) -> Float[ndarray, "n three"]:
        known = np.r_[self.model.items.rows(items.external), NONE]
        rows = known[pairs.items]
        events = np.where(rows == NONE, 0, self.model.events[rows])
        # A positive and its negatives share a history, and so do most visitors of whom nothing is known.
        seen = np.hstack([known[pairs.recent][:, ::-1], pairs.recent_events[:, ::-1]])
        seen, history_of = np.unique(seen, axis=0, return_inverse=True)
        recent, kinds = np.hsplit(seen, 2)
        histories = Histories.of(
            np.repeat(np.arange(len(seen)), recent.shape[1]), recent.ravel(), len(seen), kinds.ravel()
        )
        scores = self._log_probabilities(histories, history_of, rows)
        return np.column_stack([scores, np.log(events + 0.5), histories.lengths[history_of] > 0])

    def _log_probabilities(self, histories: Histories, history_of: ndarray, rows: ndarray) -> Float[ndarray, " n"]:
        """The model's score of one item for each pair, a batch of histories at a time."""
        values = np.empty(len(rows), dtype=np.float32)
        order = np.argsort(history_of, kind="stable")
        offsets = offsets_of(history_of[order], len(histories))
        for start in range(0, len(histories), self.model.batch):
            stop = min(start + self.model.batch, len(histories))
            part = offsets[start : stop + 1]
            pairs = order[part[0] : part[-1]]
            scores = self.model.scores(histories.part(start, stop), np.full(stop - start, NONE))
            own = scores[groups_of(part - part[0]), rows[pairs]]
            values[pairs] = np.where(rows[pairs] == NONE, scores.min(), own)
        return values
