"""A training part with its cases, grouped by session and by user: each model gets the grouping that it learns from."""

from dataclasses import dataclass
from typing import Literal

from kartograph.evaluation.cases import Cases
from kartograph.evaluation.metrics.beyond import ItemFacts
from kartograph.models.data import TrainingData

Grouping = Literal["sessions", "users"]


@dataclass(frozen=True)
class View:
    """The training events grouped by one kind of owner, and the cases as a model of that kind is asked them."""

    data: TrainingData
    cases: Cases


@dataclass(frozen=True)
class Task:
    """One training part with its cases: all that models are measured on, or one window or fold of several.

    A case is a question about one user in one session. Where the source knows both, it is asked in two forms with the
    same answers, case by case: of a model of sessions by the session at hand alone; of a model of users by all that the
    user did before, with the session at hand at the end, under the user's row.
    """

    data: TrainingData
    cases: Cases
    facts: ItemFacts
    grouping: Grouping = "sessions"
    """What the owners of `data` are."""
    other: View | None = None
    """The other grouping of the same events, where the source knows it."""
    notes: tuple[str, ...] = ()
    """What a person has to know of these cases."""

    def view(self, learns_from: str) -> View | None:
        """What a model that learns from `sessions`, `users` or `any` gets; None where the source has no such thing."""
        if learns_from in ("any", self.grouping):
            return View(self.data, self.cases)
        return self.other
