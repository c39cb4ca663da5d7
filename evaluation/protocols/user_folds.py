"""Users divided as the paper of MCPRHRec does it: five folds, with new users added to the test part.

    for fold in UserFolds(positive="buy").splits(events):
        model.fit(fold.train)
        scores = score(fold.test.users, fold.test.items)              # -> protocols.pairs.pair_figures
        lists = recommend(fold.targets["user_id"].unique(), k=20)      # -> HR@20, NDCG@20 for warm and cold users

The users of a fold are asked for their latest events, whole moments: what a user did at one instant, such as the items
of a basket, is asked for together or known together. Some of them are *new*: all of their events leave the training
part, so nothing at all is known of them. The rest of a fold's users keep their earlier events. The users of the next
fold are divided in the same way for validation, all others keep everything. A user's own future is never in the
training part, other users' later events are: it is the paper's cross-validation, not a division by time.

Source: the MCPRHRec paper, section 4: "5-fold cross-validation", "a set of new users was added to the testing data".
What the paper does not state (positives, negatives, how many new users) is an option here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from math import ceil
from typing import ClassVar, Literal

import numpy as np
import pandas as pd

from kartograph.evaluation.cases import interaction_cases
from kartograph.evaluation.contest import Contest
from kartograph.evaluation.measuring import TIMED_CASES, Outcome, measure
from kartograph.evaluation.metrics.beyond import ItemFacts
from kartograph.evaluation.pairs.negatives import Negatives, with_negatives
from kartograph.evaluation.pairs.pair_results import (
    ALWAYS_YES,
    confusion,
    mean_pair_figures,
    pair_results,
    share_of_positives,
    warm_and_new,
)
from kartograph.evaluation.pairs.pairs import PairFigures, Pairs, always_yes
from kartograph.evaluation.pairs.positives import positive_pairs, without
from kartograph.evaluation.protocols.base import Protocol, Results, compared, refuse_sessions_only
from kartograph.evaluation.report.reported import MCPRHREC, reported_of
from kartograph.evaluation.shop_tables import ShopTables
from kartograph.evaluation.tasks import Task
from kartograph.models.array_model import ArrayModel
from kartograph.models.columns import ITEM, USER
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent


@dataclass(frozen=True)
class UserFold:
    """One fold: what may be learned and what is asked."""

    number: int
    train: pd.DataFrame
    """Events to learn from: `user_id, item_id, event, timestamp`."""
    targets: pd.DataFrame
    """`user_id, item_id`: what the fold's users bought (or what else is positive) in their held-out events and never
    seen before, among the items of the training part."""
    test: Pairs
    """The target pairs and negatives of the same users."""
    validation: Pairs
    """Pairs of the next fold's users, divided in the same way, to choose thresholds and weights with."""
    new_users: frozenset[str]
    """Users of the test part who have no training event."""

    @property
    def cold(self) -> np.ndarray:
        """(test pairs,) whether the user is new."""
        return pd.Index(self.test.users).isin(list(self.new_users))


@dataclass(frozen=True)
class UserFolds(Protocol):
    """How many folds, what is held out of a user, and what the pairs are."""

    name: ClassVar[str] = "folds"
    folds: int = 5
    held_out: float = 0.2
    """Share of a tested user's events that are held out: the latest ones, at least one, and all others of their moments
    but those of the user's first."""
    new_users: float = 0.2
    """Share of a fold's users who are new: all of their events leave the training part."""
    positive: Literal["any", "cart", "buy"] = "buy"
    """Which events make a pair positive: see `protocols.positives`."""
    include_seen: bool = False
    """Whether an item may be wanted that the user has seen before without a positive event: viewed, then bought. It is
    much easier to tell, for what is bought was mostly viewed just before."""
    negatives: Negatives = field(default_factory=Negatives)
    seed: int = 0
    """Of the folds, the new users and the negatives."""

    def __post_init__(self) -> None:
        """Refuse numbers that divide nothing."""
        if self.folds < 2:
            raise BadInput(f"There cannot be {self.folds} folds. Two or more are needed.")
        for name in ("held_out", "new_users"):
            if not 0 < getattr(self, name) < 1:
                raise BadInput(f"{name} is {getattr(self, name)}. It has to lie between 0 and 1.")

    @property
    def record_name(self) -> str:
        """The paper's name stands in it."""
        return "mcprhrec-folds"

    def measure(self, source: ShopTables, contest: Contest, k: int, progress: Progress = silent) -> Results:
        """Pairs and full rankings of every fold; figures are means over the folds, `cold` tells new users from others.

        Bought items are left out of the lists.
        """
        refuse_sessions_only(contest)
        tasks: list[Task] = []
        measured: dict[str, list[tuple[Outcome, PairFigures]]] = {name: [] for name in contest.entrants}
        constant: list[PairFigures] = []
        for fold in self.splits(source.known_users):
            data = source.training(fold.train, USER)
            cases = interaction_cases(fold.targets, data, "bought", all_new=True)
            tasks.append(Task(data, cases, ItemFacts.of(data), "users"))
            constant.append(always_yes(fold.test.labels))
            for name in contest.running:
                progress(f"Measuring {name}, fold {fold.number + 1}")
                work = partial(_measured, tasks[-1], fold, k, ceil(TIMED_CASES / self.folds), progress)
                result = contest.attempt(name, work, f"fold {fold.number + 1}")
                if result is not None:
                    measured[name].append(result)
        contest.require_any()
        outcomes = {name: [outcome for outcome, _ in measured[name]] for name in contest.running}
        pairs = {ALWAYS_YES: constant} | {name: [pairs for _, pairs in measured[name]] for name in contest.running}
        results = compared(tasks, outcomes, contest.seed)
        figures = results.parts["figures"]
        figures = {name: mean_pair_figures(each) | figures.get(name, {}) for name, each in pairs.items()}
        results.parts |= {
            "figures": figures,
            "confusion": {name: confusion(each) for name, each in pairs.items()},
            "cold": {name: warm_and_new(tasks, each, k) for name, each in outcomes.items()},
            "reported": reported_of(MCPRHREC, figures),
            "positives": share_of_positives(constant),
        }
        return results

    def splits(self, events: pd.DataFrame) -> Iterator[UserFold]:
        """The folds of `user_id, item_id, event, timestamp`, over users with a positive event on two or more items and
        with events at two or more moments.

        Raises `BadInput` where there are fewer such users than folds, or nothing to ask the users of a fold for.
        """
        events = events.sort_values("timestamp", kind="stable").reset_index(drop=True)
        all_positive = positive_pairs(events, self.positive)
        counts = all_positive[USER].value_counts()
        moments = events.groupby(USER)["timestamp"].nunique()
        several = counts.index[counts >= 2].intersection(moments.index[moments >= 2])
        users = several.sort_values().to_numpy()
        if len(users) < self.folds:
            raise BadInput(
                f"Only {len(users)} users have a positive event ({self.positive}) on two items or more and events at "
                f"two moments or more, which is not enough for {self.folds} folds. Give more events or another reading "
                "of a positive."
            )
        rng = np.random.default_rng(self.seed)
        chosen = np.array_split(rng.permutation(users), self.folds)
        for number in range(self.folds):
            yield self._fold(number, events, chosen[number], chosen[(number + 1) % self.folds])

    def _fold(self, number: int, events: pd.DataFrame, users: np.ndarray, next_users: np.ndarray) -> UserFold:
        new_users = {
            name: part[: max(1, round(self.new_users * len(part)))]
            for name, part in (("test", users), ("validation", next_users))
        }
        kept, late = self._held_out(events, np.r_[users, next_users])
        train = kept[~kept[USER].isin(np.concatenate(list(new_users.values())))].reset_index(drop=True)
        known = positive_pairs(kept, self.positive) if self.include_seen else kept
        targets = without(positive_pairs(late, self.positive), known)
        targets = targets[targets[ITEM].isin(train[ITEM].unique())]
        tested, validated = (targets[targets[USER].isin(part)].reset_index(drop=True) for part in (users, next_users))
        if tested.empty or validated.empty:
            new, seen = (
                ("without an earlier one", "")
                if self.include_seen
                else ("new to them", ", items seen before (--include-seen)")
            )
            raise BadInput(
                f"The {len(users)} users of fold {number + 1} have no later positive event ({self.positive}) on an "
                f"item {new} that training knows. Take fewer folds{seen}, another positive, or more data."
            )
        seed = self.seed + 2 * number
        return UserFold(
            number,
            train,
            tested,
            with_negatives(tested, events, train, self.negatives, seed),
            with_negatives(validated, events, train, self.negatives, seed + 1),
            frozenset(new_users["test"]),
        )

    def _held_out(self, events: pd.DataFrame, users: np.ndarray) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The events that stay and the latest ones of these users; events come in order of time."""
        mine = events[USER].isin(users)
        by_user = events.groupby(USER, sort=False)
        from_end = by_user.cumcount(ascending=False)
        nearest = from_end.groupby([events[USER], events["timestamp"]], sort=False).transform("min")
        late = mine & (nearest < np.maximum(1, np.floor(self.held_out * by_user[USER].transform("size"))))
        late &= events["timestamp"] > by_user["timestamp"].transform("min")
        return events[~late], events[late]


def _measured(
    task: Task, fold: UserFold, k: int, timed: int, progress: Progress, model: ArrayModel
) -> tuple[Outcome, PairFigures]:
    outcome = measure(model, task.data, task.cases, k, progress, task.facts, timed)
    return outcome, pair_results(model, task.data, fold.validation, fold.test)
