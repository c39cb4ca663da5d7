"""The candidates of a trained model: its scores for one history, as rows of the catalogue, the best first."""

from collections.abc import Iterator

import numpy as np
from jaxtyping import Bool
from numpy import ndarray

from kartograph.models.data import NONE, Histories
from kartograph.serving.bundle.opened import ServedModel
from kartograph.serving.ranking.question import Past

NOBODY = np.full(1, NONE)


def candidates(
    served: ServedModel, history: list[Past], user: str | None, allowed: Bool[ndarray, " capacity"], most: int
) -> Iterator[tuple[list[int], list[float]]]:
    """Rows and scores in falling order, ties as in `ArrayModel.rank`: first `most` of them or some more, then all.

    `allowed` says which rows of the catalogue may come. Nothing where the model knows no item of the history and the
    history is what it ranks by.
    """
    model = served.model
    known = [
        (row, past.kind) for past in history if past.row < len(served.back) and (row := served.back[past.row]) >= 0
    ]
    if not known and model.personal:
        return
    items = np.array([row for row, _ in known], np.int64)
    kinds = np.array([kind for _, kind in known], np.int8)
    query = Histories(np.array([0, len(known)]), items, kinds)
    if model.history_length is not None:
        query = query.latest(model.history_length)
    owners = NOBODY
    if user is not None and model.knows_owners and model.knows_users:
        owners = model.owners.rows([user])
    own, scores = model.entries(query, owners)
    scores, rows = scores.astype(np.float32), served.rows[own]
    kept = np.flatnonzero(allowed[rows] & (rows >= 0))
    rows, scores, own = rows[kept], scores[kept], own[kept]
    ties = model.items.tie_order
    if len(rows) > 4 * most:
        least = np.partition(scores, len(scores) - most)[len(scores) - most]
        first = np.flatnonzero(scores >= least)
        order = first[np.lexsort((ties[own[first]], -scores[first]))]
        yield rows[order].tolist(), scores[order].tolist()
    order = np.lexsort((ties[own], -scores))
    yield rows[order].tolist(), scores[order].tolist()
