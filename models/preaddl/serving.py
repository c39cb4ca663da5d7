"""How does a trained model answer a shop? The best items with probabilities and reasons, after the filters.

serve(model, data, ["42"], ServeOptions(k=5, least=0.01))
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Bool
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.models.columns import ITEM, RANK, REASON, SCORE, USER
from kartograph.models.data import NONE, TrainingData
from kartograph.models.preaddl.attention.model import GraphModel
from kartograph.models.preaddl.paper.model import PaperModel

PROBABILITY = "probability"
NAMED = 2
"""Items of the history that a reason names."""


@dataclass(frozen=True)
class ServeOptions:
    """What is left out of the answers."""

    k: int = 5
    least: float = 0.0
    """Answers with a smaller probability are left out."""
    seen: bool = False
    """Whether items that the visitor met may come back."""


def serve(
    model: PaperModel | GraphModel,
    data: TrainingData,
    users: list[str],
    options: ServeOptions | None = None,
    available: Bool[ndarray, " items"] | None = None,
) -> pd.DataFrame:
    """`user_id, item_id, score, rank, reason, probability` for visitors of the data, known to the model or not.

    `available` says of each item whether it can be bought; None takes all. A visitor without any answer has no row.
    The graph model's reason names what its attention rests on, the paper's model has none.
    """
    options = options or ServeOptions()
    owners = data.owners.rows(users)
    queries = data.histories.take(owners)
    masked = None if options.seen else queries.matrix(len(data.items))
    if available is not None:
        gone = csr_array(np.broadcast_to(~available, (len(users), len(available))).astype(np.float32))
        masked = gone if masked is None else csr_array(masked + gone)
    top = model.rank(queries, options.k, owners, masked)
    probability = model.probability(top.scores)
    words = [[None] * options.k for _ in users]
    if isinstance(model, GraphModel):
        words = [[_words(data, one) for one in row] for row in model.reasons(queries, owners, top)]
    query, place = np.nonzero((top.items != NONE) & (probability >= options.least))
    return pd.DataFrame(
        {
            USER: np.asarray(users, dtype=object)[query],
            ITEM: data.items.external[top.items[query, place]],
            SCORE: top.scores[query, place],
            RANK: place + 1,
            REASON: [words[row][column] for row, column in zip(query, place, strict=True)],
            PROBABILITY: probability[query, place],
        }
    )


def _words(data: TrainingData, behind: list[tuple[int, float]]) -> str | None:
    named = [f"{data.items.external[item]} ({weight:.0%})" for item, weight in behind[:NAMED]]
    return f"because you viewed {' and '.join(named)}" if named else None
