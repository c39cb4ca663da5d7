"""Sequential rules: what came soon after the last item.

`score(q, j) = Σ_s Σ 1 / gap` over the places in s where j follows the query's last item `gap` clicks later, up to
`steps` clicks.

Source: Ludewig and Jannach, "Evaluation of Session-based Recommendation Algorithms" (2018), section 3.1.
"""

from dataclasses import dataclass
from typing import Self

from numpy import ndarray

from kartograph.models.data import TrainingData
from kartograph.models.patterns.transitions import following
from kartograph.models.registry import model
from kartograph.models.scoring.linear import LinearModel
from kartograph.tables.progress import Progress, silent


@dataclass(frozen=True)
class SequentialRulesOptions:
    """How far a rule reaches."""

    steps: int = 10
    """Longest gap in clicks; the paper's value."""


@model("sequential-rules", "soon after the last item")
class SequentialRules(LinearModel):
    """What follows within a few clicks, the closer the better."""

    Options = SequentialRulesOptions

    def learn(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Weigh all ordered pairs."""
        self.items = data.items
        weights = (1 / gap for gap in range(1, self.options.steps + 1))
        self.matrix = following(data.histories, len(data.items), weights)
        return self

    def weights(self, ages: ndarray) -> ndarray:
        """The last item alone."""
        return ages == 0
