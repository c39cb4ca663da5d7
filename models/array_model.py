"""Models that rank by arrays: `learn` and `scores` are a model's own, questions, filters, masks and reasons stand here.

Queries are histories of item rows; every query is scored by itself, and the answer does not depend on the other
queries of a call. Models of sessions are asked with the session at hand and, as far as their option `past` says, with
what the user did before; models of users with all that the user did.
"""

from abc import abstractmethod
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.graph.connection import Graph
from kartograph.models.base import Event, HistoriesOf, Recommender
from kartograph.models.columns import (
    ITEM,
    QUESTION,
    SESSION,
    SESSION_RECOMMENDATIONS,
    SIMILAR,
    SIMILAR_ITEMS,
    USER,
)
from kartograph.models.data import NONE, Histories, Ids, TrainingData
from kartograph.models.explaining import Part, explanation, influences, top_parts
from kartograph.models.questions import Asked, concat_questions, of_sessions, of_users
from kartograph.models.reasons import with_reasons
from kartograph.models.scoring.falling import Falling
from kartograph.models.scoring.ranking import Answers, TopK, answer_frame
from kartograph.models.scoring.top_k import top_k_of_dense, top_k_of_sparse
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

if TYPE_CHECKING:
    from kartograph.models.where.conditions import Where

USERS_AT_ONCE = 2_000
"""Users whose lists are made at once, so that memory stays bounded."""
REASONS_FROM = 8
"""Latest items of a history that the reasons of a list are taken from; `explain` takes all."""


@dataclass(frozen=True, kw_only=True)
class SessionOptions:
    """What all models of sessions have in common."""

    past: int = 0
    """Latest events of the user before the session that are put in front of it, where the user is known. 0, the session
    alone, unless more gains on validation data."""

    def __post_init__(self) -> None:
        """Refuse a number of events below 0."""
        if self.past < 0:
            raise BadInput(f"past is {self.past}: give a number of events, 0 or more.")


class ArrayModel(Recommender):
    """A recommender by arrays. A model implements `learn` and `scores`, and names its options class."""

    explains = "influence"
    trained_on = "sessions"
    knows_owners: ClassVar[bool] = False
    """Whether `scores` makes use of owner rows; `owners` then keeps their ids."""
    history_length: ClassVar[int | None] = None
    """Latest events of a user that the model is asked with, all where None."""
    batch = 512
    """Queries scored at once."""
    items: Ids
    """The items of the training data; the columns of every score."""
    owners: Ids
    knows_users: bool = False
    """Whether `owners` are users."""

    def fit(self, source: Graph | TrainingData, progress: Progress = silent) -> Self:
        """Learn from a graph, read once, or from training data, by the kind of owner that the model is for.

        What the enrichment of a graph computed is read as far as `needs` and `uses` name its steps.
        """
        from kartograph.models.graph_data import training_data  # whoever asks a saved model needs none of it

        steps = self.needs, self.uses
        data = source if isinstance(source, TrainingData) else training_data(source, progress, *steps)
        data = data.grouped(self.trained_on)
        if isinstance(source, Graph):
            data = self.know(source, data, progress)
        vars(self).pop("_falling", None)
        self.learn(data, progress)
        self.source = source
        _ = self.items.tie_order  # kept and saved with the ids: working it out for a whole shop takes a while
        if self.knows_owners:
            self.owners, self.knows_users = data.owners, data.kind == "users"
        return self

    def know(self, graph: Graph, data: TrainingData, progress: Progress = silent) -> TrainingData:
        """Take from a graph, before `learn`, what the training data does not hold: for most models nothing.

        Returns the data to learn from.
        """
        return data

    @property
    def past(self) -> int:
        """The option `past` (see `SessionOptions`), 0 for models without it."""
        return getattr(self.options, "past", 0)

    @abstractmethod
    def learn(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Learn from the data, forget what was learned before, set `items`, return the model itself."""

    @abstractmethod
    def scores(self, queries: Histories, owners: Int[ndarray, " n"]) -> Float[ndarray, "n items"] | csr_array:
        """One score for each query and item; larger is better.

        An item that must not be recommended has -inf in an array and no entry in a sparse array. `owners` are rows of
        the training data's owners or `NONE`; models that go by the history alone ignore them.
        """

    def entries(
        self, query: Histories, owners: Int[ndarray, " 1"]
    ) -> tuple[Int[ndarray, " entries"], Float[ndarray, " entries"]]:
        """The items that one history has scores for, and these scores; `query` holds that history alone."""
        scores = self.scores(query, owners)
        if isinstance(scores, np.ndarray):
            items = np.flatnonzero(np.isfinite(scores[0]))
            return items, scores[0][items]
        return scores.indices, scores.data

    def parts(
        self, queries: Histories, owners: Int[ndarray, " n"], items: Int[ndarray, "n k"], most: int | None
    ) -> list[list[list[Part]]]:
        """What the score of each of the items is made of, for each query; `most` bounds the items looked at.

        The default is the influence of each item of the history: the change of the score when it is left out.
        """
        return (
            influences(self.scores, self.items, self.batch, queries, owners, items, most)
            if self.personal
            else _no_parts(items)
        )

    def rank(
        self,
        queries: Histories,
        k: int,
        owners: Int[ndarray, " n"] | None = None,
        masked: csr_array | None = None,
        progress: Progress = silent,
        allowed: Bool[ndarray, " items"] | None = None,
    ) -> TopK:
        """The k best items for each query, ties by `Ids.tie_order`: by a hash of the item's id.

        `masked` (queries × items) marks items that are left out of a query's answer, `allowed` those that may be in
        one.
        """
        self.refuse_to_rank(k)
        if not self.personal:
            return self._falling.top(len(queries), k, masked, allowed)
        rows = np.full(len(queries), NONE) if owners is None else owners
        best = np.full((len(queries), k), NONE, dtype=np.int64)
        values = np.full((len(queries), k), -np.inf, dtype=np.float32)
        for start in range(0, len(queries), self.batch):
            stop = min(start + self.batch, len(queries))
            progress("Ranking (queries)", start, len(queries))
            scores = self.scores(queries.part(start, stop), rows[start:stop])
            mask = None if masked is None else masked[start:stop]
            if isinstance(scores, np.ndarray):
                scores = scores if allowed is None else np.where(allowed, scores, -np.inf)
                best[start:stop], values[start:stop] = top_k_of_dense(scores, k, mask, self.items.tie_order)
            else:
                scores = scores if allowed is None else _only(csr_array(scores), allowed)
                best[start:stop], values[start:stop] = top_k_of_sparse(scores, k, mask, self.items.tie_order)
        return TopK(best, values)

    @cached_property
    def _falling(self) -> Falling:
        """The order of the items of a model that ranks without regard to a history."""
        nothing = Histories.of(np.empty(0, np.int64), np.empty(0, np.int64), 1)
        return Falling.of(np.asarray(self.scores(nothing, np.full(1, NONE)))[0], self.items.tie_order)

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
        """What `recommend` answers, some users at a time, with `parts`: see `Recommender.portions`."""
        self._refuse_unfitted()
        asked_for = list(dict.fromkeys(users))
        allowed = self._allowed(where)
        for start in range(0, max(len(asked_for), 1), USERS_AT_ONCE):
            some = asked_for[start : start + USERS_AT_ONCE]
            asked = of_users(some, self.source, histories)
            owners, lately = self._owner_rows(some), self._lately(where, asked)
            frame = self._answers(USER, some, asked, owners, k, allowed, include_seen, reasons, lately)
            yield with_reasons(frame, self, self.source, USER, asked.new(some)) if reasons and words else frame

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
        """The k best items for each session; see `Recommender.recommend_sessions`."""
        self._refuse_unfitted()
        if users is not None and len(users) != len(sessions):
            raise BadInput(f"{len(sessions)} sessions come with {len(users)} users: give one, or None, for each.")
        asked, names = of_sessions(sessions), list(range(len(sessions)))
        owners = np.full(len(sessions), NONE)
        if users is not None and (self.trained_on == "users" or self.past):
            named = ["" if user is None else user for user in users]  # no user has the empty id
            before = of_users(named, self.source)
            before = before if self.trained_on == "users" else before.latest(self.past)
            asked, owners = concat_questions(before, asked), self._owner_rows(named)
        allowed, lately = self._allowed(where), self._lately(where, asked)
        frame = self._answers(SESSION, names, asked, owners, k, allowed, include_seen, reasons, lately)
        frame = with_reasons(frame, self, self.source, None, asked.new(names)) if reasons else frame
        return frame[list(SESSION_RECOMMENDATIONS)]

    def similar(self, items: Sequence[str], k: int = 5, *, where: "Where | str | None" = None) -> pd.DataFrame:
        """The k best items after a history of the one item alone, which is not among them."""
        self._refuse_unfitted()
        asked, none = of_sessions([[item] for item in items]), np.full(len(items), NONE)
        frame = self._answers(ITEM, list(items), asked, none, k, self._allowed(where), False, False)
        return frame.rename(columns={ITEM: SIMILAR, QUESTION: ITEM})[list(SIMILAR_ITEMS)]

    def explain(
        self,
        item: str,
        *,
        user: str | None = None,
        session: Sequence[Event] | None = None,
        internal: bool = False,
    ) -> pd.DataFrame:
        """What the score is made of; see `Recommender.explain`."""
        self._refuse_unfitted()
        if (user is None) == (session is None):
            raise BadInput("Explain for a user or for a session: give one of the two.")
        [row] = self.items.rows(list([item]))
        if row == NONE:
            raise BadInput(f'{self.called} does not know item "{item}": give the id of an item that it was trained on.')
        if user is not None:
            asked, owners = of_users([user], self.source), self._owner_rows([user])
        else:
            asked, owners = of_sessions([session or []]), np.full(1, NONE)
        queries = self._shortened(asked.rows(self.items))
        [[parts_of_item]] = self.parts(queries, owners, np.array([[row]]), None)
        return explanation(parts_of_item, internal)

    def _answers(
        self,
        column: str,
        names: list[Any],
        asked: Asked,
        owners: Int[ndarray, " n"],
        k: int,
        allowed: Bool[ndarray, " items"] | None,
        include_seen: bool,
        reasons: bool,
        lately: csr_array | None = None,
    ) -> pd.DataFrame:
        """The frame of a question; `lately` marks more items that are left out.

        Empty histories are asked too, but for items like one.
        """
        histories = asked.rows(self.items)
        queries = self._shortened(histories)
        masked = None if include_seen else histories.matrix(len(self.items))
        if lately is not None:
            masked = lately if masked is None else csr_array(masked + lately)
        top = self.rank(queries, k, owners, masked, allowed=allowed)
        why = self._why_not(column, names, asked, histories)
        if column == ITEM:
            top = top.without(np.array([word is not None for word in why], dtype=bool))
        parts = None
        if reasons:
            of_top = self.parts(queries, owners, top.items, REASONS_FROM)
            parts = [[top_parts(one) for one in row] for row in of_top]
        return answer_frame(Answers(column, names, top, why, self.called, parts), self.items)

    def _why_not(self, column: str, names: list[Any], asked: Asked, known: Histories) -> list[str | None]:
        """Why a question may have no answer, None where nothing is the matter with it."""
        if column == ITEM and not self.personal:
            return [f"{self.called} ranks items without regard to a history: it has no items like one"] * len(names)
        if column == ITEM:
            lacking = [f'no item "{name}"' for name in names]
        else:
            whose = "the items that the user has seen" if column == USER else "the session's items"
            lacking = [f"none of {whose}"] * len(names)
        return [
            word or (None if length else f"{self.called} was trained on {what}")
            for what, word, length in zip(lacking, asked.empty, known.lengths, strict=True)
        ]

    def _owner_rows(self, users: Sequence[str]) -> Int[ndarray, " n"]:
        if not (self.knows_owners and self.knows_users):
            return np.full(len(users), NONE)
        return self.owners.rows(list(users))

    def _shortened(self, histories: Histories) -> Histories:
        return histories if self.history_length is None else histories.latest(self.history_length)

    def _allowed(self, where: "Where | str | None") -> Bool[ndarray, " items"] | None:
        allowed = None
        if where is not None:
            from kartograph.models.where.filtering import allowed_items

            allowed = allowed_items(where, self.items, self.source)
        if self.gone:
            allowed = np.ones(len(self.items), dtype=bool) if allowed is None else allowed.copy()
            allowed[self.items.rows(list(self.gone))] = False
        return allowed

    def _lately(self, where: "Where | str | None", asked: Asked) -> csr_array | None:
        if where is None:
            return None
        from kartograph.models.where.filtering import bought_lately

        return bought_lately(where, asked, self.items)

    def refuse_to_rank(self, k: int) -> None:
        """Raise `BadInput` where nothing was learned yet or where no items are asked for."""
        self._refuse_unfitted()
        if k < 1:
            raise BadInput(f"k is {k}: ask for at least 1 item")

    def _refuse_unfitted(self) -> None:
        if not hasattr(self, "items"):
            raise BadInput(f"{type(self).__name__} is not fitted: call fit first")


class CategoryModel(ArrayModel):
    """A model that can be asked with a category in place of a history: for users of whom no item is known."""

    @abstractmethod
    def category_scores(self, categories: Int[ndarray, " n"]) -> Float[ndarray, "n items"] | csr_array:
        """One score for each category and item, as `scores` has them.

        Categories are rows of the training data's categories; `NONE` asks without any.
        """


def _only(scores: csr_array, allowed: Bool[ndarray, " items"]) -> csr_array:
    kept = allowed[scores.indices]
    counts = np.r_[0, np.cumsum(kept)]
    return csr_array((scores.data[kept], scores.indices[kept], counts[scores.indptr]), shape=scores.shape)


def _no_parts(items: Int[ndarray, "n k"]) -> list[list[list[Part]]]:
    return [[[] for _ in row] for row in items]
