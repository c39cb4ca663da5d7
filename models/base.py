"""The contract of every recommender: fit, recommend, similar, explain, save and load, on a graph or on tables."""

from abc import ABC, abstractmethod
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

import pandas as pd

from kartograph.graph.connection import Graph
from kartograph.models.columns import RECOMMENDATIONS
from kartograph.models.data import Owners, TrainingData
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

if TYPE_CHECKING:
    from kartograph.models.where.conditions import Where

Explains = Literal["sum", "influence", "paths", "none"]
"""How a model explains a score: parts that add up to it; the change when one item of the history is left out; paths in
the graph; or not at all."""
Event = str | tuple[str, str, int]
"""An item, or an item with what happened (`tables.events.EVENTS`) and when (milliseconds UTC)."""
HistoriesOf = Mapping[str, Sequence[Event]]
"""What each user did, oldest first."""


@dataclass(frozen=True)
class NoOptions:
    """A model without options."""


class Recommender(ABC):
    """Something that learns from a shop and answers with lists of items.

    Nobody is answered in silence: where a model has nothing for a question, one row says why, `served_by` "nobody".
    Histories are read when a question is asked and never frozen in the model: from the argument, else from the source
    that the model is bound to, else the question is refused.
    """

    Options: ClassVar[type] = NoOptions
    """The frozen dataclass of its options."""
    explains: ClassVar[Explains] = "none"
    trained_on: Owners = "users"
    """Whose histories the model is fitted on, where the source knows both."""
    learns_from: str = "any"
    """`users` for a model that is made for users alone, `sessions` for one of sessions alone, else `any`."""
    needs: tuple[str, ...] = ()
    """Steps of `kartograph enrich` whose results the model reads: a graph without them is refused, naming the step."""
    uses: tuple[str, ...] = ()
    """Steps whose results the model reads where the graph has them, and does without where it has not."""
    personal: ClassVar[bool] = True
    """Whether answers depend on the history; where they do not, no item is like another and nothing explains them."""
    unsaved: ClassVar[tuple[str, ...]] = ("source", "gone")
    """Attributes that do not belong to what was learned."""
    name: str = ""
    """Its registered name; the name of the class where it has none."""
    options: Any
    remark: str = ""
    """What `fit` chose by itself, in words; empty where nothing was to choose."""
    source: Graph | TrainingData | None = None
    """What histories and the table of items are read from when a question is asked."""
    gone: tuple[str, ...] = ()
    """Items that left the shop since the model was trained."""

    def __init__(self, options: Any = None, **changes: Any) -> None:
        """Keep the options: an instance of `Options`, or the defaults, with `changes` by name.

        Raises `BadInput` for an option that the model does not have.
        """
        base = self.Options() if options is None else options
        if unknown := sorted(set(changes) - set(getattr(base, "__dataclass_fields__", {}))):
            allowed = ", ".join(getattr(base, "__dataclass_fields__", {})) or "none"
            raise BadInput(f"{type(self).__name__} has no option {unknown[0]!r}. Options are {allowed}.")
        self.options = replace(base, **changes) if changes else base

    @property
    def common_reason(self) -> str:
        """The reason of items that no item of the history leads to, which models for everybody say; empty for none."""
        return ""

    @classmethod
    def seeded(cls, options: Any, seed: int) -> Self:
        """The model of a preset with the seed of a run in its options; models without chance ignore the seed."""
        base = cls.Options() if options is None else options
        return cls(replace(base, seed=seed) if "seed" in getattr(base, "__dataclass_fields__", {}) else base)

    @abstractmethod
    def fit(self, source: Graph | TrainingData, progress: Progress = silent) -> Self:
        """Learn from a graph or from training data, forget what was learned before, return the model itself."""

    def recommend(
        self,
        users: Sequence[str],
        k: int = 5,
        *,
        where: "Where | str | None" = None,
        include_seen: bool = False,
        histories: HistoriesOf | None = None,
        reasons: bool = True,
    ) -> pd.DataFrame:
        """The k best items for each user: `user_id, item_id, score, rank, reason, served_by`, users as given.

        `where` is a filter that holds before the cut at k. Items of the user's history are left out unless
        `include_seen`. Without `reasons` the column is null and the answer faster. A user without an answer has one row
        with rank 0 that says why.

        Raises:
            BadInput: not fitted, k below 1, a filter that is none, or no histories where there is no source.
        """
        asked = {"where": where, "include_seen": include_seen, "histories": histories, "reasons": reasons}
        frames = list(self.portions(users, k, **asked))
        return pd.concat(frames, ignore_index=True)[list(RECOMMENDATIONS)]

    @abstractmethod
    def portions(
        self,
        users: Sequence[str],
        k: int,
        *,
        where: "Where | str | None" = None,
        include_seen: bool = False,
        histories: HistoriesOf | None = None,
        reasons: bool = True,
        words: bool = True,
    ) -> Generator[pd.DataFrame]:
        """What `recommend` answers, some users at a time, with the column `parts`: what is written back.

        Without `words` the parts are there and `reason` is null: nothing is asked of the graph for each of them.
        """

    @abstractmethod
    def recommend_sessions(
        self,
        sessions: Sequence[Sequence[Event]],
        k: int = 5,
        *,
        users: Sequence[str | None] | None = None,
        where: "Where | str | None" = None,
        include_seen: bool = False,
        reasons: bool = True,
    ) -> pd.DataFrame:
        """The k best items for each session at hand: `session, item_id, score, rank, reason, served_by`.

        `users` names the user of each session, None where nobody is known: models of users then see what the user did
        before as well, models of sessions the session and as much of it as their option `past` says.
        """

    @abstractmethod
    def similar(self, items: Sequence[str], k: int = 5, *, where: "Where | str | None" = None) -> pd.DataFrame:
        """The k items most like each: `item_id, similar_item_id, score, rank, reason, served_by`."""

    @abstractmethod
    def explain(
        self,
        item: str,
        *,
        user: str | None = None,
        session: Sequence[Event] | None = None,
        internal: bool = False,
    ) -> pd.DataFrame:
        """What the score of an item is made of: `kind, behind, amount, share`, the largest first; never fits anew.

        With `internal` ids of other users are named; otherwise no row names another customer.
        """

    def save(self, folder: Path | str) -> None:
        """Write the model into a folder: arrays, ids and options, no code; see `models.saved.saving`.

        Raises `BadInput` for a model that has learned nothing.
        """
        from kartograph.models.saved.saving import save

        if not self.is_fitted:
            raise BadInput(f"{self.called} is not fitted: call fit first, then save")
        save(self, Path(folder), {"model": self.called})

    @classmethod
    def load(cls, folder: Path | str, source: Graph | TrainingData | None = None) -> Self:
        """Read what `save` wrote and bind it to a source, from which histories are read; nothing in it is executed.

        Raises `BadInput` for a folder that holds no model, a damaged one, or a model of another class.
        """
        from kartograph.models.saved.saving import load

        model, _ = load(Path(folder))
        if not isinstance(model, cls):
            raise BadInput(f"{folder} holds a {type(model).__name__}, not a {cls.__name__}: name another folder.")
        if source is not None:
            model.bind(source)
        return model

    def bind(self, source: Graph | TrainingData, gone: Sequence[str] = ()) -> None:
        """Read histories and items from this source from now on, and never answer with the items that are `gone`."""
        self.source, self.gone = source, tuple(gone)

    def close(self) -> None:
        """Give back what `fit` has opened: for most models nothing."""
        return

    @property
    def is_fitted(self) -> bool:
        """Whether there is anything to ask: by default whether `fit` has set what items there are, or a source."""
        return hasattr(self, "items") or self.source is not None

    @property
    def called(self) -> str:
        """The registered name, or that of the class."""
        return self.name or type(self).__name__
