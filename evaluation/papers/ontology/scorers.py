"""Suggesters by similarity, by cluster and by Markov chain, for a session that has begun."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kartograph.evaluation.papers.ontology.success import Scorer
from kartograph.models.array_model import ArrayModel
from kartograph.models.data import NONE, Histories, Ids, TrainingData
from kartograph.models.patterns.markov import Markov, MarkovOptions
from kartograph.ontology.best import best
from kartograph.ontology.clusters import Clusters
from kartograph.ontology.compare.kinds import Matrix
from kartograph.ontology.sessions import Sessions


def by_similarity(matrix: Matrix, clusters: Clusters | None = None) -> Scorer:
    """Similarity to the last item seen; with clusters only the nearest one is searched.

    After the first item of a session that is the paper's test.
    """

    def score(seen: Sessions) -> Matrix:
        scores = matrix[last_items(seen)]
        return scores if clusters is None else np.where(np.isnan(values := clusters.within(scores)), -np.inf, values)

    return score


def by_last_two(matrix: Matrix, candidates: int = 20) -> Scorer:
    """What the lists of the last two items have in common first, filled up from the last; see `Start.LAST_TWO`."""

    def score(seen: Sessions) -> Matrix:
        listed = []
        for age in (0, 1):
            rows = seen.items[seen.starts[1:] - 1 - age]
            scores = matrix[rows].copy()
            scores[seen.owners, seen.items] = np.nan
            listed.append(scores)
        common = np.ones(listed[0].shape, dtype=bool)
        for scores in listed:
            among = np.zeros(scores.shape, dtype=bool)
            np.put_along_axis(among, best(scores, candidates), values=True, axis=1)
            common &= among
        return np.where(common, listed[0] + 1, listed[0])

    return score


def by_chain(learning: Sessions, items: int, order: int) -> Scorer:
    """A Markov chain of first or second order, without backing off; what never followed is not suggested."""
    chain = Markov(MarkovOptions(order=order, backoff=0.0)).fit(training(learning, pd.RangeIndex(items)))

    def score(seen: Sessions) -> Matrix:
        values = chain.scores(histories(seen), np.full(len(seen), NONE)).toarray()
        return np.where(values > 0, values, -np.inf)

    return score


def by_model(model: ArrayModel) -> Scorer:
    """A fitted model whose items are the catalogue's; each session is asked for by itself."""

    def score(seen: Sessions) -> Matrix:
        values = model.scores(histories(seen), np.full(len(seen), NONE))
        return values if isinstance(values, np.ndarray) else np.where(values.toarray() > 0, values.toarray(), -np.inf)

    return score


def training(sessions: Sessions, items: NDArray | pd.Index) -> TrainingData:
    """Sessions as models learn from them; all items of the catalogue are known by their ids, visited or not."""
    return TrainingData(Ids(pd.Index(items)), Ids(pd.RangeIndex(len(sessions))), histories(sessions))


def histories(sessions: Sessions) -> Histories:
    """Sessions as models are asked."""
    return Histories(sessions.starts, sessions.items, np.zeros(len(sessions.items), dtype=np.int8))


def last_items(seen: Sessions) -> NDArray[np.int64]:
    """The last item of each session."""
    return seen.items[seen.starts[1:] - 1]
