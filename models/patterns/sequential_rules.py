"""Sequential rules: what came soon after the last item.

`score(q, j) = Σ_s Σ 1 / gap` over the places in s where j follows the query's last item `gap` clicks later, up to
`steps` clicks.

Source: Ludewig and Jannach, "Evaluation of Session-based Recommendation Algorithms" (2018), section 3.1.
"""

from dataclasses import dataclass
from typing import Self

from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.models.base import Histories, Recommender, TrainingData
from kartograph.models.patterns.transitions import following, item_at_age, rows_of
from kartograph.tables.progress import Progress, silent


@dataclass(frozen=True)
class SequentialRulesOptions:
    """How far a rule reaches."""

    steps: int = 10
    """Longest gap in clicks; the paper's value."""


class SequentialRules(Recommender):
    """What follows within a few clicks, the closer the better."""

    def __init__(self, options: SequentialRulesOptions | None = None) -> None:
        """Keep the options."""
        self.options = options or SequentialRulesOptions()

    def fit(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Weigh all ordered pairs."""
        self.items = data.items
        weights = (1 / gap for gap in range(1, self.options.steps + 1))
        self.rules = following(data.histories, len(data.items), weights)
        return self

    def scores(self, queries: Histories, owners: ndarray) -> csr_array:
        """The rules of the last item."""
        return rows_of(self.rules, item_at_age(queries, 0))
