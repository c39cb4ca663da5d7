"""The best items of each query as arrays, and answers as frames."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from kartograph.models.columns import ANSWER, ITEM, NOBODY, PARTS, QUESTION, RANK, REASON, SCORE, SERVED_BY
from kartograph.models.data import NONE, Ids
from kartograph.models.explaining import Part


@dataclass(frozen=True)
class TopK:
    """The best k items for each of n queries, best first."""

    items: Int[ndarray, "n k"]
    """Item rows; `NONE` where a model had fewer than k items to offer."""
    scores: Float[ndarray, "n k"]
    """Scores, larger is better, comparable within one row only; -inf where the item is `NONE`."""

    def without(self, gone: Bool[ndarray, " n"]) -> "TopK":
        """The same with nothing for some queries."""
        return TopK(np.where(gone[:, None], NONE, self.items), np.where(gone[:, None], -np.inf, self.scores))

    @property
    def unserved(self) -> Bool[ndarray, " n"]:
        """Which queries got no item at all."""
        return self.items[:, 0] == NONE


@dataclass(frozen=True)
class Answers:
    """What a model answered to some questions."""

    column: str
    """The column of the questions; `item_id` questions come back as `question`, since answers are items too."""
    names: Sequence[Any]
    top: TopK
    unknown: Sequence[str | None]
    """Why a history is empty, None where it is not."""
    model: str
    parts: list[list[list[Part]]] | None = None


def answer_frame(answers: Answers, items: Ids) -> pd.DataFrame:
    """A row for each item of each answer, and one that says why for each question without an answer.

    `reason` is null where there are items: words are made from `parts`.
    """
    top, column = answers.top, QUESTION if answers.column == ITEM else answers.column
    query, position = np.nonzero(top.items != NONE)
    served = pd.DataFrame(
        {
            column: np.array(answers.names, dtype=object)[query],
            ITEM: items.names(top.items[query, position]),
            SCORE: top.scores[query, position].astype(np.float64),
            RANK: position + 1,
            REASON: None,
            SERVED_BY: answers.model,
            PARTS: [[] for _ in query]
            if answers.parts is None
            else [answers.parts[q][p] for q, p in zip(query, position, strict=True)],
        },
        columns=[column, ITEM, *ANSWER, PARTS],
    )
    gone = np.flatnonzero(top.unserved).tolist()
    refused = refusals(
        column, [answers.names[row] for row in gone], [answers.unknown[row] for row in gone], answers.model
    )
    if refused.empty:
        return served
    order = np.argsort(np.r_[query, gone], kind="stable")
    whole = refused if served.empty else pd.concat([served, refused], ignore_index=True)
    return whole.iloc[order].reset_index(drop=True)


def refusals(column: str, names: Sequence[Any], why: Sequence[str | None], model: str) -> pd.DataFrame:
    """A row for each question that has no answer: no item, no score, rank 0, and why."""
    return pd.DataFrame(
        {
            column: np.array(names, dtype=object),
            ITEM: np.full(len(why), None, dtype=object),
            SCORE: np.full(len(why), np.nan),
            RANK: np.zeros(len(why), dtype=np.int64),
            REASON: [word or f"{model} has no item for this history" for word in why],
            SERVED_BY: NOBODY,
            PARTS: [[] for _ in why],
        },
        columns=[column, ITEM, *ANSWER, PARTS],
    )
