"""Labelled pairs divided as the paper of PRE-ADDL does it, 80 to 20, by time and at random.

    split = PairSplitting(positive="buy").split(events)
    threshold = best_threshold(score(split.validation), split.validation.labels)
    pair_figures(score(split.test), split.test.labels, threshold)

The paper claims time and its listings code `train_test_split`, so both are here. The random division leaks: the same
pair can be in both parts and later events help to predict earlier ones. It is named so in every record.

Source: the PRE-ADDL paper, "Train-Test Split: Split data into 80% training and 20% testing".
"""

from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd

from kartograph.evaluation.contest import Contest
from kartograph.evaluation.graph_models import with_needed
from kartograph.evaluation.pairs.negatives import Negatives, with_negatives
from kartograph.evaluation.pairs.pair_results import ALWAYS_YES, confusion, mean_pair_figures, threshold_of
from kartograph.evaluation.pairs.pair_scores import pair_scores
from kartograph.evaluation.pairs.pairs import Pairs, always_yes, pair_figures
from kartograph.evaluation.pairs.positives import positive_pairs, without
from kartograph.evaluation.protocols.base import Protocol, Results, refuse_sessions_only
from kartograph.evaluation.shop_tables import ShopTables
from kartograph.models.array_model import ArrayModel
from kartograph.models.columns import ITEM, USER
from kartograph.models.data import TrainingData
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent


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
class PairSplitting(Protocol):
    """How the events are divided and the pairs labelled."""

    name: ClassVar[str] = "pairs"
    by: Literal["time", "random"] = "time"
    """The latest events are the test part, or those of any moments of any users, which leaks."""
    share: float = 0.8
    """Of the events, that are not test. The last tenth of them is for validation."""
    positive: Literal["any", "cart", "buy"] = "any"
    """Which events make a pair positive: see `protocols.positives`."""
    negatives: Negatives = field(default_factory=Negatives)
    seed: int = 0
    """Of the random division and the negatives."""

    @property
    def record_name(self) -> str:
        """The paper's name, and whether the division leaks."""
        return "preaddl-time" if self.by == "time" else "preaddl-random-leaking"

    def options(self, k: int) -> dict[str, Any]:
        """No list is made, so there is no k."""
        return {"division": asdict(self)}

    def measure(self, source: ShopTables, contest: Contest, k: int, progress: Progress = silent) -> Results:
        """The pairs of the division; `cold` has the figures of users without a training event and of others."""
        refuse_sessions_only(contest)
        split = self.split(source.known_users)
        before = None if self.by == "random" else int(split.train["timestamp"].max()) + 1
        data = source.training(split.train, USER, before)
        figures = {ALWAYS_YES: always_yes(split.test.labels)}
        cold: dict[str, dict[str, Any]] = {}
        for name in contest.running:
            progress(f"Measuring {name}")
            of_model = contest.attempt(name, partial(_scored, data, split, progress))
            if of_model is None:
                continue
            scores, threshold = of_model
            figures[name] = pair_figures(scores, split.test.labels, threshold)
            cold[name] = {
                kind: {"served": float(np.isfinite(scores[chosen]).mean())}
                | mean_pair_figures([pair_figures(scores[chosen], split.test.labels[chosen], threshold)])
                for kind, chosen in (("warm users", ~split.cold), ("new users", split.cold))
                if chosen.any()
            }
        contest.require_any()
        return Results(
            {
                "figures": {name: mean_pair_figures([of_model]) for name, of_model in figures.items()},
                "confusion": {name: confusion([of_model]) for name, of_model in figures.items()},
                "cold": cold,
            }
        )

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
        return PairSplit(
            self.record_name,
            train.reset_index(drop=True),
            *asked,
            cold=~pd.Index(asked[1].users).isin(train[USER].unique()),
        )


def _scored(data: TrainingData, split: PairSplit, progress: Progress, model: ArrayModel) -> tuple[np.ndarray, float]:
    """The scores of the test pairs and the threshold."""
    model.fit(with_needed(model, data, progress), progress)
    return pair_scores(model, data, split.test), threshold_of(model, data, split.validation)
