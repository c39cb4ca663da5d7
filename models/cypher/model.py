"""Models that rank in the graph when they are asked: Cypher and graph algorithms, no table is exported.

    CoOccurrence().fit(graph).recommend(["42"], k=5)

What changes in the graph shows at once. A model implements `ranked`, which answers questions; histories, filters,
reasons and frames stand here.
"""

from abc import abstractmethod
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import pandas as pd

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.recommendations import KEPT
from kartograph.models.base import Event, HistoriesOf, Recommender
from kartograph.models.columns import (
    ANSWER,
    ITEM,
    PARTS,
    QUESTION,
    RANK,
    REASON,
    SCORE,
    SERVED_BY,
    SESSION,
    SESSION_RECOMMENDATIONS,
    SIMILAR,
    SIMILAR_ITEMS,
    USER,
)
from kartograph.models.data import TrainingData
from kartograph.models.explaining import Part, explanation
from kartograph.models.questions import Asked, concat_questions, of_sessions, of_users
from kartograph.models.reasons import with_reasons
from kartograph.models.scoring.ranking import refusals
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

if TYPE_CHECKING:
    from kartograph.models.where.conditions import Where

VIA, AMOUNTS = "via", "amounts"
RANKED = (QUESTION, ITEM, SCORE, VIA, AMOUNTS, "kind", SERVED_BY)
"""What `ranked` returns: a question's best first, the ids behind each item with their amounts, what kind of part these
are (`models.explaining`), and the name of the model that ranked it."""


@dataclass(frozen=True)
class Question:
    """A history as a statement takes it."""

    number: int
    items: list[str]
    """Distinct items, the latest first."""
    left_out: list[str]
    """Items that are not wanted."""

    def row(self, recent: int) -> dict[str, Any]:
        """The parameter of a statement, with the latest items only."""
        return {QUESTION: self.number, "items": self.items[:recent], "left_out": self.left_out}


@dataclass(frozen=True)
class Allowed:
    """The items that may be answered with."""

    items: list[str] | None = None
    """Their ids; None for all."""
    available: bool = False
    """Of these only the ones that are not known to be unavailable."""

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of a statement."""
        return {"allowed": self.items, "available": self.available}


class CypherModel(Recommender):
    """A recommender that reads the graph when it is asked."""

    explains = "paths"
    asks_graph = True
    batch = 1000
    """Questions of one statement."""

    @classmethod
    def seeded(cls, options: Any, seed: int) -> Self:
        """The model of a preset; nothing is left to chance."""
        return cls(options)

    def fit(self, source: Graph | TrainingData, progress: Progress = silent) -> Self:
        """Remember the graph. Raises `BadInput` for training data: there is nothing to ask there."""
        if not isinstance(source, Graph):
            raise BadInput(f"{self.called} asks a graph: fit it on a Graph, or evaluate it by name")
        self.source = source
        return self

    @abstractmethod
    def ranked(self, questions: list[Question], k: int, allowed: Allowed) -> pd.DataFrame:
        """At most k of the allowed items for each question, with the columns of `RANKED`."""

    def answered(self, questions: list[Question], k: int, allowed: Allowed) -> pd.DataFrame:
        """`ranked` in batches, by question, with `rank`."""
        if k < 1:
            raise BadInput(f"k is {k}: ask for at least 1 item")
        starts = range(0, len(questions), self.batch)
        frames = [self.ranked(questions[start : start + self.batch], k, allowed) for start in starts]
        ranked = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(RANKED))
        ranked = ranked.sort_values(QUESTION, kind="stable", ignore_index=True)
        return ranked.assign(**{RANK: ranked.groupby(QUESTION, sort=False).cumcount() + 1})

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
        graph, unique = self._graph(), list(dict.fromkeys(users))
        allowed = self._allowed(where)
        for start in range(0, max(len(unique), 1), self.batch):
            some = unique[start : start + self.batch]
            asked = of_users(some, graph, histories)
            frame = self._frame(USER, some, asked, k, allowed, include_seen)
            yield with_reasons(frame, self, graph, USER, asked.new(some)) if reasons and words else frame

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
        graph, asked = self._graph(), of_sessions(sessions)
        if users is not None:
            asked = concat_questions(of_users(["" if user is None else user for user in users], graph), asked)
        names = list(range(len(sessions)))
        frame = self._frame(SESSION, names, asked, k, self._allowed(where), include_seen)
        frame = with_reasons(frame, self, graph, None, asked.new(names)) if reasons else frame
        return frame[list(SESSION_RECOMMENDATIONS)]

    def similar(self, items: Sequence[str], k: int = 5, *, where: "Where | str | None" = None) -> pd.DataFrame:
        """The k best items after a history of the one item alone."""
        graph, asked = self._graph(), of_sessions([[item] for item in items])
        there = set(graph.query(queries.load("explore/items_by_id"), items=list(items))[ITEM])
        frame = self._frame(QUESTION, list(items), asked, k, self._allowed(where), False)
        strange = ~frame[QUESTION].isin(there)
        frame.loc[strange, REASON] = [f'the shop has no item "{item}"' for item in frame.loc[strange, QUESTION]]
        return frame.rename(columns={ITEM: SIMILAR, QUESTION: ITEM})[list(SIMILAR_ITEMS)]

    def explain(
        self,
        item: str,
        *,
        user: str | None = None,
        session: Sequence[Event] | None = None,
        internal: bool = False,
    ) -> pd.DataFrame:
        """The items of the history that edges of the graph join with this one; see `Recommender.explain`."""
        graph = self._graph()
        if (user is None) == (session is None):
            raise BadInput("Explain for a user or for a session: give one of the two.")
        asked = of_users([user], graph) if user is not None else of_sessions([session or []])
        [questions] = [_questions(asked, True)]
        ranked = self.answered(questions, 1, Allowed([item]))
        return explanation([part for parts in self._parts(ranked, None) for part in parts], internal)

    def _graph(self) -> Graph:
        if not isinstance(self.source, Graph):
            raise BadInput(f"{type(self).__name__} knows no graph yet: call fit(graph) first")
        return self.source

    def _allowed(self, where: "Where | str | None") -> Allowed:
        from kartograph.models.where.conditions import for_people

        if where is None:
            return Allowed()
        if where == for_people():  # no table of items is read for this one
            return Allowed(available=True)
        from kartograph.models.where.filtering import allowed_ids

        return Allowed(allowed_ids(where, self._graph()))

    def _frame(
        self, column: str, names: list[Any], asked: Asked, k: int, allowed: Allowed, include_seen: bool
    ) -> pd.DataFrame:
        ranked = self.answered(_questions(asked, include_seen), k, allowed)
        gone = sorted(set(range(len(names))) - set(ranked[QUESTION]))
        served = pd.DataFrame(
            {
                column: [names[number] for number in ranked[QUESTION]],
                ITEM: ranked[ITEM],
                SCORE: ranked[SCORE].astype(float),
                RANK: ranked[RANK],
                REASON: None,
                SERVED_BY: ranked[SERVED_BY],
                PARTS: self._parts(ranked, KEPT),
            },
            columns=[column, ITEM, *ANSWER, PARTS],
        )
        if not gone:
            return served
        refused = refusals(column, [names[row] for row in gone], [asked.empty[row] for row in gone], self.called)
        order = pd.Index([*ranked[QUESTION], *gone]).argsort(kind="stable")
        whole = refused if served.empty else pd.concat([served, refused], ignore_index=True)
        return whole.iloc[order].reset_index(drop=True)

    @staticmethod
    def _parts(ranked: pd.DataFrame, most: int | None) -> list[list[Part]]:
        return [
            [Part(kind, item, float(amount)) for item, amount in list(zip(via, amounts, strict=True))[:most]]
            for kind, via, amounts in zip(ranked["kind"], ranked[VIA], ranked[AMOUNTS], strict=True)
        ]


def _questions(asked: Asked, include_seen: bool) -> list[Question]:
    lists = [list(dict.fromkeys(reversed(items))) for items in asked.lists()]
    return [Question(number, items, [] if include_seen else items) for number, items in enumerate(lists)]
