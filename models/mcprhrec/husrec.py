"""HUSRec: sequential rules that pay, weighted by the price of what they lead to.

The rules are those of HSPRec; each weighs `support · utility / max (support · utility)`, with the utility of a rule the
price of its right side times the quantity, which is one for each purchase event.

Source: Nasir, Ezeife, Gidado, "Improving e-commerce product recommendation using semantic context and sequential
historical purchases" (2021).
"""

from typing import Self

import numpy as np
import pandas as pd

from kartograph.models.base import TrainingData
from kartograph.models.mcprhrec.model import MCPRHRec, MCPRHRecOptions
from kartograph.models.mcprhrec.presets import HSPREC
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent


class HUSRec(MCPRHRec):
    """HSPRec with utilities; needs prices."""

    def __init__(self, prices: pd.Series | None, options: MCPRHRecOptions | None = None) -> None:
        """Take the price of each item, by item id."""
        super().__init__(options or HSPREC)
        self.prices = prices

    def fit(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Learn as HSPRec does, then weigh the rules; an item without a price has the median one.

        Raises `BadInput` where there are no prices.
        """
        known = None if self.prices is None else self.prices.reindex(data.items.external)
        if known is None or known.isna().all():
            raise BadInput(
                "HUSRec ranks by utility, price times quantity, and these items have no prices: give "
                "HUSRec(prices=…), a series of prices by item id, or take hsprec, which needs none"
            )
        super().fit(data, progress)
        rules = self.profiler.user_items.index.rules
        prices = known.fillna(known.median()).to_numpy(dtype=float)
        utility = rules.support * prices[rules.right]
        self.profiler.user_items.weights = utility / max(float(np.max(utility, initial=0)), 1e-12)
        self._compare()
        return self
