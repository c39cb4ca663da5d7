"""Suggests the items to show next, after what was seen in the session."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kartograph.ontology.best import best
from kartograph.ontology.clusters import Clusters
from kartograph.ontology.compare.kinds import Matrix
from kartograph.ontology.compare.ragged import Ragged, ragged
from kartograph.ontology.reasons import Reason, reasons
from kartograph.ontology.similarity import Space, Unknown, similarities, similarities_of_sets
from kartograph.tables.errors import BadInput


class Start(StrEnum):
    """What of the session the suggestions go out from."""

    LAST = "last"
    """The last item seen: the paper's suggestion stage."""
    FIRST = "first"
    """The first item seen: the paper's test."""
    LAST_TWO = "last-two"
    """What the lists of the last two items have in common, filled up from the last one's."""
    PROFILE = "profile"
    """One made-up item that joins all that was seen: every attribute has the values of all of them."""


@dataclass(frozen=True)
class Suggester:
    """Suggests from one space with one set of weights."""

    space: Space
    weights: Mapping[str, float] = field(default_factory=dict)
    clusters: Clusters | None = None
    """With clusters, only the cluster whose medoid is nearest is searched."""
    candidates: int = 20
    """Length of the two lists whose common part `Start.LAST_TWO` takes; the paper leaves it open."""
    unavailable: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """Rows of items that are compared with but never suggested."""

    def scores(self, seen: NDArray[np.int64], start: Start = Start.LAST) -> Matrix:
        """Scores (sessions × items) after the items seen (sessions × seen, oldest first); NaN cannot be suggested.

        Scores are similarities s; under `Start.LAST_TWO` the items that both lists have come first: they score
        (1 + s) / 2, the others s / 2.
        """
        if start is Start.PROFILE:
            return self._searched(similarities_of_sets(self.space, sessions_as_objects(self.space, seen), self.weights))
        if start is Start.FIRST:
            return self._alike(seen[:, 0])
        last = self._alike(seen[:, -1])
        if start is Start.LAST or seen.shape[1] == 1:
            return last
        before = self._alike(seen[:, -2])
        mine, theirs = (_listed(_without(s, seen), self.candidates) for s in (last, before))
        return np.where(mine & theirs, 1 + last, last) / 2

    def suggest(self, seen: NDArray[np.int64], k: int, start: Start = Start.LAST) -> tuple[NDArray[np.int64], Matrix]:
        """The `k` best items (sessions × k) that were not seen, and their scores; -1 and NaN where there are fewer."""
        if seen.ndim != 2 or seen.shape[1] == 0:
            raise BadInput(f"the items seen have the shape {seen.shape}; give sessions × items, one item at least")
        scores = _without(self.scores(seen, start), seen)
        scores[:, self.unavailable] = np.nan
        suggested = best(scores, k)
        values = np.take_along_axis(scores, suggested, axis=1)
        return np.where(np.isnan(values), -1, suggested), values

    def table(self, seen: list[str], k: int, start: Start = Start.LAST) -> pd.DataFrame:
        """Suggestions for one session by item ids: `item_id, label, score, rank, reason`.

        The reason compares with the item seen that is most similar; see `explain`.

        Raises
        ------
        BadInput
            An item that the catalogue does not have, or none.
        """
        rows = pd.Index(self.space.ids).get_indexer(pd.Index(seen))
        if not len(seen) or (rows < 0).any():
            unknown = [item for item, row in zip(seen, rows, strict=True) if row < 0]
            raise BadInput(f"the session {seen} has the unknown items {unknown}; give one or more ids of the catalogue")
        suggested, scores = self.suggest(rows[None, :], k, start)
        kept = suggested[0] >= 0
        items = suggested[0][kept]
        return pd.DataFrame(
            {
                "item_id": self.space.ids[items],
                "label": self.space.labels[items],
                "score": scores[0][kept],
                "rank": np.arange(1, len(items) + 1),
                "reason": [self._sentence(rows, item, start) for item in items],
            }
        )

    def explain(self, one: int, other: int) -> list[Reason]:
        """What makes two items (row numbers) alike, attribute by attribute."""
        return reasons(self.space, one, other, self.weights)

    def _alike(self, rows: NDArray[np.int64]) -> Matrix:
        unique, position = np.unique(rows, return_inverse=True)
        return self._searched(similarities(self.space, unique, self.weights)[position])

    def _searched(self, scores: Matrix) -> Matrix:
        return scores if self.clusters is None else self.clusters.within(scores)

    def _sentence(self, rows: NDArray[np.int64], item: int, start: Start) -> str:
        asked = {Start.FIRST: rows[:1], Start.LAST: rows[-1:], Start.LAST_TWO: rows[-2:], Start.PROFILE: rows}[start]
        alike = np.nan_to_num(similarities(self.space, asked, self.weights)[:, item], nan=-1.0)
        nearest = int(asked[alike.argmax()])
        parts = [f"{r.words} ({r.share:.0%})" for r in self.explain(nearest, int(item))]
        name = self.space.labels[nearest] or self.space.ids[nearest]
        return f"like {name}: {'; '.join(parts) or self._without_reason()}"

    def _without_reason(self) -> str:
        """What is said of items that no attribute makes alike."""
        if self.space.unknown is Unknown.EXPECTED:
            return "no known value agrees; what is unknown counts as the mean"
        return "no known value agrees; no other item is nearer"


def sessions_as_objects(space: Space, seen: NDArray[np.int64]) -> tuple[Ragged, ...]:
    """Per column the values of all items of each session together: the session as one object of the target class."""
    sessions = np.repeat(np.arange(len(seen)), seen.shape[1])
    result = []
    for column in space.columns:
        codes = column.codes[seen.ravel()]
        sets = column.sets.take(codes[codes >= 0])
        owners = np.repeat(sessions[codes >= 0], sets.sizes)
        result.append(ragged(owners, sets.atoms, len(seen)))
    return tuple(result)


def _without(scores: Matrix, seen: NDArray[np.int64]) -> Matrix:
    left = scores.copy()
    np.put_along_axis(left, seen, np.nan, axis=1)
    return left


def _listed(scores: Matrix, candidates: int) -> NDArray[np.bool_]:
    """Which items are among each row's best."""
    top = best(scores, candidates)
    listed = np.zeros(scores.shape, dtype=bool)
    np.put_along_axis(listed, top, values=True, axis=1)
    return listed & ~np.isnan(scores)
