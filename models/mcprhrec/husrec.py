"""HUSRec: sequential rules that pay, weighted by the price of what they lead to.

The rules are those of HSPRec; each weighs `support · utility / max (support · utility)`, with the utility of a rule the
price of its right side times the quantity, which is one for each purchase event.

Source: Nasir, Ezeife, Gidado, "Improving e-commerce product recommendation using semantic context and sequential
historical purchases" (2021).
"""

from typing import Self

import numpy as np

from kartograph.models.data import TrainingData
from kartograph.models.mcprhrec.model import MCPRHRec
from kartograph.models.mcprhrec.presets import HSPREC
from kartograph.models.registry import model
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent


@model("husrec", "HUSRec: sequential rules weighted by the price of what they lead to; needs prices", options=HSPREC)
class HUSRec(MCPRHRec):
    """HSPRec with utilities; needs a `price` in the training data's table of items."""

    def learn(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Learn as HSPRec does, then weigh the rules; an item without a price has the median one.

        Raises `BadInput` where there are no prices.
        """
        known = None if data.facts is None or "price" not in data.facts else data.facts["price"].astype(float)
        if known is None or known.isna().all():
            raise BadInput(
                "HUSRec ranks by utility, price times quantity, and these items have no prices: load them, or take "
                "hsprec, which needs none"
            )
        super().learn(data, progress)
        rules = self.profiler.user_items.index.rules
        prices = known.fillna(known.median()).to_numpy(dtype=float)
        utility = rules.support * prices[rules.right]
        self.profiler.user_items.weights = utility / max(float(np.max(utility, initial=0)), 1e-12)
        self._compare()
        return self
