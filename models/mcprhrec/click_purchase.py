"""Click-purchase similarity: how closely a user's clicks match the purchases.

    similarity(u) = α · LCS(X, Y) / max(|X|, |Y|) + β · cos(x, y)

with X the sequence of clicked items, Y that of bought ones, LCS the length of their longest common subsequence, and x
and y how often each item stands in them. The option `precedes` takes instead the share of purchases whose item the user
clicked before.

Source: Bhatta, Ezeife, Butt (2019), section 3; Almu and Ainu (2025), table 1, row 4.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from kartograph.models.data import Histories
from kartograph.models.mcprhrec.click_purchase_kernels import preceded, similarities
from kartograph.models.patterns.databases import PURCHASES
from kartograph.tables.errors import BadInput
from kartograph.tables.events import EVENTS


@dataclass(frozen=True)
class ClickPurchase:
    """What the similarity is made of."""

    measure: Literal["sequence", "precedes"] = "sequence"
    """The formula above, or the share of purchases whose item was clicked before."""
    sequence: float = 0.8
    """α, the weight of the common subsequence."""
    frequency: float = 0.2
    """β, the weight of the cosine."""

    def __post_init__(self) -> None:
        """Refuse weights that could leave [0, 1]."""
        if min(self.sequence, self.frequency) < 0 or self.sequence + self.frequency > 1 + 1e-9:
            raise BadInput(
                f"sequence {self.sequence} and frequency {self.frequency}: both are 0 or more and 1 at most together"
            )


def click_purchase_similarity(
    histories: Histories, options: ClickPurchase | None = None
) -> Float[ndarray, " histories"]:
    """A number in [0, 1] for each history; 0 where there are no clicks or no purchases."""
    options = options or ClickPurchase()
    bought = np.isin(histories.events, [EVENTS.index(event) for event in PURCHASES])
    if options.measure == "precedes":
        return preceded(histories.offsets, histories.items, bought)
    return similarities(histories.offsets, histories.items, bought, options.sequence, options.frequency)
