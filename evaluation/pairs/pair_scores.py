"""Scores of given pairs of user and item, for protocols that compare pairs."""

import numpy as np
import pandas as pd
from jaxtyping import Float
from numpy import ndarray

from kartograph.evaluation.pairs.pairs import Pairs
from kartograph.models.array_model import ArrayModel
from kartograph.models.data import NONE, TrainingData

USERS_AT_ONCE = 256


def pair_scores(model: ArrayModel, data: TrainingData, pairs: Pairs) -> Float[ndarray, " pairs"]:
    """For each pair the share of the items that the fitted model places below the pair's item, ties counted half.

    A recommender's scores compare within one user only, these shares compare between users, as one threshold for all
    needs. Users whom the training data does not know ask with an empty history; an item that it does not know, or for
    which the model has no score, has -inf.
    """
    codes, users = pd.factorize(np.asarray(pairs.users, dtype=object))
    items = data.items.rows(pd.Index(pairs.items))
    owners = data.owners.rows(pd.Index(users))
    of_pairs = np.full(len(pairs), -np.inf)
    for start in range(0, len(users), USERS_AT_ONCE):
        batch = owners[start : start + USERS_AT_ONCE]
        raw = model.scores(data.histories.take(batch), batch)
        if isinstance(raw, np.ndarray):
            scores = raw
        else:
            scores = raw.toarray()
            scores[scores == 0] = -np.inf
        asked = np.flatnonzero((codes >= start) & (codes < start + USERS_AT_ONCE) & (items != NONE))
        for part in np.array_split(asked, max(1, len(asked) // USERS_AT_ONCE)):
            rows = scores[codes[part] - start]
            own = rows[np.arange(len(part)), items[part]][:, None]
            below = (rows < own).sum(axis=1) + 0.5 * ((rows == own).sum(axis=1) - 1)
            of_pairs[part] = np.where(np.isneginf(own[:, 0]), -np.inf, below / max(len(data.items) - 1, 1))
    return of_pairs
