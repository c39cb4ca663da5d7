"""How are labelled pairs divided as the paper of PRE-ADDL does it, 80 to 20, by time and at random?

    split = PairSplitting(positive="buy").split(events)
    threshold = best_threshold(score(split.validation), split.validation.labels)
    pair_figures(score(split.test), split.test.labels, threshold)

The paper claims time and its listings code `train_test_split`, so both are here. The random division leaks: the same
pair can be in both parts and later events help to predict earlier ones. It is named so in every record.

Source: the PRE-ADDL paper, "Train-Test Split: Split data into 80% training and 20% testing".
"""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from kartograph.evaluation.protocols.negatives import Negatives, with_negatives
from kartograph.evaluation.protocols.pairs import Pairs
from kartograph.evaluation.protocols.positives import positive_pairs, without
from kartograph.models.base import ITEM, USER
from kartograph.tables.errors import BadInput


@dataclass(frozen=True)
class PairSplit:
    """One division; no event of the validation or test part is in `train`."""

    name: str
    """`preaddl-time` or `preaddl-random-leaking`."""
    train: pd.DataFrame
    """Events to learn from: `user_id, item_id, event, timestamp`."""
    validation: Pairs
    """Pairs to choose a threshold or an epoch with; they lie between training and test."""
    test: Pairs
    cold: np.ndarray
    """(test pairs,) whether the user has no training event."""


@dataclass(frozen=True)
class PairSplitting:
    """How the events are divided and the pairs labelled."""

    by: Literal["time", "random"] = "time"
    """The latest events are the test part, or those of any moments of any users, which leaks."""
    share: float = 0.8
    """Of the events, that are not test. The last tenth of them is for validation."""
    positive: Literal["any", "cart", "buy"] = "any"
    """Which events make a pair positive: see `protocols.positives`."""
    negatives: Negatives = field(default_factory=Negatives)
    seed: int = 0
    """Of the random division and the negatives."""

    def split(self, events: pd.DataFrame) -> PairSplit:
        """Divide `user_id, item_id, event, timestamp`.

        By time a pair that was positive before is no test pair any more: it would only ask for memory. Items without a
        training event are in no pair. Raises
        `BadInput` where a part would be empty or the share is not between 0 and 1.
        """
        if not 0 < self.share < 1:
            raise BadInput(f"The share is {self.share}. It has to lie between 0 and 1.")
        if self.by == "time":
            places = events["timestamp"].to_numpy()
        elif self.by == "random":
            moments = events.groupby([USER, "timestamp"], sort=False).ngroup().to_numpy()
            places = np.random.default_rng(self.seed).permutation(moments.max(initial=-1) + 1)[moments]
        else:
            raise BadInput(f"Events cannot be divided by {self.by!r}. Allowed are time and random.")
        order = np.argsort(places, kind="stable")
        # Events of one moment are not torn apart: they all belong to the later part.
        ends = (np.array([0.9, 1.0]) * self.share * len(events)).astype(int)
        sorted_places = places[order]
        ends = np.searchsorted(sorted_places, sorted_places[np.minimum(ends, len(order) - 1)], side="left")
        train, validation, test = (events.iloc[part] for part in np.split(order, ends))
        asked = []
        for number, (part, before) in enumerate(((validation, [train]), (test, [train, validation]))):
            positives = positive_pairs(part, self.positive)
            if self.by == "time":
                positives = without(positives, positive_pairs(pd.concat(before), self.positive))
            # Negatives are items of the training part; a positive that is none would be told by that alone.
            positives = positives[positives[ITEM].isin(train[ITEM].unique())].reset_index(drop=True)
            if positives.empty or train.empty:
                raise BadInput(
                    f"{len(events)} events leave no positive pair ({self.positive}) to ask for, or none to learn from. "
                    "Give more events or another share."
                )
            asked.append(with_negatives(positives, events, train, self.negatives, self.seed + number))
        name = "preaddl-time" if self.by == "time" else "preaddl-random-leaking"
        return PairSplit(
            name, train.reset_index(drop=True), *asked, cold=~pd.Index(asked[1].users).isin(train[USER].unique())
        )
