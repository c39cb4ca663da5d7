"""Labelled pairs of a visitor and an item at a moment, and the options by which `preparation` makes them.

Labels answer one of two questions. `sampled`: whether the visitor has an event on this item, or the item was sampled
at random. `event`: every pair is an event, and the label says whether it is a view. The second is the one that the
paper's Table 4 answers (`report.arithmetic`): RetailRocket has 2,664,312 views among 2,756,101 events, and always-view
is right in 0.9667 of them.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from kartograph.models.data import Ids
from kartograph.models.preaddl.features import FeatureSpace
from kartograph.models.preaddl.negatives import Negatives, Pairing
from kartograph.models.preaddl.shop_events import ShopEvents
from kartograph.tables.errors import BadInput
from kartograph.tables.events import EVENTS

Labels = Literal["sampled", "event"]
"""Events against sampled items, or views against all other events."""
VIEW = "view"
Positive = Literal["any", "cart", "buy"]
"""What a positive is: any event, a cart or a purchase, a purchase."""
POSITIVE_EVENTS: dict[str, tuple[str, ...]] = {
    "any": EVENTS,
    "cart": ("cart", "buy", "borrow"),
    "buy": ("buy", "borrow"),
}


@dataclass(frozen=True)
class PairOptions:
    """How pairs are made. `positive`, `negatives`, `per_positive` and `pairing` are of the labels `sampled`."""

    labels: Labels = "sampled"
    """Events against sampled items, or views against all other events."""
    positive: Positive = "any"
    """What a positive is: any event, a cart or a purchase, a purchase."""
    negatives: Negatives = "uniform"
    """How negatives are sampled: any item alike, by popularity, or among similar items."""
    per_positive: int = 1
    """Negatives of each positive: 1 balances the labels."""
    pairing: Pairing = "visitor"
    """What a negative shares with its positive: the visitor, the visitor and the moment, or nothing."""
    balanced: bool = False
    """Of the labels `event`: training has as many views as other events, the rest of the views is left out. The test
    part stays as it is."""
    split: Literal["time", "random"] = "time"
    """How the test part is cut: by time, as the paper says, or at random, as its code does."""
    test_share: float = 0.2
    """Share of the events that is the test part; 0 for none."""
    recent: int = 0
    """Number of the visitor's latest items that go with a pair, for the sequence encoder and the BERT baseline."""
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse a share outside 0 … 0.9, and fewer than one negative for a positive."""
        if not 0 <= self.test_share <= 0.9 or self.per_positive < 1:
            raise BadInput(
                f"test_share is {self.test_share}, per_positive {self.per_positive}: allowed are 0 … 0.9, and 1 or more"
            )


@dataclass(frozen=True)
class Pairs:
    """Visitors, items and moments with the answer; all arrays have one row for each pair."""

    visitors: Int[ndarray, " n"]
    """Rows of the training part's visitors, `NONE` for one that it does not know."""
    items: Int[ndarray, " n"]
    times: Int[ndarray, " n"]
    labels: Float[ndarray, " n"]
    """1 yes, 0 no."""
    features: Float[ndarray, "n features"]
    recent: Int[ndarray, "n recent"]
    """Rows of the items seen before, in either part, the latest first, `NONE` where there are fewer."""
    recent_events: Int[ndarray, "n recent"]
    """What happened with each, as positions in `tables.events.EVENTS`."""

    def __len__(self) -> int:
        """How many pairs there are."""
        return len(self.labels)

    def take(self, rows: Int[ndarray, " kept"]) -> "Pairs":
        """The pairs at these rows."""
        return Pairs(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Prepared:
    """Everything that a model of pairs learns from and is tested on."""

    train: Pairs
    test: Pairs
    visitors: Ids
    items: Ids
    space: FeatureSpace
    options: PairOptions
    training_shop: ShopEvents
    """The shop with the training part's events alone."""
    facts: dict[str, float | int]
    """What was done, in numbers: events, pairs, unknown items that were dropped, share of buyers."""


def without_features(prepared: Prepared) -> Prepared:
    """The same pairs with the numeric branch's input taken away."""
    train, test = (
        replace(part, features=np.zeros((len(part), 0), dtype=np.float32)) for part in (prepared.train, prepared.test)
    )
    return replace(prepared, train=train, test=test)
