"""Small sessions that the tests of the models share."""

import numpy as np
import pandas as pd

from kartograph.models.array_model import ArrayModel
from kartograph.models.data import NONE, Histories, Ids, TrainingData
from kartograph.models.scoring.ranking import TopK


def training(*sessions: str) -> TrainingData:
    """Sessions written as words, an item a letter, the items numbered alphabetically: `training("abc", "bd")`."""
    letters = sorted(set("".join(sessions)))
    table = pd.DataFrame(
        [(f"s{number}", letter) for number, session in enumerate(sessions) for letter in session],
        columns=["session_id", "item_id"],
    )
    first = pd.DataFrame({"session_id": "order", "item_id": letters})
    data = TrainingData.from_table(pd.concat([first, table]), "session_id")
    keep = np.arange(1, len(sessions) + 1)
    return TrainingData(data.items, Ids(data.owners.external[1:]), data.histories.take(keep))


def asking(data: TrainingData, *prefixes: str) -> Histories:
    """Prefixes written as words; letters that the data does not know are left out."""
    owners = np.repeat(np.arange(len(prefixes)), [len(prefix) for prefix in prefixes])
    return Histories.of(owners, data.items.rows(list("".join(prefixes))), len(prefixes))


def answers(data: TrainingData, top: TopK) -> list[str]:
    """The lists as words, empty places left out."""
    return ["".join(str(data.items.external[row]) for row in rows if row != NONE) for rows in top.items]


def score_of(data: TrainingData, scores, query: int, item: str) -> float:
    """One score, 0 where a sparse answer has no entry."""
    dense = scores if isinstance(scores, np.ndarray) else scores.toarray()
    return float(dense[query, data.items.rows([item])[0]])


def amounts_of(data: TrainingData, model: ArrayModel, prefix: str, item: str) -> dict[str, float]:
    """What each item of a history adds to one score."""
    [row] = data.items.rows([item])
    [[parts]] = model.parts(asking(data, prefix), np.array([NONE]), np.array([[row]]), None)
    assert len({part.id for part in parts}) == len(parts)
    return {part.id: part.amount for part in parts}


def assert_sums(data: TrainingData, model: ArrayModel, *prefixes: str) -> None:
    """The parts of every score of every item add up to it."""
    queries, owners = asking(data, *prefixes), np.full(len(prefixes), NONE)
    every = np.tile(np.arange(len(data.items)), (len(prefixes), 1))
    scores = model.scores(queries, owners)
    parts = model.parts(queries, owners, every, 1)
    sums = [[sum(part.amount for part in found) for found in row] for row in parts]
    dense = scores if isinstance(scores, np.ndarray) else scores.toarray()
    np.testing.assert_allclose(sums, dense, rtol=1e-5, atol=1e-6)
